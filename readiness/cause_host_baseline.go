package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/endpoints"
)

// CauseHostBaseline means that hosts fail here as they do in the report of a
// network that works; see [Policy.Against]. It is informational.
const CauseHostBaseline CauseCode = "host.baseline"

// hostBaseline finds hosts that fail in the baseline too. It comes after every
// wider cause, so it concerns single hosts only.
func (j *judgment) hostBaseline(v *view) []found {
	b := j.policy.baseline
	if b == nil {
		return nil
	}
	checks := v.open(func(i int, _ outcome) bool { return b.has(v.obs[i]) && !decisive(j.plan, i) && !j.bringsDown(i) })
	names := v.names(checks)
	if len(names) == 0 {
		return nil
	}
	title := names[0] + " fails here as in the baseline"
	if n := len(names); n > 1 {
		title = fmt.Sprintf("%d hosts fail here as in the baseline", n)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: append(firstLines(v.hostEvidence(checks), fewLines, "The same for %d more."), "The same in "+b.day()+"."),
		Remedy:   "Change nothing on this network for " + these(v.exempt(checks)) + ": " + some(v.exempt(checks), fewNames) + ".",
		Names:    names,
	}, explains: unreached(checks...), most: Informational, excuses: byBaseline}}
}

// alike counts the checks that a baseline excuses.
func (j *judgment) alike() int {
	n := 0
	for _, e := range j.outcomes.excuses {
		if e == byBaseline {
			n++
		}
	}
	return n
}

// inBaseline reports whether a baseline excuses a check of an endpoint. Such
// endpoints still count in the total, so that a baseline never makes a verdict
// worse.
func (j *judgment) inBaseline(pl planEndpoint) bool {
	return slices.ContainsFunc(pl.checks, func(c int) bool { return j.outcomes.excuses[c] == byBaseline })
}

// bringsDown reports whether a service that needs a check is blocked. The
// check's failure then counts, so that a baseline never unblocks a service.
func (j *judgment) bringsDown(check int) bool {
	return slices.ContainsFunc(j.plan.Checks[check].Endpoints, func(e endpoints.Endpoint) bool {
		return slices.ContainsFunc(j.groups, func(g group) bool { return g.service == e.Service && g.status == Blocked })
	})
}
