package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// Judge turns the observations of a plan, one for each check in its order,
// into findings, ordered by check. Missing observations count as not run. A
// nil policy is [Documented]. Judge is pure: stored observations can be judged
// again, under another policy, without a network.
func Judge(p *Plan, obs []probe.Observation, policy Policy) []Finding {
	return newJudgement(p, obs, policy).findings
}

// A judgement holds what Judge and the report both need.
type judgement struct {
	plan     *Plan
	obs      []probe.Observation
	policy   Policy
	results  []result // one a check
	groups   []group
	findings []Finding
}

// A result is what came of one check.
type result struct {
	status Status
	code   probe.Code
}

// A group is a part of a service: the endpoints that are judged by one rule.
type group struct {
	service   endpoints.Service
	part      endpoints.Part
	endpoints []int // indices into Plan.Endpoints
	impact    Impact
	rest      Verdict // of the endpoint that matters most
	testable  int
	status    ServiceStatus
	decided   []bool // by endpoint: its failure is why the group is blocked
}

func newJudgement(p *Plan, obs []probe.Observation, policy Policy) *judgement {
	if policy == nil {
		policy = Documented
	}
	j := &judgement{plan: p, obs: slices.Clone(obs), policy: policy}
	for len(j.obs) < len(p.Checks) {
		j.obs = append(j.obs, probe.Observation{Target: p.Checks[len(j.obs)].Target})
	}
	j.results = results(p, j.obs)
	j.group()
	for i := range j.groups {
		j.decide(&j.groups[i])
	}
	j.find()
	return j
}

// results tells what came of each check.
func results(p *Plan, obs []probe.Observation) []result {
	out := make([]result, len(p.Checks))
	portal, lying := portalOf(p, obs), clocksOf(obs).lying()
	honest := resolverCause(p, obs) == "" && !rewrites(p, obs)
	for i := range out {
		o := obs[i]
		switch {
		case o.OK() && portal.answered(o):
			out[i] = result{Failed, probe.HTTPCaptivePortal}
		case misdirected(p, i, o):
			out[i] = result{Failed, WrongAlias}
		case o.OK() && lying && tells(o):
			out[i] = result{Failed, probe.NTPOffset}
		case o.OK():
			out[i] = result{OK, ""}
		case honest && o.Target.Protocol == probe.ProtocolNXDomain && o.Attempts > 0 && !inconclusive(o.Code()):
			out[i] = result{OK, ""} // no resolver was found to make names up
		case o.Error == nil, inconclusive(o.Code()):
			out[i] = result{NotRun, cmp.Or(o.Code(), probe.Canceled)}
		default:
			out[i] = result{Failed, o.Code()}
		}
	}
	return out
}

// inconclusive reports whether a code says nothing about the network.
func inconclusive(c probe.Code) bool {
	switch c {
	case probe.Canceled, probe.Skipped, probe.NotTestable, probe.LocalResource, probe.LocalDenied:
		return true
	}
	return false
}

