package accuracy

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// Plans are the plans for networks of a scope: those without a proxy, and those
// with one, where a few hosts are tried without it too.
type Plans struct{ Plain, Proxied *readiness.Plan }

// searchDomain is the domain of the network, in which devices look for a proxy.
const searchDomain = "corp.contoso.com"

// Whole returns the plans of a scope.
func Whole(s readiness.Scope) (Plans, error) { return plans(s, nil) }

func plans(s readiness.Scope, c *endpoints.Catalog) (p Plans, err error) {
	s.SearchDomains = []string{searchDomain}
	if p.Plain, err = readiness.NewPlan(s, c); err != nil {
		return p, err
	}
	s.Proxied = true
	p.Proxied, err = readiness.NewPlan(s, c)
	return p, err
}

// Sample returns plans of a scope that are about a quarter of the whole, so that
// many networks can be measured. Every service is in them with every part.
//
// It keeps the endpoints that decide alone, since verdicts hang on them. Of the
// others it keeps the first of each service and part, and where some decide, the
// first of each need, because that is what judgement tells apart. What nothing
// can test is kept by the same rule. Of the members of a pattern it keeps two, as
// many as it takes to tell one that fails from one that is partial, and one where
// the pattern is not required.
func Sample(s readiness.Scope) (Plans, error) {
	whole, err := readiness.NewPlan(s, nil)
	if err != nil {
		return Plans{}, err
	}
	decided := make(map[endpoints.Service]bool)
	for _, p := range whole.Endpoints {
		decided[p.Endpoint.Service] = decided[p.Endpoint.Service] || p.Endpoint.Core
	}
	type class struct {
		service endpoints.Service
		part    endpoints.Part
		need    endpoints.Need
		tested  bool
	}
	seen := make(map[class]bool)
	var kept []endpoints.Endpoint
	for _, p := range whole.Endpoints {
		e := p.Endpoint
		need := e.NeedFor(s.Scenario)
		c := class{service: e.Service, part: e.Part, tested: p.Untested == ""}
		if decided[e.Service] {
			c.need = need
		}
		if !e.Core && seen[c] {
			continue
		}
		seen[c] = true
		members := 1
		if need == endpoints.Required {
			members = 2
		}
		e.Members = slices.Clone(e.Members[:min(len(e.Members), members)])
		kept = append(kept, e)
	}
	catalog, err := new(endpoints.Catalog).With(kept...)
	if err != nil {
		return Plans{}, err
	}
	return plans(s, catalog)
}
