package readiness_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// Where something close accepts every connection, a connection proves nothing.
// Hosts that are close accept quickly as well, and answer quickly.
func TestConnectionsAcceptedByAnAgent(t *testing.T) {
	agent := probetest.At{Network: "tcp", Fault: probetest.Accept}
	intercepted := []readiness.CauseCode{readiness.CauseIntercepted}
	tests := []struct {
		name    string
		ports   []string
		latency time.Duration
		faults  []probetest.Fault
		verdict readiness.Verdict
		causes  []readiness.CauseCode
	}{
		{"no agent", []string{"tcp/443 https", "tcp/25 smtp"}, 20 * time.Millisecond, nil, readiness.Ready, nil},
		{"an agent, and web servers", []string{"tcp/443 https"}, 20 * time.Millisecond, []probetest.Fault{agent}, readiness.Ready, intercepted},
		{"an agent, and a port that is only connected to", []string{"tcp/443 https", "tcp/25 smtp"}, 20 * time.Millisecond, []probetest.Fault{agent}, readiness.Unproven, intercepted},
		{
			"an agent, and that port is blocked behind it",
			[]string{"tcp/443 https", "tcp/25 smtp"},
			20 * time.Millisecond,
			[]probetest.Fault{agent, onPort("tcp", 25, probetest.Drop)},
			readiness.Unproven, intercepted,
		},
		{"hosts that are close", []string{"tcp/443 https", "tcp/25 smtp"}, time.Millisecond, nil, readiness.Ready, nil},
		{"hosts that take no time", []string{"tcp/443 https", "tcp/25 smtp"}, 0, nil, readiness.Ready, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Latency: tt.latency, Faults: tt.faults, TCPPorts: []uint16{25}}
				r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 10, false, tt.ports...), net)
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" || r.Verdict != tt.verdict {
					t.Errorf("%s, want %s; causes (-want +got):\n%s", r.Verdict, tt.verdict, diff)
				}
				for _, f := range r.Findings {
					if f.Outcome == readiness.NotRun && (f.Code != probe.Skipped || f.Cause == nil) {
						t.Errorf("%s was not run (%s), cause %v", f.Check.ID(), f.Code, f.Cause)
					}
				}
			})
		})
	}
}

// Servers on the same site may accept at once and think for long.
func TestSlowServersOnSite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := ownHosts(t, 10, false, "tcp/443 https")
		net := &probetest.Internet{Addresses: map[string][]netip.Addr{}, Latency: 20 * time.Millisecond, Faults: []probetest.Fault{
			probetest.At{Network: "tcp", Fault: probetest.Accept}, // as if all of the time were the server's
		}}
		addr := netip.MustParseAddr("10.1.2.3")
		for _, e := range c.Endpoints() {
			net.Addresses[e.Host.String()] = []netip.Addr{addr}
			addr = addr.Next()
		}
		if r, _ := assessOwn(t, readiness.Runner{}, c, net); r.Verdict != readiness.Ready || len(r.Causes) > 0 {
			t.Errorf("%s, causes %v", r.Verdict, codes(r))
		}
	})
}
