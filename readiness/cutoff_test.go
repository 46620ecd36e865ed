package readiness_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// everyKind is a plan of a few checks of every kind.
func everyKind(t *testing.T, proxied bool) *readiness.Plan {
	t.Helper()
	s := domainScope()
	n := inDomain()
	if proxied {
		n.Proxy = through().Proxy
	}
	count := make(map[endpoints.Service]int)
	few, err := endpoints.Embedded().Select(endpoints.Scope{Scenario: s.Scenario},
		endpoints.ServiceDNS, endpoints.ServiceNCSI, endpoints.ServiceNTP, endpoints.ServiceProxy, endpoints.ServiceDeployment, endpoints.ServiceEntraID,
		endpoints.ServiceIntune, endpoints.ServiceDeliveryOptimization, endpoints.ServiceWNS, endpoints.ServiceCRL, endpoints.ServiceHybridDomainController)
	if err != nil {
		t.Fatal(err)
	}
	few = slices.DeleteFunc(few, func(e endpoints.Endpoint) bool {
		const each = 3
		if e.Service != endpoints.ServiceDNS && e.CNAMEs == nil && (e.Host.Kind() == endpoints.Suffix || count[e.Service] >= each) {
			return true
		}
		count[e.Service]++
		return false
	})
	c, err := new(endpoints.Catalog).With(few...)
	if err != nil {
		t.Fatal(err)
	}
	return planOn(t, s, c, n)
}

// A cutOff is a network, and how a run on it is ended early.
type cutOff struct {
	name    string
	plan    *readiness.Plan
	proxied bool
	change  func(*probetest.Internet)
	timeout time.Duration // of a check
}

// run assesses the network, and says how long that took. The run is ended by
// its own deadline, by that of the caller's context, or by the caller.
func (c cutOff) run(t *testing.T, by string, after time.Duration) (r *readiness.Report, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		net := domainInternet(c.plan)
		net.Latency = 100 * time.Millisecond
		if c.change != nil {
			c.change(net)
		}
		runner := readiness.Runner{Network: net.Network(), Concurrency: 8, Timeout: c.timeout, Deadline: time.Hour}
		if c.proxied {
			u := net.ProxyURL()
			runner.Network.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
		}
		ctx := t.Context()
		switch by {
		case "its deadline":
			runner.Deadline = after
		case "the deadline of the context":
			bounded, cancel := context.WithTimeout(ctx, after)
			defer cancel()
			ctx = bounded
		case "the caller":
			stopped, cancel := context.WithCancelCause(ctx)
			defer cancel(nil)
			defer time.AfterFunc(after, func() { cancel(errors.New("the user went home")) }).Stop()
			ctx = stopped
		}
		start := time.Now()
		var err error
		if r, err = assessPlan(ctx, runner, c.plan); err != nil {
			t.Fatal(err)
		}
		took = time.Since(start)
		if over := took - after; by != "" && over > 100*time.Millisecond {
			t.Errorf("took %v longer than it had", over)
		}
	})
	return r, took
}

// instants returns moments from one microsecond to the end of a run.
func instants(n int, end time.Duration) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = time.Microsecond + (end-time.Microsecond)*time.Duration(i)/time.Duration(max(n-1, 1))
	}
	return out
}

// failures returns the findings that failed, and the causes.
func failures(r *readiness.Report) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Outcome == readiness.Failed {
			out = append(out, fmt.Sprintf("%s for %s: %s", f.Check.ID(), f.Service, f.Code))
		}
	}
	for _, c := range r.Causes {
		out = append(out, "cause "+c.Title)
	}
	return out
}

// ids returns the names of checks.
func ids(checks []readiness.Check) []string {
	var out []string
	for _, c := range checks {
		out = append(out, c.ID())
	}
	return out
}

// checkCutOff checks what holds of every report that was cut off.
func checkCutOff(t *testing.T, r *readiness.Report) {
	t.Helper()
	var unmade []string
	for i, o := range r.Observations {
		if o.Code() == probe.Canceled {
			unmade = append(unmade, r.Plan.Checks[i].ID())
		}
	}
	missing := ids(r.Missing)
	slices.Sort(unmade)
	slices.Sort(missing)
	if diff := cmp.Diff(unmade, missing); diff != "" || !r.CutOff {
		t.Errorf("cut off: %v; missing checks (-canceled +report):\n%s", r.CutOff, diff)
	}
	if r.Verdict != readiness.Unproven && r.Verdict != readiness.Blocked || r.Err() == nil {
		t.Errorf("verdict %s, error %v", r.Verdict, r.Err())
	}
	for _, f := range r.Findings {
		if slices.Contains(unmade, f.Check.ID()) && (f.Outcome != readiness.NotRun || f.Cause != nil) {
			t.Errorf("%s was cut off: %s, cause %v", f.Check.ID(), f.Outcome, f.Cause)
		}
	}
}

