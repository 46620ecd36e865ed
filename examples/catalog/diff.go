package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
)

// A difference is everything that differs between two catalogs.
type difference struct {
	command
	before, after *endpoints.Catalog
	changes       []changes.Change
	support       []supportChange
	notes         bool // those of the catalogs as a whole
	meanings      []meaning
}

// A supportChange is a change in whether a cloud offers a scenario.
type supportChange struct {
	Scenario endpoints.Scenario `json:"scenario"`
	Cloud    endpoints.Cloud    `json:"cloud"`
	Old      string             `json:"old"`
	New      string             `json:"new"`
}

// diff lists the differences between two catalogs and their effects.
func (c command) diff() (status int, err error) {
	d := difference{command: c}
	if d.before, err = c.load(c.args[0]); err != nil {
		return 0, err
	}
	other := c.catalog
	if len(c.args) > 1 {
		other = c.args[1]
	}
	if d.after, err = c.load(other); err != nil {
		return 0, err
	}
	d.changes = slices.DeleteFunc(changes.Diff(d.before, d.after), d.beside())
	d.compareSupport()
	d.notes = !slices.Equal(d.before.Notes(), d.after.Notes())
	if d.meanings, err = d.means(); err != nil {
		return 0, err
	}
	if len(d.changes)+len(d.support) > 0 || d.notes {
		status = exitNo
	}
	if c.format == formatJSON {
		return status, c.printJSON(d.json())
	}
	var b bytes.Buffer
	d.text(&b)
	return status, c.print(&b)
}

// clouds returns the requested clouds.
func (c command) clouds() []endpoints.Cloud {
	if c.scope.Cloud == "" {
		return endpoints.Clouds()
	}
	return []endpoints.Cloud{c.scope.Cloud}
}

// scenarios returns the requested scenarios.
func (c command) scenarios() []endpoints.Scenario {
	if c.scope.Scenario == "" {
		return endpoints.Scenarios()
	}
	return []endpoints.Scenario{c.scope.Scenario}
}

// beside returns a function that reports whether a change lies outside the
// request. Without filters, the request covers everything, including names that
// are not current.
func (d *difference) beside() func(changes.Change) bool {
	if reflect.ValueOf(d.scope).IsZero() && d.services == nil {
		return func(changes.Change) bool { return false }
	}
	type key struct {
		service endpoints.Service
		host    endpoints.Host
	}
	chosen := make(map[key]bool)
	here := d.options
	for _, here.scope.Cloud = range d.clouds() {
		for _, e := range append(d.before.Endpoints(), d.after.Endpoints()...) {
			if here.wants(e) {
				chosen[key{e.Service, e.Host}] = true
			}
		}
	}
	return func(c changes.Change) bool { return !chosen[key{c.Service, c.Host}] }
}

// compareSupport finds the answers that differ.
func (d *difference) compareSupport() {
	for _, s := range d.scenarios() {
		for _, cloud := range d.clouds() {
			if was, is := answer(d.before.Support(s, cloud)), answer(d.after.Support(s, cloud)); was != is {
				d.support = append(d.support, supportChange{s, cloud, was, is})
			}
		}
	}
}

// answer says whether Microsoft offers something, with the source.
func answer(known endpoints.Known, windows endpoints.Windows, source endpoints.Source) string {
	text := "not-documented"
	switch known {
	case endpoints.Confirmed:
		text = "yes"
	case endpoints.Contradicted:
		text = "no"
	case endpoints.Unknown:
	}
	if windows != "" {
		text += ", only for Windows " + string(windows)
	}
	if source.Title != "" {
		text += " (" + source.Title + ", " + source.Date + ")"
	}
	return text
}

// kind is what happened to an endpoint.
func kind(c changes.Change) string {
	switch {
	case c.Added():
		return "added"
	case c.Removed():
		return "removed"
	default:
		return "changed"
	}
}

// text writes the difference for people.
func (d *difference) text(b *bytes.Buffer) {
	n := make(map[string]int)
	for _, c := range d.changes {
		n[kind(c)]++
	}
	fmt.Fprintf(b, "Catalog %s to %s: %d added, %d removed, %d changed.\n",
		d.before.Version(), d.after.Version(), n["added"], n["removed"], n["changed"])
	var service endpoints.Service
	for _, c := range d.changes {
		if c.Service != service {
			service = c.Service
			fmt.Fprintf(b, "\n%s\n", service)
		}
		switch {
		case c.Added():
			fmt.Fprintf(b, "  + %s: %s\n", c.Host, d.line(c.New))
		case c.Removed():
			fmt.Fprintf(b, "  - %s: %s\n", c.Host, d.line(c.Old))
		default:
			fmt.Fprintf(b, "  ~ %s\n", c.Host)
			for _, f := range c.Fields {
				fmt.Fprintf(b, "      %s: %s\n", f, change(f, c.Old, c.New))
			}
		}
	}
	if d.notes {
		fmt.Fprintf(b, "\nThe catalog's general notes differ.\n")
	}
	for i, s := range d.support {
		if i == 0 {
			fmt.Fprintf(b, "\nWhere scenarios are offered\n")
		}
		fmt.Fprintf(b, "  %s in %s: %s -> %s\n", s.Scenario, s.Cloud, s.Old, s.New)
	}
	d.effectText(b, len(d.changes) > 0)
}

type jsonDiff struct {
	Schema  string          `json:"schema"`
	Old     jsonCatalog     `json:"old"`
	New     jsonCatalog     `json:"new"`
	Changes []jsonChange    `json:"changes"`
	Notes   bool            `json:"notes"` // of the catalog differ
	Support []supportChange `json:"support"`
	Effects []jsonMeaning   `json:"effects"`
}

type jsonChange struct {
	Kind    string            `json:"kind"`
	Service endpoints.Service `json:"service"`
	Host    endpoints.Host    `json:"host"`
	Fields  []jsonField       `json:"fields"`
}

type jsonField struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

type jsonMeaning struct {
	Kind      changes.EffectKind   `json:"kind"`
	Need      endpoints.Need       `json:"need"`
	Scenarios []endpoints.Scenario `json:"scenarios"`
	Clouds    []endpoints.Cloud    `json:"clouds"`
	Hosts     []endpoints.Host     `json:"hosts"`
	Text      string               `json:"text"`
}

func (d *difference) json() jsonDiff {
	doc := jsonDiff{
		Schema: "netready-catalog-diff/1", Old: jsonCatalog{d.before.Version(), d.before.Date()}, New: jsonCatalog{d.after.Version(), d.after.Date()},
		Changes: []jsonChange{}, Notes: d.notes, Support: list(d.support), Effects: []jsonMeaning{},
	}
	for _, c := range d.changes {
		change := jsonChange{Kind: kind(c), Service: c.Service, Host: c.Host, Fields: []jsonField{}}
		for _, f := range c.Fields {
			change.Fields = append(change.Fields, jsonField{f, value(f, c.Old), value(f, c.New)})
		}
		doc.Changes = append(doc.Changes, change)
	}
	for _, m := range d.meanings {
		doc.Effects = append(doc.Effects, jsonMeaning{m.kind, m.need, m.scenarios, m.clouds, m.hosts, m.String()})
	}
	return doc
}

// hostNames returns hosts with commas between them.
func hostNames(hosts []endpoints.Host) string {
	var out []string
	for _, h := range hosts {
		out = append(out, h.String())
	}
	return strings.Join(out, ", ")
}
