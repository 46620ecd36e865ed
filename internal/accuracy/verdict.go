package accuracy

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A judge works out the verdict from what becomes of each check, by the rules
// as they are documented, and not by asking package readiness.
type judge struct {
	view
	luck []int // checks that succeed, and might not always, or not in all
}

// A member is how one host of an endpoint fares.
type member struct {
	failed, loss, unknown bool
	gone                  bool             // it failed by not existing
	gravity               readiness.Impact // of the failure
	decisive              bool
}

// A part is how a part of a service fares.
type part struct {
	impact                  readiness.Impact
	testable, core          int
	required, requiredFatal int
	fatal                   int
	blocked, loss, unknown  bool
}

// verdict sums up the parts of services: a fatal one that is blocked blocks, one
// that is not known leaves the network unproven, and any loss degrades it.
func (v view) verdict() readiness.ReportVerdict {
	type name struct {
		service endpoints.Service
		part    endpoints.Part
	}
	j := v.judge()
	parts := make(map[name]*part)
	testable := make(map[endpoints.Service]bool)
	for _, p := range v.Plan.Endpoints {
		e := p.Endpoint
		k := name{e.Service, e.Part}
		if parts[k] == nil {
			parts[k] = &part{impact: impact(e.Service, e.Part, v.Plan.Scope.Scenario)}
		}
		if len(p.Checks) > 0 {
			testable[e.Service] = true
			j.add(parts[k], p)
		}
	}
	revocation := j.lists()
	verdict := readiness.Ready
	if revocation.loss {
		verdict = readiness.ReadyDegraded
	}
	for k, p := range parts {
		switch {
		case revocation.blocked:
			return readiness.Blocked
		case p.stopped():
			return readiness.Blocked
		case p.impact == readiness.Fatal && (p.unknown || !testable[k.service]):
			verdict = readiness.Unproven
		case p.loss && verdict == readiness.Ready:
			verdict = readiness.ReadyDegraded
		}
	}
	return verdict
}

func (v view) judge() judge {
	j := judge{view: v}
	for i, f := range v.Faults {
		switch {
		case !v.shows(i, f):
		case f.addresses != nil:
			j.luck = append(j.luck, v.checks(func(c int, _ probe.Target) bool { return v.fates[c].Shaky == i })...)
		case f.no6:
			j.luck = append(j.luck, v.onlyIPv4()...)
		case f.contested:
			j.luck = append(j.luck, v.contested(f)...)
		case f.unranged != 0:
			j.luck = append(j.luck, v.whole(f.unranged)...)
		}
	}
	return j
}

// lists judges whether the certificates in use can be checked for revocation.
// Those of a host that decides over a fatal service are as fatal as the lists.
func (j judge) lists() part {
	scenario := j.Plan.Scope.Scenario
	p := part{impact: impact(endpoints.ServiceCRL, "", scenario)}
	if j.revocation().Status == readiness.OK {
		return p
	}
	for _, i := range j.chains() {
		p.loss = true
		for _, k := range j.Plan.Checks[i].Endpoints {
			e := j.Plan.Endpoints[k].Endpoint
			if e.Core && p.impact == readiness.Fatal && impact(e.Service, e.Part, scenario) == readiness.Fatal {
				p.blocked = true
			}
		}
	}
	return p
}

// stopped reports whether a part is blocked: by an endpoint that decides, or
// where none does, by the failure of all that are required, or of all if none is.
func (p *part) stopped() bool {
	switch {
	case p.blocked:
		return true
	case p.core > 0, p.fatal == 0:
		return false
	case p.required > 0:
		return p.requiredFatal == p.required
	}
	return p.fatal == p.testable
}

// add counts an endpoint.
func (j judge) add(p *part, planned readiness.Planned) {
	e := planned.Endpoint
	m := j.endpoint(planned, p.impact)
	required := e.NeedFor(j.Plan.Scope.Scenario) == endpoints.Required
	p.testable++
	if e.Core {
		p.core++
	}
	if required {
		p.required++
	}
	p.unknown = p.unknown || m.unknown
	if (m.failed || m.loss) && m.gravity != readiness.Informational {
		p.loss = true
	}
	if m.failed && m.gravity == readiness.Fatal {
		p.fatal++
		p.blocked = p.blocked || m.decisive
		if required {
			p.requiredFatal++
		}
	}
}

