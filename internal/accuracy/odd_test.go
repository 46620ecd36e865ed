package accuracy_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/accuracy"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/readiness"
)

// everyPlan returns plans of each scenario in each cloud that supports
// it.
func everyPlan(t *testing.T) []accuracy.Plans {
	t.Helper()
	var all []accuracy.Plans
	for _, scenario := range endpoints.Scenarios() {
		for _, cloud := range endpoints.Clouds() {
			if known, _, _ := endpoints.Embedded().Support(scenario, cloud); known == endpoints.Contradicted {
				continue
			}
			s := endpoints.Scope{Scenario: scenario, Cloud: cloud, Tenant: "contoso.com"}
			if scenario == endpoints.ScenarioHybridJoin {
				s.ADDomain = "corp.contoso.com"
			}
			plans, err := accuracy.OddSample(s)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, plans)
		}
	}
	return all
}

// A healthy network is ready, whatever its oddities.
func TestOddNetworksAreReady(t *testing.T) {
	plans := everyPlan(t)
	for number := range uint64(sampletest.Count(healthy)) {
		n := accuracy.GenerateHealthy(plans[number%uint64(len(plans))], seed, number)
		t.Run(n.String(), func(t *testing.T) {
			t.Parallel()
			r := report(t, n)
			if r.Verdict != readiness.Ready {
				t.Errorf("%s: %v, with %s\n%s", n.Plan.Scope, r.Verdict, strings.Join(n.Variations, ", "), strings.Join(lines(accuracy.Tell(r)), "\n"))
			}
		})
	}
}

// Reports on faults are the same whether hosts behave as in the real world or
// as listed.
func TestNetworksInAnOddWorld(t *testing.T) {
	plans, err := accuracy.OddSample(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	const first = 5000 // others than those of the ideal world
	for number := uint64(first); number < first+uint64(sampletest.Count(oddly)); number++ {
		n := accuracy.GenerateOdd(plans, seed, number)
		t.Run(n.String(), func(t *testing.T) {
			t.Parallel()
			odd := accuracy.Tell(report(t, n))
			n.AsItIs = false
			ideal := accuracy.Tell(report(t, n))
			if diff := cmp.Diff(lines(ideal), lines(odd)); diff != "" {
				t.Errorf("%v, %s (-ideal +odd):\n%s", n.Faults, strings.Join(n.Variations, ", "), diff)
			}
		})
	}
}

// report measures a network in a bubble of its own.
func report(t *testing.T, n *accuracy.Network) *readiness.Report {
	t.Helper()
	var r *readiness.Report
	synctest.Test(t, func(t *testing.T) {
		var err error
		if r, err = n.Assess(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	return r
}

// lines returns the reported verdict and causes, except informational ones
// about known hosts.
func lines(told accuracy.Told) []string {
	out := []string{told.Verdict.String()}
	for _, k := range told.Causes {
		if k.Code != readiness.CauseHostContradicted && k.Code != readiness.CauseNameGone {
			out = append(out, k.String())
		}
	}
	return out
}
