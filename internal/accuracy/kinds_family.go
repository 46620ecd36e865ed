package accuracy

import (
	"maps"
	"slices"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// familyKinds are faults of IPv6 alone. A network has one of them at most,
// because one hides the others.
func familyKinds() []kind {
	over6 := func(port uint16, f probetest.Fault) probetest.Fault {
		return probetest.At{Addrs: outside()[4], Network: "tcp", Port: port, Fault: f}
	}
	hello := func(f probetest.Fault) probetest.Fault { return probetest.At{Stage: probetest.AfterHello, Fault: f} }
	aaaa := func(a probetest.DNSAnswer) probetest.Fault {
		a.Type = "AAAA"
		return probetest.At{Port: 53, Fault: a}
	}
	family := func(name string, cause readiness.CauseCode, forms map[string]probetest.Fault, shape func(f *Fault)) kind {
		k := kind{name: name, cause: cause, weight: 6, once: true, needs: proxyNever}
		for _, what := range slices.Sorted(maps.Keys(forms)) {
			k.variants = append(k.variants, variant{what: what, step: stepNone, on: onWeb})
		}
		k.shape = func(d *draw, f *Fault) {
			d.net.ipv6 = true
			f.internet = []probetest.Fault{forms[f.What]}
			shape(f)
		}
		return k
	}
	kinds := []kind{
		family("ipv6-dead", readiness.CauseIPv6Broken, map[string]probetest.Fault{
			"dropped":  over6(0, probetest.Drop),
			"refused":  over6(0, probetest.Refuse),
			"rejected": over6(0, probetest.Unreachable{ICMP: true}),
		}, func(f *Fault) { f.no6, f.harmless = true, f.What != "dropped" }),
		family("ipv6-tls", readiness.CauseIPv6BrokenAboveTCP, map[string]probetest.Fault{
			"silent": over6(443, hello(probetest.Silence)),
			"reset":  over6(443, hello(probetest.Reset)),
		}, func(f *Fault) { f.no6TLS = true }),
		family("ipv6-withheld", readiness.CauseIPv6Filtered, map[string]probetest.Fault{
			"filtered": aaaa(probetest.DNSAnswer{Empty: true, Extended: 17}),
			"blocked":  aaaa(probetest.DNSAnswer{Empty: true, Extended: 15}),
			"refused":  aaaa(probetest.DNSAnswer{RCode: 5}),
		}, func(f *Fault) { f.noAAAA, f.harmless = true, true }),
	}
	for i := range kinds {
		for _, k := range kinds {
			if k.name != kinds[i].name {
				kinds[i].without = append(kinds[i].without, k.name)
			}
		}
	}
	return kinds
}
