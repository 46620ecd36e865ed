package accuracy

import (
	"net/netip"
	"slices"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A kind is a way in which networks fail: a row of the table from which faults
// are drawn. To add one, add a row.
type kind struct {
	name  string
	cause readiness.CauseCode

	// weight is how often it is drawn, relative to others.
	weight int

	// once says that a network has it at most once.
	once bool

	// alone says that a network with it has no other fault, listed that it is
	// drawn only where hosts behave as the lists say.
	alone, listed bool

	// needs says whether a network must or must not have a proxy. without names
	// kinds that cannot occur together with this one.
	needs   proxy
	without []string

	// places are where it can be; one is drawn. direct says that it is between
	// the network and the internet, and not on a proxy's path.
	places []place
	direct bool

	// variants are its forms; one is drawn.
	variants []variant

	// shape completes a fault that its variant describes only in part.
	shape func(d *draw, f *Fault)
}

// A variant is one form of a kind: a fault, and the checks that meet it, with
// the step.
type variant struct {
	what   string
	step   Step
	on     traffic
	fault  probetest.Fault // nil if shape sets it
	effect effect
}

// A proxy says whether a kind needs a proxy.
type proxy int

const (
	proxyOrNot proxy = iota
	proxyOnly
	proxyNever
)

// A place is where a fault is.
type place int

const (
	everywhere place = iota
	oneHost
	fewHosts
	oneDomain
)

// kinds returns the table.
func kinds() []kind {
	return slices.Concat(resolverKinds(), nameKinds(), forgedNameKinds(), portalKinds(), egressKinds(),
		clockKinds(), tlsKinds(), revocationKinds(), hostKinds(), filterKinds(), familyKinds(), pathKinds(), proxyKinds())
}

// place limits a variant of a kind to the hosts of a fault and to the ports of
// its traffic.
func (k kind) place(v variant, f *Fault) {
	f.strikes = append(f.strikes, strike{v.step, v.on})
	hosts := f.Hosts
	if hosts == nil {
		hosts = []string{""}
	}
	nets := []netip.Prefix{{}}
	if k.direct {
		nets = outside()
	}
	for _, host := range hosts {
		for _, at := range ports(v) {
			for _, net := range nets {
				at.Host, at.Direct, at.Fault = host, k.direct, v.fault
				if net.IsValid() {
					at.Addrs = net
				}
				f.internet = append(f.internet, at)
			}
		}
	}
}

// outside returns the addresses outside the network. Faults between it and
// these do not affect the inside.
func outside() []netip.Prefix {
	var nets []netip.Prefix
	for _, s := range []string{"198.18.0.0/15", "203.0.113.0/24", "192.0.2.80/30", "10.1.0.0/16", "2001:db8::/32"} {
		nets = append(nets, netip.MustParsePrefix(s))
	}
	return nets
}

// ports returns the places that a variant's traffic passes.
func ports(v variant) []probetest.At {
	switch {
	case v.step == StepRoute:
		return []probetest.At{{}}
	case v.step <= StepName:
		return []probetest.At{{Port: 53}}
	case v.step == StepProxy:
		return []probetest.At{{Network: "tcp", Addrs: netip.PrefixFrom(addr("192.0.2.80"), 32)}} // with any protocol
	case v.step == StepPolicy, v.on == onDocuments:
		return []probetest.At{{}}
	}
	var out []probetest.At
	for _, p := range []struct {
		on traffic
		at probetest.At
	}{
		{onHTTP, probetest.At{Network: "tcp", Port: 80}},
		{onHTTPS, probetest.At{Network: "tcp", Port: 443}},
		{onNTP, probetest.At{Network: "udp", Port: 123}},
	} {
		if v.on&p.on != 0 {
			out = append(out, p.at)
		}
	}
	return out
}

// addr parses an address, which must be valid.
func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// Causes returns the cause codes of all kinds.
func Causes() []readiness.CauseCode {
	var out []readiness.CauseCode
	for _, k := range kinds() {
		if !slices.Contains(out, k.cause) {
			out = append(out, k.cause)
		}
	}
	return out
}
