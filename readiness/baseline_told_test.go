package readiness_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// What cannot be a control is refused, and by one code.
func TestBaselineHasToBeOfANetworkThatWorks(t *testing.T) {
	p := plan(t, autopilot())
	good := judge(t, p, reached(p), readiness.Policy{})
	changed := func(change func(*readiness.Report)) *readiness.Report {
		r := *good
		change(&r)
		return &r
	}
	tests := []struct {
		name     string
		baseline *readiness.Report
		refused  bool
	}{
		{"ready", good, false},
		{"degraded", changed(func(r *readiness.Report) { r.Verdict = readiness.Degraded }), false},
		{"no baseline", nil, false},
		{"blocked", changed(func(r *readiness.Report) { r.Verdict = readiness.Blocked }), true},
		{"unproven", changed(func(r *readiness.Report) { r.Verdict = readiness.Unproven }), true},
		{"not a verdict of a report", changed(func(r *readiness.Report) { r.Verdict = readiness.NotApplicable }), true},
		{"cut off", changed(func(r *readiness.Report) { r.CutOff = true }), true},
		{"a check is missing", changed(func(r *readiness.Report) { r.Missing = r.Plan.Checks[:1] }), true},
		{"nothing was observed", changed(func(r *readiness.Report) { r.Observations = nil }), true},
		{"the zero report", new(readiness.Report), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			runner := readiness.Runner{Policy: readiness.Policy{}.Against(tt.baseline)}
			_, err := runner.Judge(p, reached(p))
			var invalid *endpoints.Error
			if refused := errors.As(err, &invalid) && invalid.Field == "baseline"; refused != tt.refused || !refused && err != nil {
				t.Errorf("Judge: %v", err)
			}
			if !tt.refused {
				return
			}
			if _, err := runner.Run(t.Context(), p); !errors.As(err, &invalid) || invalid.Field != "baseline" {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

// A baseline that is not quite like this run is used, and the report says so.
func TestBaselineNotes(t *testing.T) {
	day := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	measured := func(s endpoints.Scope, start time.Time, resolver string) *readiness.Report {
		p := plan(t, s)
		obs := reached(p)
		for i := range obs {
			obs[i].Start = start
		}
		if resolver != "" {
			obs[0].DNS = &probe.DNSFacts{Queries: []probe.DNSQuery{{Resolver: netip.MustParseAddrPort(resolver)}}}
		}
		return judge(t, p, obs, readiness.Policy{})
	}
	tenant := autopilot()
	tenant.Tenant = "contoso"
	old := *measured(autopilot(), day, "")
	old.Catalog = "2025-01-01.1"
	const compared = "Compared with the baseline of 2026-11-28: 0 failures alike."
	tests := []struct {
		name     string
		here     time.Time
		baseline *readiness.Report
		want     []string
	}{
		{"the same day", day.Add(time.Hour), measured(autopilot(), day, ""), []string{compared}},
		{"30 days", day.Add(30 * 24 * time.Hour), measured(autopilot(), day, ""), []string{compared}},
		{"31 days", day.Add(31 * 24 * time.Hour), measured(autopilot(), day, ""), []string{compared, "The baseline was measured 31 days before this network."}},
		{"later", day.Add(-45 * 24 * time.Hour), measured(autopilot(), day, ""), []string{compared, "The baseline was measured 45 days after this network."}},
		{"without a date", day, measured(autopilot(), time.Time{}, ""), []string{"Compared with the baseline: 0 failures alike.", "The baseline does not say when it was measured."}},
		{"another tenant", day, measured(tenant, day, ""), []string{compared}},
		{
			"another scenario and region", day, measured(endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Region: "europe"}, day, ""),
			[]string{compared, "The baseline is for another scope: scenario autopatch, and here autopilot; region europe, and here not given."},
		},
		{"another catalog", day, &old, []string{compared, "The baseline was measured by the catalog 2025-01-01.1, and this network by " + endpoints.Embedded().Version() + "."}},
		{"the same resolver", day, measured(autopilot(), day, "192.0.2.53:53"), []string{compared, "The baseline was measured through the same DNS servers, so it may be of this same network."}},
		{"another resolver", day, measured(autopilot(), day, "198.51.100.53:53"), []string{compared}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			alone := measured(autopilot(), tt.here, "192.0.2.53:53")
			got := judge(t, alone.Plan, alone.Observations, readiness.Policy{}.Against(tt.baseline))
			if diff := cmp.Diff(append(slices.Clone(alone.Notes), tt.want...), got.Notes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The reader sees why a failure does not count.
func TestBaselineShowsTheReason(t *testing.T) {
	p := plan(t, autopilot())
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("go.microsoft.com"))
	obs[0].Start = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	r := judge(t, p, obs, readiness.Policy{}.Against(judge(t, p, obs, readiness.Policy{})))
	c := r.Causes[0]
	if c.Impact != readiness.Informational || c.Title != "go.microsoft.com fails here as in the baseline" || !slices.Contains(c.Evidence, "The same in the baseline of 2026-11-28.") {
		t.Errorf("the cause: %+v", c)
	}
	for _, f := range r.Findings {
		if f.Check.Target.Host == "go.microsoft.com" && (f.Impact != readiness.Informational || f.Outcome != readiness.Failed || f.Note != "The same in the baseline of 2026-11-28.") {
			t.Errorf("a finding: %v, %v, %q", f.Outcome, f.Impact, f.Note)
		}
	}
	if r.Policy != "documented+" || !strings.Contains(strings.Join(r.Notes, "\n"), "Compared with the baseline of 2026-11-28: ") {
		t.Errorf("policy %q, notes %q", r.Policy, r.Notes)
	}
}
