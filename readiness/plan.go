package readiness

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A Plan is what a run will do: every check, and every endpoint with the
// checks that stand for it. It is made by [NewPlan], is plain data, and
// contacts nothing. A Plan must not be changed while it is in use.
type Plan struct {
	Scope   Scope
	Catalog *endpoints.Catalog

	// Checks are the things to measure, each host, port and protocol once. The
	// look-ups that tell whether the resolvers work come first, then the others
	// in the order in which provisioning needs them.
	Checks []Check

	// Endpoints are the documented endpoints of the scope, in catalogue order.
	Endpoints []Planned

	// Notes are what a reader has to know about the scope as a whole, as in a
	// scenario that Microsoft does not offer in a cloud.
	Notes []string
}

// A Check is one concrete thing to measure, and the endpoints it stands for.
type Check struct {
	Target probe.Target

	// Endpoints are indices into [Plan.Endpoints], ascending. A check that is
	// only made for comparison stands for none.
	Endpoints []int
}

// ID names the check within its plan, as in "https login.live.com:443".
func (c Check) ID() string { return c.Target.String() }

// A Planned endpoint is an endpoint of the scope and how it will be tested.
type Planned struct {
	Endpoint endpoints.Endpoint

	// Checks are indices into [Plan.Checks], ascending.
	Checks []int

	// Untested says why nothing can test the endpoint. It is empty exactly if
	// Checks is not.
	Untested string
}

// NewPlan chooses the checks for a scope from a catalogue; a nil catalogue is
// the built-in one. It contacts nothing. The error is a [*ScopeError].
//
// A pattern is tested through its documented members, never through an
// invented name. What nothing can test is kept, with the reason.
func NewPlan(s Scope, c *endpoints.Catalog) (*Plan, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if c == nil {
		c = endpoints.Embedded()
	}
	p := planner{plan: &Plan{Scope: s, Catalog: c}, index: make(map[probe.Target]int)}
	for _, e := range c.Select(query(s, c)) {
		p.plan.Endpoints = append(p.plan.Endpoints, Planned{Endpoint: e})
	}
	p.foreign = p.others()
	p.sample()
	for i := range p.plan.Endpoints {
		if p.plan.Endpoints[i].Untested == "" {
			p.add(i)
		}
	}
	p.plan.Notes = p.notes()
	if s.Proxied {
		secure := func(e endpoints.Endpoint) bool {
			return hasPort(&e, "https") && !e.Has(endpoints.TraitPlainHTTP)
		}
		for _, name := range p.controlNames(secure) {
			p.plan.Checks = append(p.plan.Checks, Check{Target: probe.Target{
				Protocol: probe.ProtocolHTTPS, Host: name, Port: 443, Direct: true,
			}})
		}
	}
	p.sort()
	return p.plan, nil
}

// Targets returns the targets of all checks in order.
func (p *Plan) Targets() []probe.Target {
	out := make([]probe.Target, len(p.Checks))
	for i, c := range p.Checks {
		out[i] = c.Target
	}
	return out
}

