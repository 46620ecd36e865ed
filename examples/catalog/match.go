package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"github.com/netready/netready/endpoints"
)

type jsonMatch struct {
	Name      string         `json:"name"` // as given
	Endpoints []jsonEndpoint `json:"endpoints"`
}

// match lists the endpoints that cover each name.
func (c command) match() (status int, err error) {
	catalog, err := c.load(c.catalog)
	if err != nil {
		return 0, err
	}
	var b bytes.Buffer
	docs := []jsonMatch{}
	for i, arg := range c.args {
		host, port, err := splitPort(arg)
		if err != nil {
			return 0, err
		}
		found := catalog.Match(host, port)
		if len(found) == 0 {
			status = exitNo
		}
		doc := jsonMatch{Name: arg, Endpoints: []jsonEndpoint{}}
		for _, e := range found {
			doc.Endpoints = append(doc.Endpoints, c.jsonEndpoint(e))
		}
		docs = append(docs, doc)
		if i > 0 {
			b.WriteByte('\n')
		}
		c.explain(&b, catalog, arg, found)
	}
	if c.format == formatJSON {
		return status, c.printJSON(docs)
	}
	return status, c.print(&b)
}

// explain says which endpoints cover a name.
func (c command) explain(b *bytes.Buffer, catalog *endpoints.Catalog, name string, found []endpoints.Endpoint) {
	fmt.Fprintf(b, "%s\n", name)
	if len(found) == 0 {
		fmt.Fprintf(b, "  No documented rule covers it.\n")
	}
	for _, e := range found {
		fmt.Fprintf(b, "  %s: %s\n", e.Host, catalog.Title(e.Service))
		fmt.Fprintf(b, "    %s\n", c.line(e))
		fmt.Fprintf(b, "    Used by:  %s in %s\n", joined(e.Scenarios), joined(e.Clouds))
		fmt.Fprintf(b, "    Without:  %s\n", e.Consequence)
		fmt.Fprintf(b, "    Source:   %s (%s): %s, %s\n", e.Source.Title, e.Source.Date, e.Source.Ref, e.Confidence)
	}
}

// splitPort separates a port from a name, if there is one. The port 0 means none.
func splitPort(arg string) (host string, port uint16, err error) {
	host = arg
	if _, e := netip.ParseAddr(arg); e != nil {
		if h, p, e := net.SplitHostPort(arg); e == nil {
			n, e := strconv.ParseUint(p, 10, 16)
			if e != nil || n == 0 {
				return "", 0, fmt.Errorf("%q: %q is no port", arg, p)
			}
			host, port = h, uint16(n)
		}
	}
	h, err := endpoints.ParseHost(host)
	if err != nil {
		return "", 0, err
	}
	if h.Kind() != endpoints.Exact {
		return "", 0, fmt.Errorf("%q is a pattern, and no name", host)
	}
	return h.String(), port, nil
}
