package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/endpoints"
)

// CauseHostContradicted means that hosts fail on documented ports that are
// known not to work on any network. It is informational.
const CauseHostContradicted CauseCode = "host.contradicted"

// hostContradicted finds failures of hosts that are known not to answer and
// that nothing requires, whether or not they fail as usual.
func hostContradicted(v *view) []found {
	checks := v.open(func(i int, _ outcome) bool {
		return v.outcomes.excuses[i] == byCatalog && !v.allExcused(i)
	})
	if len(checks) == 0 {
		return nil
	}
	var evidence, otherwise []string
	var as []int
	for _, i := range checks {
		if asKnown(v.outcomes.facts[i], v.outcomes.each[i], v.obs[i]) {
			as = append(as, i)
			continue
		}
		for _, line := range v.hostEvidence([]int{i}) {
			otherwise = append(otherwise, line+". "+knownTo(v.outcomes.facts[i]))
		}
	}
	for how, of := range groupBy(as, func(i int) string { return v.outcomes.facts[i].How }).all() {
		var addrs []string
		for _, i := range of {
			addrs = append(addrs, v.target(i).Addr())
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s, as elsewhere%s", list(unique(addrs)), does(how), cited(v.outcomes.facts[of[0]].Source)))
	}
	title := "1 documented port does not work on any network"
	if n := len(checks); n > 1 {
		title = fmt.Sprintf("%d documented ports do not work on any network", n)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: append(evidence, firstLines(otherwise, fewLines, "The same for %d more.")...),
		Remedy:   "Change nothing for these ports: devices do not need them.",
	}, explains: unreached(checks...), most: Informational}}
}

// allExcused reports whether a check belongs to a decisive pattern whose
// members would all be excused. Then none of them is.
func (v *view) allExcused(check int) bool {
	return slices.ContainsFunc(v.plan.layout, func(pl planEndpoint) bool {
		return pl.endpoint.Decisive && slices.Contains(pl.checks, check) && !slices.ContainsFunc(pl.checks, func(c int) bool {
			return v.outcomes.each[c].status != Failed || v.outcomes.excuses[c] == unexcused
		})
	})
}

// does describes what a host does that is known not to answer.
func does(how string) string {
	switch how {
	case endpoints.HowNoSuchName:
		return "no such name"
	case endpoints.HowSilent:
		return "no answer"
	case endpoints.HowRefused:
		return "connection refused"
	case endpoints.HowForeignCertificate:
		return "a genuine certificate for other names, such as a CDN's"
	case endpoints.HowNoHTTP:
		return "no HTTP response"
	case endpoints.HowUntrusted:
		return "a chain that devices do not trust"
	}
	return "no usable answer"
}
