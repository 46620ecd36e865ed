package readiness_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A gateway that limits new connections is told as that, and its hosts are
// reached. A content network that limits handshakes is normal.
func TestLimitsOnConnections(t *testing.T) {
	gateway := func(f probetest.Fault) []probetest.Fault {
		rate := 20.0
		if f == nil {
			rate = 4 // packets that are sent again get through a wider limit
		}
		return []probetest.Fault{probetest.Limit{Rate: rate, Burst: 20, Fault: f}}
	}
	limited := []readiness.CauseCode{readiness.CauseRateLimited}
	tests := []struct {
		name    string
		faults  []probetest.Fault
		verdict readiness.Verdict
		causes  []readiness.CauseCode
	}{
		{"no limit", nil, readiness.Ready, nil},
		{"a gateway that rejects", gateway(probetest.Refuse), readiness.Degraded, limited},
		{"a gateway that drops", gateway(nil), readiness.Degraded, limited},
		{"a content network that ends handshakes", []probetest.Fault{
			probetest.At{Port: 443, Fault: probetest.Limit{Rate: 20, Burst: 5, Fault: probetest.Alert{Description: 80}}},
		}, readiness.Ready, nil},
		{
			"a gateway that rejects, and a host that is blocked",
			append(gateway(probetest.Refuse), probetest.At{Host: "host.owner3.example", Network: "tcp", Fault: probetest.Drop}),
			readiness.Degraded,
			[]readiness.CauseCode{readiness.CauseRateLimited, readiness.CauseHostUnreachable},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Latency: 20 * time.Millisecond, Faults: tt.faults}
				r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 60, false, "tcp/443 https"), net)
				got := codes(r)
				slices.Sort(got)
				if diff := cmp.Diff(tt.causes, got); diff != "" || r.Verdict != tt.verdict {
					t.Errorf("%s, want %s; causes (-want +got):\n%s", r.Verdict, tt.verdict, diff)
					for _, c := range r.Causes {
						t.Log(c.Code, c.Impact, c.Title, c.Evidence)
					}
				}
			})
		})
	}
}

// A network that loses packets gives the same report each time.
func TestLostPacketsChangeNothing(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			net := &probetest.Internet{
				IPv6: true, Latency: 20 * time.Millisecond, Seed: seed,
				Faults: []probetest.Fault{
					probetest.At{Host: "host.owner3.example", Network: "tcp", Fault: probetest.Refuse},
					probetest.Loss{Rate: 0.02, Connections: 0.02},
				},
			}
			r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 20, false, "tcp/443 https", "tcp/80 http"), net)
			want := []readiness.CauseCode{readiness.CauseHostUnreachable}
			if diff := cmp.Diff(want, codes(r)); diff != "" {
				t.Errorf("seed %d: causes (-want +got):\n%s", seed, diff)
				for _, c := range r.Causes {
					t.Log(c.Code, c.Impact, c.Title, c.Evidence)
				}
			}
			if o := r.Observations[0]; o.Code() == probe.Canceled {
				t.Error(o.Error)
			}
		})
	}
}

// The same for all of Microsoft's hosts, with revocation and time.
func TestLimitOnEveryConnection(t *testing.T) {
	limit := func(f probetest.Fault) *probetest.Internet {
		return &probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{probetest.Limit{Rate: 20, Burst: 50, Fault: f}}}
	}
	both := limit(nil)
	both.IPv6 = true
	both.Faults = append(both.Faults, probetest.At{Host: "ipv6.msftconnecttest.com", Network: "tcp", Fault: probetest.Drop})
	limited := summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseRateLimited}, ""}
	try(t, []situation{
		{"rejected", limit(probetest.Refuse), limited, []string{"limits new connections", "were made without trouble, so the network was not down", "Raise the limit"}, nil},
		{"dropped", limit(nil), limited, nil, nil},
		{"dropped, and Windows' probe over IPv6 as well", both, limited, nil, nil},
	})
}

// A run that ends while it slows down accuses no host.
func TestALimitThatOutlastsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{probetest.Limit{Rate: 20, Burst: 20, Fault: probetest.Refuse}}}
		r, took := assessOwn(t, readiness.Runner{Deadline: 2500 * time.Millisecond}, ownHosts(t, 100, false, "tcp/443 https"), net)
		if r.Verdict != readiness.Unproven || !r.CutOff || took > 2600*time.Millisecond {
			t.Errorf("%s after %v, cut off: %t", r.Verdict, took, r.CutOff)
		}
		for _, c := range r.Causes {
			if c.Code != readiness.CauseRateLimited {
				t.Errorf("%s: %s", c.Code, c.Title)
			}
		}
	})
}
