package readiness_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// plan returns the plan of a scope with the built-in catalogue.
func plan(t *testing.T, s readiness.Scope) *readiness.Plan {
	t.Helper()
	p, err := readiness.NewPlan(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// autopilot is the scope of most tests.
func autopilot() readiness.Scope {
	return readiness.Scope{Scenario: endpoints.ScenarioAutopilot}
}

// reached returns observations in which every check of a plan succeeded.
func reached(p *readiness.Plan) []probe.Observation {
	obs := make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		obs[i] = probe.Observation{Target: c.Target, Attempts: 1}
	}
	return obs
}

// fail makes the checks fail for which match is true.
func fail(obs []probe.Observation, op probe.Op, code probe.Code, match func(probe.Target) bool) []probe.Observation {
	for i := range obs {
		if match(obs[i].Target) {
			obs[i].Error = &probe.Error{Op: op, Addr: obs[i].Target.Addr(), Code: code}
		}
	}
	return obs
}

func host(names ...string) func(probe.Target) bool {
	return func(t probe.Target) bool {
		return slices.Contains(names, t.Host)
	}
}

// serviceOf returns the result of a service.
func serviceOf(t *testing.T, r *readiness.Report, s endpoints.Service) readiness.ServiceResult {
	t.Helper()
	for _, res := range r.Services {
		if res.ID == s {
			return res
		}
	}
	t.Fatalf("no service %q in the report", s)
	return readiness.ServiceResult{}
}

// codes returns the codes of the causes of a report, in order.
func codes(r *readiness.Report) []readiness.CauseCode {
	var out []readiness.CauseCode
	for _, c := range r.Causes {
		out = append(out, c.Code)
	}
	return out
}
