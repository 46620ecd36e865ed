package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// InternalZone is the code of a zone check if a resolver answers
// authoritatively although it is not the zone's operator. The resolver's owner
// then decides where the names in the zone lead.
const InternalZone probe.Code = "dns.internal_zone"

// provesGone reports whether DNS answers prove that a name no longer exists, as
// opposed to being withheld. Every resolver that answers must deny the name,
// not authoritatively but with the SOA record of a zone above it, and the
// record must match the operator that a source names for the zone. Another name
// in the zone that is known to exist must resolve.
func provesGone(p *Plan, obs []probe.Observation, check int, s signs) bool {
	o := obs[check]
	if o.DNS == nil || o.Proxy != nil {
		return false
	}
	denied := false
	for _, q := range o.DNS.Queries {
		switch {
		case s.noIPv6.of(q):
		case gone(q.Code) && denial(p, o, q) && witness(p, obs, check, q.SOA.Owner) >= 0:
			denied = true
		case q.Code == "" || gone(q.Code) || !dead(q.Code) || q.Code == probe.DNSRefused:
			return false
		}
	}
	return denied
}

// denial reports whether an answer denies a name as the operator of its zone
// would, through a recursive resolver.
func denial(p *Plan, o probe.Observation, q probe.DNSQuery) bool {
	if q.Authoritative || !q.RecursionAvailable || q.SOA == nil || len(q.Extended) > 0 {
		return false
	}
	name := o.DNS.Name
	if target := last(q.CNAMEs); target != "" {
		name = target
	}
	return below(name, q.SOA.Owner) && operated(p.Catalog, *q.SOA)
}

// operated reports whether an SOA record matches the operator that a source names
// for its zone.
func operated(c *endpoints.Catalog, soa probe.SOARecord) bool {
	return slices.ContainsFunc(c.Operators(soa.Owner), func(o endpoints.Operator) bool {
		return o.Zone == soa.Owner && o.Source.Title != "" && o.Match(soa.MName, soa.RName)
	})
}

// forged reports whether an SOA record contradicts the operator that a source names
// for its zone. Without a known operator it is false.
func forged(c *endpoints.Catalog, soa probe.SOARecord) bool {
	known := slices.ContainsFunc(c.Operators(soa.Owner), func(o endpoints.Operator) bool { return o.Zone == soa.Owner })
	return known && !operated(c, soa)
}

// witness returns another check whose name is in the zone, is known to exist and
// resolves, or -1.
func witness(p *Plan, obs []probe.Observation, check int, zone string) int {
	for i, o := range obs {
		host := p.Checks[i].Target.Host
		if host == p.Checks[check].Target.Host || o.Proxy != nil || o.DNS == nil || len(o.DNS.Addresses) == 0 || inconclusive(o.Code()) || p.Catalog.Fact(host, 0).Known != endpoints.Confirmed {
			continue
		}
		if host == zone || below(host, zone) || slices.ContainsFunc(o.DNS.CNAMEs, func(name string) bool { return below(name, zone) }) {
			return i
		}
	}
	return -1
}

// parent reports whether a zone is strictly above a name. The root is above
// every name.
func parent(name, zone string) bool { return zone == "." || below(name, zone) }

// below reports whether a name is strictly below a zone other than the root.
func below(name, zone string) bool {
	return zone != "" && zone != "." && strings.HasSuffix(strings.ToLower(strings.TrimSuffix(name, ".")), "."+zone)
}

// ruled reports whether a resolver answered for a name authoritatively. SRV and
// CNAME checks do not count, because an organization's resolvers are
// authoritative for its own domains.
func ruled(o probe.Observation) bool {
	return o.DNS != nil && o.Target.Protocol != probe.SRV && o.Target.Protocol != probe.CNAME && slices.ContainsFunc(o.DNS.Queries, func(q probe.DNSQuery) bool { return q.Authoritative })
}

// internal reports whether a resolver answers authoritatively for a zone that it
// does not operate.
func internal(c *endpoints.Catalog, o probe.Observation) bool {
	return o.Target.Protocol == probe.SOA && o.DNS != nil && slices.ContainsFunc(o.DNS.Queries, func(q probe.DNSQuery) bool {
		return q.Authoritative && q.SOA != nil && !operated(c, *q.SOA)
	})
}

// departure quotes the answer that proves that a check's name is gone.
func (v *view) departure(check int) string {
	f := v.obs[check].DNS
	for _, q := range f.Queries {
		if q.SOA == nil {
			continue
		}
		s := fmt.Sprintf("%s %s (%s), with the SOA record of the zone's operator: %s %s %s", q.Resolver, said(q.Code), q.Code, q.SOA.Owner, q.SOA.MName, q.SOA.RName)
		if w := witness(v.plan, v.obs, check, q.SOA.Owner); w >= 0 {
			s += "; " + v.target(w).Host + " of the same zone resolves"
		}
		return f.Name + ": " + s + "."
	}
	return f.Name
}
