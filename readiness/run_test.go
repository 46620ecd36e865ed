package readiness_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// everywhere uses one prober for all protocols.
func everywhere(p probe.Prober) map[probe.Protocol]probe.Prober {
	return map[probe.Protocol]probe.Prober{
		probe.DNS: p, probe.TCP: p, probe.HTTP: p,
		probe.HTTPS: p, probe.NTP: p, probe.NCSI: p,
	}
}

// takes returns a prober that takes some time and succeeds, or is cut off.
func takes(d time.Duration, during func()) probe.Prober {
	return func(ctx context.Context, _ probe.Network, t probe.Target) probe.Observation {
		o := probe.Observation{Target: t, Attempts: 1, Start: time.Now()}
		if during != nil {
			during()
		}
		select {
		case <-time.After(d):
		case <-ctx.Done():
			o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout, Err: context.Cause(ctx)}
		}
		o.Duration = time.Since(o.Start)
		return o
	}
}

// small returns a plan of n checks that need no resolver.
func small(n int) *readiness.Plan {
	p := &readiness.Plan{Scope: autopilot()}
	for i := range n {
		p.Checks = append(p.Checks, readiness.Check{Target: probe.Target{
			Protocol: probe.TCP, Host: "192.0.2.1", Port: uint16(i + 1),
		}})
	}
	return p
}

func TestRunBoundsConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		r := readiness.Runner{Probers: everywhere(takes(10*time.Second, nil)), Concurrency: 5, Timeout: time.Minute}
		if _, err := r.Run(t.Context(), small(20)); err != nil {
			t.Fatal(err)
		}
		const pause = 4 * time.Millisecond // before the seventeenth
		if got, want := time.Since(start), 40*time.Second+pause; got != want {
			t.Errorf("20 checks of 10 s, 5 at a time, took %v, want %v", got, want)
		}
	})
}

func TestRunBoundsEachCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		r := readiness.Runner{Probers: everywhere(takes(time.Hour, nil)), Timeout: 3 * time.Second}
		obs, err := r.Run(t.Context(), small(4))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := time.Since(start), 3*time.Second; got != want {
			t.Errorf("took %v, want %v", got, want)
		}
		for _, o := range obs {
			if o.Code() != probe.TCPTimeout {
				t.Errorf("%s: code %q, want %q", o.Target, o.Code(), probe.TCPTimeout)
			}
		}
	})
}

func TestRunThatIsCutOffProvesNothing(t *testing.T) {
	cause := errors.New("the user is impatient")
	tests := []struct {
		name   string
		runner readiness.Runner
		cancel bool
		want   time.Duration
		text   string
	}{
		{"by its deadline", readiness.Runner{Deadline: 15 * time.Second}, false, 15 * time.Second, "the deadline of the run ended"},
		{"by its caller", readiness.Runner{}, true, 12 * time.Second, cause.Error()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if tt.cancel {
					time.AfterFunc(12*time.Second, func() { cancel(cause) })
				}
				start := time.Now()
				tt.runner.Probers = everywhere(takes(10*time.Second, nil))
				tt.runner.Concurrency = 2
				tt.runner.Timeout = time.Minute
				obs, err := tt.runner.Run(ctx, small(6))
				if err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got != tt.want {
					t.Errorf("took %v, want %v", got, tt.want)
				}
				var ok, cut, unsent int
				for _, o := range obs {
					switch {
					case o.OK():
						ok++
					case o.Code() != probe.Canceled || o.Error.Err.Error() != tt.text:
						t.Errorf("%s: %v", o.Target, o.Error)
					case o.Attempts > 0:
						cut++
					default:
						unsent++
					}
				}
				if ok != 2 || cut != 2 || unsent != 2 {
					t.Errorf("%d ok, %d cut off, %d not begun, want 2 each", ok, cut, unsent)
				}
			})
		})
	}
}

func TestRunObservesOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []string
		var inside atomic.Int32
		r := readiness.Runner{
			Probers: everywhere(takes(time.Second, nil)),
			OnResult: func(c readiness.Check, o probe.Observation) {
				if inside.Add(1) != 1 {
					t.Error("two calls at once")
				}
				time.Sleep(time.Second)
				calls = append(calls, c.ID())
				if c.Target != o.Target {
					t.Errorf("%s got the observation of %s", c.Target, o.Target)
				}
				inside.Add(-1)
			},
		}
		if _, err := r.Run(t.Context(), small(10)); err != nil {
			t.Fatal(err)
		}
		if len(calls) != 10 {
			t.Errorf("%d calls, want 10", len(calls))
		}
	})
}

