package readiness

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// missing returns the checks that were not completed, and whether the end of
// the run is a reason. The gravest come first, and decisive endpoints before
// others. Checks that a known cause made pointless or that nothing can test are
// not missing, nor are chains that were received but cannot be verified here.
func (j *judgment) missing() (missing []Check, cut bool) {
	impact := make([]Impact, len(j.outcomes.each))
	for i := range impact {
		impact[i] = Informational
	}
	for _, f := range j.findings {
		if f.Impact.rank() > impact[f.at].rank() {
			impact[f.at] = f.Impact
		}
	}
	var checks []int
	for i, r := range j.outcomes.each {
		switch {
		case cutOff(j.obs[i]): // includes checks made only for comparison
			cut = true
			checks = append(checks, i)
		case r.status != NotRun, r.code == probe.Skipped, r.code == probe.NotTestable, r.code == probe.TLSIncomplete, r.code == "":
		default:
			checks = append(checks, i)
		}
	}
	weight := make(map[int]int)
	for _, i := range checks {
		weight[i] = 2 * impact[i].rank()
		if j.decides(j.plan.Checks[i]) {
			weight[i]++
		}
	}
	slices.SortStableFunc(checks, func(a, b int) int { return cmp.Compare(weight[b], weight[a]) })
	return j.plan.checks(checks), cut
}

// incompleteness says which checks are missing, or returns "".
func (r *Report) incompleteness() string {
	if len(r.Missing) == 0 {
		return ""
	}
	names := make([]string, len(r.Missing))
	for i, c := range r.Missing {
		names[i] = c.ID()
	}
	s := fmt.Sprintf("%s not completed: %s", checksWere(len(names)), list(names))
	if r.CutOff {
		s = "the run was cut off, and " + s
	}
	return s
}
