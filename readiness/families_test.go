package readiness_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
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
	return probetest.At{Network: "tcp", Port: port, Addrs: netip.MustParsePrefix("0.0.0.0/0"), Fault: f}
}

func overIPv6(port uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Network: "tcp", Port: port, Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: f}
}

// tryFamilies runs situations of a dual-stack network in every world.
func tryFamilies(t *testing.T, tests []situation) {
	t.Helper()
	p := dualPlan(t)
	for _, tt := range sampletest.Of(tests) {
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
					got := summarize(r).inAnyWorld()
					if tt.want.StopsAt == "" { // the worlds differ in which hosts have IPv6
						got.StopsAt = ""
					}
					if diff := cmp.Diff(tt.want, got); diff != "" {
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
		{"left out without a word", dual(aaaa(probetest.DNSAnswer{Empty: true})), told, []string{"not even for ipv6.msftconnecttest.com", "IPv4 only"}, nil},
		{"no name has any", &probetest.Internet{}, healthy, nil, nil},
		{"left out for Windows' probe alone", dual(at("ipv6.msftconnecttest.com", aaaa(probetest.DNSAnswer{Empty: true}))), healthy, nil, nil},
		{"a network without IPv6", dual(probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Unreachable{}}), healthy, nil, nil},
		{"one name", dual(at("login.microsoftonline.com", filtered)), summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseDNSFiltered}, ""}, []string{"IPv6 addresses of login.microsoftonline.com"}, nil},
	})
}

// TestIPv6Broken: IPv6 that does not work is told by what devices lose.
func TestIPv6Broken(t *testing.T) {
	inform := summary{readiness.Ready, []readiness.CauseCode{readiness.CauseIPv6Broken}, ""}
	degrade := summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseIPv6Broken}, ""}
	tryFamilies(t, []situation{
		{"dropped", dual(overIPv6(0, probetest.Drop)), degrade, []string{"waits"}, []string{"port 80"}},
		{"refused", dual(overIPv6(0, probetest.Refuse)), inform, []string{"at once"}, []string{"waits"}},
		{"rejected by a router", dual(overIPv6(0, probetest.Unreachable{ICMP: true})), inform, []string{"at once"}, []string{"waits"}},
		{"port 443 dropped", dual(overIPv6(443, probetest.Drop)), degrade, []string{"TCP port 443 is blocked over IPv6", "port 80 works over IPv6"}, nil},
		{"a network without IPv6", dual(probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Unreachable{}}), healthy, nil, nil},
		{"a single host refuses", dual(at("login.microsoftonline.com", overIPv6(0, probetest.Refuse))), healthy, nil, nil},
	})
}

// TestIPv6BrokenAboveTCP: IPv6 that connects and then loses TLS is told, and a
// single host is not enough.
func TestIPv6BrokenAboveTCP(t *testing.T) {
	told := summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseIPv6BrokenAboveTCP}, ""}
	hello := func(f probetest.Fault) probetest.Fault { return probetest.At{Stage: probetest.AfterHello, Fault: f} }
	tryFamilies(t, []situation{
		{"silence", dual(overIPv6(443, hello(probetest.Silence))), told, []string{"tls.timeout", "packet too big"}, nil},
		{"resets", dual(overIPv6(443, hello(probetest.Reset))), told, []string{"tls.reset"}, []string{"packet too big"}},
		{"of a single host", dual(at("login.microsoftonline.com", overIPv6(443, hello(probetest.Silence)))), healthy, nil, nil},
		{"slow, but complete", dual(overIPv6(443, probetest.Delay{By: 300 * time.Millisecond})), healthy, nil, nil},
	})
}

// TestInspectionOverOneFamily: inspection over either family is told, with the
// family.
func TestInspectionOverOneFamily(t *testing.T) {
	told := summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseTLSInspection}, endpoints.PhaseDeviceIdentity}
	later := told
	later.StopsAt = ""
	unknown := probetest.Inspect{Unknown: true}
	tryFamilies(t, []situation{
		{"IPv4", dual(overIPv4(443, probetest.Inspect{})), told, []string{"over IPv4", "Over IPv6, genuine certificates"}, nil},
		{"IPv4, by an unknown CA", dual(overIPv4(443, unknown)), told, []string{"over IPv4"}, nil},
		{"IPv6", dual(overIPv6(443, probetest.Inspect{})), later, []string{"over IPv6", "Over IPv4, genuine certificates"}, nil},
		{"IPv6, by an unknown CA", dual(overIPv6(443, unknown)), later, []string{"over IPv6"}, nil},
		{"both", dual(probetest.Inspect{}), told, nil, []string{"over IPv4", "over IPv6"}},
		{"neither", dual(), healthy, nil, nil},
	})
}

