package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/internal/plain"
)

type jsonMatch struct {
	Name       string         `json:"name"` // as given; of a URL, the scheme and the host
	Endpoints  []jsonEndpoint `json:"endpoints"`
	OtherPorts []string       `json:"other_ports"` // of the most specific rules, if they lack the port
	Ranges     []jsonRange    `json:"ranges"`      // that hold an address
}

type jsonRange struct {
	Range   netip.Prefix      `json:"range"`
	Cloud   endpoints.Cloud   `json:"cloud"`
	Service endpoints.Service `json:"service"`
	Hosts   []endpoints.Host  `json:"hosts"`
	Set     int               `json:"set,omitempty"`
	Note    string            `json:"note,omitempty"`
	Source  jsonSource        `json:"source"`
}

// match lists the endpoints that cover each name, and the published ranges that
// hold each address.
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
		doc := jsonMatch{Name: shown(arg), Endpoints: []jsonEndpoint{}, OtherPorts: []string{}, Ranges: c.rangesOf(host, port)}
		for _, e := range found {
			doc.Endpoints = append(doc.Endpoints, c.jsonEndpoint(catalog, host, e))
		}
		others := catalog.Match(host, 0)
		others = slices.DeleteFunc(others, func(e endpoints.Endpoint) bool {
			return len(found) > 0 && e.Host != others[0].Host // the most specific rules are the name's own
		})
		if len(found) == 0 || found[0].Host != others[0].Host {
			for _, e := range others {
				doc.OtherPorts = append(doc.OtherPorts, portTexts(e)...)
			}
			slices.Sort(doc.OtherPorts)
			doc.OtherPorts = slices.Compact(doc.OtherPorts)
		}
		if len(found) == 0 && len(doc.Ranges) == 0 {
			status = exitNo
		}
		docs = append(docs, doc)
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", doc.Name)
		c.explain(&b, catalog, host, found)
		c.explainRanges(&b, catalog, doc.Ranges)
		switch {
		case len(found) == 0 && len(doc.Ranges) == 0:
			explainNothing(&b, host, port, others)
		case len(found) > 0 && found[0].Host != others[0].Host:
			fmt.Fprintf(&b, "  A more specific rule has other ports than %d:\n", port)
			explainPorts(&b, others)
		}
	}
	if c.format == formatJSON {
		return status, c.printJSON(docs)
	}
	return status, c.print(&b)
}

// explain says which endpoints cover a name.
func (c command) explain(b *bytes.Buffer, catalog *endpoints.Catalog, host string, found []endpoints.Endpoint) {
	for _, e := range found {
		fmt.Fprintf(b, "  %s: %s\n", e.Host, catalog.Title(e.Service))
		fmt.Fprintf(b, "    %s\n", c.line(e))
		fmt.Fprintf(b, "    Used by:  %s in %s\n", cli.Joined(e.Scenarios), cli.Joined(e.Clouds))
		fmt.Fprintf(b, "    Without:  %s\n", e.Loss)
		fmt.Fprintf(b, "    Known:    %s\n", knownLine(catalog, host, e))
		if len(e.ReplacedBy) > 0 {
			fmt.Fprintf(b, "    Instead:  %s\n", cli.Joined(e.ReplacedBy))
		}
		for _, d := range droppedBy(e) {
			fmt.Fprintf(b, "    Dropped:  %s (%s) no longer names it, for %s\n", d.Source.Title, d.Source.Date, cli.Joined(d.Scenarios))
		}
		fmt.Fprintf(b, "    Source:   %s (%s): %s, %s\n", e.Source.Title, e.Source.Date, e.Source.Ref, e.Basis)
	}
}

// droppedBy returns the documents that no longer name an endpoint.
func droppedBy(e endpoints.Endpoint) []jsonDropped {
	out := []jsonDropped{}
	for _, s := range endpoints.Scenarios() {
		source, ok := e.DroppedBy[s]
		if !ok {
			continue
		}
		i := slices.IndexFunc(out, func(d jsonDropped) bool { return d.Source == jsonSource(source) })
		if i < 0 {
			i = len(out)
			out = append(out, jsonDropped{Source: jsonSource(source)})
		}
		out[i].Scenarios = append(out[i].Scenarios, s)
	}
	return out
}

