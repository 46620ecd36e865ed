package readiness_test

import (
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// dualPlan is a plan of a few checks, with all core hosts of unrelated owners, for
// situations of address families.
func dualPlan(t *testing.T) *readiness.Plan {
	t.Helper()
	names := []string{
		"*.microsoft.com", "login.live.com", "ztd.dds.microsoft.com", "login.microsoftonline.com", "aadcdn.msauth.net", "aadcdn.msftauth.net", "enterpriseregistration.windows.net",
		"manage.microsoft.com", "www.msftconnecttest.com", "ipv6.msftconnecttest.com", "time.windows.com", "ctldl.windowsupdate.com", "crl3.digicert.com", "www.microsoft.com",
		"client.wns.windows.com", "graph.microsoft.com", "catalog.s.download.windowsupdate.com",
	}
	all, err := endpoints.Embedded().Select(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(e endpoints.Endpoint) bool {
		return e.Service != endpoints.ServiceDNS && !slices.Contains(names, e.Host.String())
	})
	c, err := new(endpoints.Catalog).With(all...)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = c.WithFacts(slices.Collect(endpoints.Embedded().Facts())...); err != nil {
		t.Fatal(err)
	}
	return planOn(t, autopilot(), c, inDomain())
}

// overIPv4 and overIPv6 limit a fault to TCP connections over one family.
func overIPv4(port uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Network: "tcp", Port: port, Addrs: netip.MustParsePrefix("198.18.0.0/15"), Fault: probetest.At{Fault: f}}
}

func overIPv6(port uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Network: "tcp", Port: port, Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.At{Fault: f}}
}

// tryFamilies runs situations of a dual-stack network in every world.
func tryFamilies(t *testing.T, tests []situation) {
	t.Helper()
	p := dualPlan(t)
	for _, tt := range tests {
		for name, w := range worlds() {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r, err := assessPlan(t.Context(), readiness.Runner{Network: w(p, tt.net).Network()}, p)
					if err != nil {
						t.Fatal(err)
					}
					for _, rejected := range readiness.Rejected(p, r.Observations, false) {
						t.Error(rejected)
					}
					if diff := cmp.Diff(tt.want, summarize(r).inAnyWorld()); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					tt.words(t, r)
					if t.Failed() {
						for _, c := range r.Causes {
							t.Log(c.Code, c.Impact, c.Title, c.Evidence, c.Remedy)
						}
						t.Log(r.Notes, len(p.Checks))
					}
				})
			})
		}
	}
}

// dual is a dual-stack network with faults.
func dual(f ...probetest.Fault) *probetest.Internet {
	return &probetest.Internet{IPv6: true, Faults: f}
}

var healthy = summary{readiness.Ready, nil, ""}

// TestIPv6Filtered: DNS servers that withhold all IPv6 addresses are one cause,
// which is informational.
func TestIPv6Filtered(t *testing.T) {
	two := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")}
	aaaa := func(a probetest.DNSAnswer) probetest.Fault {
		a.Type = "AAAA"
		return a
	}
	second := func(f probetest.Fault) *probetest.Internet {
		return &probetest.Internet{IPv6: true, Resolvers: two, Faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.54/32"), Fault: f}}}
	}
	told := summary{readiness.Ready, []readiness.CauseCode{readiness.CauseIPv6Filtered}, ""}
	filtered := aaaa(probetest.DNSAnswer{Empty: true, Extended: 17, Text: "AAAA filtering"})
	tryFamilies(t, []situation{
		{"filtered", dual(filtered), told, []string{"extended error 17", "AAAA filtering", "IPv4 only"}, []string{"Exempt", "denied"}},
		{"blocked", dual(aaaa(probetest.DNSAnswer{Empty: true, Extended: 15})), told, []string{"extended error 15"}, nil},
		{"denied", dual(aaaa(probetest.DNSAnswer{RCode: 3})), told, []string{"dns.nxdomain", "RFC 4074"}, nil},
		{"refused", dual(aaaa(probetest.DNSAnswer{RCode: 5})), told, []string{"dns.refused", "RFC 4074"}, nil},
		{"by one of two DNS servers", second(filtered), told, []string{"192.0.2.54:53"}, nil},
		{"left out without a word", dual(aaaa(probetest.DNSAnswer{Empty: true})), healthy, nil, nil},
		{"a network without IPv6", dual(probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Unreachable{}}), healthy, nil, nil},
		{"one name", dual(at("login.microsoftonline.com", filtered)), summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseDNSFiltered}, ""}, []string{"IPv6 addresses of login.microsoftonline.com"}, nil},
	})
}
