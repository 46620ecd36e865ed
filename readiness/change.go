package readiness

// A Change says how a finding compares with that of the same check and service
// in an earlier report.
type Change uint8

// The changes. A check that was not run counts as one that its report does not
// have.
const (
	Unchanged Change = iota // nothing that matters, such as what a failure would mean
	Regressed               // it fails now, or its failure is graver
	Fixed                   // it failed, and does not fail now
	Altered                 // it fails in another way, or its failure is milder
	Added                   // only the later report has measured it
	Removed                 // only the earlier report has measured it
)

// String returns "unchanged", "regressed", "fixed", "altered", "added" or
// "removed".
func (c Change) String() string {
	switch c {
	case Regressed:
		return "regressed"
	case Fixed:
		return "fixed"
	case Altered:
		return "altered"
	case Added:
		return "added"
	case Removed:
		return "removed"
	case Unchanged:
	}
	return "unchanged"
}

// MarshalText returns c.String().
func (c Change) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Since says how f compares with was, the same finding of an earlier report.
// Both come in pairs from [Diff].
func (f Finding) Since(was Finding) Change {
	switch {
	case was.Outcome == NotRun && f.Outcome == NotRun:
		return Unchanged
	case was.Outcome == NotRun:
		return Added
	case f.Outcome == NotRun:
		return Removed
	case was.Outcome == OK && f.Outcome == OK:
		return Unchanged
	case f.Outcome == OK:
		return Fixed
	case was.Outcome == OK, f.Impact.rank() > was.Impact.rank():
		return Regressed
	case f.Code != was.Code, f.Impact != was.Impact:
		return Altered
	}
	return Unchanged
}
