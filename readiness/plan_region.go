package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

const otherName = "the tenant's region was not given, and another name of this region is tested instead"

// sample keeps one endpoint of each kind for each region if the tenant's region
// is not known, because no tenant uses the names of all regions.
func (p *planner) sample() {
	if p.plan.Scope.Region != "" {
		return
	}
	type kind struct {
		service  endpoints.Service
		part     string
		region   endpoints.Region
		features string
	}
	samples := make(map[kind]int)
	for i := range p.plan.layout {
		e := p.plan.layout[i].endpoint
		if hosts, _ := p.hosts(e); e.Region == "" || len(hosts) == 0 {
			continue
		}
		k := kind{e.Service, e.Part, e.Region, joined(e.Features)}
		out := i
		if other, ok := samples[k]; !ok || p.needed(i) < p.needed(other) {
			samples[k], out = i, other
			if !ok {
				continue
			}
		}
		p.plan.layout[out].untested = otherName
		p.foreign[p.plan.layout[out].endpoint.Host.String()] = true
	}
}

func (p *planner) needed(i int) endpoints.Need {
	return p.plan.layout[i].endpoint.NeedFor(p.plan.Scope.Scenario)
}

func joined[S ~string](words []S) string {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}
