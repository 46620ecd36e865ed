package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// revocationsOf says by check whether the revocation of a chain could be
// checked. It is Failed if the sources gave no usable answer, NotRun if time
// ran out or this machine could not ask, and OK otherwise. It is OK for every
// check if the plan has no revocation service.
func revocationsOf(p *Plan, obs []probe.Observation, each []outcome) []outcome {
	out := make([]outcome, len(each))
	for i := range out {
		out[i] = outcome{OK, ""}
	}
	if !plansRevocation(p) {
		return out
	}
	answered := answeredSources(obs)
	for i, o := range obs {
		if o.Revocation == nil || each[i].status != OK || !o.OK() {
			continue
		}
		switch c := o.Revocation.Code; {
		case failsRevocation(c):
			out[i] = outcome{Failed, c}
		case c == probe.Timeout, local(c):
			// An answer that another check got from the same source counts too.
			if slices.ContainsFunc(o.Revocation.Sources, func(s probe.Document) bool {
				return (s.Code == probe.Timeout || local(s.Code)) && !answered[s.URL]
			}) {
				out[i] = outcome{NotRun, probe.Timeout}
			}
		}
	}
	return out
}

// plansRevocation reports whether a plan has a service for revocation.
func plansRevocation(p *Plan) bool {
	return slices.ContainsFunc(p.layout, func(e planEndpoint) bool { return e.endpoint.Service == endpoints.ServiceCRL })
}

// failsRevocation reports whether a code says that sources gave no usable
// answer.
func failsRevocation(c probe.Code) bool {
	switch c {
	case probe.RevocationUnreachable, probe.RevocationStale, probe.RevocationBadSignature, probe.RevocationMalformed, probe.RevocationUnknown:
		return true
	}
	return false
}

// answeredSources returns the URLs of the sources that answered any check.
func answeredSources(obs []probe.Observation) map[string]bool {
	out := make(map[string]bool)
	for _, o := range obs {
		if o.Revocation == nil {
			continue
		}
		for _, s := range o.Revocation.Sources {
			if s.Code == "" {
				out[s.URL] = true
			}
		}
	}
	return out
}
