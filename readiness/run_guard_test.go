package readiness_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// broken returns a prober that does something for the port 2, and is healthy for
// all others.
func broken(do func(ctx context.Context)) map[probe.Protocol]probe.Prober {
	return everywhere(func(ctx context.Context, _ probe.Network, t probe.Target) probe.Observation {
		if t.Port == 2 {
			do(ctx)
		}
		return probe.Observation{Target: t, Attempts: 1, Start: time.Now()}
	})
}

// Whatever a prober does, the run ends, and the results of other checks are kept.
func TestBrokenProbers(t *testing.T) {
	tests := []struct {
		name string
		do   func(ctx context.Context, forever <-chan struct{})
		code probe.Code
		took time.Duration
		text string
	}{
		{"healthy", func(context.Context, <-chan struct{}) {}, "", 0, ""},
		{"panics", func(context.Context, <-chan struct{}) { panic("the embedder's mistake") }, probe.Panicked, 0, "the embedder's mistake"},
		{"panics with an error", func(context.Context, <-chan struct{}) { panic(errors.New("a mistake of a kind")) }, probe.Panicked, 0, "a mistake of a kind"},
		{"exits its goroutine", func(context.Context, <-chan struct{}) { runtime.Goexit() }, probe.Panicked, 0, "Goexit"},
		{"never returns", func(_ context.Context, forever <-chan struct{}) { <-forever }, probe.Panicked, 11 * time.Second, "did not return"},
		{"takes a moment too long", func(ctx context.Context, _ <-chan struct{}) { <-ctx.Done(); time.Sleep(50 * time.Millisecond) }, "", 10*time.Second + 50*time.Millisecond, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				forever := make(chan struct{})
				defer close(forever)
				start := time.Now()
				probers := broken(func(ctx context.Context) { tt.do(ctx, forever) })
				obs, err := readiness.Runner{Probers: probers, Timeout: 10 * time.Second}.Run(t.Context(), small(4))
				if err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got != tt.took {
					t.Errorf("took %v, want %v", got, tt.took)
				}
				for _, o := range obs {
					want := probe.Code("")
					if o.Target.Port == 2 {
						want = tt.code
					}
					if o.Code() != want || want != "" && !strings.Contains(o.Error.Error(), tt.text) {
						t.Errorf("%s: %v, want %q with %q", o.Target, o.Error, want, tt.text)
					}
					if o.Attempts != 1 {
						t.Errorf("%s: %d attempts", o.Target, o.Attempts)
					}
				}
				if o := obs[1]; strings.HasPrefix(tt.name, "panics") && !strings.Contains(o.Error.Error(), "run_guard_test.go") {
					t.Errorf("the stack is lost: %v", o.Error)
				}
			})
		})
	}
}

// A prober that never returns does not keep the run, whose deadline comes first.
func TestRunLeavesAProberBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		forever := make(chan struct{})
		defer close(forever)
		start := time.Now()
		r := readiness.Runner{Probers: broken(func(context.Context) { <-forever }), Deadline: 2 * time.Second}
		obs, err := r.Run(t.Context(), small(4))
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 2100*time.Millisecond {
			t.Errorf("took %v", took)
		}
		for _, o := range obs {
			if want := o.Target.Port != 2; o.OK() != want {
				t.Errorf("%s: %v", o.Target, o.Error)
			}
		}
	})
}

// A hook that panics is an error of its check, which is kept; one that never returns
// is left behind.
func TestBrokenHooks(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(forever <-chan struct{})
		text string // of the error of the check
	}{
		{"healthy", func(<-chan struct{}) {}, ""},
		{"panics", func(<-chan struct{}) { panic("the embedder's mistake") }, "the embedder's mistake"},
		{"exits its goroutine", func(<-chan struct{}) { runtime.Goexit() }, "Goexit"},
		{"never returns", func(forever <-chan struct{}) { <-forever }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				forever := make(chan struct{})
				defer close(forever)
				calls := 0
				r := readiness.Runner{
					Probers:  broken(func(context.Context) {}),
					Deadline: 2 * time.Second,
					OnResult: func(c readiness.Check, _ probe.Observation) {
						calls++
						if c.Target.Port == 2 {
							tt.do(forever)
						}
					},
				}
				start := time.Now()
				obs, err := r.Run(t.Context(), small(4))
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took > 2100*time.Millisecond {
					t.Errorf("took %v", took)
				}
				for _, o := range obs {
					switch {
					case o.Target.Port != 2 || tt.text == "":
						if !o.OK() {
							t.Errorf("%s: %v", o.Target, o.Error)
						}
					case o.Code() != probe.Panicked || o.Error.Op != readiness.OpHook || !strings.Contains(o.Error.Error(), tt.text):
						t.Errorf("%s: %v, want %q", o.Target, o.Error, tt.text)
					}
				}
				if tt.name != "never returns" && calls != 4 {
					t.Errorf("%d calls, want 4", calls)
				}
			})
		})
	}
}

// A failure that a hook is told of stays what it was.
func TestHookThatPanicsOverAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := readiness.Runner{
			Probers: everywhere(takes(time.Hour, nil)), Timeout: time.Second,
			OnResult: func(readiness.Check, probe.Observation) { panic("the embedder's mistake") },
		}
		obs, err := r.Run(t.Context(), small(2))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range obs {
			last := o.Steps[len(o.Steps)-1]
			if o.Code() != probe.TCPTimeout || last.Op != readiness.OpHook || last.Error.Code != probe.Panicked {
				t.Errorf("%v, the last step is %+v", o.Error, last)
			}
		}
	})
}

// What panics says nothing of the network: the report is unproven, and blames
// nobody.
func TestPanicsAccuseNobody(t *testing.T) {
	panics := map[string]func(*probe.Network){
		"dialer": func(n *probe.Network) {
			n.Connect = func(context.Context, string, string) (net.Conn, error) { panic("the embedder's mistake") }
		},
		"dialer without a connection": func(n *probe.Network) {
			n.Connect = func(context.Context, string, string) (net.Conn, error) {
				return nil, nil //nolint:nilnil // the mistake
			}
		},
		"proxy": func(n *probe.Network) {
			n.Proxy = func(probe.Target) (*url.URL, error) { panic("the embedder's mistake") }
		},
	}
	for name, set := range panics {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := (&probetest.Internet{Hosts: plan(t, autopilot()).Hosts()}).Network()
				set(&network)
				r, err := readiness.Runner{Network: network}.Assess(t.Context(), autopilot())
				if err != nil {
					t.Fatal(err)
				}
				if r.Verdict != readiness.Unproven || len(r.Causes) > 0 {
					t.Errorf("%s, because of %v", r.Verdict, codes(r))
				}
			})
		})
	}
}
