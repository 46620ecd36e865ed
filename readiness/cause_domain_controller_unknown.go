package readiness

import "github.com/netready/netready/probe"

// CauseControllerUnknown means that DNS lists no domain controller for the
// domain that devices join.
const CauseControllerUnknown CauseCode = "domain_controller.unknown"

func controllerUnknown(v *view) []found {
	checks := v.open(func(i int, _ outcome) bool {
		return v.target(i).Protocol == probe.SRV && (v.obs[i].SRV == nil || len(v.obs[i].SRV.Servers) == 0)
	})
	if len(checks) == 0 {
		return nil
	}
	domain := adDomain(v.plan.Scope)
	return []found{{Cause: Cause{
		Title:    "DNS lists no domain controller for " + domain,
		Evidence: v.resolverEvidence(checks),
		Remedy: "Check the spelling of " + domain + ", and have the devices' DNS servers forward it to the domain's DNS servers, " +
			"where domain controllers register the SRV records " + controllerRecords + domain + ".",
		Names: []string{domain},
	}, explains: unreached(checks...)}}
}
