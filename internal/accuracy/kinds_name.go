package accuracy

import (
	"net/netip"
	"slices"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func resolverKinds() []kind {
	dead := func(what string, f probetest.Fault) variant {
		return variant{what: what, step: StepResolver, on: onAll, fault: f}
	}
	return []kind{
		{
			name: "network-down", cause: readiness.CauseNetworkDown, weight: 3, once: true,
			variants: []variant{{what: "no route", step: StepRoute, on: onAll, fault: probetest.Unreachable{}}},
		},
		{
			name: "resolver-dead", cause: readiness.CauseDNSUnreachable, weight: 4, once: true,
			variants: []variant{
				dead("silent", probetest.Drop),
				dead("nobody listens", probetest.Refuse),
				dead("unreachable, says a router", probetest.Unreachable{ICMP: true}),
				dead("refuses", probetest.Refused),
				dead("fails", probetest.ServFail),
				{what: "denies every name", step: StepResolver, on: onAll &^ onAbsent, fault: probetest.NXDomain},
				dead("answers nonsense", probetest.Malformed),
				dead("takes questions and answers none", probetest.Unanswered),
				dead("answers other questions", probetest.OtherQuestion),
			},
		},
		{
			name: "resolver-cut", cause: readiness.CauseDNSUnreachable, weight: 1, once: true,
			variants: []variant{
				{what: "answers too long for UDP, and nothing over TCP", step: StepResolver, on: onAll &^ onAbsent, fault: probetest.Truncate},
			},
			shape: func(d *draw, f *Fault) {
				closed := pick(d, []probetest.Fault{probetest.Drop, probetest.Refuse, probetest.Reset})
				f.internet = append(f.internet, probetest.At{Network: "tcp", Port: 53, Fault: closed})
			},
		},
		{
			name: "resolver-unrouted", cause: readiness.CauseDNSUnreachable, weight: 1, once: true,
			variants: []variant{dead("no route to it", probetest.Unreachable{})},
		},
	}
}

// rewriting and overriding.
func forgedNameKinds() []kind {
	return []kind{
		{
			name: "rewriting", cause: readiness.CauseDNSRewriting, weight: 5, once: true,
			variants: []variant{{what: "names that do not exist get an address", step: StepName, on: onAbsent, fault: probetest.Rewrite{}}},
			shape:    func(_ *draw, f *Fault) { f.last = true },
		},
		{
			name: "hosts-file", cause: readiness.CauseDNSOverridden, weight: 5, once: true, places: []place{oneHost, fewHosts},
			variants: []variant{{what: "the hosts file has other addresses", step: stepNone, on: onAll &^ onAbsent}},
			shape: func(_ *draw, f *Fault) {
				f.internet = nil
				f.hosts = make(map[string][]netip.Addr)
				for _, host := range f.Hosts {
					f.hosts[host] = []netip.Addr{addr("10.0.0.1")}
				}
			},
		},
	}
}

func nameKinds() []kind {
	name := func(what string, e effect, f probetest.Fault) variant {
		return variant{what: what, step: StepName, on: onAll &^ onAbsent, effect: e, fault: f}
	}
	loopback := probetest.DNSAnswer{Addrs: []netip.Addr{addr("127.0.0.1"), addr("::1")}}
	return []kind{
		{
			name: "name-denied", cause: readiness.CauseDNSFiltered, weight: 6, places: []place{oneHost, oneHost, fewHosts, oneDomain},
			variants: []variant{
				name("does not exist", effectGone, probetest.NXDomain),
				name("has no address", effectGone, probetest.NoData),
			},
		},
		{
			name: "name-sunk", cause: readiness.CauseDNSFiltered, weight: 5, places: []place{oneHost, fewHosts, oneDomain},
			variants: []variant{
				name("answered with 0.0.0.0", effectNone, probetest.Sinkhole),
				name("answered with 127.0.0.1", effectNone, loopback),
			},
		},
		{
			name: "name-blocked", cause: readiness.CauseDNSFiltered, weight: 5, places: []place{oneHost, fewHosts, oneDomain},
			variants: []variant{name("denied with an extended error", effectNone, probetest.NXDomain)},
			shape: func(d *draw, f *Fault) {
				code := uint16(15 + d.rng.IntN(3))
				for _, host := range f.Hosts {
					f.internet = append(f.internet, probetest.At{Host: host, Port: 53, Fault: probetest.DNSAnswer{Extended: code, Text: "filtered"}})
				}
			},
		},
		{
			name: "one-resolver-filters", cause: readiness.CauseDNSFiltered, weight: 5, once: true, places: []place{oneHost, fewHosts},
			variants: []variant{
				{what: "does not exist, says one of two resolvers,", step: StepName, on: onResolved, effect: effectGone, fault: probetest.NXDomain},
				{what: "has the address 0.0.0.0, says one of two resolvers,", step: StepName, on: onResolved, fault: probetest.Sinkhole},
			},
			shape: oneResolver,
		},
		{
			name: "name-led-astray", cause: readiness.CauseDNSFiltered, weight: 4, once: true, needs: proxyNever, places: []place{oneHost, fewHosts},
			variants: []variant{{what: "leads to a filter's own host", step: StepIssuer, on: onHTTPS, fault: probetest.DNSAnswer{Addrs: []netip.Addr{addr("10.9.9.9")}}}},
			shape:    astray,
		},
		{
			name: "names-led-nowhere", cause: readiness.CauseDNSFiltered, weight: 3, once: true, needs: proxyNever,
			variants: []variant{
				{what: "lead to one address, which is silent", step: StepConnect, on: onHTTPS, fault: probetest.Drop},
				{what: "lead to one address, which refuses", step: StepConnect, on: onHTTPS, fault: probetest.Refuse},
			},
			shape: nowhere,
		},
		{
			name: "name-failing", cause: readiness.CauseHostUnreachable, weight: 3, places: []place{oneHost},
			variants: []variant{
				name("cannot be resolved", effectNone, probetest.ServFail),
				name("is refused", effectNone, probetest.Refused),
			},
		},
		{
			name: "ncsi-dns", cause: readiness.CauseHostUnreachable, weight: 2, once: true,
			variants: []variant{{what: "another address than Windows expects", step: StepName, on: onDNS}},
			shape: func(_ *draw, f *Fault) {
				f.Hosts = []string{ncsiDNSHost}
				f.internet = []probetest.Fault{probetest.At{Host: f.Hosts[0], Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{addr("203.0.113.7")}}}}
			},
		},
	}
}

