package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

// show lists the endpoints of a catalog.
func (c command) show() (status int, err error) {
	catalog, err := c.load(c.catalog)
	if err != nil {
		return 0, err
	}
	if _, err := catalog.Select(c.scope, c.services...); err != nil {
		return 0, err
	}
	if err := c.check(catalog); err != nil {
		return 0, err
	}
	eps := slices.DeleteFunc(catalog.Endpoints(), func(e endpoints.Endpoint) bool { return !c.wants(e) || !c.chooses(catalog, e) })
	if len(eps) == 0 {
		status = exitNo
	}
	if c.format == formatJSON {
		doc := jsonShow{Schema: "netready-catalog/1", Catalog: jsonCatalog{catalog.Version(), catalog.Date()}, Endpoints: []jsonEndpoint{}}
		for _, e := range eps {
			doc.Endpoints = append(doc.Endpoints, c.jsonEndpoint(catalog, e.Host.String(), e))
		}
		return status, c.printJSON(doc)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Catalog %s: %s%s.\n", catalog.Version(), count(len(eps), "endpoint"), c.chosen())
	var service endpoints.Service
	for _, e := range eps {
		if e.Service != service {
			service = e.Service
			fmt.Fprintf(&b, "\n%s (%s)\n", catalog.Title(service), service)
		}
		line := c.line(e)
		if len(c.known) > 0 {
			line += "; " + knownLine(catalog, e.Host.String(), e)
		}
		fmt.Fprintf(&b, "  %-55s  %s\n", e.Host, line)
	}
	return status, c.print(&b)
}

// chosen says what the endpoints were chosen by.
func (c command) chosen() string {
	var words []string
	q := c.scope
	if q.Scenario != "" {
		words = append(words, string(q.Scenario))
	}
	if q.Cloud == "" {
		q.Cloud = endpoints.CloudWorldwide
	}
	words = append(words, string(q.Cloud))
	for _, word := range []string{string(q.Region), string(q.TPM), cli.Joined(q.Features)} {
		if word != "" {
			words = append(words, word)
		}
	}
	if q.Windows != "" {
		words = append(words, "Windows "+string(q.Windows))
	}
	return " for " + strings.Join(words, ", ") + c.chosenBy()
}

// line is an endpoint in one line, without its host.
func (c command) line(e endpoints.Endpoint) string {
	words := []string{c.need(e)}
	if e.Decisive {
		words = append(words, "decisive")
	}
	words = append(words, ports(e))
	if e.Status != endpoints.StatusCurrent {
		words = append(words, string(e.Status))
	}
	for _, narrow := range []string{string(e.Region), string(e.TPM), cli.Joined(e.Features)} {
		if narrow != "" {
			words = append(words, narrow)
		}
	}
	if w := e.Windows[c.cloud()]; w != "" {
		words = append(words, "Windows "+string(w))
	}
	if e.Has(endpoints.TraitNoInspection) {
		words = append(words, "no TLS inspection")
	}
	return strings.Join(words, "; ")
}

// cloud returns the cloud, with the default filled in.
func (c command) cloud() endpoints.Cloud {
	if c.scope.Cloud == "" {
		return endpoints.CloudWorldwide
	}
	return c.scope.Cloud
}

// need is the need in the scenario, or that of most scenarios.
func (c command) need(e endpoints.Endpoint) string { return e.NeedFor(c.scope.Scenario).String() }

func ports(e endpoints.Endpoint) string {
	return value("ports", e)
}

// count returns a number with its noun, in the plural unless it is one.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
