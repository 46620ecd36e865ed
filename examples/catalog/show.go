package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/netready/netready/endpoints"
)

// show lists the endpoints of a catalogue.
func (c command) show() (status int, err error) {
	catalog, err := c.load(c.catalog)
	if err != nil {
		return 0, err
	}
	eps := catalog.Select(c.query)
	if len(eps) == 0 {
		status = exitNo
	}
	if c.format == formatJSON {
		doc := jsonShow{Schema: "netready-catalog/1", Catalog: jsonCatalog{catalog.Version(), catalog.Date()}, Endpoints: []jsonEndpoint{}}
		for _, e := range eps {
			doc.Endpoints = append(doc.Endpoints, c.jsonEndpoint(e))
		}
		return status, c.printJSON(doc)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Catalogue %s: %s%s.\n", catalog.Version(), count(len(eps), "endpoint"), c.scope())
	var service endpoints.Service
	for _, e := range eps {
		if e.Service != service {
			service = e.Service
			fmt.Fprintf(&b, "\n%s (%s)\n", catalog.Title(service), service)
		}
		fmt.Fprintf(&b, "  %-55s  %s\n", e.Host, c.line(e))
	}
	return status, c.print(&b)
}

// scope says what the endpoints were chosen by.
func (c command) scope() string {
	var words []string
	q := c.query
	if q.Scenario != "" {
		words = append(words, string(q.Scenario))
	}
	if q.Cloud == "" {
		q.Cloud = endpoints.CloudWorldwide
	}
	words = append(words, string(q.Cloud))
	for _, word := range []string{string(q.Region), string(q.TPM), joined(q.Features)} {
		if word != "" {
			words = append(words, word)
		}
	}
	if q.Windows != "" {
		words = append(words, "Windows "+string(q.Windows))
	}
	return " for " + strings.Join(words, ", ")
}

// line is an endpoint in one line, without its host.
func (c command) line(e endpoints.Endpoint) string {
	words := []string{c.need(e)}
	if e.Core {
		words = append(words, "core")
	}
	words = append(words, ports(e))
	if e.Status != endpoints.StatusCurrent {
		words = append(words, string(e.Status))
	}
	for _, narrow := range []string{string(e.Region), string(e.TPM), joined(e.Features)} {
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
	if c.query.Cloud == "" {
		return endpoints.CloudWorldwide
	}
	return c.query.Cloud
}

// need is the need in the scenario, or that of most scenarios.
func (c command) need(e endpoints.Endpoint) string { return e.NeedFor(c.query.Scenario).String() }

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
