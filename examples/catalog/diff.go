package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A difference is all that two catalogues differ in.
type difference struct {
	command
	before, after *endpoints.Catalog
	changes       []endpoints.Change
	support       []supportChange
	notes         bool // those of the catalogues as a whole
	meanings      []meaning
}

// A supportChange is another answer to the question where a scenario is offered.
type supportChange struct {
	Scenario endpoints.Scenario `json:"scenario"`
	Cloud    endpoints.Cloud    `json:"cloud"`
	Old      string             `json:"old"`
	New      string             `json:"new"`
}

// diff lists what differs in two catalogues, and what it means.
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
	d.changes = slices.DeleteFunc(endpoints.Diff(d.before, d.after), d.beside())
	d.compareSupport()
	d.notes = !slices.Equal(d.before.Notes(), d.after.Notes())
	d.meanings = d.means()
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

// clouds returns the clouds that were asked for.
func (c command) clouds() []endpoints.Cloud {
	if c.query.Cloud == "" {
		return endpoints.Clouds()
	}
	return []endpoints.Cloud{c.query.Cloud}
}

// scenarios returns the scenarios that were asked for.
func (c command) scenarios() []endpoints.Scenario {
	if c.query.Scenario == "" {
		return endpoints.Scenarios()
	}
	return []endpoints.Scenario{c.query.Scenario}
}

// beside returns a function that reports whether a change is of what was not
// asked for. Without any choice, everything was, names that are not current too.
func (d *difference) beside() func(endpoints.Change) bool {
	q := d.query
	if q.Scenario == "" && q.Cloud == "" && q.Region == "" && q.TPM == "" && q.Windows == "" && q.Features == nil && q.Services == nil {
		return func(endpoints.Change) bool { return false }
	}
	type key struct {
		service endpoints.Service
		host    endpoints.Host
	}
	chosen := make(map[key]bool)
	for _, q.Cloud = range d.clouds() {
		for _, c := range []*endpoints.Catalog{d.before, d.after} {
			for _, e := range c.Select(q) {
				chosen[key{e.Service, e.Host}] = true
			}
		}
	}
	return func(c endpoints.Change) bool { return !chosen[key{c.Service, c.Host}] }
}

// compareSupport finds the answers that differ.
func (d *difference) compareSupport() {
	for _, s := range d.scenarios() {
		for _, cloud := range d.clouds() {
			if was, is := d.before.Support(s, cloud), d.after.Support(s, cloud); was != is {
				d.support = append(d.support, supportChange{s, cloud, answer(was), answer(is)})
			}
		}
	}
}

// answer is whether Microsoft offers something, and who says so.
func answer(s endpoints.Support) string {
	text := s.Status.String()
	if s.Windows != "" {
		text += ", for Windows " + string(s.Windows) + " alone"
	}
	if s.Source.Title != "" {
		text += " (" + s.Source.Title + ", " + s.Source.Date + ")"
	}
	return text
}

// text writes the difference for people.
func (d *difference) text(b *bytes.Buffer) {
	n := make(map[endpoints.ChangeKind]int)
	for _, c := range d.changes {
		n[c.Kind]++
	}
	fmt.Fprintf(b, "Catalogue %s to %s: %d added, %d removed, %d changed.\n",
		d.before.Version(), d.after.Version(), n[endpoints.Added], n[endpoints.Removed], n[endpoints.Changed])
	var service endpoints.Service
	for _, c := range d.changes {
		if c.Service != service {
			service = c.Service
			fmt.Fprintf(b, "\n%s\n", service)
		}
		switch c.Kind {
		case endpoints.Added:
			fmt.Fprintf(b, "  + %s: %s\n", c.Host, d.line(c.New))
		case endpoints.Removed:
			fmt.Fprintf(b, "  - %s: %s\n", c.Host, d.line(c.Old))
		case endpoints.Changed:
			fmt.Fprintf(b, "  ~ %s\n", c.Host)
			for _, f := range c.Fields {
				fmt.Fprintf(b, "      %s: %s\n", f, change(f, c.Old, c.New))
			}
		}
	}
	if d.notes {
		fmt.Fprintf(b, "\nThe notes of the catalogue as a whole differ.\n")
	}
	for i, s := range d.support {
		if i == 0 {
			fmt.Fprintf(b, "\nWhere a scenario is offered\n")
		}
		fmt.Fprintf(b, "  %s in %s: %s -> %s\n", s.Scenario, s.Cloud, s.Old, s.New)
	}
	for i, m := range d.meanings {
		if i == 0 {
			fmt.Fprintf(b, "\nWhat it means for those who allow names\n")
		}
		fmt.Fprintf(b, "  %s\n", m)
	}
	if len(d.changes) > 0 && len(d.meanings) == 0 {
		fmt.Fprintf(b, "\nIt means nothing for those who allow names.\n")
	}
}

type jsonDiff struct {
	Schema  string          `json:"schema"`
	Old     jsonCatalog     `json:"old"`
	New     jsonCatalog     `json:"new"`
	Changes []jsonChange    `json:"changes"`
	Notes   bool            `json:"notes"` // of the catalogue differ
	Support []supportChange `json:"support"`
	Effects []jsonMeaning   `json:"effects"`
}

type jsonChange struct {
	Kind    endpoints.ChangeKind `json:"kind"`
	Service endpoints.Service    `json:"service"`
	Host    endpoints.Host       `json:"host"`
	Fields  []jsonField          `json:"fields"`
}

type jsonField struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

type jsonMeaning struct {
	Kind      endpoints.EffectKind `json:"kind"`
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
		change := jsonChange{Kind: c.Kind, Service: c.Service, Host: c.Host, Fields: []jsonField{}}
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
