package readiness

import (
	"iter"

	"github.com/netready/netready/endpoints"
)

// Diff yields pairs of findings whose outcome, code or impact differs between
// two reports; [Finding.Since] says how. Findings form a pair if the IDs of
// their checks and their services are equal, so plans may differ. What a check
// saw does not count: another address of a CDN is no difference. Pairs come in
// the order of before, then those that only after has. If one report lacks a
// finding, the pair has the zero Finding in its place. A nil report has no
// findings.
func Diff(before, after *Report) iter.Seq2[Finding, Finding] {
	return func(yield func(was, is Finding) bool) {
		var none Finding
		type key struct {
			check      string
			service    endpoints.Service
			revocation bool
		}
		keyed := func(f Finding) key { return key{f.Check.ID(), f.Service, f.revocation()} }
		index := make(map[key]Finding)
		for _, f := range after.findings() {
			index[keyed(f)] = f
		}
		seen := make(map[key]bool)
		for _, was := range before.findings() {
			k := keyed(was)
			seen[k] = true
			is, ok := index[k]
			if !ok {
				is = none
			}
			if (!ok || was.Outcome != is.Outcome || was.Code != is.Code || was.Impact != is.Impact) && !yield(was, is) {
				return
			}
		}
		for _, is := range after.findings() {
			if !seen[keyed(is)] && !yield(none, is) {
				return
			}
		}
	}
}
