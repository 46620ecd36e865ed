package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// decide sets the status of a group. If a fatal group has nothing left that is
// required, names that are gone are not excused: a service that nobody can
// reach does not work.
func (j *judgment) decide(g *group) {
	t, applies := j.tally(g)
	if t.required == 0 && t.decisive == 0 && t.excused > 0 && g.rest.Impact.Blocks() && j.revoke(g) {
		t, applies = j.tally(g)
	}
	g.testable, g.status = t.testable, t.status(g)
	if !applies && !g.rest.Impact.Blocks() {
		g.status = NotApplicable
	}
}

// tally counts the endpoints of a group and reports whether the group applies
// to the scope.
func (j *judgment) tally(g *group) (t tally, applies bool) {
	g.lost = make([]bool, len(g.endpoints))
	for k, i := range g.endpoints {
		pl := j.plan.layout[i]
		rest := j.policy.Service(j.plan.Scope, *pl.endpoint)
		if k == 0 || rest.Impact.rank() > g.rest.Impact.rank() || rest.Impact == g.rest.Impact && pl.endpoint.Decisive && !g.decisive {
			g.rest, g.decisive = rest, pl.endpoint.Decisive
		}
		applies = applies || len(pl.checks) > 0 || pl.untested != noSearchDomain || j.plan.Proxied
		if len(pl.checks) == 0 || pl.untested != "" && !j.withheld(pl) {
			continue
		}
		t.add(j, pl, rest, k, g)
	}
	return t, applies
}

// revoke withdraws a group's excuses that rest on a DNS answer, and reports
// whether there were any.
func (j *judgment) revoke(g *group) bool {
	revoked := false
	for _, i := range g.endpoints {
		for _, c := range j.plan.layout[i].checks {
			if j.outcomes.excuses[c] == byAnswer {
				j.outcomes.excuses[c], revoked = unexcused, true
			}
		}
	}
	return revoked
}

// withheld reports whether DNS withholds the zone of an endpoint whose ports
// cannot be tested.
func (j *judgment) withheld(pl planEndpoint) bool {
	return slices.ContainsFunc(pl.checks, func(c int) bool {
		return j.outcomes.each[c].status == Failed && j.outcomes.excuses[c] == unexcused
	})
}

// A tally counts the endpoints of a group.
type tally struct {
	testable, failed, partial, unknown int
	excused                            int // endpoints whose failures are all excused
	alike, requiredAlike               int // those excused by a baseline
	fatal                              int // failed, or patterns that mostly failed, if the policy calls that fatal
	required, requiredFatal            int
	decisive                           int // testable decisive endpoints
	blocked                            bool
}

func (t *tally) add(j *judgment, pl planEndpoint, rest Ruling, k int, g *group) {
	e := *pl.endpoint
	state := j.state(pl)
	switch {
	case state == stateExcused:
		t.excused++
		if j.inBaseline(pl) {
			t.alike++
			if j.need(e) == endpoints.Required {
				t.requiredAlike++
			}
		}
		return
	case state != stateUnknown && rest.Impact != Informational && j.harmless(pl):
		state = stateOK
	}
	t.testable++
	if e.Decisive {
		t.decisive++
	}
	required := j.need(e) == endpoints.Required
	if required {
		t.required++
	}
	switch state {
	case stateFailed:
		t.failed++
		fatal, decided := j.gravest(pl)
		if decided {
			g.lost[k], t.blocked = true, true
		}
		if fatal {
			t.fatal++
		}
		if fatal && required {
			t.requiredFatal++
		}
	case statePartial:
		t.partial++
		if j.mostly(pl) {
			t.fatal++
		}
	case stateUnknown:
		t.unknown++
	case stateOK, stateExcused:
	}
	if state != stateUnknown && slices.ContainsFunc(pl.checks, func(c int) bool {
		return j.outcomes.each[c].status == NotRun && j.outcomes.excuses[c] == unexcused
	}) {
		t.unknown++
	}
	t.blocked = t.blocked || slices.ContainsFunc(pl.checks, func(c int) bool { return j.blocksAlone(pl, c) })
}

// gravest reports whether the policy calls the failure of an endpoint fatal,
// and whether that alone blocks its service.
func (j *judgment) gravest(pl planEndpoint) (fatal, decided bool) {
	for _, c := range pl.checks {
		if j.outcomes.each[c].status == Failed && j.ruling(*pl.endpoint, c, true).Impact.Blocks() {
			fatal = true
			decided = decided || decidesAlone(*pl.endpoint, j.outcomes.each[c].code)
		}
	}
	return fatal, decided
}

// mostly reports whether more than half of a pattern's members fail and the
// policy calls that fatal.
func (j *judgment) mostly(pl planEndpoint) bool {
	var failed, all int
	for _, c := range pl.checks {
		switch {
		case j.excused(pl, c), j.secondary(pl, c):
			continue
		case j.outcomes.each[c].status == Failed && j.ruling(*pl.endpoint, c, true).Impact.Blocks():
			failed++
		}
		all++
	}
	return pattern(*pl.endpoint) && 2*failed > all
}

// blocksAlone reports whether, under the policy, the failure of a check blocks
// no matter what else works.
func (j *judgment) blocksAlone(pl planEndpoint, check int) bool {
	return j.outcomes.each[check].status == Failed && !j.excused(pl, check) && j.ruling(*pl.endpoint, check, false).Impact.Blocks()
}

// excused reports whether a check's failure does not count against an endpoint.
func (j *judgment) excused(pl planEndpoint, check int) bool {
	if j.outcomes.excuses[check] == unexcused {
		return j.retired(pl, check)
	}
	return !pl.endpoint.Decisive || j.state(pl) != stateFailed
}

// retired reports whether a failed check is of a pattern's member that another
// member replaces. That one has to be reached: one that was not measured replaces
// nothing.
func (j *judgment) retired(pl planEndpoint, check int) bool {
	r := j.outcomes.each[check]
	return r.status == Failed && j.missed(pl, check) && j.state(pl) != stateFailed &&
		slices.ContainsFunc(pl.checks, func(c int) bool {
			return j.outcomes.each[c].status == OK && j.plan.Checks[c].Target.Protocol != probe.NXDomain && !j.secondary(pl, c)
		})
}

// harmless reports whether the policy calls every failure of an endpoint
// informational.
func (j *judgment) harmless(pl planEndpoint) bool {
	return !slices.ContainsFunc(pl.checks, func(c int) bool {
		return j.outcomes.each[c].status != OK && !j.excused(pl, c) && j.ruling(*pl.endpoint, c, true).Impact != Informational
	})
}

// status turns the counts into a verdict. A failed decisive endpoint blocks.
// Without decisive endpoints, the group is blocked when all required ones fail,
// or, if none is required, when more than half fail. Endpoints that were not
// measured do not count as failed.
func (t *tally) status(g *group) Verdict {
	required := t.required + t.requiredAlike
	lost := t.decisive == 0 && (required > 0 && t.requiredFatal == required || required == 0 && 2*t.fatal > t.testable+t.alike)
	switch {
	case t.testable == 0 && t.excused > 0:
		return NotApplicable
	case t.testable == 0:
		return Unproven
	case lost:
		for k := range g.lost {
			g.lost[k] = true
		}
		return Blocked
	case t.blocked:
		return Blocked
	case t.unknown > 0:
		return Unproven
	case t.failed+t.partial > 0:
		return Degraded
	}
	return Ready
}
