package readiness

import (
	"iter"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// Failures yields the findings of checks that failed.
func (r *Report) Failures() iter.Seq[Finding] { return r.of(Failed) }

// NotRun yields the findings of checks that were not run.
func (r *Report) NotRun() iter.Seq[Finding] { return r.of(NotRun) }

func (r *Report) of(o Outcome) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		for _, f := range r.findings() {
			if f.Outcome == o && !yield(f) {
				return
			}
		}
	}
}

func (r *Report) findings() []Finding {
	if r == nil {
		return nil
	}
	return r.Findings
}

// Untested yields the endpoints that nothing can test, each with the reason.
func (r *Report) Untested() iter.Seq2[endpoints.Endpoint, string] {
	return func(yield func(endpoints.Endpoint, string) bool) {
		if r == nil || r.Plan == nil {
			return
		}
		for e, reason := range r.Plan.Endpoints() {
			if reason != "" && !yield(e, reason) {
				return
			}
		}
	}
}

// Count returns the number of checks with the outcome o. A check for several
// services counts once, and a check made only for comparison does not count.
func (r *Report) Count(o Outcome) int {
	seen := make(map[probe.Target]bool)
	for f := range r.of(o) {
		own := func(e endpoints.Endpoint) bool { return e.Service == f.Service }
		if slices.ContainsFunc(f.Check.Endpoints, own) { // and not about revocation
			seen[f.Check.Target] = true
		}
	}
	return len(seen)
}
