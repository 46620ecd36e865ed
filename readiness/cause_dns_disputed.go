package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// dnsDisputed finds names that one DNS server withholds while another resolves
// them. Which server a device asks depends on chance or on the order that DHCP
// gives, so lookups fail from time to time, whatever the check found.
func dnsDisputed(v *view) []found {
	denied := make(map[string]bool)
	for i := range v.plan.Checks {
		if v.explained(i) == CauseDNSFiltered {
			denied[v.target(i).Host] = true
		}
	}
	var hit []int
	servers := make(map[string]bool)
	for i, r := range v.outcomes.each {
		f := v.obs[i].DNS
		if f == nil || r.status == NotRun || v.obs[i].Proxy != nil || denied[f.Name] {
			continue
		}
		for _, q := range f.Queries {
			if disputed(f, q) && !v.outcomes.signs.noIPv6.of(q) {
				servers[q.Resolver.Addr().String()] = true
				hit = append(hit, i)
			}
		}
	}
	hit = slices.Compact(hit)
	if len(hit) == 0 {
		return nil
	}
	names := countOrName(v.names(hit), "name")
	title := fmt.Sprintf("One DNS server withholds %s that another resolves", names)
	if len(servers) > 1 {
		title = fmt.Sprintf("%d DNS servers withhold %s that another resolves", len(servers), names)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: append(v.resolverEvidence(hit), "Another DNS server that this machine uses returns the addresses. Windows accepts the first answer it gets."),
		Remedy:   "Use DHCP to assign devices only DNS servers that resolve " + these(v.exempt(hit)) + ": " + some(v.exempt(hit), fewNames) + ".",
		Names:    v.exempt(hit),
	}, affects: hit}}
}

// contradicted reports whether a resolver withholds what another resolves.
func contradicted(f *probe.DNSFacts) bool {
	return f != nil && slices.ContainsFunc(f.Queries, func(q probe.DNSQuery) bool { return disputed(f, q) })
}

// disputed reports whether an answer withholds what another resolver's gives.
func disputed(f *probe.DNSFacts, q probe.DNSQuery) bool {
	return withholds(q) && slices.ContainsFunc(f.Queries, func(o probe.DNSQuery) bool {
		return o.Type == q.Type && o.Code == "" && len(o.Addresses) > 0
	})
}

// withholds reports whether an answer withholds an address. Many names have no
// IPv6 address, so a missing one does not count.
func withholds(q probe.DNSQuery) bool {
	switch q.Code {
	case probe.DNSNXDomain, probe.DNSSinkhole, probe.DNSBlocked:
		return true
	case probe.DNSNoData:
		return q.Type == "A"
	}
	return false
}

// dnsHalfWithheld finds names for which DNS withholds the addresses of one
// family. Devices that have only that family cannot reach them.
func dnsHalfWithheld(v *view) []found {
	var out []found
	for _, family := range []struct {
		name string
		code func(*probe.DNSFacts) probe.Code
	}{
		{"IPv4", func(f *probe.DNSFacts) probe.Code { return f.IPv4Code }},
		{"IPv6", func(f *probe.DNSFacts) probe.Code { return f.IPv6Code }},
	} {
		var hit []int
		for i, r := range v.outcomes.each {
			f := v.obs[i].DNS
			if f == nil || r.status == NotRun || v.obs[i].Proxy != nil {
				continue
			}
			if c := family.code(f); c != probe.DNSSinkhole && c != probe.DNSBlocked {
				continue
			}
			if family.name == "IPv4" || !slices.ContainsFunc(f.Queries, v.outcomes.signs.noIPv6.of) {
				hit = append(hit, i)
			}
		}
		if len(hit) == 0 {
			continue
		}
		out = append(out, found{Cause: Cause{
			Title:    "DNS withholds the " + family.name + " addresses of " + countOrName(v.names(hit), "name"),
			Evidence: append(v.resolverEvidence(hit), "DNS returns the addresses of the other family. A device that has only "+family.name+" cannot reach "+these(v.names(hit))+"."),
			Remedy:   "Exempt " + these(v.exempt(hit)) + " from DNS filtering for every record type: " + some(v.exempt(hit), fewNames) + ".",
			Names:    v.exempt(hit),
		}, affects: hit})
	}
	return out
}
