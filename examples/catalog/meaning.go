package main

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// A meaning is one effect, and the scenarios and clouds in which it is the same.
type meaning struct {
	kind      endpoints.EffectKind
	need      endpoints.Need
	hosts     []endpoints.Host
	scenarios []endpoints.Scenario
	clouds    []endpoints.Cloud
}

// means returns what the differences mean for the scenarios and clouds that were
// asked for. That facts differ which need nothing done is seen above.
func (d *difference) means() []meaning {
	var out []meaning
	q := d.query
	for _, q.Cloud = range d.clouds() {
		var here []meaning
		for _, q.Scenario = range d.scenarios() {
			for _, e := range endpoints.Effects(q, d.before, d.after) {
				if e.Kind == endpoints.FactsChanged {
					continue
				}
				i := slices.IndexFunc(here, func(m meaning) bool { return m.kind == e.Kind && m.need == e.Need && slices.Equal(m.hosts, e.Hosts) })
				if i < 0 {
					i = len(here)
					here = append(here, meaning{kind: e.Kind, need: e.Need, hosts: e.Hosts})
				}
				here[i].scenarios = append(here[i].scenarios, e.Scenario)
			}
		}
		for _, m := range here {
			i := slices.IndexFunc(out, func(o meaning) bool {
				return m.kind == o.kind && m.need == o.need && slices.Equal(m.hosts, o.hosts) && slices.Equal(m.scenarios, o.scenarios)
			})
			if i < 0 {
				i = len(out)
				out = append(out, m)
			}
			out[i].clouds = append(out[i].clouds, q.Cloud)
		}
	}
	return out
}

// String returns the meaning in one line, with the names.
func (m meaning) String() string {
	e := endpoints.Effect{Kind: m.kind, Need: m.need, Hosts: m.hosts, Scenario: endpoints.Scenario(joined(m.scenarios))}
	return e.String() + " (" + joined(m.clouds) + "): " + hostNames(m.hosts)
}
