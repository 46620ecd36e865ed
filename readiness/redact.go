package readiness

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// Redacted returns a copy of r without private data, to be given to others. It
// encodes to JSON like any report, can be read back and judged again, and can
// be a baseline; see [Policy.Against].
//
// The copy has the verdict, the day of the run, and the scope without tenants
// and domains. It keeps only checks that the built-in catalog has for such a
// scope. Of each, it keeps the host, port, step, code, HTTP status and kind of
// root, the issuer of a genuine certificate for the host, and, for a denied
// name, the zone and its operator if the catalog knows the operator. Causes keep
// their code, impact and checks. Everything else is left out: addresses,
// resolvers, proxies, custom names and hosts, aliases, texts, times, services,
// findings, notes and device facts. The address 192.0.2.1 (RFC 5737) shows that
// a name has addresses, 2001:db8::1 (RFC 3849) that it has one at which another
// than the host answers, and alias.ZONE that it has an alias in a zone whose
// operator the catalog knows. The plan can only be read.
//
// The copy of a nil report is empty.
func (r *Report) Redacted() *Report {
	out := new(Report)
	if r == nil || r.Plan == nil {
		return out
	}
	p, err := publicPlan(r.Plan)
	if err != nil {
		return out
	}
	public := make(map[probe.Target]Check, len(p.Checks))
	for _, c := range p.Checks {
		public[sameTarget(c.Target)] = c
	}
	shown := func(checks []Check) []Check {
		var out []Check
		for _, c := range checks {
			if known, ok := public[sameTarget(c.Target)]; ok {
				out = append(out, known)
			}
		}
		return out
	}
	*out = Report{
		Plan: &Plan{Scope: p.Scope, Proxied: p.Proxied, Checks: p.Checks}, Verdict: r.Verdict, CutOff: r.CutOff, Missing: shown(r.Missing),
		Catalog: strings.TrimSuffix(r.Catalog, "+local"), CatalogDate: r.CatalogDate,
	}
	if strings.Trim(out.Catalog, "0123456789-.") != "" { // of a catalog of one's own
		out.Catalog, out.CatalogDate = p.Catalog.Version(), p.Catalog.Date()
	}
	if !r.Started.IsZero() {
		out.Started = r.Started.UTC().Truncate(24 * time.Hour)
	}
	if r.Policy == DocumentedPolicy().Name() || r.Policy == FieldPolicy().Name() {
		out.Policy = r.Policy
	}
	for _, c := range r.Causes {
		if checks := shown(c.Checks); checks != nil {
			out.Causes = append(out.Causes, Cause{Code: c.Code, Impact: c.Impact, Checks: checks})
		}
	}
	for _, o := range r.Observations {
		if known, ok := public[sameTarget(o.Target)]; ok {
			o.Target = known.Target
			out.Observations = append(out.Observations, redacted(p.Catalog, o))
		}
	}
	return out
}

func publicPlan(p *Plan) (*Plan, error) {
	s := p.Scope
	s.Tenant, s.Domains, s.ADDomain = "", nil, ""
	r := Runner{Network: probe.Network{SearchDomains: []string{}, Settings: map[string]string{}}}
	if p.Proxied {
		r.Network.Proxy = func(probe.Target) (*url.URL, error) { return nil, nil } // never called
	}
	return r.Plan(s)
}

// redacted returns the parts of an observation that are not private.
func redacted(c *endpoints.Catalog, o probe.Observation) probe.Observation {
	out := probe.Observation{Target: o.Target, Attempts: o.Attempts, Forgotten: o.Forgotten}
	if o.Error != nil {
		out.Error = &probe.Error{Op: o.Error.Op, Code: o.Error.Code}
	}
	if o.DNS != nil {
		out.DNS = redactedDNS(c, o.DNS, o.Target)
	}
	if o.Proxy != nil {
		out.Proxy = &probe.ProxyFacts{Status: o.Proxy.Status, Op: o.Proxy.Op, Code: o.Proxy.Code}
	}
	if o.TLS != nil {
		out.TLS = &probe.TLSFacts{
			ServerName: o.Target.Host, Version: o.TLS.Version, VerifiedBy: o.TLS.VerifiedBy, NameMatches: o.TLS.NameMatches, Alert: o.TLS.Alert,
		}
		// A genuine certificate for other names may be of the organization's CA.
		if genuine(o.TLS) && o.TLS.NameMatches && len(o.TLS.Chain) > 0 {
			out.TLS.Chain = []probe.Certificate{{Issuer: o.TLS.Chain[0].Issuer}}
		}
	}
	if intercepted(o) != "" {
		d, addr := alongside(o), netip.MustParseAddr("2001:db8::1")
		out.TCP = &probe.TCPFacts{Dials: []probe.Dial{{
			Addr: netip.AddrPortFrom(addr, o.Target.Port), TLSCode: d.TLSCode,
			TLS: &probe.TLSFacts{ServerName: o.Target.Host, Version: d.TLS.Version, VerifiedBy: d.TLS.VerifiedBy, NameMatches: d.TLS.NameMatches},
		}}}
	}
	if o.HTTP != nil {
		out.HTTP = &probe.HTTPFacts{Status: o.HTTP.Status}
	}
	if o.Revocation != nil {
		out.Revocation = &probe.RevocationFacts{Code: o.Revocation.Code}
	}
	return out
}

// redactedDNS returns the parts of a name's answers that are not private. An
// operator that the catalog does not know may be the network's own, so it is
// left out.
func redactedDNS(c *endpoints.Catalog, f *probe.DNSFacts, t probe.Target) *probe.DNSFacts {
	out := &probe.DNSFacts{Name: t.Host}
	if len(f.Addresses) > 0 {
		out.Addresses = []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	}
	for _, name := range f.CNAMEs {
		if alias := standIn(c, name); alias != noAlias && !slices.Contains(out.CNAMEs, alias) {
			out.CNAMEs = append(out.CNAMEs, alias)
		}
	}
	for _, q := range f.Queries {
		if q.Code == "" && t.Protocol != probe.SOA {
			continue
		}
		kept := probe.DNSQuery{
			Type: q.Type, Transport: q.Transport, Attempts: q.Attempts, RCode: q.RCode, Code: q.Code,
			Authoritative: q.Authoritative, RecursionAvailable: q.RecursionAvailable,
		}
		for _, e := range q.Extended {
			kept.Extended = append(kept.Extended, probe.ExtendedError{InfoCode: e.InfoCode})
		}
		switch {
		case q.SOA == nil:
		case !operated(c, *q.SOA):
			kept.SOA = new(probe.SOARecord)
			if parent(t.Host, q.SOA.Owner) {
				kept.SOA.Owner = q.SOA.Owner
			}
		default:
			kept.SOA = new(*q.SOA)
			if target := last(q.CNAMEs); target != "" {
				kept.CNAMEs = []string{standIn(c, target)}
			}
		}
		out.Queries = append(out.Queries, kept)
	}
	return out
}

// noAlias stands for an alias in a zone without a known operator.
const noAlias = "alias.invalid"

// standIn returns what stands for an alias, which may have the name of a tenant:
// a name in its zone.
func standIn(c *endpoints.Catalog, alias string) string {
	operators := c.Operators(alias)
	switch {
	case len(operators) == 0:
		return noAlias
	case below(alias, operators[0].Zone):
		return "alias." + operators[0].Zone
	}
	return operators[0].Zone
}
