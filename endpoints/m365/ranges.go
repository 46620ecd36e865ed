package m365

import (
	"maps"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
)

// Ranges returns the address ranges of an answer, to use instead of or together
// with [ranges.Embedded]. A set belongs to the services of base that have its
// names, and to the service of its area. A nil base is an empty catalog. Ranges
// of [AreaMEM] have [Set.Caveat] as their note.
func (a *Answer) Ranges(base *endpoints.Catalog) ranges.List {
	cloud := a.cloud()
	if base == nil {
		base = &endpoints.Catalog{}
	}
	services := make(map[endpoints.Host][]endpoints.Service)
	for _, e := range base.Endpoints() {
		if slices.Contains(e.Clouds, cloud) {
			services[e.Host] = append(services[e.Host], e.Service)
		}
	}
	var out ranges.List
	for i := range a.Sets {
		s := &a.Sets[i]
		if len(s.IPs) == 0 {
			continue
		}
		hosts := make(map[endpoints.Service][]endpoints.Host)
		for _, h := range s.URLs {
			of := services[h]
			if own := serviceOf(s.ServiceArea); len(of) == 0 || own != endpoints.ServiceMicrosoft365 && !slices.Contains(of, own) {
				of = append(slices.Clone(of), own)
			}
			for _, service := range of {
				hosts[service] = append(hosts[service], h)
			}
		}
		if len(hosts) == 0 {
			hosts[serviceOf(s.ServiceArea)] = nil
		}
		note, _ := s.Caveat()
		for _, service := range slices.Sorted(maps.Keys(hosts)) {
			out = append(out, ranges.Set{
				Cloud: cloud, Service: service, ID: s.ID, Hosts: hosts[service], Ports: slices.Clone(s.Ports),
				Prefixes: ranges.List{{Prefixes: s.IPs}}.Prefixes(), Note: note, Source: a.Source(),
			})
		}
	}
	return out
}
