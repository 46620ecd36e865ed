package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// moreHandshakes makes a few checks of unrelated owners, core hosts first, try
// other handshakes as well. Faults of the path concern everyone, so a few are
// enough.
func (p *planner) moreHandshakes() {
	const enough = 5
	var order []int
	for i, c := range p.checks {
		if c.target.Protocol == probe.HTTPS && len(c.endpoints) > 0 && p.plan.Catalog.Fact(c.target.Host, c.target.Port).Known != endpoints.Contradicted {
			order = append(order, i)
		}
	}
	rank := func(i int) int {
		decisive := func(e int) bool { return p.plan.layout[e].endpoint.Decisive }
		if slices.ContainsFunc(p.checks[i].endpoints, decisive) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(p.phase(p.checks[a]), p.phase(p.checks[b])),
			cmp.Compare(p.checks[a].target.Host, p.checks[b].target.Host))
	})
	seen := make(map[string]bool)
	for _, i := range order {
		t := &p.checks[i].target
		if owner := zone(t.Host); !seen[owner] && len(seen) < enough {
			seen[owner] = true
			t.Handshakes = true
		}
	}
}
