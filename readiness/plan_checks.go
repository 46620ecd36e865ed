package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// check adds an endpoint to the check of a target, which it creates if
// necessary.
func (p *planner) check(t probe.Target, endpoint int) {
	key := t
	key.Path, key.Families, key.Range = "", false, false
	at, ok := p.index[key]
	if !ok {
		at = len(p.checks)
		p.index[key] = at
		p.checks = append(p.checks, planCheck{target: t})
	}
	c := &p.checks[at]
	if c.target.Path == "" {
		c.target.Path = t.Path
	}
	c.target.Families = c.target.Families || t.Families
	c.target.Range = c.target.Range || t.Range
	if !slices.Contains(c.endpoints, endpoint) {
		c.endpoints = append(c.endpoints, endpoint)
	}
}

// finish sorts the checks and links the endpoints to them.
func (p *planner) finish() {
	slices.SortStableFunc(p.checks, func(a, b planCheck) int {
		return cmp.Or(
			cmp.Compare(stage(a.target), stage(b.target)),
			cmp.Compare(control(a.target), control(b.target)),
			cmp.Compare(p.phase(a), p.phase(b)),
			cmp.Compare(a.target.Host, b.target.Host),
			cmp.Compare(a.target.Port, b.target.Port),
			cmp.Compare(a.target.Protocol, b.target.Protocol),
		)
	})
	p.plan.Checks = make([]Check, len(p.checks))
	for i, c := range p.checks {
		p.plan.Checks[i] = Check{Target: c.target, Endpoints: p.of(c)}
		for _, at := range c.endpoints {
			e := &p.plan.layout[at]
			e.checks = append(e.checks, i)
		}
	}
}

// of returns the endpoints of a check. Neighbors are not copied: most checks have
// one endpoint, and it is several times as large as the rest of a check.
func (p *planner) of(c planCheck) []endpoints.Endpoint {
	n := len(c.endpoints)
	if n == 0 {
		return nil
	}
	if first, last := c.endpoints[0], c.endpoints[n-1]; last-first == n-1 {
		return p.selected[first : last+1 : last+1]
	}
	out := make([]endpoints.Endpoint, n)
	for k, at := range c.endpoints {
		out[k] = p.selected[at]
	}
	return out
}

// phase returns the earliest phase that needs a check.
func (p *planner) phase(c planCheck) int {
	first := len(endpoints.Phases())
	for _, i := range c.endpoints {
		first = min(first, p.plan.layout[i].endpoint.Phase.Order())
	}
	return first
}

// control returns 1 for the checks of nonexistent names.
func control(t probe.Target) int {
	if t.Protocol == probe.NXDomain {
		return 1
	}
	return 0
}
