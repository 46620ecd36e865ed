package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A judgment holds the state that findings and the report share.
type judgment struct {
	plan     *Plan
	obs      []probe.Observation
	policy   Policy
	outcomes *outcomes
	groups   []group
	findings []Finding
}

// A group holds the endpoints of a service part, which share one rule.
type group struct {
	service   endpoints.Service
	part      string
	endpoints []int  // indices into Plan.Endpoints
	rest      Ruling // of the most important endpoint
	decisive  bool   // whether that endpoint is decisive
	testable  int
	status    Verdict
	lost      []bool // by endpoint: whether its failure is why the group is blocked
}

// newJudgment judges a plan. matched has one observation for each check, in
// the plan's order, with clean texts.
func newJudgment(p *Plan, matched []probe.Observation, policy Policy) *judgment {
	p = sound(p)
	j := &judgment{plan: p, obs: matched, policy: policy}
	j.outcomes = outcomesOf(p, j.obs)
	j.decideAll()
	return j
}

func (j *judgment) decideAll() {
	j.groups, j.findings = nil, nil
	j.group()
	for i := range j.groups {
		j.decide(&j.groups[i])
	}
	j.find()
}

// group sorts the endpoints into groups by service and part.
func (j *judgment) group() {
	type key struct {
		service endpoints.Service
		part    string
	}
	at := make(map[key]int)
	for i, pl := range j.plan.layout {
		e := *pl.endpoint
		k := key{e.Service, e.Part}
		g, ok := at[k]
		if !ok {
			g = len(j.groups)
			at[k] = g
			j.groups = append(j.groups, group{service: e.Service, part: e.Part})
		}
		j.groups[g].endpoints = append(j.groups[g].endpoints, i)
	}
}

// An endpointState sums up the checks of an endpoint.
type endpointState uint8

const (
	stateUnknown endpointState = iota // untested, or some check was not run
	stateExcused                      // every failure is excused
	stateOK
	statePartial
	stateFailed
)

// pattern reports whether an endpoint is tested through sample names.
func pattern(e endpoints.Endpoint) bool {
	switch e.Host.Kind() {
	case endpoints.Suffix, endpoints.Glob:
		return true
	case endpoints.Placeholder:
		return e.Service == endpoints.ServiceDNS
	case endpoints.Exact, endpoints.Tenant:
	}
	return false
}

// state sums up the checks of an endpoint. A pattern fails when all of its
// members do. If its members are interchangeable, a missing one does not count
// while others work. An endpoint with a secure port fails with that port;
// failure of its plain port is a loss. Excused checks do not count, but a
// decisive endpoint that has no others fails.
func (j *judgment) state(pl planEndpoint) endpointState {
	var ok, failed, unknown, minor, excused, missing int
	sampled := pattern(*pl.endpoint)
	for _, c := range pl.checks {
		switch r := j.outcomes.each[c]; {
		case j.plan.Checks[c].Target.Protocol == probe.NXDomain:
			// Invented names are a loss; their absence proves nothing.
			if r.status == Failed {
				minor++
			}
		case j.outcomes.excuses[c] != unexcused && r.status != OK:
			excused++
		case r.status == OK && j.secondary(pl, c):
			// The plain port proves nothing about the secure one.
		case r.status == OK:
			ok++
		case r.status == NotRun:
			unknown++
		case j.missed(pl, c):
			missing++
		case j.secondary(pl, c):
			minor++
		default:
			failed++
		}
	}
	if ok == 0 {
		failed += missing
		if pl.endpoint.Decisive && unknown == 0 {
			failed += excused
		}
	}
	switch {
	case failed > 0 && (!sampled || ok == 0 && unknown == 0):
		return stateFailed
	case failed > 0 || minor > 0 && ok+unknown > 0:
		return statePartial
	case minor > 0:
		return stateFailed
	case ok == 0 && unknown == 0 && excused > 0:
		return stateExcused
	case unknown > 0 || ok == 0:
		return stateUnknown
	}
	return stateOK
}

// replaceable reports whether any member of a pattern can replace another.
func replaceable(e endpoints.Endpoint) bool {
	return pattern(e) && e.Has(endpoints.TraitInterchangeable) || e.Service == endpoints.ServiceDNS
}

