package accuracy_test

import (
	"fmt"
	"os"
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

// How many networks the tests measure. README says so.
const (
	broken  = 300 // as the lists have their hosts
	whole   = 20  // with the whole plan
	healthy = 150 // whose hosts are odd
	oddly   = 150 // broken ones whose hosts are odd
)

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
	const often = 4
	count := sampletest.Count(broken)
	plans, err := accuracy.Sample(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	score, wrong := measured(t, plans, 0, uint64(count))
	hold(t, score, wrong)
	for _, code := range accuracy.Causes() {
		c := score.Causes[code]
		if seen := c.True + c.Missed; count == broken && seen < often {
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
	score, wrong := measured(t, plans, first, first+uint64(sampletest.Count(whole)))
	hold(t, score, wrong)
}

func TestReadmeSaysHowMany(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(readme)), " ")
	for _, want := range []string{
		fmt.Sprintf("The tests do this for %d networks, and for %d with the whole plan", broken, whole),
		fmt.Sprintf("Another %d networks are healthy", healthy),
		fmt.Sprintf("A further %d networks are broken", oddly),
		fmt.Sprintf("a precision and a recall of at least %v", accuracy.Enough),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("README.md does not say %q", want)
		}
	}
}
