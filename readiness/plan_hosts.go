package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// controllerRecords are the SRV records that list the domain controllers of a
// domain, which follows ([MS-ADTS] section 6.3.2.3).
const controllerRecords = "_ldap._tcp.dc._msdcs."

// query returns what of a catalogue a scope asks for.
func query(s Scope, c *endpoints.Catalog) endpoints.Query {
	q := endpoints.Query{Scenario: s.Scenario, Cloud: s.cloud(), Region: s.Region, TPM: s.TPM, Windows: s.Windows}
	if q.Windows == "" {
		q.Windows = c.Support(s.Scenario, s.cloud()).Windows
	}
	if slices.Contains(s.Features, endpoints.FeatureRemoteHelp) {
		q.Features = endpoints.Features() // it adds what no scenario has; nothing else is to be left out
	}
	return q
}

// hosts returns the names through which an endpoint is tested, or why there are none.
func (p *planner) hosts(e *endpoints.Endpoint) (hosts []string, why string) {
	switch e.Host.Kind() {
	case endpoints.Exact:
		return []string{e.Host.String()}, ""
	case endpoints.Tenant:
		return p.tenantHosts(e)
	case endpoints.Placeholder:
		switch {
		case e.Service == endpoints.ServiceDNS:
			return p.controlNames(func(endpoints.Endpoint) bool { return true }), "no name to ask for"
		case e.Service == endpoints.ServiceProxy:
			return p.plan.Scope.SearchDomains, "no domain in which to look for it"
		case isController(e):
			return p.controllers(e)
		}
		return nil, "it has no public name"
	case endpoints.Suffix, endpoints.Glob:
		members := slices.DeleteFunc(slices.Clone(e.Members), func(name string) bool { return p.foreign[name] })
		if len(e.Members) > 0 {
			return members, "its documented members are for other regions or devices"
		}
		return nil, "a pattern without a documented member"
	}
	return nil, "an unknown kind of host"
}

// others returns the names that the scenario needs in the cloud, but not for the
// region, the TPM and the Windows of the scope. A pattern that covers one of
// them is not to be tested through it.
func (p *planner) others() map[string]bool {
	out := make(map[string]bool)
	wide := query(p.plan.Scope, p.plan.Catalog)
	if wide.Region == "" && wide.TPM == "" && wide.Windows == "" {
		return out
	}
	wide.Region, wide.TPM, wide.Windows = "", "", ""
	for _, e := range p.plan.Catalog.Select(wide) {
		if e.Host.Kind() == endpoints.Exact {
			out[e.Host.String()] = true
		}
	}
	for _, pl := range p.plan.Endpoints {
		delete(out, pl.Endpoint.Host.String())
	}
	return out
}

// tenantHosts fills in the tenant's name, or each of its domains.
func (p *planner) tenantHosts(e *endpoints.Endpoint) (hosts []string, why string) {
	s := p.plan.Scope
	for _, name := range append([]string{s.Tenant}, s.Domains...) {
		if h, ok := e.Host.Expand(name); ok && !slices.Contains(hosts, h.String()) {
			hosts = append(hosts, h.String())
		}
	}
	switch {
	case len(e.CNAMEs) > 0 && len(e.CNAMEs[s.cloud()]) == 0:
		return nil, "no document says what it is an alias of in this cloud"
	case strings.Contains(e.Host.String(), "{domain}"):
		return hosts, "the name holds a verified domain of the tenant, and none was given"
	}
	return hosts, "the name holds the tenant's name, which was not given"
}

// controllers returns the name of the SRV records through which a domain
// controller is found.
func (p *planner) controllers(e *endpoints.Endpoint) (hosts []string, why string) {
	s := p.plan.Scope
	fixed := func(p endpoints.Port) bool { return p.Transport == "tcp" && p.Last == 0 }
	switch {
	case !slices.ContainsFunc(e.Ports, fixed):
		return nil, "" // nothing that is sent would prove anything
	case e.NeedFor(s.Scenario) != endpoints.Required:
		return nil, "not every set-up needs it"
	case s.ADDomain == "" || s.Scenario != endpoints.ScenarioHybridJoin:
		return nil, "the Active Directory domain was not given"
	}
	return []string{controllerRecords + s.adDomain()}, ""
}

// isController reports whether an endpoint is a domain controller.
func isController(e *endpoints.Endpoint) bool {
	return e.Service == endpoints.ServiceHybridDomainController && strings.HasPrefix(e.Host.String(), "$domain-controller")
}
