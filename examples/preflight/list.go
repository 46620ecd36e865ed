package main

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// writePlan writes what a run would do. It contacts nothing.
func (c command) writePlan(w io.Writer, plan *readiness.Plan, n connection) error {
	resolvers, err := c.asked(n)
	if err != nil {
		return fmt.Errorf("the DNS servers of this machine: %w", err)
	}
	l := listing{plan: plan, proxy: n.proxy, resolvers: resolvers, given: n.network.Resolvers != nil}
	if c.format == formatJSON {
		return l.json(w)
	}
	return l.text(w)
}

// A listing is everything that a plan comes to.
type listing struct {
	plan      *readiness.Plan
	proxy     string
	resolvers []netip.AddrPort
	given     bool // the resolvers are not the machine's
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
	fmt.Fprintf(b, "Scope:        %s\n", strings.Join(scopeWords(p.Scope), ", "))
	for _, n := range p.Notes {
		fmt.Fprintf(b, "Note:         %s\n", n)
	}
	fmt.Fprintf(b, "Data:         catalogue %s\n", p.Catalog.Version())
	fmt.Fprintf(b, "DNS servers:  %s\n", l.resolverWords())
	proxy := "none; everything goes direct"
	if l.proxy != "" {
		proxy = l.proxy + " for web traffic; it resolves those names itself"
	}
	fmt.Fprintf(b, "Proxy:        %s\n", proxy)
	fmt.Fprintf(b, "Besides:      where certificates that are shown say to ask whether they are revoked\n")
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

// checks writes the checks in the order in which they will begin.
func (l listing) checks(b *bytes.Buffer) {
	group := ""
	for _, c := range l.plan.Checks {
		if g := l.group(c); g != group {
			fmt.Fprintf(b, "\n%s\n", g)
			group = g
		}
		what := c.Target.Addr() + c.Target.Path
		switch c.Target.Protocol {
		case probe.ProtocolDNS:
			what = c.Target.Host
		case probe.ProtocolNXDomain:
			what = "a random name below " + c.Target.Host
		case probe.ProtocolCNAME:
			what = c.Target.Host
		case probe.ProtocolSRV:
			what = fmt.Sprintf("%s, TCP port %d of each", c.Target.Host, c.Target.Port)
		}
		if c.Target.Direct && len(c.Endpoints) > 0 {
			what += ", past the proxy"
		}
		fmt.Fprintf(b, "  %-8s  %-55s  %s\n", c.Target.Protocol, what, strings.Join(l.serviceTitles(c), ", "))
	}
}

// group names the part of the plan that a check belongs to: the earliest phase
// that needs it.
func (l listing) group(c readiness.Check) string {
	if c.Target.Protocol == probe.ProtocolDNS || c.Target.Protocol == probe.ProtocolNXDomain {
		return "First: do the DNS servers resolve names of the internet?"
	}
	if c.Target.Direct && len(c.Endpoints) == 0 {
		return "For comparison: are these reached without the proxy?"
	}
	var first endpoints.Phase
	for i, e := range c.Endpoints {
		if p := l.plan.Endpoints[e].Endpoint.Phase; i == 0 || p.Order() < first.Order() {
			first = p
		}
	}
	return first.Title()
}

// services returns the services that a check is for, in order of the plan.
func (l listing) services(c readiness.Check) []endpoints.Service {
	var out []endpoints.Service
	for _, e := range c.Endpoints {
		if s := l.plan.Endpoints[e].Endpoint.Service; !slices.Contains(out, s) {
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
	for _, e := range l.plan.Endpoints {
		if e.Untested == "" {
			continue
		}
		g := group{e.Untested, l.plan.Catalog.Title(e.Endpoint.Service)}
		if hosts[g] == nil {
			order = append(order, g)
		}
		hosts[g] = append(hosts[g], e.Endpoint.Host.String())
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
			fmt.Fprintf(b, "  %s:\n", reason)
		}
		for _, h := range hosts[g] {
			fmt.Fprintf(b, "    %-60s  %s\n", h, g.service)
		}
	}
}

func (l listing) hosts(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nEvery name that will be asked for or contacted\n")
	for _, h := range l.plan.Hosts() {
		fmt.Fprintf(b, "  %s\n", h)
	}
}

// scopeWords returns what is set of a scope.
func scopeWords(s readiness.Scope) []string {
	out := []string{string(s.Scenario), string(s.Cloud)}
	if s.Tenant != "" {
		out = append(out, "tenant "+strings.Join(append([]string{s.Tenant}, s.Domains...), ", "))
	}
	if s.ADDomain != "" {
		out = append(out, "Active Directory domain "+s.ADDomain)
	}
	if s.Region != "" {
		out = append(out, "region "+string(s.Region))
	}
	if s.TPM != "" {
		out = append(out, "TPM "+string(s.TPM))
	}
	if s.Windows != "" {
		out = append(out, "Windows "+string(s.Windows))
	}
	for _, f := range s.Features {
		out = append(out, string(f))
	}
	return out
}