// group sorts the endpoints into the parts of services that share a rule.
func (j *judgement) group() {
	type key struct {
		service endpoints.Service
		part    endpoints.Part
	}
	at := make(map[key]int)
	for i, pl := range j.plan.Endpoints {
		e := pl.Endpoint
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

// An endpointState is what the checks of an endpoint add up to.
type endpointState uint8

const (
	stateUnknown endpointState = iota // untested, or some check was not run
	stateOK
	statePartial
	stateFailed
)

// pattern reports whether an endpoint is tested through samples.
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

// gone reports whether a code says that a name has no address. Members of
// patterns are examples, and Microsoft retires names without a word.
func gone(c probe.Code) bool { return c == probe.DNSNXDomain || c == probe.DNSNoData }

// state adds up the checks of an endpoint. A pattern fails when all of its
// members do; a member that is gone while others work says nothing. An endpoint
// with a secure port fails with that port: the plain one beside it is a loss.
func (j *judgement) state(pl Planned) endpointState {
	var ok, failed, unknown, minor, missing int
	sampled := pattern(pl.Endpoint)
	for _, c := range pl.Checks {
		switch r := j.results[c]; {
		case j.plan.Checks[c].Target.Protocol == probe.ProtocolNXDomain:
			// Made-up names are a loss; true ones prove nothing.
			if r.status == Failed {
				minor++
			}
		case r.status == OK && j.secondary(pl, c):
			// The plain port says nothing of the secure one.
		case r.status == OK:
			ok++
		case r.status == NotRun:
			unknown++
		case sampled && gone(r.code):
			missing++
		case j.secondary(pl, c):
			minor++
		default:
			failed++
		}
	}
	if ok == 0 {
		failed += missing
	}
	switch {
	case failed > 0 && (!sampled || ok == 0 && unknown == 0):
		return stateFailed
	case failed > 0 || minor > 0 && ok+unknown > 0:
		return statePartial
	case minor > 0:
		return stateFailed
	case unknown > 0 || ok == 0:
		return stateUnknown
	}
	return stateOK
}

// secondary reports whether a check is the plain port of a host of the
// endpoint whose secure port is checked too.
func (j *judgement) secondary(pl Planned, check int) bool {
	t := j.plan.Checks[check].Target
	if t.Protocol != probe.ProtocolHTTP || pl.Endpoint.Has(endpoints.TraitPlainHTTP) {
		return false
	}
	return slices.ContainsFunc(pl.Checks, func(c int) bool {
		other := j.plan.Checks[c].Target
		return other.Protocol == probe.ProtocolHTTPS && other.Host == t.Host
	})
}

// need returns the need of an endpoint; what the scope declares is required.
func (j *judgement) need(e endpoints.Endpoint) endpoints.Need {
	if declared(j.plan.Scope, e) {
		return endpoints.Required
	}
	return e.NeedFor(j.plan.Scope.Scenario)
}

// case returns the case of one check of an endpoint.
func (j *judgement) caseOf(e endpoints.Endpoint, check int) Case {
	return Case{
		Scope:       j.plan.Scope,
		Endpoint:    e,
		Target:      j.plan.Checks[check].Target,
		Status:      j.results[check].status,
		Code:        j.results[check].code,
		Observation: j.obs[check],
	}
}

// decide settles the status of a group.
func (j *judgement) decide(g *group) {
	var t tally
	g.decided = make([]bool, len(g.endpoints))
	for k, i := range g.endpoints {
		pl := j.plan.Endpoints[i]
		rest := j.policy(Case{Scope: j.plan.Scope, Endpoint: pl.Endpoint})
		if k == 0 || rest.Impact.rank() > g.impact.rank() || rest.Impact == g.impact && rest.Decisive && !g.rest.Decisive {
			g.rest, g.impact = rest, rest.Impact
		}
		if len(pl.Checks) == 0 {
			continue
		}
		t.add(j, pl, rest, k, g)
	}
	g.testable, g.status = t.testable, t.status(g)
}

// A tally counts the endpoints of a group.
type tally struct {
	testable, failed, partial, unknown int
	fatal                              int // failed, and the policy takes what was seen for fatal
	required, requiredFatal            int
	core                               int // testable endpoints that are decisive at rest
	blocked                            bool
}

func (t *tally) add(j *judgement, pl Planned, rest Verdict, k int, g *group) {
	state := j.state(pl)
	if state != stateUnknown && rest.Impact != Informational && j.harmless(pl) {
		state = stateOK
	}
	t.testable++
	if rest.Decisive {
		t.core++
	}
	required := j.need(pl.Endpoint) == endpoints.Required
	if required {
		t.required++
	}
	switch state {
	case stateFailed:
		t.failed++
		fatal, decisive := j.gravest(pl)
		if decisive {
			g.decided[k], t.blocked = true, true
		}
		if fatal {
			t.fatal++
		}
		if fatal && required {
			t.requiredFatal++
		}
	case statePartial:
		t.partial++
	case stateUnknown:
		t.unknown++
	case stateOK:
	}
	if state != stateUnknown && slices.ContainsFunc(pl.Checks, func(c int) bool { return j.results[c].status == NotRun }) {
		t.unknown++
	}
}

// gravest reports whether the policy takes what was seen of a failed endpoint
// for fatal, and whether that decides over its service.
func (j *judgement) gravest(pl Planned) (fatal, decisive bool) {
	for _, c := range pl.Checks {
		if j.results[c].status != Failed {
			continue
		}
		v := j.policy(j.caseOf(pl.Endpoint, c))
		fatal = fatal || v.Impact.Blocks()
		decisive = decisive || v.Impact.Blocks() && v.Decisive
	}
	return fatal, decisive
}

// harmless reports whether the policy takes every failure of an endpoint for
// information only.
func (j *judgement) harmless(pl Planned) bool {
	return !slices.ContainsFunc(pl.Checks, func(c int) bool {
		return j.results[c].status != OK && j.policy(j.caseOf(pl.Endpoint, c)).Impact != Informational
	})
}

// status settles what the counts mean: a decisive failure blocks; without a
// decisive endpoint it takes the failure of every required one, or of every one
// if none is required.
func (t *tally) status(g *group) ServiceStatus {
	all := t.core == 0 && (t.required > 0 && t.requiredFatal == t.required || t.required == 0 && t.fatal == t.testable)
	switch {
	case t.testable == 0:
		return ServiceUnproven
	case t.blocked:
		return ServiceBlocked
	case all && t.fatal > 0:
		for k := range g.decided {
			g.decided[k] = true
		}
		return ServiceBlocked
	case t.unknown > 0:
		return ServiceUnproven
	case t.failed+t.partial > 0:
		return ServiceDegraded
	}
	return ServiceOK
}

// find makes the findings.
func (j *judgement) find() {
	type key struct {
		check   int
		service endpoints.Service
	}
	at := make(map[key]int)
	published := make([]ranges.Result, len(j.obs))
	for i, o := range j.obs {
		published[i] = publishedFor(j.plan, o)
	}
	for gi := range j.groups {
		g := &j.groups[gi]
		for k, i := range g.endpoints {
			e := j.plan.Endpoints[i].Endpoint
			for _, c := range j.plan.Endpoints[i].Checks {
				f := j.finding(g, k, e, c)
				f.Published = published[c]
				n, ok := at[key{c, e.Service}]
				if !ok {
					at[key{c, e.Service}] = len(j.findings)
					j.findings = append(j.findings, f)
					continue
				}
				j.findings[n] = merge(j.findings[n], f)
			}
		}
	}
	j.findings = append(j.findings, j.revocations()...)
	slices.SortStableFunc(j.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.Service, b.Service))
	})
}

