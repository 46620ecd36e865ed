package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// SameAnswer is the code of checks over plain HTTP to hosts of unrelated owners
// that all got the same response. The hosts are known to respond differently,
// so something else responded.
const SameAnswer probe.Code = "http.same_answer"

// sameAnswers returns the checks over plain HTTP that one responder answered in
// place of unrelated owners, with the same status and body, although their own
// answers are known to differ. One host that has changed its answer is not
// enough, because servers of the same product send the same error pages.
func sameAnswers(p *Plan, obs []probe.Observation, out *outcomes) []int {
	type answer struct {
		status int
		body   string
	}
	var answers grouping[answer, int]
	for i, c := range p.Checks {
		o := obs[i]
		if c.Target.Protocol != probe.HTTP || c.Target.Port != 80 || out.each[i].status != OK || o.Proxy != nil || o.HTTP == nil || o.HTTP.Status == 0 {
			continue
		}
		answers.add(answer{o.HTTP.Status, o.HTTP.Body}, i)
	}
	var same []int
	for a, checks := range answers.all() {
		if unlike(p, out.facts, checks, a.status, len(a.body) >= tellingBody) {
			same = append(same, checks...)
		}
	}
	slices.Sort(same)
	return same
}

// unlike reports whether checks of unrelated owners that all got one status are
// known to get different ones. An answer without a telling body needs more owners,
// because a few may have changed to it by chance.
func unlike(p *Plan, facts []endpoints.Fact, checks []int, status int, telling bool) bool {
	owners, as, otherwise := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	differ := false
	for _, i := range checks {
		owner := zone(p.Checks[i].Target.Host)
		owners[owner] = true
		if len(facts[i].Statuses) == 0 {
			continue
		}
		if slices.Contains(facts[i].Statuses, status) {
			as[owner] = true
		} else {
			otherwise[owner] = true
		}
		differ = differ || slices.ContainsFunc(checks, func(k int) bool {
			return zone(p.Checks[k].Target.Host) != owner && len(facts[k].Statuses) > 0 &&
				!slices.ContainsFunc(facts[k].Statuses, func(s int) bool { return slices.Contains(facts[i].Statuses, s) })
		})
	}
	if !telling {
		return differ && len(otherwise) >= unrelatedOwners
	}
	return len(owners) >= unrelatedOwners && differ && (len(otherwise) >= severalOwners || len(otherwise) > 0 && len(as) < severalOwners)
}
