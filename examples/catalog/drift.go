package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

// A driftReport is how a catalog differs from what Microsoft publishes.
type driftReport struct {
	difference // what it means

	pubs       []publication
	deviations []deviation
}

// drift compares a catalog with extracts of documents or, without any, with the
// Microsoft 365 endpoint service.
func (c command) drift() (status int, err error) {
	r := driftReport{difference: difference{command: c}}
	if r.before, err = c.load(c.catalog); err != nil {
		return 0, err
	}
	if len(c.args) > 0 {
		r.pubs, err = c.readPublications()
	} else {
		r.pubs, err = c.askService()
	}
	if err != nil {
		return 0, err
	}
	r.pubs = slices.DeleteFunc(r.pubs, func(p publication) bool {
		return c.scope.Cloud != "" && p.cloud != c.scope.Cloud && p.support == nil
	})
	r.deviations = slices.DeleteFunc(compare(r.before, r.pubs), func(d deviation) bool {
		return c.scope.Cloud != "" && d.Cloud != c.scope.Cloud
	})
	if r.after, err = amend(r.before, r.pubs, r.deviations); err != nil {
		return 0, err
	}
	if r.meanings, err = r.means(); err != nil {
		return 0, err
	}
	slices.SortStableFunc(r.deviations, func(a, b deviation) int {
		return cmp.Or(strings.Compare(a.List, b.List), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Subject, b.Subject))
	})
	if len(r.deviations) > 0 {
		status = exitNo
	}
	if c.format == formatJSON {
		return status, c.printJSON(r.json())
	}
	var b bytes.Buffer
	r.text(&b)
	return status, c.print(&b)
}

// askService returns the endpoint service's lists for the requested clouds,
// including Intune's own list.
func (c command) askService() ([]publication, error) {
	client := m365.Client{
		HTTP:         c.http,
		ServiceAreas: []string{m365.AreaCommon, m365.AreaExchange, m365.AreaSharePoint, m365.AreaSkype, m365.AreaMEM},
	}
	var out []publication
	for _, cloud := range c.clouds() {
		answer, err := client.Endpoints(context.Background(), cloud)
		if err != nil {
			return nil, err
		}
		for _, problem := range answer.Problems {
			return nil, fmt.Errorf("endpoint service lists for %s: %w", cloud, problem)
		}
		out = append(out, publicationsOf(answer)...)
	}
	return out, nil
}

// text writes the report for people.
func (r *driftReport) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "Catalog %s (%s): %s from %s.\n", r.before.Version(), r.before.Date(), count(len(r.deviations), "difference"), count(len(r.pubs), "list"))
	list := ""
	for _, d := range r.deviations {
		if d.List != list {
			list = d.List
			fmt.Fprintf(b, "\n%s\n", list)
		}
		fmt.Fprintf(b, "  %-13s  %s (%s): %s\n", d.Kind, d.Subject, d.Cloud, d.Detail)
	}
	skipped := make(map[string][]string)
	for _, p := range r.pubs {
		if p.skipped != "" {
			skipped[p.skipped] = append(skipped[p.skipped], p.name)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(skipped)) {
		fmt.Fprintf(b, "\nNot compared, because %s:\n  %s\n", why, strings.Join(skipped[why], ", "))
	}
	r.effectText(b, len(r.deviations) > 0)
}

type jsonDrift struct {
	Schema      string        `json:"schema"`
	Catalog     jsonCatalog   `json:"catalog"`
	Lists       []jsonList    `json:"lists"`
	Differences []deviation   `json:"differences"`
	Effects     []jsonMeaning `json:"effects"`
}

type jsonList struct {
	Name    string          `json:"name"`
	Cloud   endpoints.Cloud `json:"cloud"`
	Names   int             `json:"names"`
	Ranges  int             `json:"ranges"`
	Skipped string          `json:"skipped,omitempty"` // why it was not compared
}

func (r *driftReport) json() jsonDrift {
	doc := jsonDrift{
		Schema: "netready-catalog-drift/1", Catalog: jsonCatalog{r.before.Version(), r.before.Date()},
		Lists: []jsonList{}, Differences: list(r.deviations), Effects: r.difference.json().Effects,
	}
	for _, p := range r.pubs {
		doc.Lists = append(doc.Lists, jsonList{p.name, p.cloud, len(p.hosts), len(p.prefixes), p.skipped})
	}
	return doc
}
