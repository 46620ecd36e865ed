package traffic

// A Verdict says in a word what a log shows about the requests that the scope
// requires.
type Verdict string

// The verdicts.
const (
	// VerdictClear: the log shows such requests, and that none of them was
	// denied or failed in the end.
	VerdictClear Verdict = "clear"

	// VerdictDenied: at least one was denied, or failed and did not succeed
	// later.
	VerdictDenied Verdict = "denied"

	// VerdictUnknown: the log cannot tell. It has no such request, or does not
	// show how those to some host ended; it has denials for addresses that may
	// be required; or it has more than one malformed line for ten requests.
	VerdictUnknown Verdict = "unknown"
)

// Verdict returns what the log shows. It is [VerdictUnknown] for an empty
// summary.
func (s Summary) Verdict() Verdict {
	switch {
	case len(s.Denied)+len(s.Failed)+s.UnlistedDeniedRequired+s.UnlistedFailedRequired > 0:
		return VerdictDenied
	case s.Required == 0, s.Told == 0, len(s.Untold) > 0, len(s.Unmatched) > 0, 10*s.Lines.Skipped > s.Requests():
		return VerdictUnknown
	default:
		return VerdictClear
	}
}
