package readiness

import (
	"net/netip"
	"slices"

	"github.com/netready/netready/probe"
)

// noIPv6 are the resolvers that withhold IPv6 addresses from this network. It
// says nothing of any name.
type noIPv6 map[netip.AddrPort]bool

// noIPv6Of returns the resolvers that withhold the AAAA records of nearly every
// name that has an A record. Names without AAAA records are common, so only an
// answer that is an error for such a name counts.
func noIPv6Of(obs []probe.Observation) noIPv6 {
	seen := false
	for i := range obs {
		o := &obs[i]
		seen = seen || o.DNS != nil && o.Proxy == nil && slices.ContainsFunc(o.DNS.Queries, withholdsIPv6)
	}
	if !seen {
		return nil
	}
	type count struct{ names, owners map[string]bool }
	dual, withheld := make(map[netip.AddrPort]count), make(map[netip.AddrPort]count)
	add := func(to map[netip.AddrPort]count, q probe.DNSQuery, name string) {
		if to[q.Resolver].names == nil {
			to[q.Resolver] = count{make(map[string]bool), make(map[string]bool)}
		}
		to[q.Resolver].names[name], to[q.Resolver].owners[zone(name)] = true, true
	}
	for _, o := range obs {
		if o.DNS == nil || o.Proxy != nil {
			continue
		}
		for _, q := range o.DNS.Queries {
			// A filter on the way also answers for a resolver that refuses.
			if q.Type != "AAAA" || !hasIPv4(o.DNS, q.Resolver) && (q.Code != probe.DNSBlocked || len(o.DNS.Addresses) == 0) {
				continue
			}
			add(dual, q, o.DNS.Name)
			if withholdsIPv6(q) {
				add(withheld, q, o.DNS.Name)
			}
		}
	}
	out := make(noIPv6)
	for r, c := range withheld {
		const nearly, all = 9, 10
		if len(c.owners) >= unrelatedOwners && len(c.names)*all >= len(dual[r].names)*nearly {
			out[r] = true
		}
	}
	return out
}

// hasIPv4 reports whether a resolver returned an IPv4 address for a name.
func hasIPv4(f *probe.DNSFacts, resolver netip.AddrPort) bool {
	return slices.ContainsFunc(f.Queries, func(q probe.DNSQuery) bool {
		return q.Type == "A" && q.Resolver == resolver && gave(q)
	})
}

// gave reports whether an answer to a question for addresses has any. Of some
// observations, [Runner].Forget drops which.
func gave(q probe.DNSQuery) bool {
	return q.Code == "" && (len(q.Addresses) > 0 || q.RCode == "NOERROR")
}

// withholdsIPv6 reports whether the answer to an AAAA question is one that a
// name with an A record does not get from its zone.
func withholdsIPv6(q probe.DNSQuery) bool {
	switch q.Code {
	case probe.DNSBlocked, probe.DNSSinkhole, probe.DNSNXDomain, probe.DNSRefused:
		return q.Type == "AAAA"
	}
	return false
}

// of reports whether an answer withholds an IPv6 address as its resolver does
// for every name.
func (n noIPv6) of(q probe.DNSQuery) bool { return withholdsIPv6(q) && n[q.Resolver] }

// code returns how a check failed, apart from such answers: if they are all that
// withholds its name, the answer to the A question counts.
func (n noIPv6) code(o probe.Observation) probe.Code {
	if len(n) == 0 || o.DNS == nil || o.Error == nil || o.Error.Op != probe.OpResolve {
		return o.Code()
	}
	ipv4 := probe.Code("")
	for _, q := range o.DNS.Queries {
		switch {
		case n.of(q):
		case q.Code == o.Code():
			return q.Code
		case q.Type == "A" && ipv4 == "":
			ipv4 = q.Code
		}
	}
	if ipv4 == "" {
		return o.Code()
	}
	return ipv4
}

// leavesOutIPv6 returns the check of Windows' connectivity probe if DNS leaves
// out the IPv6 addresses of every name without an error, or -1: no name has any,
// not even the name of that probe over IPv6, which has no others.
func leavesOutIPv6(p *Plan, obs []probe.Observation) int {
	denied := -1
	for i, o := range obs {
		if o.NCSI == nil || o.Proxy != nil || !o.OK() {
			continue
		}
		for _, s := range o.Steps {
			if s.Op == probe.OpResolve && s.Addr == ncsiIPv6Host && s.Error != nil && s.Error.Code == probe.DNSNoData {
				denied = i
			}
		}
	}
	if denied < 0 {
		return -1
	}
	owners := make(map[string]bool)
	for i, o := range obs {
		if o.DNS == nil || o.Proxy != nil || inconclusive(o.Code()) {
			continue
		}
		for _, q := range o.DNS.Queries {
			switch {
			case q.Type == "AAAA" && (gave(q) || len(q.Addresses) > 0):
				return -1
			case q.Type == "A" && (gave(q) || len(q.Addresses) > 0):
				owners[zone(p.Checks[i].Target.Host)] = true
			}
		}
	}
	if len(owners) < unrelatedOwners {
		return -1
	}
	return denied
}
