package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// An excuse is why a failed check does not count against the network. The zero
// excuse is none.
type excuse uint8

const (
	unexcused  excuse = iota
	byCatalog         // the catalog says that nothing answers properly there
	byAnswer          // the DNS answer proves that the name is gone
	byAge             // only older documents require it, and no record shows that it exists
	byBaseline        // it fails the same way in the baseline
	byDoubt           // no record shows that it answers on any network, and nothing else in its services fails
)

// factsOf returns what is known of the host and port of each check.
func factsOf(p *Plan) []endpoints.Fact {
	out := make([]endpoints.Fact, len(p.Checks))
	for i, c := range p.Checks {
		switch t := c.Target; t.Protocol {
		case probe.HTTP, probe.HTTPS, probe.TCP, probe.NTP:
			out[i] = p.Catalog.Fact(t.Host, t.Port)
		case probe.NCSI, probe.DNS, probe.SOA:
			port := t.Port
			if t.Protocol != probe.NCSI || port == dnsPort {
				port = 0
			}
			out[i] = p.Catalog.Fact(t.Host, port)
		}
	}
	return out
}

// public reports whether a check is of an internet server.
func public(p *Plan, check int) bool {
	switch p.Checks[check].Target.Protocol {
	case probe.HTTP, probe.HTTPS, probe.TCP:
		return true
	}
	return false
}

// unrecorded reports whether a check is of an internet server and no record says how
// it behaves on any network.
func (out *outcomes) unrecorded(p *Plan, check int) bool {
	return public(p, check) && out.facts[check].Known == endpoints.Unknown
}

// core reports whether a check's own name is decisive for a service. A member of
// a pattern is not, because other members stand for the pattern too.
func core(p *Plan, check int) bool {
	return slices.ContainsFunc(p.Checks[check].Endpoints, func(e endpoints.Endpoint) bool {
		return e.Decisive && !pattern(e)
	})
}

// decisive reports whether a check is of a decisive endpoint or of a member of
// one.
func decisive(p *Plan, check int) bool {
	return slices.ContainsFunc(p.Checks[check].Endpoints, func(e endpoints.Endpoint) bool { return e.Decisive })
}

// excusesOf returns by check what the catalog's facts and the answers excuse.
// Diagnoses add more later.
func excusesOf(p *Plan, obs []probe.Observation, out *outcomes) []excuse {
	excuses := make([]excuse, len(obs))
	for i := range obs {
		switch {
		case out.facts[i].Known == endpoints.Contradicted:
			// A zone whose own name has no address may still exist.
			zone := p.Checks[i].Target.Protocol == probe.SOA
			if !core(p, i) && (!zone || asKnown(out.facts[i], out.each[i], obs[i]) && !ruled(obs[i])) {
				excuses[i] = byCatalog
			}
		case out.each[i].status == Failed && dropped(p, i) && !exists(p, out.facts, i):
			excuses[i] = byAge
		case out.each[i].status == Failed && gone(out.each[i].code) && !decisive(p, i) && provesGone(p, obs, i, out.signs):
			excuses[i] = byAnswer
		}
	}
	return excuses
}

// dropped reports whether only older documents require the name of a check.
func dropped(p *Plan, check int) bool {
	older := false
	for _, e := range p.Checks[check].Endpoints {
		switch need := needOf(p.Scope, e); {
		case e.Decisive, need == endpoints.Required:
			return false
		case need == endpoints.FormerlyRequired:
			older = true
		}
	}
	return older
}

// exists reports whether the name of a check is known to exist.
func exists(p *Plan, facts []endpoints.Fact, check int) bool {
	return facts[check].Known == endpoints.Confirmed || p.Catalog.Fact(p.Checks[check].Target.Host, 0).Known == endpoints.Confirmed
}

// asKnown reports whether a check failed the way it is known to fail
// everywhere.
func asKnown(fact endpoints.Fact, r outcome, o probe.Observation) bool {
	if fact.Known != endpoints.Contradicted || r.status != Failed {
		return false
	}
	switch fact.How {
	case endpoints.HowNoSuchName:
		return gone(r.code)
	case endpoints.HowSilent:
		return r.code == probe.TCPTimeout
	case endpoints.HowRefused:
		return r.code == probe.TCPRefused
	case endpoints.HowForeignCertificate:
		return r.code == probe.TLSNameMismatch && genuine(o.TLS)
	case endpoints.HowNoHTTP:
		return saysNothing(o)
	case endpoints.HowUntrusted:
		return r.code == probe.TLSUntrusted
	}
	return false
}
