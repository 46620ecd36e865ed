package readiness

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A rule is a name or pattern that a firewall must allow, and its ports.
type rule struct {
	name   string
	ports  []string // as in "TCP 443", sorted; nil means any
	single int      // 1 for a name, 0 for a pattern
	weight weight
}

// A weight says how much depends on a check.
type weight struct {
	rank  int // by impact; a decisive endpoint counts more
	phase int // the earliest phase
}

func (v *view) weight(check int) weight {
	w := weight{2 * v.impact[check].rank(), math.MaxInt}
	decisive := false
	for e := range v.endpoints(check) {
		decisive = decisive || e.Decisive
		w.phase = min(w.phase, e.Phase.Order())
	}
	if decisive {
		w.rank++
	}
	return w
}

// compare sorts the greater weight first.
func (w weight) compare(o weight) int {
	return cmp.Or(cmp.Compare(o.rank, w.rank), cmp.Compare(w.phase, o.phase))
}

func (w weight) or(o weight) weight {
	if o.compare(w) < 0 {
		return o
	}
	return w
}

// rules returns a rule for each host of checks, the most important first. A
// pattern replaces the hosts that it covers and takes the greatest weight of
// them.
func (v *view) rules(checks []int, hosts func(check int) []endpoints.Host, port func(check int) string) []rule {
	var byPort grouping[string, int]
	for _, i := range checks {
		byPort.add(port(i), i)
	}
	at := make(map[string]*rule)
	for p, of := range byPort.all() {
		var all []endpoints.Host
		for _, i := range of {
			all = append(all, hosts(i)...)
		}
		widest := covering(all)
		for _, i := range of {
			for _, h := range hosts(i) {
				h = widest(h)
				r := at[h.String()]
				if r == nil {
					r = &rule{name: h.String(), weight: v.weight(i)}
					if h.Kind() == endpoints.Exact {
						r.single = 1
					}
					at[r.name] = r
				}
				r.weight = r.weight.or(v.weight(i))
				if p != "" && !slices.Contains(r.ports, p) {
					r.ports = append(r.ports, p)
				}
			}
		}
	}
	var out []rule
	for _, r := range at {
		slices.SortFunc(r.ports, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b rule) int {
		return cmp.Or(cmp.Compare(b.weight.rank, a.weight.rank), cmp.Compare(a.single, b.single),
			cmp.Compare(a.weight.phase, b.weight.phase), cmp.Compare(a.name, b.name))
	})
	return out
}

// allow returns what a firewall must allow for checks, as in "TCP 443 to *.x,
// y", and all names in it.
func (v *view) allow(checks []int) (text string, names []string) {
	rules := v.rules(checks, v.documented, func(i int) string {
		return fmt.Sprintf("%s %d", v.transport(i), v.target(i).Port)
	})
	for _, r := range rules {
		names = append(names, r.name)
	}
	var parts []string
	for ports, of := range groupBy(rules[:min(len(rules), fewNames)], func(r rule) string { return strings.ReplaceAll(strings.Join(r.ports, " and "), " and TCP ", " and ") }).all() {
		var shown []string
		for _, r := range of {
			shown = append(shown, r.name)
		}
		parts = append(parts, ports+" to "+strings.Join(shown, ", "))
	}
	return strings.Join(parts, "; ") + rest(len(names), fewNames), names
}

// exempt returns the documented names and patterns of checks on any port.
func (v *view) exempt(checks []int) []string { return v.anyPort(checks, v.documented) }

func (v *view) anyPort(checks []int, hosts func(check int) []endpoints.Host) []string {
	var out []string
	for _, r := range v.rules(checks, hosts, func(int) string { return "" }) {
		out = append(out, r.name)
	}
	return out
}

// documented returns the names and patterns that a check stands for, or the
// tested name if the document has no public one.
func (v *view) documented(check int) []endpoints.Host {
	var out []endpoints.Host
	for e := range v.endpoints(check) {
		h := e.Host
		if h.Kind() == endpoints.Placeholder || h.Kind() == endpoints.Tenant {
			if exact, err := endpoints.ParseHost(v.target(check).Host); err == nil {
				h = exact
			}
		}
		out = append(out, h)
	}
	return out
}

// covering returns a function that returns the widest pattern in hosts that
// covers its argument, or the argument itself.
func covering(hosts []endpoints.Host) func(endpoints.Host) endpoints.Host {
	suffixes := make(map[string]endpoints.Host) // by the domain below the wildcard
	for _, h := range hosts {
		if h.Kind() == endpoints.Suffix {
			suffixes[strings.TrimPrefix(h.String(), "*.")] = h
		}
	}
	return func(h endpoints.Host) endpoints.Host {
		name := strings.TrimPrefix(h.String(), "*.")
		for _, domain, more := strings.Cut(name, "."); more; _, domain, more = strings.Cut(domain, ".") {
			if p, ok := suffixes[domain]; ok && p.Match(name) {
				h = p
			}
		}
		return h
	}
}

// ports describes the host that checks share and their ports, with the
// documented pattern if no document names the host.
func (v *view) ports(checks []int) string {
	var out []string
	for _, i := range checks {
		t := v.target(i)
		out = append(out, fmt.Sprintf("%s port %d", v.transport(i), t.Port))
	}
	slices.Sort(out)
	host := v.target(checks[0]).Host
	s := host + " on " + strings.Join(slices.Compact(out), " and ")
	named := slices.ContainsFunc(checks, func(i int) bool {
		return slices.ContainsFunc(v.documented(i), func(h endpoints.Host) bool { return h.String() == host })
	})
	if names := v.exempt(checks); !named && len(names) > 0 {
		s += " (documented as " + some(names, fewNames) + ")"
	}
	return s
}

// shares joins each list of a remedy. It shows fewNames names in all, and some
// of each list.
func shares(lists ...[]string) []string {
	left := 0
	for _, l := range lists {
		left += min(len(l), leastShare)
	}
	room := fewNames
	var out []string
	for _, l := range lists {
		left -= min(len(l), leastShare)
		n := min(len(l), room-left)
		room -= n
		out = append(out, some(l, n))
	}
	return out
}
