package accuracy

import (
	"slices"

	"github.com/netready/netready/readiness"
)

// A Count compares the reported causes of one code with the truth.
type Count struct {
	True    int // true and reported
	False   int // reported but not true
	Missed  int // true but not reported
	Unclear int // neither right nor wrong
}

// Precision is the share of the reported causes that are true. It is 1 if none
// was reported.
func (c Count) Precision() float64 { return share(c.True, c.False) }

// Recall is the share of the true causes that were reported. It is 1 if there
// are none.
func (c Count) Recall() float64 { return share(c.True, c.Missed) }

func share(good, bad int) float64 {
	if good+bad == 0 {
		return 1
	}
	return float64(good) / float64(good+bad)
}

// A Pair is what is true and what was reported instead.
type Pair[T comparable] struct{ True, Told T }

// A Score says how often reports about networks were right. Its zero value is
// ready to use.
type Score struct {
	Networks int
	Causes   map[readiness.CauseCode]Count

	// Confusion counts causes by what is true and what was reported. If a
	// network has both a missed cause and a false one, one counts as mistaken
	// for the other. The empty code stands for none.
	Confusion map[Pair[readiness.CauseCode]]int

	Verdicts map[Pair[readiness.Verdict]]int

	// Checks counts unsuccessful checks by whether they were reported with the
	// right cause.
	Checks Count

	// Ambiguous counts networks of whose reported causes one is unclear.
	Ambiguous int

	// Unmodelled counts checks whose results differ from what the faults imply.
	// As long as there are any, the truth is in doubt.
	Unmodelled int

	Kinds map[string]int // how often each kind of fault was drawn
}

// A Difference is how a report differs from the truth.
type Difference struct {
	Missed, False []Key
	Verdict       bool
	Unmodelled    []int // checks
}

// Empty reports whether there is no difference.
func (d Difference) Empty() bool {
	return len(d.Missed)+len(d.False)+len(d.Unmodelled) == 0 && !d.Verdict
}

// Add counts a network, and returns how its report was wrong.
func (s *Score) Add(n *Network, truth Truth, told Told) Difference {
	s.Networks++
	if s.Causes == nil {
		s.Causes = make(map[readiness.CauseCode]Count)
		s.Confusion = make(map[Pair[readiness.CauseCode]]int)
		s.Verdicts = make(map[Pair[readiness.Verdict]]int)
		s.Kinds = make(map[string]int)
	}
	for _, f := range n.Faults {
		s.Kinds[f.Kind]++
	}
	d := s.causes(truth, told)
	s.confuse(d)
	if slices.ContainsFunc(told.Causes, func(k Key) bool { return slices.Contains(truth.Unclear, k) }) {
		s.Ambiguous++
	}
	s.Verdicts[Pair[readiness.Verdict]{truth.Verdict, told.Verdict}]++
	d.Verdict = truth.Verdict != told.Verdict
	for i, f := range truth.Fates {
		if len(n.Plan.Checks[i].Endpoints) == 0 {
			continue // added only for comparison
		}
		if f.Outcome != told.Outcomes[i] && !f.Loose {
			d.Unmodelled = append(d.Unmodelled, i)
		}
		if f.Outcome == readiness.OK || f.Loose || slices.Contains(truth.Unclear, truth.Owners[i]) {
			continue
		}
		if truth.Owners[i] == told.Owners[i] {
			s.Checks.True++
		} else {
			s.Checks.False++
		}
	}
	s.Unmodelled += len(d.Unmodelled)
	return d
}

// causes counts a network's causes.
func (s *Score) causes(truth Truth, told Told) Difference {
	var d Difference
	count := func(k Key, f func(*Count)) {
		c := s.Causes[k.Code]
		f(&c)
		s.Causes[k.Code] = c
	}
	missing := slices.Clone(truth.Causes)
	for _, k := range told.Causes {
		at := slices.Index(missing, k)
		switch {
		case slices.Contains(truth.Unclear, k):
			count(k, func(c *Count) { c.Unclear++ })
		case at < 0:
			count(k, func(c *Count) { c.False++ })
			d.False = append(d.False, k)
		default:
			count(k, func(c *Count) { c.True++ })
			s.Confusion[Pair[readiness.CauseCode]{k.Code, k.Code}]++
			missing = slices.Delete(missing, at, at+1)
		}
	}
	for _, k := range missing {
		count(k, func(c *Count) { c.Missed++ })
	}
	d.Missed = missing
	return d
}

// confuse counts mistaken causes.
func (s *Score) confuse(d Difference) {
	for k := range max(len(d.Missed), len(d.False)) {
		var p Pair[readiness.CauseCode]
		if k < len(d.Missed) {
			p.True = d.Missed[k].Code
		}
		if k < len(d.False) {
			p.Told = d.False[k].Code
		}
		s.Confusion[p]++
	}
}

// Total adds up the counts of all causes.
func (s *Score) Total() Count {
	var t Count
	for _, c := range s.Causes {
		t.True += c.True
		t.False += c.False
		t.Missed += c.Missed
		t.Unclear += c.Unclear
	}
	return t
}

// Overrated counts networks whose verdict is better than the truth: ready or
// degraded although something blocks or is unknown, or ready despite a loss.
func (s *Score) Overrated() int {
	order := []readiness.Verdict{readiness.Blocked, readiness.Unproven, readiness.Degraded, readiness.Ready}
	count := 0
	for p, c := range s.Verdicts {
		if slices.Index(order, p.Told) > slices.Index(order, p.True) {
			count += c
		}
	}
	return count
}

// Underrated counts networks whose verdict is worse than the truth.
func (s *Score) Underrated() int {
	count := 0
	for p, c := range s.Verdicts {
		if p.Told != p.True {
			count += c
		}
	}
	return count - s.Overrated()
}

// RightVerdicts returns the share of networks with the right verdict.
func (s *Score) RightVerdicts() float64 {
	right := 0
	for p, c := range s.Verdicts {
		if p.True == p.Told {
			right += c
		}
	}
	return share(right, s.Networks-right)
}

// Enough is the required precision and recall of the causes.
const Enough = 0.995

// Good reports whether the causes are reported well enough, no verdict is better
// or worse than the truth, and the truth is not in doubt.
func (s *Score) Good() bool {
	t := s.Total()
	return t.Precision() >= Enough && t.Recall() >= Enough && s.Overrated()+s.Underrated() == 0 && s.Unmodelled == 0
}
