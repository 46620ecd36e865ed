package accuracy_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/accuracy"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/readiness"
)

// seed is the seed of these tests' networks.
const seed = 1

func autopilot() endpoints.Scope {
	return endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
}

// measured measures networks, each in its own bubble, and returns the score and
// the wrong reports.
func measured(t *testing.T, plans accuracy.Plans, from, to uint64) (*accuracy.Score, string) {
	t.Helper()
	var (
		mu    sync.Mutex
		score accuracy.Score
		wrong strings.Builder
	)
	t.Run("networks", func(t *testing.T) {
		for number := from; number < to; number++ {
			n := accuracy.Generate(plans, seed, number)
			t.Run(n.String(), func(t *testing.T) {
				t.Parallel()
				var r *readiness.Report
				synctest.Test(t, func(t *testing.T) {
					var err error
					if r, err = n.Assess(t.Context()); err != nil {
						t.Fatal(err)
					}
				})
				truth, told := n.Truth(), accuracy.Tell(r)
				mu.Lock()
				defer mu.Unlock()
				if d := score.Add(n, truth, told); !d.Empty() {
					if err := accuracy.WriteDifference(&wrong, n, truth, told, d); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	})
	return &score, wrong.String()
}

// hold fails the test if a score is too low.
func hold(t *testing.T, score *accuracy.Score, wrong string) {
	t.Helper()
	var table strings.Builder
	if err := score.WriteText(&table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	if wrong != "" {
		t.Log("told wrongly:\n" + wrong)
	}
	total := score.Total()
	if p := total.Precision(); p < accuracy.Enough {
		t.Errorf("precision %.4f, want at least %v", p, accuracy.Enough)
	}
	if r := total.Recall(); r < accuracy.Enough {
		t.Errorf("recall %.4f, want at least %v", r, accuracy.Enough)
	}
	if v := score.RightVerdicts(); v < accuracy.Enough {
		t.Errorf("%.4f of the verdicts are right, want at least %v", v, accuracy.Enough)
	}
	if n := score.Overrated(); n > 0 {
		t.Errorf("%d networks are told to be better than they are", n)
	}
	if n := score.Underrated(); n > 0 {
		t.Errorf("%d networks are told to be worse than they are", n)
	}
	if n := score.Unmodelled; n > 0 {
		t.Errorf("%d checks did not go as modeled: the truth is in doubt", n)
	}
}

func TestNetworks(t *testing.T) {
	const all, often = 300, 4
	count := sampletest.Count(all)
	plans, err := accuracy.Sample(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	score, wrong := measured(t, plans, 0, uint64(count))
	hold(t, score, wrong)
	for _, code := range accuracy.Causes() {
		c := score.Causes[code]
		if seen := c.True + c.Missed; count == all && seen < often {
			t.Errorf("%s is true of %d networks, want at least %d", code, seen, often)
		}
	}
}

// The whole plan has four times as many checks.
func TestNetworksOnTheWholePlan(t *testing.T) {
	plans, err := accuracy.Whole(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	const first = 1000 // other networks than those of the sample
	score, wrong := measured(t, plans, first, first+uint64(sampletest.Count(20)))
	hold(t, score, wrong)
}