// A run may end at any moment of a healthy network: nothing fails by that.
func TestACutOffRunOfAHealthyNetworkAccusesNobody(t *testing.T) {
	p := everyKind(t, false)
	tests := []struct {
		cutOff
		moments int
	}{
		{cutOff{name: "slow", plan: p}, 200},
		{cutOff{name: "of two families", plan: p, change: func(i *probetest.Internet) { i.IPv6 = true }}, 12},
		{cutOff{name: "whose first resolver is silent", plan: p, change: func(i *probetest.Internet) {
			i.Resolvers = []netip.AddrPort{netip.MustParseAddrPort("192.0.2.52:53"), netip.MustParseAddrPort("192.0.2.53:53")}
			i.Faults = []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.52/32"), Fault: probetest.Drop}}
		}}, 12},
		{cutOff{name: "that loses datagrams", plan: p, change: func(i *probetest.Internet) {
			i.Faults = []probetest.Fault{probetest.At{Network: "udp", Fault: probetest.Loss{First: 1}}}
		}}, 12},
		{cutOff{name: "on which the hosts file overrides a name", plan: p, change: func(i *probetest.Internet) {
			i.HostsFile = map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.0.0.1")}}
			i.Addresses = map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.0.0.1")}}
		}}, 12},
		{cutOff{name: "with all checks", plan: plan(t, autopilot())}, 5},
		{cutOff{name: "behind a proxy", plan: everyKind(t, true), proxied: true}, 12},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			whole, length := tt.run(t, "", 0)
			if whole.Verdict != readiness.Ready || whole.CutOff || len(whole.Missing) > 0 {
				t.Fatalf("not cut off: %s, %v, missing %v, %v", whole.Verdict, failures(whole), whole.Missing, whole.Err())
			}
			for _, by := range []string{"its deadline", "the deadline of the context", "the caller"} {
				for _, after := range instants(sampletest.Count(tt.moments), length) {
					r, _ := tt.run(t, by, after)
					if got := failures(r); got != nil {
						t.Errorf("cut off by %s after %v: %s", by, after, strings.Join(got, "; "))
					}
					if r.CutOff || r.Verdict != readiness.Ready {
						checkCutOff(t, r)
					}
				}
			}
		})
	}
}

// The broken twin: what was completed before the end still counts.
func TestACutOffRunIsBlockedByWhatWasCompleted(t *testing.T) {
	dead := []string{"login.live.com", "client.wns.windows.com"} // one decides, and comes first
	c := cutOff{plan: everyKind(t, false), timeout: 3 * time.Second, change: func(i *probetest.Internet) {
		for _, host := range dead {
			i.Faults = append(i.Faults, probetest.At{Host: host, Network: "tcp", Fault: probetest.Drop})
		}
	}}
	whole, length := c.run(t, "", 0)
	if whole.Verdict != readiness.Blocked {
		t.Fatalf("not cut off: %s", whole.Verdict)
	}
	seen := make(map[readiness.Verdict]int)
	const few = 20 // some of which come after the failure
	for _, after := range instants(max(few, sampletest.Count(100)), length) {
		r, _ := c.run(t, "its deadline", after)
		failed := make(map[string]bool)
		for _, f := range r.Findings {
			if f.Outcome == readiness.Failed {
				failed[f.Check.Target.Host] = true
			}
		}
		want := readiness.Unproven
		if failed[dead[0]] {
			want = readiness.Blocked
		}
		if r.Verdict != want || len(r.Causes) != len(failed) {
			t.Errorf("after %v: %s, want %s; %v", after, r.Verdict, want, failures(r))
		}
		for host := range failed {
			if !slices.Contains(dead, host) {
				t.Errorf("after %v: %s failed", after, host)
			}
		}
		if r.CutOff {
			checkCutOff(t, r)
			seen[r.Verdict]++
		}
	}
	if seen[readiness.Unproven] == 0 || seen[readiness.Blocked] == 0 {
		t.Errorf("cut off with the verdicts %v, want unproven and blocked ones", seen)
	}
}

func TestRunRefusesBoundsInWhichNothingIsReached(t *testing.T) {
	tests := []struct {
		name   string
		runner readiness.Runner
		ok     bool
	}{
		{"a negative timeout", readiness.Runner{Timeout: -time.Second}, false},
		{"a nanosecond", readiness.Runner{Timeout: 1}, false},
		{"less than the least", readiness.Runner{Timeout: readiness.MinTimeout - 1}, false},
		{"the least", readiness.Runner{Timeout: readiness.MinTimeout}, true},
		{"a negative deadline", readiness.Runner{Deadline: -1}, false},
		{"a deadline that cuts everything off", readiness.Runner{Deadline: 1}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Bool
				tt.runner.Probers = everywhere(takes(time.Millisecond, func() { asked.Store(true) }))
				if _, err := tt.runner.Run(t.Context(), small(1)); (err == nil) != tt.ok {
					t.Errorf("error %v", err)
				}
				if asked.Load() && !tt.ok {
					t.Error("something was contacted")
				}
				if _, err := tt.runner.Assess(t.Context(), autopilot()); !tt.ok && err == nil {
					t.Error("Assess accepts it")
				}
			})
		})
	}
}

// A check has all of its patience, however little the run has left.
func TestPatienceDoesNotDependOnTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left time.Duration
		p := func(ctx context.Context, _ probe.Network, t probe.Target) probe.Observation {
			deadline, _ := ctx.Deadline()
			left = time.Until(deadline)
			<-ctx.Done()
			return probe.Observation{Target: t, Attempts: 1, Error: &probe.Error{Op: probe.OpConnect, Code: probe.TCPRefused}}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		obs, err := readiness.Runner{Probers: everywhere(p), Timeout: 7 * time.Second}.Run(ctx, small(1))
		if err != nil {
			t.Fatal(err)
		}
		if left != 7*time.Second {
			t.Errorf("the check saw %v, want 7 s", left)
		}
		if obs[0].Code() != probe.Canceled { // it may be an echo of the end
			t.Errorf("code %s, want %s", obs[0].Code(), probe.Canceled)
		}
	})
}
