package traffic

import (
	"maps"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
)

// rules are the catalog's rules, and whether those of the scope were used.
type rules struct {
	scope   endpoints.Scope
	catalog *endpoints.Catalog // with the tenant's hosts filled in

	needed []endpoints.Endpoint // in the scope
	index  map[rule]int         // their positions
	seen   []bool               // whether a request matched
	ports  []endpoints.Port     // of the required ones, without protocols

	ranges ranges.List
	ranged map[endpoints.Service]bool // with a request to an address in its ranges
}

// A rule identifies an endpoint within a catalog.
type rule struct {
	service endpoints.Service
	host    endpoints.Host
}

func ruleOf(e endpoints.Endpoint) rule { return rule{e.Service, e.Host} }

// newRules returns the rules of a scope. The error is an [*endpoints.Error].
func newRules(c *endpoints.Catalog, s endpoints.Scope, services []endpoints.Service) (*rules, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	r := &rules{scope: s, catalog: c, index: make(map[rule]int), ranges: publishedRanges(s), ranged: make(map[endpoints.Service]bool)}
	if r.catalog == nil {
		r.catalog = endpoints.Embedded()
	}
	filled, err := r.fill()
	if err != nil {
		return nil, err
	}
	needed, err := r.catalog.Select(s, services...)
	if err != nil {
		return nil, err
	}
	for _, e := range needed {
		if filled[ruleOf(e)] {
			continue // the filled-in host is there
		}
		r.index[ruleOf(e)] = len(r.needed)
		r.needed = append(r.needed, e)
	}
	r.seen = make([]bool, len(r.needed))
	r.ports = r.requiredPorts()
	return r, nil
}

// fill adds the tenant's hosts to the catalog, and returns the rules they come
// from. Those rules still label hosts of other tenants.
func (r *rules) fill() (filled map[rule]bool, err error) {
	filled = make(map[rule]bool)
	names := append([]string{r.scope.Tenant}, r.scope.Domains...)
	if len(names) == 1 && names[0] == "" {
		return filled, nil
	}
	all := r.catalog.Endpoints()
	there := make(map[rule]bool, len(all))
	for _, e := range all {
		there[ruleOf(e)] = true
	}
	var add []endpoints.Endpoint
	for _, e := range all {
		for _, name := range names {
			h, ok := e.Host.Expand(name)
			if !ok || e.Host.Kind() != endpoints.Tenant {
				continue
			}
			filled[ruleOf(e)] = true
			own := e
			own.Host, own.Members, own.PathHost = h, nil, ""
			if !there[ruleOf(own)] {
				there[ruleOf(own)] = true
				add = append(add, own)
			}
		}
	}
	if r.catalog, err = r.catalog.With(add...); err != nil {
		return nil, badField("tenant", "the catalog's host is invalid with this tenant")
	}
	return filled, nil
}

// A match is what the rules say about a host and a port.
type match struct {
	need    endpoints.Need
	service endpoints.Service
	phase   endpoints.Phase
	rule    string // empty if no rule covers the host
	status  endpoints.Status

	// offPort says that the host's rules have other ports.
	offPort bool
}

// match returns what the rules say about a host and a port, and marks rules of
// the scope as used. Port 0 means any port.
//
// Rules of the scope come first, since they are what the network must allow,
// the most specific first. Among rules with the same pattern, the most needed
// one decides.
func (r *rules) match(host string, port uint16) match {
	found := r.catalog.Match(host, port)
	offPort := false
	if len(found) == 0 && port != 0 {
		found = r.catalog.Match(host, 0)
		offPort = true
	}
	if len(found) == 0 && isAddress(host) {
		return r.matchAddress(host, port)
	}
	best := match{need: endpoints.NotNeeded}
	var pattern endpoints.Host
	for _, e := range found {
		m := match{
			need: endpoints.NotNeeded, service: e.Service, phase: e.Phase, rule: e.Host.String(), status: e.Status, offPort: offPort,
		}
		if i, ok := r.index[ruleOf(e)]; ok {
			m.need = r.scope.Need(e)
			r.seen[i] = r.seen[i] || !offPort
		}
		better := m.need < best.need && (best.need == endpoints.NotNeeded || pattern == e.Host)
		if best.rule == "" || better {
			best, pattern = m, e.Host
		}
	}
	return best
}

// mayNeed reports whether a required rule of the scope has the port of an
// entry.
func (r *rules) mayNeed(e Entry) bool {
	return slices.ContainsFunc(r.ports, func(p endpoints.Port) bool {
		return (e.Port == 0 || e.Port == p.Number) && (e.Transport == "" || e.Transport == p.Transport)
	})
}

// requiredPorts returns the ports of the scope's required rules, without the
// services that have no public names: devices have resolvers and domain
// controllers of their own, and no others are required.
func (r *rules) requiredPorts() []endpoints.Port {
	var out []endpoints.Port
	for _, e := range r.needed {
		if e.Host.Kind() == endpoints.Placeholder || r.scope.Need(e) != endpoints.Required {
			continue
		}
		for _, p := range e.Ports {
			if p.Protocol = ""; !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// missing returns the required rules of the scope that no request matched.
func (r *rules) missing() []Missing {
	used := maps.Clone(r.ranged)
	for i, e := range r.needed {
		used[e.Service] = used[e.Service] || r.seen[i]
	}
	out := []Missing{}
	for i, e := range r.needed {
		if r.seen[i] || !r.expected(e) {
			continue
		}
		out = append(out, Missing{
			Service: e.Service, Host: e.Host.String(), Phase: e.Phase, Decisive: e.Decisive, ServiceSeen: used[e.Service],
		})
	}
	return out
}

// expected reports whether a log of the scope's devices should have a request to
// a rule: it is required, a log can show it, and its region and TPM vendor are
// known to be those of the scope.
func (r *rules) expected(e endpoints.Endpoint) bool {
	return r.scope.Need(e) == endpoints.Required && isWeb(e) &&
		(e.Region == "" || r.scope.Region != "") && (e.TPM == "" || r.scope.TPM != "")
}

// isWeb reports whether a log of web traffic can show the endpoint.
func isWeb(e endpoints.Endpoint) bool {
	return e.Host.Kind() != endpoints.Placeholder && slices.ContainsFunc(e.Ports, func(p endpoints.Port) bool {
		return p.Transport == "tcp" && (p.Protocol == "http" || p.Protocol == "https")
	})
}
