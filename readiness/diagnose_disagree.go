package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// disagreement finds names that one DNS server withholds while another resolves
// them. Which one devices ask is chance, or the order that DHCP gives: it works
// now and then, whatever came of the check.
func (d *diagnosis) disagreement() {
	var hit []int
	servers := make(map[string]bool)
	for i, r := range d.results {
		f := d.obs[i].DNS
		if f == nil || r.status == NotRun || d.obs[i].Proxy != nil || d.denied(f.Name) {
			continue
		}
		for _, q := range f.Queries {
			if disputed(f, q) {
				servers[q.Resolver.Addr().String()] = true
				hit = append(hit, i)
			}
		}
	}
	hit = slices.Compact(hit)
	if len(hit) == 0 {
		return
	}
	names := d.names(hit)
	title := fmt.Sprintf("One DNS server withholds %s, and another does not", count(len(names), "name"))
	if len(servers) > 1 {
		title = fmt.Sprintf("%d DNS servers withhold %s that another resolves", len(servers), count(len(names), "name"))
	}
	d.touch(Cause{
		Code:     CauseDNSFiltered,
		Title:    title,
		Evidence: append(d.resolverEvidence(hit), "Another of the machine's DNS servers resolves them. Windows takes the first answer that it gets for the truth."),
		Remedy:   "Give devices, by DHCP, only DNS servers that resolve these names: " + d.exempt(hit) + ".",
	}, hit...)
}

// halfWithheld finds names of which DNS withholds the addresses of one family
// alone. Devices without the other cannot reach them.
func (d *diagnosis) halfWithheld() {
	for _, family := range []struct {
		name string
		code func(*probe.DNSFacts) probe.Code
	}{
		{"IPv4", func(f *probe.DNSFacts) probe.Code { return f.IPv4Code }},
		{"IPv6", func(f *probe.DNSFacts) probe.Code { return f.IPv6Code }},
	} {
		var hit []int
		for i, r := range d.results {
			f := d.obs[i].DNS
			if f == nil || r.status == NotRun || d.obs[i].Proxy != nil {
				continue
			}
			if c := family.code(f); c == probe.DNSSinkhole || c == probe.DNSBlocked {
				hit = append(hit, i)
			}
		}
		if len(hit) == 0 {
			continue
		}
		d.touch(Cause{
			Code:     CauseDNSFiltered,
			Title:    "DNS withholds the " + family.name + " addresses of " + count(len(d.names(hit)), "name"),
			Evidence: append(d.resolverEvidence(hit), "The addresses of the other family are given. A device that has no other than "+family.name+" cannot reach these names."),
			Remedy: "Exempt these names from DNS filtering for every type of record, and forward them to a server that resolves internet names: " +
				d.exempt(hit) + ".",
		}, hit...)
	}
}

// denied reports whether a check failed because its name is withheld.
func (d *diagnosis) denied(name string) bool {
	for i := range d.results {
		if d.target(i).Host == name && d.misled(i) {
			return true
		}
	}
	return false
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

// withholds reports whether an answer keeps an address from who asked for it.
// That there is no IPv6 address is a matter of taste.
func withholds(q probe.DNSQuery) bool {
	switch q.Code {
	case probe.DNSNXDomain, probe.DNSSinkhole, probe.DNSBlocked:
		return true
	case probe.DNSNoData:
		return q.Type == "A"
	}
	return false
}