func TestRunRefusesAPlanItCannotRun(t *testing.T) {
	asked := false
	r := readiness.Runner{Probers: everywhere(takes(0, func() { asked = true }))}
	p := small(2)
	p.Checks[1].Target.Protocol = "gopher"
	if _, err := r.Run(t.Context(), p); err == nil || asked {
		t.Errorf("error %v, contacted %v", err, asked)
	}
	if _, err := r.Run(t.Context(), nil); err == nil {
		t.Error("a nil plan ran")
	}
}

// A dead resolver must cost one check's time, not one for each name.
func TestADeadResolverCostsOneTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, autopilot())
		net := &probetest.Internet{
			Hosts:  p.Hosts(),
			Faults: []probetest.Fault{onPort("", 53, probetest.Drop)},
		}
		start := time.Now()
		r, err := assessPlan(t.Context(), readiness.Runner{Network: net.Network(), Timeout: 5 * time.Second}, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got > 5*time.Second {
			t.Errorf("took %v, want no more than one check's 5 s", got)
		}
		skipped := 0
		for _, f := range r.Findings {
			if f.Code != probe.Skipped {
				continue
			}
			skipped++
			if f.Outcome != readiness.NotRun || f.Cause == nil || f.Cause.Code != readiness.CauseDNSUnreachable {
				t.Errorf("%s: %s, cause %v", f.Check.ID(), f.Outcome, f.Cause)
			}
		}
		if skipped == 0 {
			t.Error("nothing was skipped")
		}
	})
}

func TestEachNameIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, autopilot())
		net := &probetest.Internet{Hosts: p.Hosts()}
		if _, err := (readiness.Runner{Network: net.Network()}).Run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		asked := make(map[string]int)
		for _, e := range net.Log() {
			if e.Kind == probetest.EventQuery {
				asked[e.Host+" "+e.Detail]++
			}
		}
		for q, n := range asked {
			if n > 1 {
				t.Errorf("%s was asked %d times", q, n)
			}
		}
	})
}

// What a run contacts is what its plan lists, and nothing else.
func TestOnlyWhatThePlanListsIsContacted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, autopilot())
		net := &probetest.Internet{Hosts: p.Hosts(), Faults: []probetest.Fault{probetest.Portal{Location: "http://portal.example/"}}}
		// Where certificates say to ask may redirect; the hosts of the plan may not.
		plain := map[probe.Protocol]probe.Prober{
			probe.HTTPS: func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
				t.NoRevocation = true
				return n.Probe(ctx, t)
			},
		}
		if _, err := (readiness.Runner{Network: net.Network(), Probers: plain}).Run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		listed := make(map[string]bool)
		for _, h := range p.Hosts() {
			listed[h] = true
		}
		contacted := make(map[string]bool)
		for _, e := range net.Log() {
			label, suffix, _ := strings.Cut(e.Host, ".")
			switch {
			case e.Host == "", strings.HasSuffix(e.Host, ".probetest.example"): // where certificates say to ask
			case len(label) == 20 && slices.Contains([]string{"com", "net", "org"}, suffix): // made up, for the resolvers
			default:
				contacted[e.Host] = true
			}
		}
		if diff := cmp.Diff(listed, contacted); diff != "" {
			t.Errorf("(-listed +contacted):\n%s", diff)
		}
	})
}

func TestAWideNetworkTakesAsLongAsItsSlowestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rtt = 50 * time.Millisecond
		p := plan(t, autopilot())
		net := &probetest.Internet{Hosts: p.Hosts(), Latency: rtt}
		start := time.Now()
		r := readiness.Runner{Network: net.Network(), Concurrency: len(p.Checks)}
		if _, err := r.Run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		// The resolvers are asked first, and then each name: resolve 1, connect 1,
		// handshake 2, request 1. Once the certificate is there, in the middle of
		// the handshake, whether it is revoked: resolve 1, connect 1, request 1.
		// Only a few begin at the same moment.
		const begun = 4 * time.Millisecond / 16
		if got, want := time.Since(start), 7*rtt+time.Duration(len(p.Checks))*begun; got > want {
			t.Errorf("%d checks took %v, want no more than %v", len(p.Checks), got, want)
		}
	})
}
