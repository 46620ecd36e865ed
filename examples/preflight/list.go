package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// writePlan writes what a run would do. It contacts nothing.
func (c command) writePlan(w io.Writer, plan *readiness.Plan, n connection) error {
	resolvers, err := c.asked(n)
	if err != nil {
		return fmt.Errorf("the DNS servers of this machine: %w", err)
	}
	l := listing{plan: plan, proxy: n.proxy, resolvers: resolvers, given: n.network.Resolvers != nil, width: cmp.Or(c.width(), 80)}
	if c.format == formatJSON {
		return l.json(w)
	}
	return l.text(w)
}

// A listing is everything in a plan.
type listing struct {
	plan      *readiness.Plan
	proxy     string
	resolvers []netip.AddrPort
	given     bool // the flags set the resolvers
	width     int  // of a line
}

func (l listing) text(w io.Writer) error {
	var b bytes.Buffer
	l.head(&b)
	l.checks(&b)
	l.untested(&b)
	l.hosts(&b)
	_, err := w.Write(b.Bytes())
	return err
}

func (l listing) head(b *bytes.Buffer) {
	p := l.plan
	fmt.Fprintf(b, "PLAN: %d checks of %d hosts; nothing was contacted.\n\n", len(p.Checks), len(p.Hosts()))
	l.wrap(b, "Scope:        ", p.Scope.String())
	for _, n := range p.Notes {
		l.wrap(b, "Note:         ", n)
	}
	l.wrap(b, "Catalog:      ", p.Catalog.Version())
	l.wrap(b, "DNS servers:  ", l.resolverWords())
	proxy := "none; everything goes direct"
	if l.proxy != "" {
		proxy = l.proxy + " for web traffic; it resolves those names itself"
	}
	l.wrap(b, "Proxy:        ", proxy)
	l.wrap(b, "Also:         ", "the revocation and issuer URLs in the certificates that servers show")
}

func (l listing) wrap(b *bytes.Buffer, label, text string) {
	b.WriteString(plain.Paragraph(label, text, l.width))
}

func (l listing) resolverWords() string {
	switch {
	case l.given:
		return addresses(l.resolvers) + " (given)"
	case len(l.resolvers) == 0:
		return "none: this machine has no DNS server configured"
	}
	return addresses(l.resolvers) + " (this machine's)"
}

// checks writes the checks in the order in which they start, each under its
// services.
func (l listing) checks(b *bytes.Buffer) {
	group, services := "", ""
	for _, c := range l.plan.Checks {
		if g := l.group(c); g != group {
			fmt.Fprintf(b, "\n%s\n", g)
			group, services = g, ""
		}
		what := c.Target.Addr() + c.Target.Path
		switch c.Target.Protocol {
		case probe.DNS, probe.SOA:
			what = c.Target.Host
		case probe.NXDomain:
			what = "a random name below " + c.Target.Host
		case probe.CNAME:
			what = c.Target.Host
		case probe.SRV:
			what = fmt.Sprintf("%s, TCP port %d of each", c.Target.Host, c.Target.Port)
		}
		if c.Target.Direct && len(c.Endpoints) > 0 {
			what += ", past the proxy"
		}
		if s := strings.Join(l.serviceTitles(c), ", "); s != services {
			services = s
			if s != "" {
				l.wrap(b, "  ", s)
			}
		}
		l.wrap(b, fmt.Sprintf("    %-8s  ", c.Target.Protocol), what)
	}
}

// group names the part of the plan that has a check: the earliest phase that
// needs it.
func (l listing) group(c readiness.Check) string {
	if c.Target.Protocol == probe.DNS || c.Target.Protocol == probe.NXDomain {
		return "First: do the DNS servers resolve names of the internet?"
	}
	if c.Target.Direct && len(c.Endpoints) == 0 {
		return "For comparison: are these reached without the proxy?"
	}
	var first endpoints.Phase
	for i, e := range c.Endpoints {
		if p := e.Phase; i == 0 || p.Order() < first.Order() {
			first = p
		}
	}
	return first.Title()
}

// services returns a check's services, in plan order.
func (l listing) services(c readiness.Check) []endpoints.Service {
	var out []endpoints.Service
	for _, e := range c.Endpoints {
		if s := e.Service; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (l listing) serviceTitles(c readiness.Check) []string {
	var out []string
	for _, s := range l.services(c) {
		out = append(out, l.plan.Catalog.Title(s))
	}
	return out
}

func (l listing) untested(b *bytes.Buffer) {
	type group struct{ reason, service string }
	var order []group
	hosts := make(map[group][]string)
	for e, reason := range l.plan.Endpoints() {
		if reason == "" {
			continue
		}
		g := group{reason, l.plan.Catalog.Title(e.Service)}
		if hosts[g] == nil {
			order = append(order, g)
		}
		hosts[g] = append(hosts[g], e.Host.String())
	}
	if order == nil {
		return
	}
	fmt.Fprintf(b, "\nNot tested; allow them by name\n")
	slices.SortStableFunc(order, func(a, b group) int { return strings.Compare(a.reason, b.reason) })
	reason := ""
	for _, g := range order {
		if g.reason != reason {
			reason = g.reason
			l.wrap(b, "  ", reason+":")
		}
		l.wrap(b, "    ", g.service+": "+strings.Join(hosts[g], ", "))
	}
}

func (l listing) hosts(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nEvery name that will be looked up or contacted\n")
	for _, h := range l.plan.Hosts() {
		fmt.Fprintf(b, "  %s\n", h)
	}
}
