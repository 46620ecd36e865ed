package accuracy

import (
	"net/netip"
	"slices"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A kind is a way in which networks fail: a row of the table that faults are
// drawn from. To add one, add a row.
type kind struct {
	name  string
	cause readiness.CauseCode

	// weight is how often it is drawn, compared with others.
	weight int

	// once says that a network has it once at the most.
	once bool

	// needs says whether a network must or must not have a proxy, and without names
	// the kind that it cannot have beside this one.
	needs   proxy
	without string

	// places are where it can be; one is drawn. direct says that it is between
	// the network and the internet: not on the way of a proxy.
	places []place
	direct bool

	// variants are the forms that it takes; one is drawn.
	variants []variant

	// shape completes a fault that is more than its variant says.
	shape func(d *draw, f *Fault)
}

// A variant is one form of a kind: a fault, and which checks it meets where.
type variant struct {
	what   string
	step   Step
	on     traffic
	fault  probetest.Fault // nil if shape makes it
	effect effect
}

// A proxy says what a kind has to do with one.
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
		clockKinds(), tlsKinds(), revocationKinds(), hostKinds(), filterKinds(), proxyKinds())
}

// place confines a variant of a kind to the hosts of a fault and to the ports of
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

// outside returns the addresses outside the network. What is between it and
// them does not happen to what is inside.
func outside() []netip.Prefix {
	var nets []netip.Prefix
	for _, s := range []string{"198.18.0.0/15", "203.0.113.0/24", "192.0.2.80/30", "10.1.0.0/16", "2001:db8::/32"} {
		nets = append(nets, netip.MustParsePrefix(s))
	}
	return nets
}

// ports returns where the traffic of a variant is met.
func ports(v variant) []probetest.At {
	switch {
	case v.step == StepRoute:
		return []probetest.At{{}}
	case v.step <= StepName:
		return []probetest.At{{Port: 53}}
	case v.step == StepProxy:
		return []probetest.At{{Network: "tcp", Addrs: netip.PrefixFrom(addr("192.0.2.80"), 32)}} // whichever way it is spoken to
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

// addr returns an address, which has to be one.
func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// Causes returns the codes of the causes that networks are drawn to have.
func Causes() []readiness.CauseCode {
	var out []readiness.CauseCode
	for _, k := range kinds() {
		if !slices.Contains(out, k.cause) {
			out = append(out, k.cause)
		}
	}
	return out
}
