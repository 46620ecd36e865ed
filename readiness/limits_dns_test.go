package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Resolvers withhold all IPv6 addresses if they do so for nearly every name.
func TestLimitsOfIPv6Filtering(t *testing.T) {
	withheld := func(n int) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k < n {
				o.DNS.Queries[1].Code = probe.DNSBlocked
			}
		}
	}
	// leftOut is DNS that has no IPv6 address even for Windows' own probe over IPv6.
	leftOut := func(k int, o *probe.Observation) {
		if k == 0 {
			o.NCSI = &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 200}}
			o.Steps = append(o.Steps, probe.Step{Op: probe.OpResolve, Addr: "ipv6.msftconnecttest.com", Error: &probe.Error{Code: probe.DNSNoData}})
		}
	}
	hasIPv6 := over(probe.HTTPS, 1, func(_ int, o *probe.Observation) {
		o.DNS.Queries[1] = probe.DNSQuery{Resolver: resolver, Type: "AAAA", Addresses: []netip.Addr{address6(1)}}
	})
	noAddress := func(k int, o *probe.Observation) {
		if k == 2 {
			o.DNS.Queries[0].Addresses = nil
		}
	}
	byProxy := func(_ int, o *probe.Observation) { o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"} }
	// elsewhere is an answer for IPv4 that another resolver gave.
	elsewhere := func(c probe.Code) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) {
			o.DNS.Queries[0].Resolver, o.DNS.Queries[1].Code = netip.MustParseAddrPort("192.0.2.54:53"), c
		}
	}
	probing := func(change func(o *probe.Observation, last *probe.Step)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k == 0 {
				change(o, &o.Steps[len(o.Steps)-1])
			}
		}
	}
	judgeSeen(t, []seen{
		{"nine of ten names", each(10), withheld(9), readiness.CauseIPv6Filtered, true},
		{"nine of eleven names", each(11), withheld(9), readiness.CauseIPv6Filtered, false},
		{"names of three owners", each(3), withheld(3), readiness.CauseIPv6Filtered, true},
		{"names of two owners", []int{2, 2}, withheld(4), readiness.CauseIPv6Filtered, false},
		{"names of three owners, of which one is looked up for a proxy", each(3), all(withheld(3), over(probe.HTTPS, 1, byProxy), over(probe.HTTP, 1, byProxy)), readiness.CauseIPv6Filtered, false},
		{"by a resolver that does not know them", each(3), all(withheld(3), elsewhere(probe.DNSNXDomain)), readiness.CauseIPv6Filtered, false},
		{"by answers that are known in part", each(3), all(withheld(3), func(_ int, o *probe.Observation) {
			o.DNS.Queries[0].Addresses, o.DNS.Queries[0].RCode, o.DNS.Queries[1].Code = nil, "NOERROR", probe.DNSNXDomain
		}), readiness.CauseIPv6Filtered, true},
		{"left out for three owners", each(3), leftOut, readiness.CauseIPv6Filtered, true},
		{"left out for two owners", []int{2, 2}, leftOut, readiness.CauseIPv6Filtered, false},
		{"left out for three owners, of which one has no address at all", each(3), all(leftOut, noAddress), readiness.CauseIPv6Filtered, false},
		{"left out, and one address leads nowhere", each(4), all(leftOut, over(probe.HTTPS, 1, func(_ int, o *probe.Observation) {
			o.DNS.Queries[1].Addresses, o.DNS.Queries[1].Code = []netip.Addr{netip.IPv6Unspecified()}, probe.DNSSinkhole
		})), readiness.CauseIPv6Filtered, false},
		{"left out, but not for Windows' probe", each(3), all(leftOut, probing(func(o *probe.Observation, s *probe.Step) { s.Addr = "www.msftconnecttest.com" })), readiness.CauseIPv6Filtered, false},
		{"left out, and Windows' probe was not looked up", each(3), all(leftOut, probing(func(o *probe.Observation, s *probe.Step) { s.Op = probe.OpConnect })), readiness.CauseIPv6Filtered, false},
		{"left out, and Windows' probe has an address", each(3), all(leftOut, probing(func(o *probe.Observation, s *probe.Step) { s.Error = nil })), readiness.CauseIPv6Filtered, false},
		{"left out, and the lookup for Windows' probe failed", each(3), all(leftOut, probing(func(o *probe.Observation, s *probe.Step) { s.Error.Code = probe.DNSServFail })), readiness.CauseIPv6Filtered, false},
		{"left out, and Windows' probe was made by a proxy", each(3), all(leftOut, probing(func(o *probe.Observation, s *probe.Step) { byProxy(0, o) })), readiness.CauseIPv6Filtered, false},
		{"left out for all but one name", each(4), all(leftOut, hasIPv6), readiness.CauseIPv6Filtered, false},
	})
}

