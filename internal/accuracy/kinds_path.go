package accuracy

import (
	"net/netip"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// pathKinds are faults of the way to every host. What they do depends on every
// other fault on it, so a network with one of them has no other.
func pathKinds() []kind {
	limit := func(f probetest.Fault) probetest.Fault { return probetest.Limit{Rate: 20, Burst: 20, Fault: f} }
	web := func(what string, step Step, f probetest.Fault) variant {
		return variant{what: what, step: step, on: onWeb, fault: f}
	}
	return []kind{
		{
			name: "ipv4-missing", cause: readiness.CauseIPv4Missing, weight: 10, alone: true, listed: true, needs: proxyNever,
			variants: []variant{
				{what: "no route, and no translation", step: StepConnect, on: onWeb | onNTP, fault: probetest.Unreachable{}},
				{what: "dropped", step: StepConnect, on: onWeb | onNTP, fault: probetest.Drop, effect: effectLost},
				{what: "no route, and a translator that does not answer", step: StepConnect, on: onWeb | onNTP, fault: probetest.Unreachable{}, effect: effectLost},
			},
			shape: onlyIPv6,
		},
		{
			name: "agent", cause: readiness.CauseIntercepted, weight: 9, alone: true, needs: proxyNever,
			variants: []variant{web("accepts every connection", stepNone, probetest.Accept)},
			shape:    func(_ *draw, f *Fault) { f.accepts, f.harmless = true, true },
		},
		{
			name: "connections-limited", cause: readiness.CauseRateLimited, weight: 9, alone: true, needs: proxyNever,
			variants: []variant{
				web("others are refused", stepNone, limit(probetest.Refuse)),
				web("others are dropped", stepNone, limit(probetest.Drop)),
			},
			shape: func(_ *draw, f *Fault) { f.limits = true },
		},
		{
			name: "large-packets-lost", cause: readiness.CausePathMTU, weight: 9, alone: true, needs: proxyNever,
			variants: []variant{
				{what: "above 1400 bytes", step: StepHello, on: onHTTPS, fault: probetest.PathMTU{}},
				{what: "above 1280 bytes", step: StepHello, on: onHTTPS, fault: probetest.PathMTU{Bytes: 1280}},
			},
			shape: func(_ *draw, f *Fault) { f.narrow = true },
		},
	}
}

// onlyIPv6 takes IPv4 from the network, and IPv6 addresses from some names of
// unrelated owners.
func onlyIPv6(d *draw, f *Fault) {
	d.net.ipv6 = true
	d.net.resolvers = []netip.AddrPort{netip.MustParseAddrPort("[2001:db8:53::53]:53")}
	f.no4 = true
	f.Hosts = d.unrelated(onWeb)
	f.internet = nil
	v4 := probetest.At{Addrs: netip.MustParsePrefix("0.0.0.0/0"), Fault: probetest.Unreachable{}}
	switch f.What {
	case "dropped":
		v4.Fault = probetest.Drop
	case "no route, and a translator that does not answer":
		f.internet = []probetest.Fault{probetest.DNS64{}, probetest.At{Addrs: netip.MustParsePrefix("64:ff9b::/96"), Fault: probetest.Drop}}
	}
	f.internet = append(f.internet, v4)
}
