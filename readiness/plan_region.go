package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

const otherName = "another name of its region is tested in its place, because the tenant's region was not given"

// sample leaves one endpoint of each kind and region to be tested, if the region
// of the tenant is not known: no tenant uses the names of all regions.
func (p *planner) sample() {
	if p.plan.Scope.Region != "" {
		return
	}
	type kind struct {
		service  endpoints.Service
		part     endpoints.Part
		region   endpoints.Region
		features string
	}
	samples := make(map[kind]int)
	for i := range p.plan.Endpoints {
		e := &p.plan.Endpoints[i].Endpoint
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
		p.plan.Endpoints[out].Untested = otherName
		p.foreign[p.plan.Endpoints[out].Endpoint.Host.String()] = true
	}
}

// needed returns the need of an endpoint.
func (p *planner) needed(i int) endpoints.Need {
	return p.plan.Endpoints[i].Endpoint.NeedFor(p.plan.Scope.Scenario)
}

func joined[S ~string](words []S) string {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}