// Where a resolver withholds all IPv6 addresses, another reason why a name has none
// counts: the same from another resolver, or else the answer for IPv4.
func TestWhatElseWithholdsAName(t *testing.T) {
	other := netip.MustParseAddrPort("192.0.2.54:53")
	for _, tt := range []struct {
		name  string
		also  []probe.DNSQuery
		first probe.Code
		want  probe.Code
	}{
		{"its answer for IPv4", nil, probe.DNSNXDomain, probe.DNSNXDomain},
		{"the first answer for IPv4", []probe.DNSQuery{{Resolver: other, Type: "A", Code: probe.DNSServFail}}, probe.DNSNXDomain, probe.DNSNXDomain},
		{"no other answer for IPv6", []probe.DNSQuery{{Resolver: other, Type: "AAAA", Code: probe.DNSServFail}}, probe.DNSNXDomain, probe.DNSNXDomain},
		{"the same from another resolver", []probe.DNSQuery{{Resolver: other, Type: "A", Code: probe.DNSBlocked}}, probe.DNSNXDomain, probe.DNSBlocked},
		{"nothing else", nil, "", probe.DNSBlocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, each(10), func(k int, o *probe.Observation) {
				o.DNS.Queries[1].Code = probe.DNSBlocked
				if k == 0 {
					o.DNS.Addresses, o.DNS.Queries[0].Addresses, o.DNS.Queries[0].Code = nil, nil, tt.first
					o.DNS.Queries = append(o.DNS.Queries, tt.also...)
					o.TCP, o.TLS, o.HTTP = nil, nil, nil
					o.Error = &probe.Error{Op: probe.OpResolve, Code: probe.DNSBlocked}
				}
			})
			for _, f := range r.Findings {
				if f.Check.Target.Host == "owner0.example" && f.Code != tt.want {
					t.Errorf("%s: %s, want %s", f.Check.ID(), f.Code, tt.want)
				}
			}
		})
	}
}

// Resolvers are at fault if hosts of unrelated owners are not found.
func TestLimitsOfResolvers(t *testing.T) {
	lookups := func(c probe.Code) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) {
			o.DNS = &probe.DNSFacts{Name: o.Target.Host, Queries: []probe.DNSQuery{{Resolver: resolver, Type: "A", Code: c}}}
			o.TCP, o.TLS, o.HTTP, o.Error = nil, nil, nil, &probe.Error{Op: probe.OpResolve, Code: c}
		}
	}
	silent, refused, unrouted := lookups(probe.DNSTimeout), lookups(probe.DNSNotListening), lookups(probe.DNSNoRoute)
	judgeSeen(t, []seen{
		{"silence for three owners", each(3), silent, readiness.CauseDNSUnreachable, true},
		{"silence for two owners", []int{2, 2}, silent, readiness.CauseDNSUnreachable, false},
		{"nothing listens, three hosts of one owner", []int{3}, refused, readiness.CauseDNSUnreachable, true},
		{"nothing listens, two hosts", each(2), refused, readiness.CauseDNSUnreachable, false},
		{"no route", each(3), unrouted, readiness.CauseNetworkDown, true},
		{"no route to one of several", each(3), all(unrouted, over(probe.HTTPS, 1, refused)), readiness.CauseNetworkDown, false},
		{"one host is found", each(4), func(k int, o *probe.Observation) {
			if k > 0 {
				silent(k, o)
			}
		}, readiness.CauseDNSUnreachable, false},
	})
}
