package probe

import "github.com/netready/netready/internal/plain"

// maxLine limits every text of an observation that has no lower limit of its
// own.
const maxLine = 1024

// printable returns at most limit bytes of text from outside, on one line.
func printable(s string, limit int) string { return plain.Cut(s, limit) }

// finish returns o with every text in it cleaned and cut. Every probe ends
// here, so this covers text decoded late and errors of other packages, which
// quote names and headers unchanged. The target is the caller's and stays.
func (o Observation) finish() Observation {
	t := o.Target
	o = plain.Value(o, maxLine)
	o.Target = t
	return o
}