// endpoint joins the hosts of an endpoint. A pattern fails when all of its
// members do; one that is gone while others work says nothing.
func (j judge) endpoint(planned readiness.Planned, rest readiness.Impact) member {
	byHost := make(map[string][]int)
	for _, c := range planned.Checks {
		host := j.Plan.Checks[c].Target.Host
		byHost[host] = append(byHost[host], c)
	}
	var out member
	works, failed, present := 0, 0, 0
	for _, checks := range byHost {
		m := j.host(planned.Endpoint, checks, rest)
		out.unknown = out.unknown || m.unknown
		switch {
		case j.Plan.Checks[checks[0]].Target.Protocol == probe.ProtocolNXDomain:
			out.loss = out.loss || m.loss // it proves no name to work
		case m.failed:
			failed++
			if !m.gone {
				present++
			}
			if out.gravity == readiness.Unjudged || m.gravity > out.gravity {
				out.gravity = m.gravity
			}
			out.decisive = out.decisive || m.decisive
		default:
			works++
			out.loss = out.loss || m.loss
		}
	}
	out.failed = failed > 0 && works == 0
	out.loss = out.loss || works > 0 && present > 0
	if out.loss && out.gravity == readiness.Unjudged {
		out.gravity = rest
	}
	return out
}

// host joins the checks of one host. One with a secure port fails with that
// port: the plain one beside it is a loss.
func (j judge) host(e endpoints.Endpoint, checks []int, rest readiness.Impact) member {
	secure := false
	for _, c := range checks {
		secure = secure || j.Plan.Checks[c].Target.Protocol == probe.ProtocolHTTPS
	}
	m := member{gone: true}
	for _, c := range checks {
		t, f := j.Plan.Checks[c].Target, j.fates[c]
		beside := secure && t.Protocol == probe.ProtocolHTTP && !e.Has(endpoints.TraitPlainHTTP)
		switch {
		case f.Status == readiness.NotRun:
			m.unknown = true
		case t.Protocol == probe.ProtocolNXDomain:
			// That names are made up is a loss; that they are not proves nothing.
			m.loss = m.loss || f.By >= 0 && j.Faults[f.By].Cause == readiness.CauseDNSRewriting
		case f.Status == readiness.OK:
			m.loss = m.loss || slices.Contains(j.luck, c)
		case beside:
			m.loss = true
		default:
			m.failed = true
			m.gone = m.gone && j.effect(f) == effectGone
			gravity, decisive := j.gravity(e, t, f, rest)
			if m.gravity == readiness.Unjudged || gravity > m.gravity {
				m.gravity = gravity
			}
			m.decisive = m.decisive || decisive
		}
	}
	if m.loss && m.gravity == readiness.Unjudged {
		m.gravity = rest
	}
	return m
}

func (j judge) effect(f Fate) effect {
	if f.By < 0 {
		return effectNone
	}
	return j.Faults[f.By].effect
}

// gravity returns what a failure means, given what the endpoint matters.
func (j judge) gravity(e endpoints.Endpoint, t probe.Target, f Fate, rest readiness.Impact) (gravity readiness.Impact, decisive bool) {
	if t.Protocol == probe.ProtocolNCSI && t.Port == 53 {
		return readiness.Informational, false // Windows 11 does not send this probe
	}
	switch j.effect(f) {
	case effectInspected:
		if !e.Has(endpoints.TraitNoInspection) && !e.Has(endpoints.TraitNoInspectionRecommended) {
			return min(rest, readiness.Degrading), false
		}
	case effectAuth:
		return rest, e.Core || rest == readiness.Fatal
	case effectClock:
		if f.Step == StepOffset {
			return readiness.Fatal, true
		}
	case effectNone, effectGone:
	}
	return rest, e.Core
}
