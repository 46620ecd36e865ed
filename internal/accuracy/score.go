package accuracy

import (
	"slices"

	"github.com/netready/netready/readiness"
)

// A Count compares what was told of a cause with what is true.
type Count struct {
	True    int // true, and told
	False   int // told, and not true
	Missed  int // true, and not told
	Unclear int // neither right nor wrong
}

// Precision is the share of what was told that is true. It is 1 if nothing was.
func (c Count) Precision() float64 { return share(c.True, c.False) }

// Recall is the share of what is true that was told. It is 1 if nothing is.
func (c Count) Recall() float64 { return share(c.True, c.Missed) }

func share(good, bad int) float64 {
	if good+bad == 0 {
		return 1
	}
	return float64(good) / float64(good+bad)
}

// A Pair is what is true and what was told in its place.
type Pair[T comparable] struct{ True, Told T }

// A Score is how right netready was about networks. Its zero value is ready to
// use.
type Score struct {
	Networks int
	Causes   map[readiness.CauseCode]Count

	// Confusion counts causes by what is true and what was told. Where a network
	// has a cause that was missed, and was told one that is not true, one counts
	// as taken for the other. The empty code stands for nothing.
	Confusion map[Pair[readiness.CauseCode]]int

	Verdicts map[Pair[readiness.ReportVerdict]]int

	// Checks counts checks that do not succeed by whether the cause that they are
	// told to have is theirs.
	Checks Count

	// Unmodelled counts checks that did not go as the faults let expect. As long
	// as there are any, the truth is in doubt.
	Unmodelled int

	Kinds map[string]int // how often each kind of fault was drawn
}

// A Difference is how what was told of a network differs from the truth.
type Difference struct {
	Missed, False []Key
	Verdict       bool
	Unmodelled    []int // checks
}

// Empty reports whether there is no difference.
func (d Difference) Empty() bool {
	return len(d.Missed)+len(d.False)+len(d.Unmodelled) == 0 && !d.Verdict
}

// Add counts a network, and returns how it was told wrongly.
func (s *Score) Add(n *Network, truth Truth, told Told) Difference {
	s.Networks++
	if s.Causes == nil {
		s.Causes = make(map[readiness.CauseCode]Count)
		s.Confusion = make(map[Pair[readiness.CauseCode]]int)
		s.Verdicts = make(map[Pair[readiness.ReportVerdict]]int)
		s.Kinds = make(map[string]int)
	}
	for _, f := range n.Faults {
		s.Kinds[f.Kind]++
	}
	d := s.causes(truth, told)
	s.confuse(d)
	s.Verdicts[Pair[readiness.ReportVerdict]{truth.Verdict, told.Verdict}]++
	d.Verdict = truth.Verdict != told.Verdict
	for i, f := range truth.Fates {
		if len(n.Plan.Checks[i].Endpoints) == 0 {
			continue // made for comparison
		}
		if f.Status != told.Statuses[i] && !f.Loose {
			d.Unmodelled = append(d.Unmodelled, i)
		}
		if f.Status == readiness.OK || f.Loose || slices.Contains(truth.Unclear, truth.Owners[i]) {
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

// causes counts the causes of a network.
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

// confuse counts what was taken for what.
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

// Overrated counts networks that were told to be better than they are: ready or
// degraded where something blocks or is not known, ready where there is a loss.
func (s *Score) Overrated() int {
	order := []readiness.ReportVerdict{readiness.Blocked, readiness.Unproven, readiness.ReadyDegraded, readiness.Ready}
	count := 0
	for p, c := range s.Verdicts {
		if slices.Index(order, p.Told) > slices.Index(order, p.True) {
			count += c
		}
	}
	return count
}

// RightVerdicts is the share of networks with the right verdict.
func (s *Score) RightVerdicts() float64 {
	right := 0
	for p, c := range s.Verdicts {
		if p.True == p.Told {
			right += c
		}
	}
	return share(right, s.Networks-right)
}

// Enough is the precision and the recall of the causes that are asked for, and
// the share of right verdicts.
const Enough = 0.99

// Good reports whether the causes are told well enough, no network is told to be
// better than it is, and the truth is in no doubt.
func (s *Score) Good() bool {
	t := s.Total()
	return t.Precision() >= Enough && t.Recall() >= Enough && s.RightVerdicts() >= Enough && s.Overrated() == 0 && s.Unmodelled == 0
}
