package changes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// An EffectKind says what a difference between two catalogs means for an
// allowlist.
type EffectKind string

// The kinds of effects, in the order in which [Effects] returns them.
const (
	NamesAdded       EffectKind = "names-added"       // allow these names
	NeedRaised       EffectKind = "need-raised"       // needed more than before
	PortsAdded       EffectKind = "ports-added"       // open these ports
	ExemptionAdded   EffectKind = "exemption-added"   // the document now forbids TLS inspection
	NamesRemoved     EffectKind = "names-removed"     // no longer needed
	NeedLowered      EffectKind = "need-lowered"      // needed less than before
	PortsRemoved     EffectKind = "ports-removed"     // no longer needed
	ExemptionRemoved EffectKind = "exemption-removed" // the document no longer forbids TLS inspection
	FactsChanged     EffectKind = "facts-changed"     // nothing to do: notes, sources, members and so on
)

// An Effect is what the differences between two catalogs mean for a scope: the
// names that have the same need and are affected in the same way.
type Effect struct {
	Kind     EffectKind
	Scenario endpoints.Scenario // of the scope; may be empty
	Need     endpoints.Need     // after the change, or before the removal
	Hosts    []endpoints.Host   // sorted, without repetitions
}

// Effects returns what the differences between two catalogs mean for a scope,
// restricted to the given services, if any, the most urgent first. [Diff]
// compares endpoints; Effects compares names, so a name that another service
// needed before is not new. The need of a name is the strongest of all
// services, see [endpoints.Scope.Need]. A name that is no longer current counts
// as removed.
//
// The error is an [*endpoints.Error] if the scope is invalid or neither catalog
// has one of the services.
func Effects(s endpoints.Scope, before, after *endpoints.Catalog, services ...endpoints.Service) ([]Effect, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if err := checkServices(services, before, after); err != nil {
		return nil, err
	}
	was, is := names(s, services, before), names(s, services, after)
	found := make(map[effectKey][]endpoints.Host)
	note := func(kind EffectKind, need endpoints.Need, h endpoints.Host) {
		key := effectKey{kind, need}
		found[key] = append(found[key], h)
	}
	for h, n := range is {
		old, ok := was[h]
		if !ok {
			note(NamesAdded, n.need, h)
			continue
		}
		for _, kind := range n.since(old) {
			note(kind, n.need, h)
		}
	}
	for h, n := range was {
		if _, ok := is[h]; !ok {
			note(NamesRemoved, n.need, h)
		}
	}
	for _, h := range changedFacts(was, is, before, after) {
		note(FactsChanged, is[h].need, h)
	}
	var out []Effect
	for key, hosts := range found {
		slices.SortFunc(hosts, func(a, b endpoints.Host) int { return strings.Compare(a.String(), b.String()) })
		out = append(out, Effect{Kind: key.kind, Scenario: s.Scenario, Need: key.need, Hosts: hosts})
	}
	slices.SortFunc(out, func(a, b Effect) int {
		return cmp.Or(cmp.Compare(a.Kind.order(), b.Kind.order()), cmp.Compare(a.Need, b.Need))
	})
	return out, nil
}

// checkServices returns an error unless one of the catalogs has each service.
func checkServices(services []endpoints.Service, before, after *endpoints.Catalog) error {
	known := after.Services()
	for _, s := range before.Services() {
		if !slices.Contains(known, s) {
			known = append(known, s)
		}
	}
	for _, s := range services {
		if !slices.Contains(known, s) {
			bad := &endpoints.Error{Code: endpoints.BadValue, Field: "service", Value: string(s), Reason: "unknown"}
			for _, k := range known {
				bad.Want = append(bad.Want, string(k))
			}
			return bad
		}
	}
	return nil
}

type effectKey struct {
	kind EffectKind
	need endpoints.Need
}

