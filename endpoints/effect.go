package endpoints

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An EffectKind says what the difference between two catalogues means for those
// who allow names at a firewall or a proxy.
type EffectKind string

// The kinds of effects, in the order in which [Effects] returns them.
const (
	NamesAdded       EffectKind = "names-added"       // to be allowed
	NeedRaised       EffectKind = "need-raised"       // it matters more than before
	PortsAdded       EffectKind = "ports-added"       // to be opened
	ExemptionAdded   EffectKind = "exemption-added"   // the document now forbids TLS inspection
	NamesRemoved     EffectKind = "names-removed"     // no longer needed
	NeedLowered      EffectKind = "need-lowered"      // it matters less than before
	PortsRemoved     EffectKind = "ports-removed"     // no longer needed
	ExemptionRemoved EffectKind = "exemption-removed" // the document no longer forbids TLS inspection
	FactsChanged     EffectKind = "facts-changed"     // nothing has to be done: notes, sources, members and their like
)

// An Effect is what the differences between two catalogues mean for a query:
// the names that they affect in one way, and that are needed alike.
type Effect struct {
	Kind     EffectKind
	Scenario Scenario // of the query; may be empty
	Need     Need     // of the names, as it is after the change, or was before they were removed
	Hosts    []Host   // sorted, each once
}

// Effects returns what the differences between two catalogues mean for those
// who ask for q, the most urgent first. Where [Diff] compares endpoints, Effects
// compares names: one that another service needed before is not new. A name is
// needed as much as the service needs it that needs it most. A name that is no
// longer current counts as removed, unless q asks for all statuses.
func Effects(q Query, before, after *Catalog) []Effect {
	was, is := names(q, before), names(q, after)
	found := make(map[effectKey][]Host)
	note := func(kind EffectKind, need Need, h Host) {
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
		slices.SortFunc(hosts, func(a, b Host) int { return strings.Compare(a.text, b.text) })
		out = append(out, Effect{Kind: key.kind, Scenario: q.Scenario, Need: key.need, Hosts: hosts})
	}
	slices.SortFunc(out, func(a, b Effect) int {
		return cmp.Or(cmp.Compare(a.Kind.order(), b.Kind.order()), cmp.Compare(a.Need, b.Need))
	})
	return out
}

type effectKey struct {
	kind EffectKind
	need Need
}

// order returns the position of k among the kinds.
func (k EffectKind) order() int {
	return slices.Index([]EffectKind{
		NamesAdded, NeedRaised, PortsAdded, ExemptionAdded, NamesRemoved, NeedLowered, PortsRemoved, ExemptionRemoved, FactsChanged,
	}, k)
}

// A name is what all endpoints of one host come to.
type name struct {
	need     Need
	ports    map[Port]bool // without their protocols
	exempt   bool
	services map[Service]bool
}

func names(q Query, c *Catalog) map[Host]name {
	out := make(map[Host]name)
	for _, e := range c.Select(q) {
		n, ok := out[e.Host]
		if !ok {
			n = name{need: Optional, ports: make(map[Port]bool), services: make(map[Service]bool)}
		}
		n.need = min(n.need, e.NeedFor(q.Scenario))
		n.exempt = n.exempt || e.Has(TraitNoInspection)
		n.services[e.Service] = true
		for _, p := range e.Ports {
			p.Protocol = ""
			n.ports[p] = true
		}
		out[e.Host] = n
	}
	return out
}

// since returns what has changed since a name was as old says.
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

// lacks reports whether a lacks something of b.
func lacks(a, b map[Port]bool) bool {
	for p := range b {
		if !a[p] {
			return true
		}
	}
	return false
}

// changedFacts returns the names of which something else has changed.
func changedFacts(was, is map[Host]name, before, after *Catalog) []Host {
	var out []Host
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
