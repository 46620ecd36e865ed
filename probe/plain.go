package probe

import (
	"slices"

	"github.com/netready/netready/internal/plain"
)

// maxLine limits every text of an observation that has no lower limit of its
// own.
const maxLine = 1024

// maxKept limits an observation, in bytes of JSON, so that no network makes
// reports that nobody can open.
const maxKept = 16 << 10

// printable returns at most limit bytes of text from outside, on one line.
func printable(s string, limit int) string { return plain.Cut(s, limit) }

// finish returns o without secrets, and with every text in it cleaned and cut.
// Every probe ends here, so this covers text decoded late and errors of other
// packages, which quote names and headers unchanged. The target is the caller's and stays.
func (o Observation) finish(s *secrets) Observation {
	t := o.Target
	o = plain.Value(o.withoutSecrets(s), maxLine).bound()
	o.Target = t
	return o
}

// bound returns o within maxKept. It shortens what says least first: long
// texts, then the steps in the middle, whose results the facts hold too, then
// the ends of lists.
func (o Observation) bound() Observation {
	o.Target = Target{}
	whole := o
	for _, most := range []struct{ text, steps, list int }{
		{512, 1000, 1000},
		{256, 1000, 1000},
		{256, 32, 1000},
		{256, 16, 64},
		{256, 16, 32},
		{256, 16, 16},
		{128, 8, 8},
		{64, 4, 4},
		{64, 2, 2},
		{64, 1, 1},
		{32, 1, 1},
	} {
		if plain.Size(o) <= maxKept {
			break
		}
		cut := whole
		dropped := max(0, len(cut.Steps)-most.steps)
		if dropped > 0 {
			first := (most.steps + 1) / 2
			cut.Steps = slices.Concat(cut.Steps[:first], cut.Steps[first+dropped:])
		}
		var left int
		o, left = plain.Bound(cut, most.text, most.list)
		o.LeftOut = whole.LeftOut + left + dropped
	}
	return o
}
