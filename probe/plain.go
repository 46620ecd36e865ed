package probe

import "github.com/netready/netready/internal/plain"

// maxLine limits every text of an observation that has no lower limit of its
// own.
const maxLine = 1024

// maxKept limits an observation, in bytes of JSON, so that no network makes
// reports that nobody can open.
const maxKept = 16 << 10

// printable returns at most limit bytes of text from outside, on one line.
func printable(s string, limit int) string { return plain.Cut(s, limit) }

// finish returns o with every text in it cleaned and cut. Every probe ends
// here, so this covers text decoded late and errors of other packages, which
// quote names and headers unchanged. The target is the caller's and stays.
func (o Observation) finish() Observation {
	t := o.Target
	o = plain.Value(o, maxLine).bound()
	o.Target = t
	return o
}

// bound returns o within maxKept. It first shortens what is longest: the
// beginnings of texts and lists say most.
func (o Observation) bound() Observation {
	o.Target = Target{}
	whole := o
	for _, limit := range []struct{ text, list int }{{512, 64}, {256, 32}, {256, 16}, {128, 8}, {64, 4}, {64, 2}, {64, 1}} {
		if plain.Size(o) <= maxKept {
			break
		}
		o, o.LeftOut = plain.Bound(whole, limit.text, limit.list)
	}
	return o
}