// finding judges one check for one endpoint.
func (j *judgement) finding(g *group, k int, e endpoints.Endpoint, check int) Finding {
	v := j.policy(j.caseOf(e, check))
	f := Finding{
		Check: check, Service: e.Service,
		Status: j.results[check].status, Code: j.results[check].code,
		Impact: v.Impact, Basis: v.Basis, Consequence: v.Consequence, Sources: v.Sources,
		Phase: e.Phase, Cause: -1,
	}
	// A failure that did not bring its service down is a loss at most.
	if f.Status == Failed && f.Impact.Blocks() && !g.decided[k] {
		f.Impact = Degrading
	}
	if f.Status == Failed && pattern(e) && gone(f.Code) && j.state(j.plan.Endpoints[g.endpoints[k]]) != stateFailed {
		f.Impact, f.Consequence = Informational, "An example of "+e.Host.String()+" that no longer exists, as far as DNS knows; other examples do."
	}
	return f
}

// merge joins the findings of two endpoints of a service about the same check:
// the graver one, and of two that are as grave the earlier phase.
func merge(a, b Finding) Finding {
	switch {
	case b.Impact.rank() > a.Impact.rank():
		return b
	case b.Impact == a.Impact && b.Phase.Order() < a.Phase.Order():
		a.Phase = b.Phase
	}
	return a
}