// order returns the position of k among the kinds.
func (k EffectKind) order() int {
	return slices.Index([]EffectKind{
		NamesAdded, NeedRaised, PortsAdded, ExemptionAdded, NamesRemoved, NeedLowered, PortsRemoved, ExemptionRemoved, FactsChanged,
	}, k)
}

// A name combines all endpoints of one host.
type name struct {
	need     endpoints.Need
	ports    map[endpoints.Port]bool // without their protocols
	exempt   bool
	services map[endpoints.Service]bool
}

func names(s endpoints.Scope, services []endpoints.Service, c *endpoints.Catalog) map[endpoints.Host]name {
	out := make(map[endpoints.Host]name)
	for _, e := range c.Endpoints() {
		need := s.Need(e)
		if need == endpoints.NotNeeded || len(services) > 0 && !slices.Contains(services, e.Service) {
			continue
		}
		n, ok := out[e.Host]
		if !ok {
			n = name{need: need, ports: make(map[endpoints.Port]bool), services: make(map[endpoints.Service]bool)}
		}
		n.need = min(n.need, need)
		n.exempt = n.exempt || e.Has(endpoints.TraitNoInspection)
		n.services[e.Service] = true
		for _, p := range s.Ports(e) {
			p.Protocol = ""
			n.ports[p] = true
		}
		out[e.Host] = n
	}
	return out
}

// since returns the kinds of changes since old.
func (n name) since(old name) []EffectKind {
	var kinds []EffectKind
	switch {
	case n.need < old.need:
		kinds = append(kinds, NeedRaised)
	case n.need > old.need:
		kinds = append(kinds, NeedLowered)
	}
	if lacks(old.ports, n.ports) {
		kinds = append(kinds, PortsAdded)
	}
	if lacks(n.ports, old.ports) {
		kinds = append(kinds, PortsRemoved)
	}
	switch {
	case n.exempt && !old.exempt:
		kinds = append(kinds, ExemptionAdded)
	case !n.exempt && old.exempt:
		kinds = append(kinds, ExemptionRemoved)
	}
	return kinds
}

// lacks reports whether a lacks a port of b.
func lacks(a, b map[endpoints.Port]bool) bool {
	for p := range b {
		if !a[p] {
			return true
		}
	}
	return false
}

// changedFacts returns the names that changed in other ways.
func changedFacts(was, is map[endpoints.Host]name, before, after *endpoints.Catalog) []endpoints.Host {
	var out []endpoints.Host
	for _, c := range Diff(before, after) {
		old, now := was[c.Host], is[c.Host]
		if old.services == nil || now.services == nil || slices.Contains(out, c.Host) {
			continue
		}
		if (old.services[c.Service] || now.services[c.Service]) && len(now.since(old)) == 0 {
			out = append(out, c.Host)
		}
	}
	return out
}

// String returns the effect in words, as in "3 new required names for autopatch".
func (e Effect) String() string {
	plural := "s"
	if len(e.Hosts) == 1 {
		plural = ""
	}
	whom := string(e.Scenario)
	if whom == "" {
		whom = "any scenario"
	}
	format := map[EffectKind]string{
		NamesAdded:       "%d new %s name%s for %s",
		NeedRaised:       "%d now %s name%s for %s",
		PortsAdded:       "%d %s name%s with more ports for %s",
		ExemptionAdded:   "%d %s name%s newly exempt from TLS inspection for %s",
		NamesRemoved:     "%d %s name%s fewer for %s",
		NeedLowered:      "%d now only %s name%s for %s",
		PortsRemoved:     "%d %s name%s with fewer ports for %s",
		ExemptionRemoved: "%d %s name%s no longer exempt from TLS inspection for %s",
		FactsChanged:     "%d %s name%s with other facts for %s",
	}[e.Kind]
	if format == "" {
		format = "%d %s name%s for %s"
	}
	return fmt.Sprintf(format, len(e.Hosts), e.Need, plural, whom)
}