// TestInspectionAndIPv6Broken: each of two faults is told as it is alone.
func TestInspectionAndIPv6Broken(t *testing.T) {
	both := func(v readiness.Verdict, p endpoints.Phase) summary {
		return summary{v, []readiness.CauseCode{readiness.CauseTLSInspection, readiness.CauseIPv6Broken}, p}
	}
	inspected := func(host string) probetest.Fault { return at(host, probetest.Inspect{}) }
	tryFamilies(t, []situation{
		{"the account service", dual(inspected("login.live.com"), overIPv6(0, probetest.Drop)), both(readiness.Blocked, endpoints.PhaseDeviceIdentity), []string{"login.live.com"}, nil},
		{"sign-in", dual(inspected("login.microsoftonline.com"), overIPv6(0, probetest.Drop)), both(readiness.Degraded, ""), []string{"login.microsoftonline.com"}, nil},
		{"IPv6 is refused", dual(inspected("login.live.com"), overIPv6(0, probetest.Refuse)), both(readiness.Blocked, endpoints.PhaseDeviceIdentity), []string{"login.live.com"}, nil},
	})
}

// TestRedactedInspectionOverIPv6: a redacted report still shows it.
func TestRedactedInspectionOverIPv6(t *testing.T) {
	p := dualPlan(t)
	synctest.Test(t, func(t *testing.T) {
		r, err := assessPlan(t.Context(), readiness.Runner{Network: ideal(p, dual(overIPv6(443, probetest.Inspect{}))).Network()}, p)
		if err != nil {
			t.Fatal(err)
		}
		again := judge(t, plan(t, autopilot()), r.Redacted().Observations, readiness.Policy{})
		if !slices.Contains(codes(again), readiness.CauseTLSInspection) {
			t.Errorf("causes %v, want %s among them", codes(again), readiness.CauseTLSInspection)
		}
	})
}

// TestIPv4Missing: names without IPv6 addresses on a network without IPv4 are one
// cause, and translation or IPv6 addresses make up for it.
func TestIPv4Missing(t *testing.T) {
	outside := netip.MustParsePrefix("0.0.0.0/0")
	resolver := []netip.AddrPort{netip.MustParseAddrPort("[2001:db8:53::53]:53")}
	half := []string{"login.live.com", "time.windows.com", "ctldl.windowsupdate.com", "manage.microsoft.com", "client.wns.windows.com", "crl.probetest.example"}
	net := func(only []string, f ...probetest.Fault) *probetest.Internet {
		return &probetest.Internet{IPv6: true, IPv4Only: only, Resolvers: resolver, Faults: f}
	}
	none := probetest.At{Addrs: outside, Fault: probetest.Unreachable{}}
	translated := func(f probetest.Fault) probetest.Fault {
		return probetest.At{Addrs: netip.MustParsePrefix("64:ff9b::/96"), Fault: f}
	}
	own := netip.MustParsePrefix("2001:db8:64::/96")
	told := summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseIPv4Missing}, endpoints.PhaseNetworkBringUp}
	tryFamilies(t, []situation{
		{"no DNS64", net(half, none), told, []string{"no IPv4", "login.live.com", "time.windows.com", "DNS64"}, nil},
		{"no name has IPv6 addresses", net([]string{"*.com", "*.net"}, none), told, []string{"no IPv4"}, nil},
		{"NAT64 drops everything", net(half, none, probetest.DNS64{}, translated(probetest.Drop)), told, []string{"NAT64 does not answer"}, nil},
		{"NAT64 with a prefix of its own drops everything", net(half, none, probetest.DNS64{Prefix: own}, probetest.At{Addrs: own, Fault: probetest.Drop}), told, []string{"NAT64 does not answer"}, nil},
		{"IPv4 is dropped", net(half, probetest.At{Addrs: outside, Fault: probetest.Drop}), told, []string{"IPv4 does not work"}, nil},
		{"DNS64 and NAT64", net(half, none, probetest.DNS64{}), healthy, nil, nil},
		{"DNS64 and NAT64 with a prefix of its own", net(half, none, probetest.DNS64{Prefix: own}), healthy, nil, nil},
		{"a network without IPv6", dual(probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Unreachable{}}), healthy, nil, nil},
	})
}

