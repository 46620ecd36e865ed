package readiness

import (
	"cmp"

	"github.com/netready/netready/probe"
)

// An explanation holds the arguments of [Policy.Explain].
type explanation struct {
	code          probe.Code
	title, remedy string
}

// explained returns a diagnosis for each code that the policy explains. All
// failures with that code and without another cause share one cause.
func explained(words []explanation) []diagnosis {
	var out []diagnosis
	for _, w := range words {
		out = append(out, diagnosis{code: CauseCode(w.code), find: func(v *view) []found {
			checks := v.coded(w.code)
			if len(checks) == 0 {
				return nil
			}
			return []found{{
				Cause: Cause{
					Title:    cmp.Or(w.title, string(w.code)),
					Evidence: v.hostEvidence(checks),
					Remedy:   w.remedy,
				},
				explains: unreached(checks...),
			}}
		}})
	}
	return out
}