// oneResolver makes one of two resolvers withhold a fault's hosts. Devices ask
// the first; a fault of the second shows only by comparison.
func oneResolver(d *draw, f *Fault) {
	d.net.resolvers = twoResolvers()
	which := pick(d, d.net.resolvers)
	f.Hosts = slices.DeleteFunc(f.Hosts, func(host string) bool { return host == ncsiDNSHost })                                      // it has its own checks
	f.internet = slices.DeleteFunc(f.internet, func(fault probetest.Fault) bool { return fault.(probetest.At).Host == ncsiDNSHost }) //nolint:errcheck // place made it
	for i, fault := range f.internet {
		at := fault.(probetest.At) //nolint:errcheck // place made it
		at.Port, at.Addrs = 53, netip.PrefixFrom(which.Addr(), 32)
		f.internet[i] = at
	}
	f.contested = true
	if which != d.net.resolvers[0] {
		f.strikes = nil
	}
}

// nowhere resolves names of unrelated owners to one address, at which nobody
// answers.
func nowhere(d *draw, f *Fault) {
	f.led = true
	f.strikes = append(f.strikes, strike{StepConnect, onHTTP})
	how := f.internet[0].(probetest.At).Fault //nolint:errcheck // place made it
	here := addr("10.9.9.8")
	f.internet = []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(here, 32), Fault: how}}
	f.Hosts = d.unrelated(onHTTPS)
	for _, host := range f.Hosts {
		f.internet = append(f.internet, probetest.At{Host: host, Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{here}}})
	}
}

// astray resolves names to the address of a filter, which shows a certificate
// for its own name from an unknown CA.
func astray(_ *draw, f *Fault) {
	f.led = true
	f.strikes = append(f.strikes, strike{StepPage, onHTTP})
	here := netip.PrefixFrom(addr("10.9.9.9"), 32)
	for i, fault := range f.internet {
		at := fault.(probetest.At) //nolint:errcheck // place made it
		at.Network, at.Port = "", 53
		f.internet[i] = at
	}
	f.internet = append(f.internet,
		probetest.At{Addrs: here, Port: 443, Fault: probetest.Untrusted},
		probetest.At{Addrs: here, Port: 443, Fault: probetest.Certificate{Names: []string{"filter.example"}}},
		probetest.At{Addrs: here, Port: 80, Fault: probetest.BlockPage{}})
}
