package main

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
	"github.com/netready/netready/examples/internal/cli"
)

// A meaning is one effect, and the scenarios and clouds in which it is the same.
type meaning struct {
	kind      changes.EffectKind
	need      endpoints.Need
	hosts     []endpoints.Host
	scenarios []endpoints.Scenario
	clouds    []endpoints.Cloud
}

// means returns the effects of the differences on the requested scenarios and
// clouds, without those that need no action.
func (d *difference) means() ([]meaning, error) {
	var out []meaning
	s := d.scope
	for _, s.Cloud = range d.clouds() {
		var here []meaning
		for _, s.Scenario = range d.scenarios() {
			effects, err := changes.Effects(s, d.before, d.after, d.services...)
			if err != nil {
				return nil, err
			}
			for _, e := range effects {
				if e.Kind == changes.FactsChanged {
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
			out[i].clouds = append(out[i].clouds, s.Cloud)
		}
	}
	return out, nil
}

// effectText writes the effects for people. Without any, it says so if there
// are differences.
func (d *difference) effectText(b *bytes.Buffer, differs bool) {
	for i, m := range d.meanings {
		if i == 0 {
			fmt.Fprintf(b, "\nEffect on allowlists\n")
		}
		fmt.Fprintf(b, "  %s\n", m)
	}
	if differs && len(d.meanings) == 0 {
		fmt.Fprintf(b, "\nNo effect on allowlists.\n")
	}
}

// String returns the meaning in one line, with the names.
func (m meaning) String() string {
	e := changes.Effect{Kind: m.kind, Need: m.need, Hosts: m.hosts, Scenario: endpoints.Scenario(cli.Joined(m.scenarios))}
	return e.String() + " (" + cli.Joined(m.clouds) + "): " + hostNames(m.hosts)
}
