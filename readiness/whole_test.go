package readiness_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// written checks that a report can be written in every form.
func written(tb testing.TB, r *readiness.Report) {
	tb.Helper()
	var b bytes.Buffer
	for _, write := range []func() error{
		func() error { return render.Text(&b, r, render.TextOptions{Untested: true}) },
		func() error { return render.JSON(&b, r) },
		func() error { return render.Brief(&b, r) },
		func() error { return render.Line(&b, r) },
		func() error { return render.Markdown(&b, r) },
		func() error { return render.HTML(&b, r) },
		func() error { return render.JUnit(&b, r) },
		func() error { return render.OpenMetrics(&b, r) },
		func() error { return render.Diff(&b, nil, r) },
		func() error { return render.DiffJSON(&b, r, nil) },
	} {
		if err := write(); err != nil {
			tb.Fatal(err)
		}
	}
	data, err := json.Marshal(r)
	if err != nil || !json.Valid(data) {
		tb.Errorf("MarshalJSON returns %.80q, %v", data, err)
	}
}

// Whatever is handed over, there is a report, and it says that nobody is ready.
func TestReportsOfWhatIsNotWhole(t *testing.T) {
	whole := plan(t, autopilot())
	tests := []struct {
		name string
		plan *readiness.Plan
		obs  []probe.Observation
	}{
		{"an empty plan", &readiness.Plan{}, nil},
		{"no observations", whole, nil},
		{"an observation too few", whole, reached(whole)[1:]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := judge(t, tt.plan, tt.obs, readiness.DocumentedPolicy())
			if r.Verdict != readiness.Unproven || r.Err() == nil {
				t.Errorf("verdict %v, error %v", r.Verdict, r.Err())
			}
			if r.Plan == nil || len(r.Observations) != len(r.Plan.Checks) {
				t.Errorf("%d observations of the plan %+v", len(r.Observations), r.Plan)
			}
			written(t, r)
		})
	}
}

func TestWhatIsNoPlanIsAnError(t *testing.T) {
	whole := plan(t, autopilot())
	lost := *whole
	lost.Checks = append(slices.Clone(whole.Checks), readiness.Check{Target: whole.Checks[0].Target, Endpoints: whole.Checks[0].Endpoints})
	fewer := *whole
	fewer.Checks = whole.Checks[:len(whole.Checks)-1]
	turned := *whole
	turned.Checks = slices.Clone(whole.Checks)
	slices.Reverse(turned.Checks)
	byHand := readiness.Plan{Scope: whole.Scope, Catalog: whole.Catalog, Checks: whole.Checks}
	for name, p := range map[string]*readiness.Plan{
		"nil": nil, "empty": {}, "a check more": &lost, "a check less": &fewer, "in another order": &turned, "by hand": &byHand,
	} {
		if r, err := (readiness.Runner{}).Judge(p, reached(whole)); err == nil {
			t.Errorf("%s: no error, and the report %+v", name, r)
		}
	}
}

// A plan by hand has no catalog, or one without its services: they count
// nevertheless.
func TestServicesThatTheCatalogLacksCount(t *testing.T) {
	whole := plan(t, autopilot())
	for name, c := range map[string]*endpoints.Catalog{"none": nil, "empty": new(endpoints.Catalog)} {
		t.Run(name, func(t *testing.T) {
			p := *whole
			p.Catalog = c
			obs := fail(reached(&p), probe.OpConnect, probe.TCPTimeout, host("login.live.com"))
			got, want := judge(t, &p, obs, readiness.DocumentedPolicy()), judge(t, whole, obs, readiness.DocumentedPolicy())
			if got.Verdict != want.Verdict || len(got.Services) != len(want.Services) {
				t.Errorf("%v with %d services, want %v with %d", got.Verdict, len(got.Services), want.Verdict, len(want.Services))
			}
			written(t, got)
		})
	}
}

func TestReportsByHand(t *testing.T) {
	p := plan(t, autopilot())
	empty := []readiness.Finding{{}}
	foreign := readiness.Check{Target: probe.Target{Protocol: probe.HTTPS, Host: "other.example", Port: 443}}
	for name, r := range map[string]*readiness.Report{
		"nil":                                   nil,
		"zero":                                  {},
		"an empty finding":                      {Findings: empty},
		"an empty finding of an empty plan":     {Plan: &readiness.Plan{}, Findings: empty},
		"an empty finding of a plan":            {Plan: p, Findings: empty},
		"a finding of no check and no cause":    {Plan: p, Findings: []readiness.Finding{{Check: foreign, Cause: new(readiness.Cause)}, {}}},
		"a cause of no check":                   {Plan: p, Causes: []readiness.Cause{{Checks: []readiness.Check{{}, foreign}}}},
		"checks missing that are not":           {Plan: p, Missing: []readiness.Check{{}, foreign}},
		"checks missing, and no plan":           {Missing: make([]readiness.Check, 1)},
		"a check of an endpoint that is not":    {Plan: &readiness.Plan{Checks: []readiness.Check{{Endpoints: make([]endpoints.Endpoint, 1)}}}, Findings: empty},
		"a service and a cause of nothing else": {Services: make([]readiness.ServiceResult, 1), Causes: make([]readiness.Cause, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			if r.Err() == nil {
				t.Error("no error")
			}
			written(t, r)
		})
	}
}
