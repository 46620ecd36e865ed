package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// CauseDNSFiltered means that DNS withholds names or resolves them to the wrong
// host.
const CauseDNSFiltered CauseCode = "dns.filtered"

// unfilter is the remedy for wrong DNS answers about names.
func unfilter(names []string) string {
	return "Exempt " + these(names) + " from DNS filtering, so that the DNS servers return the public answers: " + some(names, fewNames) + "."
}

// dnsFiltered finds names that are withheld while others resolve. Microsoft
// retires names, so a missing name counts only if the documents require it or
// another resolver knows it.
func dnsFiltered(v *view) []found {
	missing := v.coded(probe.DNSNXDomain, probe.DNSNoData)
	required := make(map[string]bool)
	for _, i := range missing {
		if v.required(i) && v.outcomes.excuses[i] == unexcused {
			required[v.target(i).Host] = true
		}
	}
	domains := v.withheldDomains(required)
	checks := v.coded(probe.DNSSinkhole, probe.DNSBlocked, InternalZone)
	for _, i := range missing {
		host := v.target(i).Host
		_, domain, _ := strings.Cut(host, ".")
		if within(host, required) || within(domain, domains) || contradicted(v.obs[i].DNS) || ruled(v.obs[i]) || inPrivateZone(v.obs[i]) || v.target(i).Protocol == probe.SOA {
			checks = append(checks, i)
		}
	}
	checks = append(checks, v.open(func(i int, r outcome) bool {
		return v.target(i).Protocol == probe.SOA && r.code == probe.DNSRefused
	})...)
	slices.Sort(checks)
	if len(checks) == 0 {
		return nil
	}
	remedy := unfilter(v.exempt(checks))
	if slices.ContainsFunc(checks, func(i int) bool { return inPrivateZone(v.obs[i]) }) {
		remedy = "Add records for " + these(v.names(checks)) + " to the private DNS zone, or let it fall back to the internet: " + some(v.exempt(checks), fewNames) + "."
	}
	return []found{{Cause: Cause{
		Title:    "DNS withholds " + countOrName(v.names(checks), "name"),
		Evidence: append(v.resolverEvidence(checks), shouldExist(v.names(checks), required)...),
		Remedy:   remedy,
		Names:    v.exempt(checks),
	}, explains: unreached(checks...)}}
}

// shouldExist says which of the names are required, so that their absence is no
// oddity of the internet.
func shouldExist(names []string, required map[string]bool) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !required[n] })
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []string{"The catalog requires " + names[0] + ", so it should exist."}
	default:
		return []string{"The catalog requires these names, so they should exist: " + list(names) + "."}
	}
}

// within reports whether a name is in names or below one of them.
func within(name string, names map[string]bool) bool {
	for ; name != ""; _, name, _ = strings.Cut(name, ".") {
		if names[name] {
			return true
		}
	}
	return false
}

// withheldDomains returns the domains that are withheld as a whole: none of the
// names below has an address, and one of them is required and missing.
func (v *view) withheldDomains(required map[string]bool) map[string]bool {
	if len(required) == 0 {
		return nil
	}
	out := make(map[string]bool)
	alive := make(map[string]bool)
	for i, r := range v.outcomes.each {
		name := v.target(i).Host
		if v.obs[i].DNS == nil || v.obs[i].DNS.Name != name || v.target(i).Protocol == probe.SOA || v.outcomes.excuses[i] != unexcused {
			continue
		}
		for _, domain, _ := strings.Cut(name, "."); strings.Contains(domain, "."); _, domain, _ = strings.Cut(domain, ".") {
			alive[domain] = alive[domain] || !gone(r.code)
			out[domain] = out[domain] || required[name]
		}
	}
	for domain := range alive {
		out[domain] = out[domain] && !alive[domain]
	}
	return out
}

// required reports whether the documents require the exact name of a check.
func (v *view) required(check int) bool {
	for e := range v.endpoints(check) {
		exact := e.Host.Kind() == endpoints.Exact &&
			(e.Decisive || e.NeedFor(v.plan.Scope.Scenario) == endpoints.Required || declared(v.plan.Scope, *e))
		if exact || e.Service == endpoints.ServiceDNS {
			return true
		}
	}
	return false
}
