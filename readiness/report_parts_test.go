package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A blocked host has two checks, one that was not run has one, and what has several
// services counts once.
func TestReportParts(t *testing.T) {
	p := planOn(t, autopilot(), nil, through()) // some checks are for comparison alone
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("download.windowsupdate.com"))
	obs = fail(obs, probe.OpConnect, probe.Canceled, host("login.live.com"))
	r := judge(t, p, obs, readiness.Policy{})
	want := make(map[readiness.Outcome]map[probe.Target]bool)
	for o := range readiness.Failed + 1 {
		want[o] = make(map[probe.Target]bool)
	}
	for i, c := range p.Checks {
		switch {
		case len(c.Endpoints) == 0:
		case obs[i].OK():
			want[readiness.OK][c.Target] = true
		case obs[i].Code() == probe.Canceled:
			want[readiness.NotRun][c.Target] = true
		default:
			want[readiness.Failed][c.Target] = true
		}
	}
	for o, targets := range want {
		if got := r.Count(o); got != len(targets) || got == 0 {
			t.Errorf("%d checks came to %s, want %d", got, o, len(targets))
		}
	}
	for f := range r.Failures() {
		if f.Outcome != readiness.Failed || !want[readiness.Failed][f.Check.Target] {
			t.Errorf("%s is %s", f.Check.ID(), f.Outcome)
		}
	}
	for f := range r.NotRun() {
		if f.Outcome != readiness.NotRun || !want[readiness.NotRun][f.Check.Target] {
			t.Errorf("%s is %s", f.Check.ID(), f.Outcome)
		}
	}
	for range r.NotRun() {
		break // and it stops
	}
	reasons := make(map[endpoints.Service]int)
	for e, reason := range r.Untested() {
		if reason == "" {
			t.Errorf("%s %s is untested without a reason", e.Service, e.Host)
		}
		reasons[e.Service]++
	}
	for _, s := range r.Services {
		if s.Untested != reasons[s.Service] {
			t.Errorf("%s: %d endpoints untested, want %d", s.Service, reasons[s.Service], s.Untested)
		}
	}
	var none *readiness.Report
	for range none.Failures() {
		t.Error("a nil report has failures")
	}
	for range none.Untested() {
		t.Error("a nil report has endpoints")
	}
	if none.Count(readiness.NotRun) != 0 {
		t.Error("a nil report has checks")
	}
}