// missed reports whether a check found nothing at a name that another can
// replace, without a sign of a filter. One that is looked up to test the
// resolvers and known to exist is filtered.
func (j *judgment) missed(pl planEndpoint, check int) bool {
	if !replaceable(*pl.endpoint) || pl.endpoint.Service == endpoints.ServiceDNS && j.outcomes.facts[check].Known == endpoints.Confirmed {
		return false
	}
	switch j.outcomes.each[check].code {
	case probe.DNSNXDomain, probe.DNSNoData:
		return !ruled(j.obs[check])
	case probe.TCPTimeout, probe.TCPRefused:
		return true
	}
	return false
}

// secondary reports whether a check is of a plain port whose secure port is
// also checked and not excused. For a pattern, any member's secure port counts.
func (j *judgment) secondary(pl planEndpoint, check int) bool {
	t := j.plan.Checks[check].Target
	if t.Protocol != probe.HTTP || pl.endpoint.Has(endpoints.TraitPlainHTTP) {
		return false
	}
	return slices.ContainsFunc(pl.checks, func(c int) bool {
		other := j.plan.Checks[c].Target
		return other.Protocol == probe.HTTPS && (other.Host == t.Host || pattern(*pl.endpoint)) && j.outcomes.excuses[c] == unexcused
	})
}

func (j *judgment) need(e endpoints.Endpoint) endpoints.Need { return needOf(j.plan.Scope, e) }

// needOf returns the need of an endpoint in a scope. A conditional endpoint is
// required if the scope names what needs it.
func needOf(s endpoints.Scope, e endpoints.Endpoint) endpoints.Need {
	if declared(s, e) {
		return endpoints.Required
	}
	return e.NeedFor(s.Scenario)
}

// ruling returns what a check's failure means for an endpoint. lost says
// whether its service is lost.
func (j *judgment) ruling(e endpoints.Endpoint, check int, lost bool) Ruling {
	return j.policy.failure(j.plan.Scope, e, j.seen(e, check), lost)
}

// seen returns what a policy is told about a check of an endpoint.
func (j *judgment) seen(e endpoints.Endpoint, check int) Finding {
	return Finding{
		Check: j.plan.Checks[check], at: check, Service: e.Service,
		Outcome: j.outcomes.each[check].status, Code: j.outcomes.each[check].code,
		Phase: e.Phase, Observation: &j.obs[check], Known: j.outcomes.facts[check].Known,
	}
}

// find makes the findings, one for each check and service.
func (j *judgment) find() {
	most := 0
	for _, e := range j.plan.layout {
		most += len(e.checks)
	}
	j.findings = make([]Finding, 0, most)
	made := make([][]int, len(j.obs)) // by check: indices of its findings
	published := make([]endpoints.Known, len(j.obs))
	for i, o := range j.obs {
		published[i] = publishedFor(j.plan, o)
	}
	for gi := range j.groups {
		g := &j.groups[gi]
		for k, i := range g.endpoints {
			e := *j.plan.layout[i].endpoint
			for _, c := range j.plan.layout[i].checks {
				f := j.finding(g, k, e, c)
				f.Published = published[c]
				m := slices.IndexFunc(made[c], func(n int) bool { return j.findings[n].Service == e.Service })
				if m < 0 {
					made[c] = append(made[c], len(j.findings))
					j.findings = append(j.findings, f)
					continue
				}
				n := made[c][m]
				j.findings[n] = merge(j.findings[n], f)
			}
		}
	}
	j.findings = append(j.findings, j.revocations()...)
	slices.SortStableFunc(j.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.Service, b.Service))
	})
}

func (j *judgment) finding(g *group, k int, e endpoints.Endpoint, check int) Finding {
	f := j.seen(e, check)
	// A failure that does not block its service is Degrading at most.
	f.Ruling = j.ruling(e, check, f.Outcome != Failed || g.lost[k])
	pl := j.plan.layout[g.endpoints[k]]
	switch {
	case f.Outcome == OK:
	case !j.excused(pl, check):
		f.Note = j.note(e, f)
	case j.outcomes.excuses[check] == unexcused:
		f.Impact, f.Loss = Informational, "This example of "+e.Host.String()+" does not answer; others that serve the same do."
	default:
		f.Impact, f.Note = Informational, j.note(e, f)
		f.Loss = "Nothing is lost: this network is not at fault."
	}
	return f
}

// merge joins a service's findings about one check: it returns the graver one,
// with the earlier phase if both are equally grave.
func merge(a, b Finding) Finding {
	switch {
	case b.Impact.rank() > a.Impact.rank():
		return b
	case b.Impact == a.Impact && b.Phase.Order() < a.Phase.Order():
		a.Phase = b.Phase
	}
	return a
}
