package traffic

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// rules are the rules of a scope, and which of them were used.
type rules struct {
	query   endpoints.Query
	catalog *endpoints.Catalog // with the hosts of the tenant filled in

	scope []endpoints.Endpoint // those of the scope
	index map[rule]int         // where they are
	seen  []bool               // whether a request was for them
}

// A rule is what tells an endpoint from all others of a catalogue.
type rule struct {
	service endpoints.Service
	host    endpoints.Host
}

func ruleOf(e endpoints.Endpoint) rule { return rule{e.Service, e.Host} }

// newRules returns the rules of a scope. The error is an [*Error].
func newRules(s Scope) (*rules, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	r := &rules{query: s.Query, catalog: s.Catalog, index: make(map[rule]int)}
	if r.catalog == nil {
		r.catalog = endpoints.Embedded()
	}
	filled, err := r.fill(s.Tenant)
	if err != nil {
		return nil, err
	}
	for _, e := range r.catalog.Select(r.query) {
		if filled[ruleOf(e)] {
			continue // the host itself is there
		}
		r.index[ruleOf(e)] = len(r.scope)
		r.scope = append(r.scope, e)
	}
	r.seen = make([]bool, len(r.scope))
	return r, nil
}

// fill adds the hosts of the tenant to the catalogue, and returns the rules
// that they were made of. These go on to name the hosts of other tenants.
func (r *rules) fill(tenant string) (filled map[rule]bool, err error) {
	filled = make(map[rule]bool)
	if tenant == "" {
		return filled, nil
	}
	all := r.catalog.Endpoints()
	there := make(map[rule]bool, len(all))
	for _, e := range all {
		there[ruleOf(e)] = true
	}
	var add []endpoints.Endpoint
	for _, e := range all {
		h, ok := e.Host.Expand(tenant)
		if !ok || e.Host.Kind() != endpoints.Tenant {
			continue
		}
		filled[ruleOf(e)] = true
		e.Host, e.Members, e.PathHost = h, nil, ""
		if !there[ruleOf(e)] {
			there[ruleOf(e)] = true
			add = append(add, e)
		}
	}
	if r.catalog, err = r.catalog.With(add...); err != nil {
		return nil, badField("tenant", "the catalogue's host for it is no host")
	}
	return filled, nil
}

// A match is what the rules say about a host and a port.
type match struct {
	need    Need
	service endpoints.Service
	phase   endpoints.Phase
	rule    string
	status  endpoints.Status

	// offPort says that the rules for the host have other ports.
	offPort bool
}

// match returns what the rules say about a host and a port, and remembers that
// those of the scope were used. Port 0 is any port.
//
// The rules of the scope come before all others, since they are what the
// network has to allow, the most specific of them first. Of those with the same
// pattern, the one that is needed most is decisive.
func (r *rules) match(host string, port uint16) match {
	found := r.catalog.Match(host, port)
	offPort := false
	if len(found) == 0 && port != 0 {
		found = r.catalog.Match(host, 0)
		offPort = true
	}
	var best match
	var pattern endpoints.Host
	for _, e := range found {
		m := match{
			need: NotNeeded, service: e.Service, phase: e.Phase, rule: e.Host.String(), status: e.Status, offPort: offPort,
		}
		if i, ok := r.index[ruleOf(e)]; ok {
			m.need = r.need(e)
			r.seen[i] = r.seen[i] || !offPort
		}
		better := m.need != NotNeeded && (best.need == NotNeeded || pattern == e.Host && m.need.order() < best.need.order())
		if best.need == Unknown || better {
			best, pattern = m, e.Host
		}
	}
	return best
}

// need returns the need of a rule of the scope.
func (r *rules) need(e endpoints.Endpoint) Need {
	n := e.NeedFor(r.query.Scenario)
	if n == endpoints.Conditional && r.declared(e) {
		n = endpoints.Required
	}
	return Need(n.String())
}

// declared reports whether the query names what makes a conditional rule needed.
func (r *rules) declared(e endpoints.Endpoint) bool {
	if e.TPM != "" {
		return r.query.TPM == e.TPM
	}
	return slices.ContainsFunc(e.Features, func(f endpoints.Feature) bool { return slices.Contains(r.query.Features, f) })
}

// missing returns the required rules of the scope that no request was for.
func (r *rules) missing() []Missing {
	used := make(map[endpoints.Service]bool)
	for i, e := range r.scope {
		used[e.Service] = used[e.Service] || r.seen[i]
	}
	out := []Missing{}
	for i, e := range r.scope {
		if r.seen[i] || r.need(e) != Required || !isWeb(e) ||
			e.Region != "" && r.query.Region == "" || e.TPM != "" && r.query.TPM == "" {
			continue
		}
		out = append(out, Missing{
			Service: e.Service, Host: e.Host.String(), Phase: e.Phase, Core: e.Core, ServiceSeen: used[e.Service],
		})
	}
	return out
}

// isWeb reports whether a log of web traffic can show the endpoint.
func isWeb(e endpoints.Endpoint) bool {
	return e.Host.Kind() != endpoints.Placeholder && slices.ContainsFunc(e.Ports, func(p endpoints.Port) bool {
		return p.Transport == "tcp" && (p.Protocol == "http" || p.Protocol == "https")
	})
}
