package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe/probetest"
)

// TestInterrupt: an interrupt ends the run at once, with a report on what was
// measured before.
func TestInterrupt(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
		want   string
		status int
	}{
		{"before anything failed", []probetest.Fault{probetest.At{Port: 443, Fault: probetest.Drop}}, "unproven", 2},
		{
			"after something failed that blocks", []probetest.Fault{
				probetest.At{Port: 443, Fault: probetest.Drop},
				probetest.At{Host: "login.live.com", Port: 443, Fault: probetest.Drop},
				probetest.At{Port: 80, Fault: probetest.Refuse},
			}, "blocked", 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := isolated(t)
				internet := &probetest.Internet{Hosts: smallPlan(t).Hosts(), Faults: tt.faults}
				env.network = internet.Network()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start := time.Now()
				got := call(ctx, env, "-catalog", small, "-format", "json")
				if took := time.Since(start); took > 1100*time.Millisecond {
					t.Errorf("it took %s, of which one second before the interrupt", took)
				}
				if v := verdict(t, got.Stdout); v != tt.want || got.Status != tt.status {
					t.Errorf("verdict %s, exit status %d; want %s, %d", v, got.Status, tt.want, tt.status)
				}
				if want := "preflight: interrupted: unfinished checks are reported as not run\n"; got.Stderr != want {
					t.Errorf("stderr %q, want %q", got.Stderr, want)
				}
			})
		})
	}
}

// TestInterruptWhileNothingIsMeasured: only a run goes on after an interrupt, to
// report what it has. Until it begins, and where nothing is measured, the program
// ends, whatever it waits for.
func TestInterruptWhileNothingIsMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		report := filepath.Join(t.TempDir(), "report.json")
		for _, tt := range []struct {
			args []string
			want int // runs that go on
		}{
			{[]string{"-simulate", "none", "-format", "json", "-o", report}, 1},
			{[]string{"-from", report}, 0},
			{[]string{"-diff", report, report}, 0},
			{[]string{"-list"}, 0},
			{[]string{"-simulate", "none", "-baseline", filepath.Join(t.TempDir(), "no such file")}, 0},
		} {
			env, began := isolated(t), 0
			env.interrupted = func(ctx context.Context) context.Context {
				began++
				return ctx
			}
			call(t.Context(), env, append([]string{"-catalog", small}, tt.args...)...)
			if began != tt.want {
				t.Errorf("%v: an interrupt waits for %d runs, want %d", tt.args, began, tt.want)
			}
		}
	})
}

// TestInterruptedBefore: nothing is contacted after an interrupt.
func TestInterruptedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := call(ctx, isolated(t), "-catalog", small, "-format", "json")
		if v := verdict(t, got.Stdout); v != "unproven" || got.Status != 2 {
			t.Errorf("verdict %s, exit status %d; want unproven, 2", v, got.Status)
		}
	})
}

// TestDeadline: a check cut off by the deadline is not a failure.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := isolated(t)
		internet := &probetest.Internet{
			Hosts:  smallPlan(t).Hosts(),
			Faults: []probetest.Fault{probetest.At{Port: 443, Fault: probetest.Drop}},
		}
		env.network = internet.Network()
		got := call(t.Context(), env, "-catalog", small, "-format", "json", "-deadline", "5s")
		if v := verdict(t, got.Stdout); v != "unproven" || got.Status != 2 {
			t.Errorf("verdict %s, exit status %d; want unproven, 2", v, got.Status)
		}
	})
}

// TestDeadlineOfASlowNetwork: a healthy but slow network has no failures, and
// the report names what is missing.
func TestDeadlineOfASlowNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := call(t.Context(), isolated(t), "-simulate", "slow", "-concurrency", "8", "-deadline", "1s")
		head, _, _ := strings.Cut(got.Stdout, "\nSERVICES\n")
		head = strings.Join(strings.Fields(head), " ")
		for _, want := range []string{
			"UNPROVEN: the run was cut off before every check was completed.",
			"checks were not completed, because the run was cut off: https ",
			" more. Nothing is concluded from them.",
		} {
			if !strings.Contains(head, want) {
				t.Errorf("%q is not in:\n%s", want, head)
			}
		}
		blamed := strings.Contains(head, "Impact: Fatal") || strings.Contains(head, "Impact: Degrading") || strings.Contains(head, "Impact: Conditional")
		if blamed || got.Status != 2 {
			t.Errorf("exit status %d:\n%s", got.Status, head)
		}
	})
}
