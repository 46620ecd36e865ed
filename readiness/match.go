package readiness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// match returns one observation for each check of a plan, matched by target,
// and the targets of observations without a check. It returns an error if there
// are observations but none matches.
func match(p *Plan, obs []probe.Observation) (matched []probe.Observation, left []probe.Target, err error) {
	open := make(map[probe.Target][]int, len(p.Checks)) // a handmade plan may have a target twice
	matched = make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		matched[i].Target = c.Target
		open[key(c.Target)] = append(open[key(c.Target)], i)
	}
	for _, o := range obs {
		checks := open[key(o.Target)]
		if len(checks) == 0 {
			left = append(left, o.Target)
			continue
		}
		i := checks[0]
		matched[i] = o
		matched[i].Target = p.Checks[i].Target
		open[key(o.Target)] = checks[1:]
	}
	if len(obs) > 0 && len(left) == len(obs) {
		return nil, nil, fmt.Errorf("readiness: none of the %s is of a check of the plan: they are of another plan", count(len(obs), "observation"))
	}
	return matched, left, nil
}

// key returns what a target and that of an observation have in common. Older
// plans ask for no other handshakes, and measure the rest alike.
func key(t probe.Target) probe.Target {
	t.Handshakes = false
	return t
}

// leftNote says which observations match no check.
func leftNote(left []probe.Target) []string {
	if len(left) == 0 {
		return nil
	}
	names := make([]string, len(left))
	for i, t := range left {
		names[i] = t.String()
		if t == (probe.Target{}) {
			names[i] = "one without a target"
		}
	}
	verb := " is"
	if len(left) > 1 {
		verb = " are"
	}
	return []string{plain.Line(count(len(left), "observation") + verb + " of no check of the plan, and counted for nothing: " + list(names) + ".")}
}

var errNotConnected = errors.New("readiness: the checks and endpoints of the plan do not refer to each other: only Runner.Plan makes plans")

// sound returns a plan that has a catalog, the built-in one by default.
func sound(p *Plan) *Plan {
	if p.Catalog != nil {
		return p
	}
	whole := *p
	whole.Catalog = endpoints.Embedded()
	return &whole
}

// connected reports whether a plan's checks are those that were planned for its
// endpoints.
func connected(p *Plan) bool {
	links := 0
	for _, e := range p.layout {
		for _, c := range e.checks {
			same := func(other endpoints.Endpoint) bool {
				return other.Service == e.endpoint.Service && other.Host == e.endpoint.Host
			}
			if c >= len(p.Checks) || !slices.ContainsFunc(p.Checks[c].Endpoints, same) {
				return false
			}
			links++
		}
	}
	for _, c := range p.Checks {
		links -= len(c.Endpoints)
	}
	return links == 0
}
