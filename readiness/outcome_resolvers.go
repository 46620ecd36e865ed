package readiness

import (
	"slices"

	"github.com/netready/netready/probe"
)

// resolversOf tells from the first lookups of a run whether any resolver works.
// It returns "" if one does or if that is unclear.
func resolversOf(p *Plan, obs []probe.Observation) CauseCode {
	if !slices.ContainsFunc(p.Checks, func(c Check) bool { return c.Target.Protocol == probe.DNS }) {
		return resolversOfHosts(p, obs)
	}
	routed, denied := false, false
	owners := make(map[string]bool)
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.DNS {
			continue
		}
		o := obs[i]
		if o.OK() || o.Error == nil || inconclusive(o.Code()) || o.DNS == nil {
			return ""
		}
		owners[zone(c.Target.Host)] = true
		for _, q := range o.DNS.Queries {
			if !dead(q.Code) && !gone(q.Code) {
				return ""
			}
			routed = routed || q.Code != probe.DNSNoRoute
			denied = denied || gone(q.Code)
		}
		routed = routed || len(o.DNS.Queries) == 0
	}
	switch {
	case denied && len(owners) < unrelatedOwners:
		return ""
	case !routed:
		return CauseNetworkDown
	}
	return CauseDNSUnreachable
}

// resolversOfHosts tells the same from a plan that looks up nothing first: no
// host was found. Silence needs unrelated hosts, because it may be that of one
// zone's servers.
func resolversOfHosts(p *Plan, obs []probe.Observation) CauseCode {
	owners, hosts := make(map[string]bool), make(map[string]bool)
	routed, silent := false, false
	for i, c := range p.Checks {
		o := obs[i]
		if o.DNS == nil || o.Proxy != nil || inconclusive(o.Code()) {
			continue
		}
		if o.Error == nil || o.Error.Op != probe.OpResolve || !dead(o.Code()) {
			return ""
		}
		owners[zone(c.Target.Host)], hosts[c.Target.Host] = true, true
		routed = routed || o.Code() != probe.DNSNoRoute
		silent = silent || o.Code() != probe.DNSNoRoute && o.Code() != probe.DNSNotListening && o.Code() != probe.DNSUnreachable
	}
	switch {
	case len(hosts) < unrelatedOwners, silent && len(owners) < unrelatedOwners:
		return ""
	case !routed:
		return CauseNetworkDown
	}
	return CauseDNSUnreachable
}

// dead reports whether a query's code says that the resolver does not resolve
// names.
func dead(c probe.Code) bool {
	switch c {
	case probe.DNSTimeout, probe.DNSNoRoute, probe.DNSUnreachable, probe.DNSNotListening, probe.DNSRefused,
		probe.DNSServFail, probe.DNSMalformed, probe.Timeout:
		return true
	}
	return false
}

// rewrites reports whether a resolver invents addresses under several suffixes.
// One suffix alone proves nothing, because a zone may have an address for every
// name below it.
func rewrites(p *Plan, obs []probe.Observation) bool {
	suffixes := make(map[string]bool)
	for i, c := range p.Checks {
		if c.Target.Protocol == probe.NXDomain && obs[i].Code() == probe.DNSRewritten {
			suffixes[c.Target.Host] = true
		}
	}
	return len(suffixes) >= severalOwners
}
