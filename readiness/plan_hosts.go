package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// noSearchDomain is the reason for not testing names that devices look up in
// the network's search domains, if the network has none.
const noSearchDomain = "the network has no search domain to look it up in"

// controllerRecords is the prefix of the SRV records that list a domain's
// domain controllers ([MS-ADTS] section 6.3.2.3).
const controllerRecords = "_ldap._tcp.dc._msdcs."

// planned returns the scope that selects a plan's endpoints. It includes the
// endpoints that only features need, even features that s does not name, except
// Remote Help and mail.
func planned(s endpoints.Scope, c *endpoints.Catalog) endpoints.Scope {
	wide := s
	if wide.Windows == "" {
		_, wide.Windows, _ = c.Support(s.Scenario, cloudOf(s))
	}
	wide.Features = nil
	// These features add endpoints that nothing else has. If one is named, all
	// others must be listed too.
	adding := []endpoints.Feature{endpoints.FeatureRemoteHelp, endpoints.FeatureMail}
	named := func(f endpoints.Feature) bool { return slices.Contains(s.Features, f) }
	if slices.ContainsFunc(adding, named) {
		wide.Features = slices.DeleteFunc(endpoints.Features(), func(f endpoints.Feature) bool {
			return slices.Contains(adding, f) && !named(f)
		})
	}
	return wide
}

// hosts returns the names through which an endpoint is tested. why says why
// there are none.
func (p *planner) hosts(e *endpoints.Endpoint) (hosts []string, why string) {
	switch e.Host.Kind() {
	case endpoints.Exact:
		return []string{e.Host.String()}, ""
	case endpoints.Tenant:
		return p.tenantHosts(e)
	case endpoints.Placeholder:
		switch {
		case e.Service == endpoints.ServiceDNS:
			return p.controlNames(func(endpoints.Endpoint) bool { return true }), "it has no name to look up"
		case e.Service == endpoints.ServiceProxy:
			return p.plan.SearchDomains, noSearchDomain
		case isController(e):
			return p.controllers(e)
		}
		return nil, "it has no public name"
	case endpoints.Suffix, endpoints.Glob:
		members := slices.DeleteFunc(slices.Clone(e.Members), func(name string) bool { return p.foreign[name] })
		if len(e.Members) > 0 {
			return members, "its documented members serve other regions or devices"
		}
		return nil, "the pattern has no documented member"
	}
	return nil, "the kind of host is unknown"
}

// others returns the names that the scenario needs in the cloud, but not for
// the scope's region, TPM and Windows. A pattern must not be tested through
// them.
func (p *planner) others() (map[string]bool, error) {
	out := make(map[string]bool)
	wide := planned(p.plan.Scope, p.plan.Catalog)
	sampled := func(e endpoints.Endpoint) bool { return len(e.Members) > 0 }
	if wide.Region == "" && wide.TPM == "" && wide.Windows == "" || !slices.ContainsFunc(p.selected, sampled) {
		return out, nil
	}
	wide.Region, wide.TPM, wide.Windows = "", "", ""
	needed, err := p.plan.Catalog.Select(wide)
	if err != nil {
		return nil, err
	}
	for _, e := range needed {
		if e.Host.Kind() == endpoints.Exact {
			out[e.Host.String()] = true
		}
	}
	for _, pl := range p.plan.layout {
		delete(out, pl.endpoint.Host.String())
	}
	return out, nil
}

// tenantHosts inserts the tenant's name, or each of its domains, into a name.
func (p *planner) tenantHosts(e *endpoints.Endpoint) (hosts []string, why string) {
	s := p.plan.Scope
	for _, name := range append([]string{s.Tenant}, s.Domains...) {
		if h, ok := e.Host.Expand(name); ok && !slices.Contains(hosts, h.String()) {
			hosts = append(hosts, h.String())
		}
	}
	switch {
	case len(e.CNAMEs) > 0 && len(e.CNAMEs[cloudOf(s)]) == 0:
		return nil, "no document gives the target of this CNAME record in this cloud"
	case strings.Contains(e.Host.String(), "{domain}"):
		return hosts, "the name contains a verified domain of the tenant, and none was given"
	}
	return hosts, "the name contains the tenant's name, which was not given"
}

// controllers returns the name of the SRV records that list the domain
// controllers.
func (p *planner) controllers(e *endpoints.Endpoint) (hosts []string, why string) {
	s := p.plan.Scope
	fixed := func(p endpoints.Port) bool { return p.Transport == "tcp" && p.Last == 0 }
	switch {
	case !slices.ContainsFunc(e.Ports, fixed):
		return nil, "" // no request would prove anything
	case e.NeedFor(s.Scenario) != endpoints.Required:
		return nil, "not every setup needs it"
	case s.ADDomain == "" || s.Scenario != endpoints.ScenarioHybridJoin:
		return nil, "the Active Directory domain was not given"
	}
	return []string{controllerRecords + adDomain(s)}, ""
}

func isController(e *endpoints.Endpoint) bool {
	return e.Service == endpoints.ServiceHybridDomainController && strings.HasPrefix(e.Host.String(), "$domain-controller")
}