// Hosts returns every name that a run of the plan will ask for or contact,
// sorted. What comes on top is the network's own resolvers and proxy, the random
// names that no resolver should know (see [probe.NXDomain]), the servers that
// SRV records list (see [probe.SRV]; a note of the plan says so), and where the
// certificates that are shown say to ask whether they are revoked.
func (p *Plan) Hosts() []string {
	var out []string
	for _, c := range p.Checks {
		if c.Target.Protocol == probe.ProtocolNXDomain {
			continue
		}
		out = append(out, c.Target.Host)
		if c.Target.Protocol == probe.ProtocolNCSI && c.Target.Port == 80 {
			out = append(out, ncsiIPv6Host)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

type planner struct {
	plan  *Plan
	index map[probe.Target]int // without paths

	foreign map[string]bool // names that are only for other regions, makers or generations than the scope's
}

// add makes the checks for one endpoint.
func (p *planner) add(i int) {
	e := &p.plan.Endpoints[i].Endpoint
	hosts, why := p.hosts(e)
	made := false
	for _, h := range hosts {
		for _, port := range e.Ports {
			if t, ok := target(e, h, port); ok {
				// Notifications do not go through a proxy, nor does NTP.
				t.Direct = p.plan.Scope.Proxied && e.Service == endpoints.ServiceWNS && t.Protocol == probe.ProtocolHTTPS
				p.check(t, i)
				made = true
			}
		}
	}
	if made && e.Service == endpoints.ServiceDNS {
		for _, suffix := range controlSuffixes() {
			p.check(probe.Target{Protocol: probe.ProtocolNXDomain, Host: suffix, Port: dnsPort}, i)
		}
	}
	if !made {
		p.plan.Endpoints[i].Untested = cmp.Or(why, "its ports have no request that proves anything")
	}
}

// controlNames returns a few core names of unrelated owners, so that no single
// zone convicts a resolver or a firewall.
func (p *planner) controlNames(keep func(endpoints.Endpoint) bool) []string {
	const enough = 4
	var core []endpoints.Endpoint
	for _, pl := range p.plan.Endpoints {
		if e := pl.Endpoint; e.Core && e.Host.Kind() == endpoints.Exact && keep(e) {
			core = append(core, e)
		}
	}
	slices.SortStableFunc(core, func(a, b endpoints.Endpoint) int {
		return cmp.Compare(a.Phase.Order(), b.Phase.Order())
	})
	var names []string
	seen := make(map[string]bool)
	for _, e := range core {
		zone := zone(e.Host.String())
		if !seen[zone] && len(names) < enough {
			seen[zone] = true
			names = append(names, e.Host.String())
		}
	}
	return names
}

// controlSuffixes returns the suffixes, of different owners, below which the
// resolvers are asked for names that do not exist.
func controlSuffixes() []string { return []string{"com", "net", "org"} }

// zone returns the last two labels of a name.
func zone(name string) string {
	labels := strings.Split(name, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// check adds an endpoint to the check of a target, which it makes if need be.
func (p *planner) check(t probe.Target, endpoint int) {
	key := t
	key.Path, key.Families, key.Range = "", false, false
	at, ok := p.index[key]
	if !ok {
		at = len(p.plan.Checks)
		p.index[key] = at
		p.plan.Checks = append(p.plan.Checks, Check{Target: t})
	}
	c := &p.plan.Checks[at]
	if c.Target.Path == "" {
		c.Target.Path = t.Path
	}
	c.Target.Families = c.Target.Families || t.Families
	c.Target.Range = c.Target.Range || t.Range
	if !slices.Contains(c.Endpoints, endpoint) {
		c.Endpoints = append(c.Endpoints, endpoint)
	}
}

// sort puts the checks into their order and ties the endpoints to them.
func (p *planner) sort() {
	slices.SortStableFunc(p.plan.Checks, func(a, b Check) int {
		return cmp.Or(
			cmp.Compare(stage(a.Target), stage(b.Target)),
			cmp.Compare(control(a.Target), control(b.Target)),
			cmp.Compare(p.phase(a), p.phase(b)),
			cmp.Compare(a.Target.Host, b.Target.Host),
			cmp.Compare(a.Target.Port, b.Target.Port),
			cmp.Compare(a.Target.Protocol, b.Target.Protocol),
		)
	})
	for i, c := range p.plan.Checks {
		for _, e := range c.Endpoints {
			p.plan.Endpoints[e].Checks = append(p.plan.Endpoints[e].Checks, i)
		}
	}
}

// phase returns the earliest phase that needs a check.
func (p *planner) phase(c Check) int {
	first := len(endpoints.Phases())
	for _, i := range c.Endpoints {
		first = min(first, p.plan.Endpoints[i].Endpoint.Phase.Order())
	}
	return first
}

// control returns 1 for the checks of names that must not exist.
func control(t probe.Target) int {
	if t.Protocol == probe.ProtocolNXDomain {
		return 1
	}
	return 0
}

// stage returns 0 for the checks that tell whether others make sense.
func stage(t probe.Target) int {
	switch t.Protocol {
	case probe.ProtocolDNS, probe.ProtocolNXDomain:
		return 0
	}
	return 1
}
