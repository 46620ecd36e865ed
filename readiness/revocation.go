package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// revocation reports whether a finding is about the revocation of a host's
// certificates rather than about the host.
func (f Finding) revocation() bool {
	switch f.Code {
	case probe.RevocationUnreachable, probe.RevocationStale, probe.RevocationBadSignature, probe.RevocationMalformed, probe.RevocationUnknown:
		return f.Service == endpoints.ServiceCRL
	case probe.Timeout:
		return f.Service == endpoints.ServiceCRL && f.Outcome == NotRun
	}
	return false
}

// revocations returns findings on the chains that could not be checked, for the
// revocation service. If the host of such a chain is decisive, its finding is
// decisive too.
func (j *judgment) revocations() []Finding {
	if !slices.ContainsFunc(j.groups, func(g group) bool { return g.service == endpoints.ServiceCRL }) {
		return nil
	}
	var out []Finding
	for i, c := range j.plan.Checks {
		r := j.outcomes.revocation[i]
		if r.status == OK || len(c.Endpoints) == 0 {
			continue
		}
		f := Finding{
			Check: c, at: i, Service: endpoints.ServiceCRL, Outcome: r.status, Code: r.code,
			Phase: endpoints.PhaseNetworkBringUp, Observation: &j.obs[i],
		}
		f.Ruling = j.policy.failure(j.plan.Scope, endpoints.Endpoint{Service: endpoints.ServiceCRL}, f, j.decides(c))
		out = append(out, f)
	}
	return out
}

// decides reports whether a check is of a decisive endpoint whose failure would
// be fatal.
func (j *judgment) decides(c Check) bool {
	return slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool {
		return e.Decisive && j.policy.Service(j.plan.Scope, e).Impact.Blocks()
	})
}