// TestPortBlockedOverIPv4: a port that is blocked over IPv4 alone is one cause.
func TestPortBlockedOverIPv4(t *testing.T) {
	told := func(c readiness.CauseCode, v readiness.Verdict) summary {
		return summary{v, []readiness.CauseCode{c}, ""}
	}
	some := func(f probetest.Fault) *probetest.Internet {
		i := dual(f)
		i.IPv4Only = []string{"login.live.com", "ztd.dds.microsoft.com"} // as they are in the real world
		return i
	}
	hello := func(f probetest.Fault) probetest.Fault { return probetest.At{Stage: probetest.AfterHello, Fault: f} }
	tryFamilies(t, []situation{
		{"443 dropped", some(overIPv4(443, probetest.Drop)), told(readiness.CauseHTTPSBlocked, readiness.Blocked), []string{"TCP port 443 is blocked over IPv4", "Over IPv6, answers"}, nil},
		{"443 refused", some(overIPv4(443, probetest.Refuse)), told(readiness.CauseHTTPSBlocked, readiness.Blocked), []string{"over IPv4", "tcp.refused"}, nil},
		{"443 reset after the hello", some(overIPv4(443, hello(probetest.Reset))), told(readiness.CauseHTTPSBlocked, readiness.Blocked), []string{"over IPv4", "tls.reset"}, nil},
		{"80 dropped", some(overIPv4(80, probetest.Drop)), told(readiness.CauseHTTPBlocked, readiness.Degraded), []string{"TCP port 80 is blocked over IPv4"}, nil},
		{"443 dropped over both", dual(onPort("tcp", 443, probetest.Drop)), summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseHTTPSBlocked}, ""}, nil, []string{"IPv4"}},
		{"a single host", dual(at("login.microsoftonline.com", overIPv4(443, probetest.Drop))), told(readiness.CauseAddressPartial, readiness.Degraded), nil, nil},
	})
}

// TestNCSIOverIPv6: what answers Windows' probe over IPv6 is told although IPv4
// satisfies Windows.
func TestNCSIOverIPv6(t *testing.T) {
	six := func(f probetest.Fault) *probetest.Internet {
		return dual(at("ipv6.msftconnecttest.com", overIPv6(80, f)))
	}
	told := summary{readiness.Ready, []readiness.CauseCode{readiness.CauseNCSIOneFamily}, ""}
	tryFamilies(t, []situation{
		{"silence", six(probetest.Drop), told, []string{"fails over IPv6", "ipv6.msftconnecttest.com"}, []string{"over IPv4, such"}},
		{"a lost datagram, which leaves it little time", dual(probetest.At{Port: 53, Network: "udp", Host: "ipv6.msftconnecttest.com", Fault: probetest.Loss{First: 1}}), healthy, nil, nil},
		{"another page", six(probetest.Page{Body: "Welcome to the guest network."}), told, []string{"fails over IPv6", "Welcome to the guest network"}, nil},
		{"IPv6 is refused everywhere", dual(overIPv6(0, probetest.Refuse)), summary{readiness.Ready, []readiness.CauseCode{readiness.CauseIPv6Broken}, ""}, nil, nil},
		{"a network without IPv6", dual(probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Unreachable{}}), healthy, nil, nil},
	})
}

// TestFamiliesInTheIdealWorld: where every name has both families, a device reaches
// all of them over the one that works. Trying all addresses tells the same.
func TestFamiliesInTheIdealWorld(t *testing.T) {
	p := dualPlan(t)
	hello := probetest.At{Stage: probetest.AfterHello, Fault: probetest.Silence}
	for _, tt := range []struct {
		name string
		net  *probetest.Internet
		want summary
	}{
		{"IPv4 is dropped", dual(overIPv4(0, probetest.Drop), probetest.At{Port: 123, Addrs: netip.MustParsePrefix("0.0.0.0/0"), Fault: probetest.Drop}), summary{readiness.Ready, []readiness.CauseCode{readiness.CauseIPv4Missing}, ""}},
		{"TLS over IPv6 is silent", dual(overIPv6(443, hello)), summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseIPv6BrokenAboveTCP}, ""}},
		{"IPv6 is refused", dual(overIPv6(0, probetest.Refuse)), summary{readiness.Ready, []readiness.CauseCode{readiness.CauseIPv6Broken}, ""}},
		{"TCP 443 is dropped over IPv4", dual(overIPv4(443, probetest.Drop)), summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseHTTPSBlocked}, ""}},
		{"both families work", dual(), healthy},
	} {
		for _, all := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, all addresses: %t", tt.name, all), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r, err := assessPlan(t.Context(), readiness.Runner{Network: ideal(p, tt.net).Network(), AllAddresses: all}, p)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(tt.want, summarize(r)); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
						for _, c := range r.Causes {
							t.Log(c.Code, c.Impact, c.Title, c.Evidence)
						}
					}
				})
			})
		}
	}
}
