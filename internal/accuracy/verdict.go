package accuracy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A judge derives the verdict from the checks' expected results by the
// documented rules, without package readiness.
type judge struct {
	view
	luck []int // checks that succeed, but not always or not for all addresses
}

// A member is the state of one host of an endpoint.
type member struct {
	failed, loss, unknown bool
	gone                  bool             // its name does not exist
	gravity               readiness.Impact // of its failure
	decisive              bool
}

// A rule identifies an endpoint in the catalog.
type rule struct {
	service endpoints.Service
	host    endpoints.Host
}

// A part sums up a part of a service.
type part struct {
	impact                  readiness.Impact
	testable, core          int
	required, requiredFatal int
	fatal                   int
	blocked, loss, unknown  bool
}

// verdict sums up the parts of services. A blocked fatal part blocks, an
// unknown one leaves the network unproven, and any loss degrades.
func (v view) verdict() readiness.Verdict {
	type name struct {
		service endpoints.Service
		part    string
	}
	j := v.judge()
	parts := make(map[name]*part)
	testable := make(map[endpoints.Service]bool)
	checks := make(map[rule][]int) // by endpoint
	for i, c := range v.Plan.Checks {
		for _, e := range c.Endpoints {
			checks[rule{e.Service, e.Host}] = append(checks[rule{e.Service, e.Host}], i)
		}
	}
	for e := range v.Plan.Endpoints() {
		k := name{e.Service, e.Part}
		if parts[k] == nil {
			parts[k] = &part{impact: impact(e.Service, e.Part, v.Plan.Scope.Scenario)}
		}
		by := slices.DeleteFunc(checks[rule{e.Service, e.Host}], func(c int) bool { return v.Plan.Checks[c].Target.Protocol == probe.SOA })
		if len(by) > 0 {
			testable[e.Service] = true
			j.add(parts[k], e, by)
		}
	}
	revocation := j.lists()
	verdict := readiness.Ready
	if revocation.loss {
		verdict = readiness.Degraded
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
			verdict = readiness.Degraded
		}
	}
	return verdict
}

func (v view) judge() judge {
	j := judge{view: v}
	for i, f := range v.Faults {
		switch {
		case !v.shows(i, f) || f.harmless:
		case f.addresses != nil:
			j.luck = append(j.luck, v.checks(func(c int, _ probe.Target) bool { return v.fates[c].Shaky == i })...)
		case f.no6:
			j.luck = append(j.luck, v.onlyIPv4()...)
		case f.no6TLS:
			j.luck = append(j.luck, v.onlyIPv4TLS()...)
		case f.limits:
			j.luck = append(j.luck, v.checks(func(c int, t probe.Target) bool { return v.traffic(c)&onWeb != 0 && v.fates[c].Outcome == readiness.OK })...)
		case f.contested:
			j.luck = append(j.luck, v.contested(f)...)
		case f.unranged != 0:
			j.luck = append(j.luck, v.whole(f.unranged)...)
		}
	}
	return j
}

// lists judges whether the revocation of the certificates in use can be
// checked. For a decisive host of a fatal service, a failure is as fatal as it
// is for the revocation lists.
func (j judge) lists() part {
	scenario := j.Plan.Scope.Scenario
	p := part{impact: impact(endpoints.ServiceCRL, "", scenario)}
	if j.revocation().Outcome == readiness.OK {
		return p
	}
	for _, i := range j.chains() {
		p.loss = true
		for _, e := range j.Plan.Checks[i].Endpoints {
			if e.Decisive && p.impact == readiness.Fatal && impact(e.Service, e.Part, scenario) == readiness.Fatal {
				p.blocked = true
			}
		}
	}
	return p
}

// stopped reports whether a part is blocked: a decisive endpoint fails; or,
// without one, all required ones fail; or, without those, all fail.
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

