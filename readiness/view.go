package readiness

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A view is the input of diagnoses: observations, outcomes, impacts, and the
// causes found so far.
type view struct {
	plan     *Plan
	obs      []probe.Observation
	outcomes *outcomes
	impact   []Impact    // by check: the gravest impact of its findings
	causes   []*recorded // found so far

	owner    [aspects][]*recorded // by aspect and check: the cause that explains it, or nil
	rejected []rejection
}

func newView(p *Plan, obs []probe.Observation, out *outcomes, findings []Finding) *view {
	v := &view{plan: p, obs: obs, outcomes: out, impact: make([]Impact, len(p.Checks))}
	for a := range v.owner {
		v.owner[a] = make([]*recorded, len(p.Checks))
	}
	for i := range v.impact {
		v.impact[i] = Informational
	}
	for _, f := range findings {
		if v.aspectOf(f) == reach && f.Impact.rank() > v.impact[f.at].rank() {
			v.impact[f.at] = f.Impact
		}
	}
	return v
}

// open returns the failed checks without a cause for which keep is true.
func (v *view) open(keep func(i int, r outcome) bool) []int {
	var out []int
	for i, r := range v.outcomes.each {
		if r.status == Failed && v.owner[reach][i] == nil && keep(i, r) {
			out = append(out, i)
		}
	}
	return out
}

// coded returns the failed checks without a cause that have one of these codes.
func (v *view) coded(codes ...probe.Code) []int {
	return v.open(func(_ int, r outcome) bool { return slices.Contains(codes, r.code) })
}

// notRun returns the checks that were not run, have no cause, and whose code
// keep accepts. It leaves out checks that are made only for comparison.
func (v *view) notRun(keep func(i int, c probe.Code) bool) []int {
	var out []int
	for i, r := range v.outcomes.each {
		if r.status == NotRun && r.code != "" && v.owner[reach][i] == nil && keep(i, r.code) {
			out = append(out, i)
		}
	}
	return out
}

// explained returns the code of the cause that explains a check, or "" if there
// is none so far.
func (v *view) explained(check int) CauseCode {
	if c := v.owner[reach][check]; c != nil {
		return c.Code
	}
	return ""
}

func (v *view) target(check int) probe.Target { return v.plan.Checks[check].Target }

// endpoints yields the endpoints that a check stands for.
func (v *view) endpoints(check int) iter.Seq[*endpoints.Endpoint] {
	return func(yield func(*endpoints.Endpoint) bool) {
		all := v.plan.Checks[check].Endpoints
		for i := range all {
			if !yield(&all[i]) {
				return
			}
		}
	}
}

// names returns the distinct hosts of checks, the most important first.
func (v *view) names(checks []int) []string {
	weights := make(map[string]weight)
	for _, i := range checks {
		host := v.target(i).Host
		if w, ok := weights[host]; ok {
			weights[host] = w.or(v.weight(i))
		} else {
			weights[host] = v.weight(i)
		}
	}
	return slices.SortedFunc(maps.Keys(weights), func(a, b string) int {
		return cmp.Or(weights[a].compare(weights[b]), cmp.Compare(a, b))
	})
}

// owners counts the unrelated owners of the hosts of checks. The last two
// labels of a name stand for its owner.
func (v *view) owners(checks []int) int {
	seen := make(map[string]bool)
	for _, i := range checks {
		seen[zone(v.target(i).Host)] = true
	}
	return len(seen)
}

func (v *view) aspectOf(f Finding) aspect {
	if f.revocation() && v.outcomes.revocation[f.at].status != OK {
		return revocation
	}
	return reach
}
