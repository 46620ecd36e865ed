package readiness

import (
	"slices"

	"github.com/netready/netready/probe"
)

// zoneOutcome returns the result of checking a zone. A zone that answers is OK,
// which proves nothing about ports. A zone that is denied is withheld, unless
// the denial comes from a zone above it: the zone may no longer exist.
func zoneOutcome(p *Plan, obs []probe.Observation, check int) outcome {
	o := obs[check]
	switch c := o.Code(); {
	case internal(p.Catalog, o) && (!inPrivateZone(o) || !namesWork(p, obs, o.Target.Host)):
		return outcome{Failed, InternalZone}
	case o.OK():
		return outcome{OK, ""}
	case c == probe.DNSSinkhole, c == probe.DNSBlocked, c == probe.DNSNXDomain && !deniedAbove(p, o):
		return outcome{Failed, c}
	case c == probe.DNSNoData || c == probe.DNSRefused:
		// Some resolvers do not answer such queries.
		if slices.ContainsFunc(obs, func(o probe.Observation) bool { return o.Target.Protocol == probe.SOA && o.OK() }) {
			return outcome{Failed, c}
		}
	case o.Error == nil || cutOff(o) || inconclusive(c):
		return outcome{NotRun, c}
	}
	return outcome{NotRun, probe.NotTestable}
}

// deniedAbove reports whether every resolver that denies a zone passes on the denial
// of a zone above it, which must match the operator of that zone if it is known.
func deniedAbove(p *Plan, o probe.Observation) bool {
	return o.DNS != nil && !slices.ContainsFunc(o.DNS.Queries, func(q probe.DNSQuery) bool {
		return gone(q.Code) && (q.Authoritative || !q.RecursionAvailable || q.SOA == nil || !parent(o.DNS.Name, q.SOA.Owner) || forged(p.Catalog, *q.SOA))
	})
}

// inPrivateZone reports whether a private zone of Azure DNS gave an answer to a
// check. Azure sets the SOA records of such zones. They serve private links, whose
// names have addresses inside the network.
func inPrivateZone(o probe.Observation) bool {
	return o.DNS != nil && slices.ContainsFunc(o.DNS.Queries, private)
}

func private(q probe.DNSQuery) bool { return q.SOA != nil && q.SOA.MName == "azureprivatedns.net" }

// namesWork reports whether hosts below a zone were tested and all were reached.
func namesWork(p *Plan, obs []probe.Observation, zone string) bool {
	reached := false
	for i, c := range p.Checks {
		if public(p, i) && below(c.Target.Host, zone) {
			if !obs[i].OK() {
				return false
			}
			reached = true
		}
	}
	return reached
}