// add counts an endpoint. checks are those that stand for it.
func (j judge) add(p *part, e endpoints.Endpoint, checks []int) {
	m := j.endpoint(e, checks, p.impact)
	required := e.NeedFor(j.Plan.Scope.Scenario) == endpoints.Required
	p.testable++
	if e.Decisive {
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

// endpoint combines the hosts of an endpoint. A pattern fails when all of its
// members do. If its members are interchangeable, a missing one does not count
// while others work.
func (j judge) endpoint(e endpoints.Endpoint, checks []int, rest readiness.Impact) member {
	byHost := make(map[string][]int)
	for _, c := range checks {
		host := j.Plan.Checks[c].Target.Host
		byHost[host] = append(byHost[host], c)
	}
	var out member
	works, failed, present := 0, 0, 0
	for _, checks := range byHost {
		m := j.host(e, checks, rest)
		out.unknown = out.unknown || m.unknown
		switch {
		case j.Plan.Checks[checks[0]].Target.Protocol == probe.NXDomain:
			out.loss = out.loss || m.loss // it proves nothing about reachable names
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

// host combines the checks of one host. A host with a secure port fails with
// that port; failure of its plain port is a loss.
func (j judge) host(e endpoints.Endpoint, checks []int, rest readiness.Impact) member {
	secure := false
	for _, c := range checks {
		secure = secure || j.Plan.Checks[c].Target.Protocol == probe.HTTPS
	}
	m := member{gone: true}
	for _, c := range checks {
		t, f := j.Plan.Checks[c].Target, j.fates[c]
		beside := secure && t.Protocol == probe.HTTP && !e.Has(endpoints.TraitPlainHTTP)
		switch {
		case f.Outcome == readiness.NotRun:
			m.unknown = true
		case t.Protocol == probe.NXDomain:
			// Invented names are a loss; their absence proves nothing.
			m.loss = m.loss || f.By >= 0 && j.Faults[f.By].Cause == readiness.CauseDNSRewriting
		case f.Outcome == readiness.OK:
			m.loss = m.loss || slices.Contains(j.luck, c)
		case beside:
			m.loss = true
		default:
			m.failed = true
			missing := j.effect(f) == effectGone || j.effect(f) == effectLost
			m.gone = m.gone && missing && e.Has(endpoints.TraitInterchangeable)
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

// optional reports whether the Microsoft 365 endpoint service has the endpoint in
// optional sets alone, and no other document requires it. It is then never fatal.
func (j judge) optional(e endpoints.Endpoint) bool {
	if e.Decisive || e.NeedFor(j.Plan.Scope.Scenario) == endpoints.Required {
		return false
	}
	cloud := cmp.Or(j.Plan.Scope.Cloud, endpoints.CloudWorldwide)
	var marks []string
	for _, set := range e.Sets {
		if mark, _, _ := strings.Cut(set, ": "); strings.HasPrefix(mark, string(cloud)+" ") {
			marks = append(marks, mark)
		}
	}
	return len(marks) > 0 && !slices.ContainsFunc(marks, func(m string) bool { return !strings.HasSuffix(m, "/Optional") })
}

// gravity returns the impact of a failure, given the endpoint's impact.
func (j judge) gravity(e endpoints.Endpoint, t probe.Target, f Fate, rest readiness.Impact) (gravity readiness.Impact, decisive bool) {
	if j.optional(e) {
		rest = min(rest, readiness.Degrading)
	}
	if t.Protocol == probe.NCSI && t.Port == 53 {
		return readiness.Informational, false // Windows 11 does not send this probe
	}
	if e.NeedFor(j.Plan.Scope.Scenario) == endpoints.FormerlyRequired && f.Step != StepOffset {
		return min(rest, readiness.Degrading), false // only older documents require it
	}
	switch j.effect(f) {
	case effectInspected:
		if !e.Has(endpoints.TraitNoInspection) && !e.Has(endpoints.TraitNoInspectionRecommended) {
			return min(rest, readiness.Degrading), false
		}
	case effectAuth:
		return rest, e.Decisive || rest == readiness.Fatal
	case effectClock:
		if f.Step == StepOffset {
			return readiness.Fatal, true
		}
	case effectNone, effectGone, effectLost, effectMute:
	}
	return rest, e.Decisive
}
