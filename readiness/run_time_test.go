package readiness_test

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A run ends in time whatever is broken, and however few checks are answered at
// once, because waiting is free.
func TestRunsOfBrokenNetworksEndInTime(t *testing.T) {
	half := netip.MustParsePrefix("198.18.0.0/16")
	mute := probetest.At{Port: 3128, Fault: probetest.Silence}
	tests := []struct {
		name    string
		latency time.Duration
		proxied bool
		faults  []probetest.Fault
		cause   readiness.CauseCode // the first
	}{
		{"nothing", 0, false, nil, ""},
		{"a slow network", 600 * time.Millisecond, false, nil, ""},
		{"443 is dropped", 0, false, []probetest.Fault{onPort("tcp", 443, probetest.Drop)}, readiness.CauseHTTPSBlocked},
		{"443 is refused", 0, false, []probetest.Fault{onPort("tcp", 443, probetest.Refuse)}, readiness.CauseHTTPSBlocked},
		{"80 is dropped", 0, false, []probetest.Fault{onPort("tcp", 80, probetest.Drop)}, readiness.CauseHTTPBlocked},
		{"both are dropped", 0, false, []probetest.Fault{probetest.At{Network: "tcp", Fault: probetest.Drop}}, readiness.CauseHTTPSBlocked},
		{"the resolver refuses", 80 * time.Millisecond, false, []probetest.Fault{onPort("", 53, probetest.Refused)}, readiness.CauseDNSUnreachable},
		{"the resolver is dead", 0, false, []probetest.Fault{onPort("", 53, probetest.Drop)}, readiness.CauseDNSUnreachable},
		{"TLS is never answered", 0, false, []probetest.Fault{onPort("tcp", 443, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Silence})}, readiness.CauseHTTPSBlocked},
		{"half of all addresses are dropped", 0, false, []probetest.Fault{probetest.At{Addrs: half, Network: "tcp", Fault: probetest.Drop}}, readiness.CauseHostUnreachable},
		{"a portal", 200 * time.Millisecond, false, []probetest.Fault{probetest.Portal{Location: "http://portal.example/"}}, readiness.CauseCaptivePortal},
		{"the proxy is mute", 0, true, []probetest.Fault{mute}, readiness.CauseProxyUnreachable},
		{"the proxy is dropped", 0, true, []probetest.Fault{onPort("tcp", 3128, probetest.Drop)}, readiness.CauseProxyUnreachable},
	}
	concurrency := []int{1, 8, 512, 2000}
	if sampletest.Fewer() {
		concurrency = concurrency[2:3]
	}
	c := ownHosts(t, 100, false, "tcp/443 https", "tcp/80 http")
	for _, tt := range sampletest.Of(tests) {
		for _, n := range concurrency {
			t.Run(fmt.Sprint(tt.name, "/", n), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					net := &probetest.Internet{Latency: max(tt.latency, 20*time.Millisecond), Faults: tt.faults}
					runner := readiness.Runner{Concurrency: n, Timeout: 10 * time.Second}
					if tt.proxied {
						u := net.ProxyURL()
						runner.Network.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
					}
					r, took := assessOwn(t, runner, c, net)
					if most := 2*runner.Timeout + 2*time.Second; took > most || r.CutOff {
						t.Errorf("took %v, want at most %v", took, most)
					}
					switch {
					case len(r.Causes) == 0 && tt.cause != "", len(r.Causes) > 0 && r.Causes[0].Code != tt.cause:
						t.Errorf("%s, causes %v, want %s", r.Verdict, codes(r), tt.cause)
					}
				})
			})
		}
	}
}

// Two thousand hosts take no longer than a hundred, because all begin within a quarter
// of the timeout.
func TestRunOfTwoThousandHosts(t *testing.T) {
	for _, concurrency := range []int{0, 1} {
		t.Run(fmt.Sprintf("concurrency %d", concurrency), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{onPort("tcp", 443, probetest.Drop)}}
				r, took := assessOwn(t, readiness.Runner{Concurrency: concurrency}, ownHosts(t, 2000, false, "tcp/443 https"), net)
				if most := 2*readiness.DefaultTimeout + 2*time.Second; took > most || r.CutOff {
					t.Errorf("took %v, want at most %v", took, most)
				}
				t.Logf("took %v", took)
				var begun []time.Time
				for _, o := range r.Observations {
					begun = append(begun, o.Start)
				}
				if last := slices.MaxFunc(begun, time.Time.Compare).Sub(slices.MinFunc(begun, time.Time.Compare)); last > readiness.DefaultTimeout/4 {
					t.Errorf("the last began after %v", last)
				}
				if len(r.Causes) != 1 || r.Causes[0].Code != readiness.CauseHTTPSBlocked {
					t.Errorf("causes %v", codes(r))
				}
			})
		})
	}
}

// Names that are looked up first, and whose DNS servers are silent, are looked up
// again while the rest is measured.
func TestLookupsAreRepeatedBesideTheRest(t *testing.T) {
	c := core(t, endpoints.ServiceDNS, endpoints.ServiceNTP)
	for _, host := range []string{"crl3.digicert.com", "time.windows.com"} {
		t.Run(host, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := planOn(t, autopilot(), c, probe.Network{})
				net := ideal(p, &probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{
					probetest.At{Host: host, Fault: probetest.Unanswered}, probetest.At{Network: "tcp", Fault: probetest.Drop},
				}})
				start := time.Now()
				if _, err := (readiness.Runner{Network: net.Network()}).Run(t.Context(), p); err != nil {
					t.Fatal(err)
				}
				if took, most := time.Since(start), 2*readiness.DefaultTimeout+2*time.Second; took > most {
					t.Errorf("took %v, want at most %v", took, most)
				}
			})
		})
	}
}

// Few places are given up so soon that all checks begin within a quarter of the
// timeout, however many do not end. The lookups before them do not count.
func TestChecksThatAreSilentBeginInTime(t *testing.T) {
	for _, tt := range []struct {
		name     string
		hosts    int
		interval time.Duration
	}{
		{"many", 20, (time.Second - 4*time.Millisecond) / 20}, // without the pause after sixteen
		{"few", 3, 250 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lookups, err := endpoints.Embedded().Select(autopilot())
				if err != nil {
					t.Fatal(err)
				}
				lookups = slices.DeleteFunc(lookups, func(e endpoints.Endpoint) bool { return e.Service != endpoints.ServiceDNS })
				c, err := ownHosts(t, tt.hosts, false, "tcp/443 https").With(lookups...)
				if err != nil {
					t.Fatal(err)
				}
				p := planOn(t, autopilot(), c, probe.Network{})
				net := ideal(p, &probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Drop)}})
				obs, err := readiness.Runner{Network: net.Network(), Concurrency: 1, Timeout: 4 * time.Second}.Run(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				var first, last time.Time
				for _, o := range obs {
					if o.Target.Protocol == probe.HTTPS {
						if first.IsZero() {
							first = o.Start
						}
						last = o.Start
					}
				}
				if want := time.Duration(tt.hosts-1) * tt.interval; last.Sub(first) != want {
					t.Errorf("the last began %v after the first, want %v", last.Sub(first), want)
				}
			})
		})
	}
}
