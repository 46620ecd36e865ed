package readiness

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// rewrites reports whether a resolver makes names up: under several suffixes of
// unrelated owners, so that a zone that has an address for every name below it
// convicts nobody.
func rewrites(p *Plan, obs []probe.Observation) bool {
	const several = 2
	suffixes := make(map[string]bool)
	for i, c := range p.Checks {
		if c.Target.Protocol == probe.ProtocolNXDomain && i < len(obs) && obs[i].Code() == probe.DNSRewritten {
			suffixes[c.Target.Host] = true
		}
	}
	return len(suffixes) >= several
}

// rewriting finds resolvers that make names up.
func (d *diagnosis) rewriting() {
	if !rewrites(d.plan, d.obs) {
		return
	}
	checks := d.coded(probe.DNSRewritten)
	var evidence []string
	var madeUp []netip.Addr
	for _, i := range checks {
		f := d.obs[i].DNS
		if f == nil {
			continue
		}
		for _, q := range f.Queries {
			if q.Code == probe.DNSRewritten && q.Type == "A" {
				evidence = append(evidence, fmt.Sprintf("%s gave %s the address %v, though nobody has that name.", q.Resolver, f.Name, q.Addresses))
			}
			madeUp = append(madeUp, q.Addresses...)
		}
	}
	// A proxy is looked for under a name that may not exist either.
	checks = append(checks, d.open(func(i int, _ result) bool {
		f := d.obs[i].DNS
		return d.target(i).Protocol == probe.ProtocolWPAD && f != nil && len(f.Addresses) > 0 && subset(f.Addresses, madeUp)
	})...)
	d.add(Cause{
		Code:     CauseDNSRewriting,
		Title:    "DNS makes up addresses for names that do not exist",
		Evidence: evidence,
		Remedy: "Turn off the redirection of unknown names on the DNS servers (\"search assistance\", \"NXDOMAIN redirection\"). " +
			"Devices then see a name that does not exist for what it is, as Windows does when it looks for a proxy.",
	}, checks...)
}

// overridden finds names that the hosts file of this machine overrides.
func (d *diagnosis) overridden() {
	var evidence []string
	var hit []int
	for i := range d.results {
		f := d.obs[i].DNS
		if f == nil || d.obs[i].Proxy != nil || subset(f.HostsFile, f.Addresses) {
			continue
		}
		hit = append(hit, i)
		line := fmt.Sprintf("%s: the hosts file says %v, the DNS servers say %v.", f.Name, f.HostsFile, f.Addresses)
		if !slices.Contains(evidence, line) {
			evidence = append(evidence, line)
		}
	}
	if len(hit) == 0 {
		return
	}
	names := d.names(hit)
	// Devices ask the DNS servers, as the probes did.
	d.touch(Cause{
		Code:     CauseDNSOverridden,
		Title:    "The hosts file of this machine overrides " + count(len(names), "name"),
		Evidence: evidence,
		Remedy: "Remove from the hosts file, and from the image if devices have it too: " + strings.Join(names, ", ") +
			". What was measured is what the DNS servers say.",
	}, hit...)
	d.causes[len(d.causes)-1].Impact = Informational
}

// subset reports whether all of some addresses are among others.
func subset(some, others []netip.Addr) bool {
	return !slices.ContainsFunc(some, func(a netip.Addr) bool { return !slices.Contains(others, a) })
}

// connected4 reports whether a connection over IPv4 was made.
func connected4(f *probe.TCPFacts) bool {
	return slices.ContainsFunc(f.Dials, func(d probe.Dial) bool { return d.Code == "" && d.Addr.Addr().Unmap().Is4() })
}

// families finds IPv6 that is offered and does not work while IPv4 does.
func (d *diagnosis) families() {
	const several = 2
	var evidence []string
	var hit []int
	for i := range d.results {
		f := d.obs[i].TCP
		if f == nil || d.results[i].status == NotRun || d.obs[i].Proxy != nil || d.closedToAll(i) || !connected4(f) {
			continue
		}
		for _, dial := range f.Dials {
			switch {
			case dial.Addr.Addr().Unmap().Is4():
			case dial.Code == "":
				return // it works for this host, so it works
			case dial.Code == probe.TCPTimeout: // what is refused at once costs no wait
				hit = append(hit, i)
				evidence = append(evidence, fmt.Sprintf("%s: %s %s (%s), while IPv4 works.",
					d.target(i).Addr(), dial.Addr.Addr(), behaved(dial.Code), dial.Code))
			}
		}
	}
	hit = slices.Compact(hit)
	if d.zones(hit) < several {
		return
	}
	const few = 4
	if more := len(evidence) - few; more > 0 {
		evidence = append(evidence[:few], fmt.Sprintf("And %d more connections to IPv6 addresses.", more))
	}
	d.touch(Cause{
		Code:     CauseIPv6Broken,
		Title:    "IPv6 is offered, and leads nowhere",
		Evidence: evidence,
		Remedy: "Route IPv6 to the internet and allow it through the firewall as IPv4 is, or stop advertising it. " +
			"Windows prefers IPv6 (RFC 6724), and waits before it falls back to IPv4.",
	}, hit...)
}