// explainNothing says that no rule covers a name and port, and lists the ports
// that its rules have.
func explainNothing(b *bytes.Buffer, host string, port uint16, others []endpoints.Endpoint) {
	_, err := netip.ParseAddr(host)
	switch {
	case len(others) > 0:
		fmt.Fprintf(b, "  No documented rule has port %d:\n", port)
		explainPorts(b, others)
	case err == nil:
		fmt.Fprintf(b, "  No documented rule or published range covers it. Few services publish their ranges.\n")
	default:
		fmt.Fprintf(b, "  No documented rule covers it.\n")
	}
}

func explainPorts(b *bytes.Buffer, rules []endpoints.Endpoint) {
	for _, e := range rules {
		fmt.Fprintf(b, "    %s (%s) has %s\n", e.Host, e.Service, ports(e))
	}
}

// rangesOf returns the built-in ranges that contain an address, in the
// requested clouds. Names have none.
func (c command) rangesOf(host string, port uint16) []jsonRange {
	out := []jsonRange{}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return out
	}
	for _, s := range ranges.Embedded() {
		if !slices.Contains(c.clouds(), s.Cloud) || port != 0 && !slices.ContainsFunc(s.Ports, func(p endpoints.Port) bool { return p.Contains(port) }) {
			continue
		}
		for _, prefix := range s.Prefixes {
			if prefix.Contains(addr.Unmap()) {
				out = append(out, jsonRange{prefix, s.Cloud, s.Service, list(s.Hosts), s.ID, s.Note, jsonSource(s.Source)})
			}
		}
	}
	return out
}

// explainRanges says which ranges hold an address.
func (c command) explainRanges(b *bytes.Buffer, catalog *endpoints.Catalog, found []jsonRange) {
	for _, r := range found {
		fmt.Fprintf(b, "  %s: %s in %s\n", r.Range, catalog.Title(r.Service), r.Cloud)
		if len(r.Hosts) > 0 {
			fmt.Fprintf(b, "    Hosts:    %s\n", hostNames(r.Hosts))
		}
		if r.Note != "" {
			fmt.Fprintf(b, "    Note:     %s\n", r.Note)
		}
		fmt.Fprintf(b, "    Source:   %s (%s): %s\n", r.Source.Title, r.Source.Date, r.Source.Ref)
	}
}

func portTexts(e endpoints.Endpoint) []string {
	var out []string
	for _, p := range e.Ports {
		out = append(out, p.String())
	}
	return out
}

// shown returns a name, address or URL as reports have it: URLs are often pasted
// from logs, and may hold credentials.
func shown(arg string) string {
	if u, err := url.Parse(arg); err == nil && u.Host != "" {
		arg = u.Scheme + "://" + u.Host
	}
	return plain.Line(arg)
}

// splitPort splits a name, address or URL into host and port. Port 0 means
// none.
func splitPort(arg string) (host string, port uint16, err error) {
	host = arg
	if scheme, _, ok := strings.Cut(arg, "://"); ok {
		u, err := url.Parse(arg)
		if err != nil || u.Host == "" {
			return "", 0, fmt.Errorf("%q is not a URL", arg)
		}
		host = u.Host
		standard := map[string]string{"http": "80", "https": "443"}[strings.ToLower(scheme)]
		switch {
		case u.Port() == "" && standard == "":
			return "", 0, fmt.Errorf("%q: no default port is known for the scheme %q: give a port", arg, scheme)
		case u.Port() == "":
			host = net.JoinHostPort(u.Hostname(), standard)
		}
	}
	if _, e := netip.ParseAddr(host); e != nil {
		if h, p, e := net.SplitHostPort(host); e == nil {
			n, e := strconv.ParseUint(p, 10, 16)
			if e != nil || n == 0 {
				return "", 0, fmt.Errorf("%q: %q is not a port", arg, p)
			}
			host, port = h, uint16(n)
		}
	}
	h, err := endpoints.ParseHost(host)
	if err != nil {
		return "", 0, err
	}
	if h.Kind() != endpoints.Exact {
		return "", 0, fmt.Errorf("%q is a pattern, not a name", host)
	}
	return h.String(), port, nil
}
