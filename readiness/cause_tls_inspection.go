package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// CauseTLSInspection means that a device on the path presents its own
// certificates. There is one for each issuer.
const CauseTLSInspection CauseCode = "tls.inspection"

// tlsInspection finds inspection by a CA that this machine trusts.
func tlsInspection(v *view) []found {
	var out []found
	for _, g := range v.byIssuer(v.coded(probe.TLSInspected)) {
		names := v.names(g.checks)
		remedy, exempt := v.exemption(g.checks)
		family, other := v.oneFamily(g.checks)
		evidence := issuerEvidence(v.target(g.checks[0]), g.leaf, "which this machine trusts but which is not a public CA", names)
		out = append(out, found{Cause: Cause{
			Title:    fmt.Sprintf("%s on %s", titleOver("TLS inspection by "+g.issuer, family), countOrName(names, "host")),
			Evidence: appendNonempty(evidence, other),
			Remedy:   remedy,
			Names:    exempt,
		}, explains: unreached(g.checks...)})
	}
	return out
}

// tlsInspectionUntrusted finds inspection by a CA that this machine does not
// trust: it issues certificates for unrelated owners, each for the requested
// name.
func tlsInspectionUntrusted(v *view) []found {
	var out []found
	for _, g := range v.byIssuer(v.unknown()) {
		if !v.onDemand(g.checks) {
			continue
		}
		names := v.names(g.checks)
		evidence := issuerEvidence(v.target(g.checks[0]), g.leaf, "which this machine does not trust and which is not a public CA", names)
		family, other := v.oneFamily(g.checks)
		remedy, exempt := v.exemption(g.checks)
		out = append(out, found{Cause: Cause{
			Title:    fmt.Sprintf("%s on %s", titleOver("TLS inspection by "+g.issuer+", which this machine does not trust,", family), countOrName(names, "host")),
			Evidence: append(appendNonempty(evidence, other), "An issuer that signs for unrelated organizations on demand is a device on the path."),
			Remedy:   remedy,
			Names:    exempt,
		}, explains: unreached(g.checks...)})
	}
	return out
}

// onDemand reports whether hosts of unrelated owners each presented a
// certificate for their own name. Gateways copy the names in the server's
// certificate, so hosts that are known to present another's do not count.
func (v *view) onDemand(checks []int) bool {
	leaves := make(map[string]bool)
	checks = slices.DeleteFunc(slices.Clone(checks), func(i int) bool { return v.outcomes.facts[i].How == endpoints.HowForeignCertificate })
	for _, i := range checks {
		f := v.presented(i)
		if f == nil || len(f.Chain) == 0 || !f.NameMatches {
			return false
		}
		leaves[f.Chain[0].SHA256] = true
	}
	return len(leaves) >= severalLeaves && v.owners(checks) >= unrelatedOwners
}

// exemption returns the names to exempt from inspection: those that the
// documents exempt, and those whose failure is at least degrading.
func (v *view) exemption(checks []int) (remedy string, names []string) {
	var must, others []int
	for _, i := range checks {
		switch {
		case v.uninspectable(i) != nil:
			must = append(must, i)
		case v.impact[i].rank() >= Degrading.rank():
			others = append(others, i)
		}
	}
	unsupported, untrusted := v.anyPort(must, v.uninspectable), v.exempt(others)
	shown := shares(unsupported, untrusted)
	switch {
	case must == nil && others == nil:
		names = v.exempt(checks)
		return "Exempt " + these(names) + " from TLS inspection if you use the service: " + some(names, fewNames) + ".", names
	case others == nil:
		remedy = "Exempt " + these(unsupported) + unsupportedInspection + shown[0] + "."
	case must == nil:
		remedy = "Exempt " + these(untrusted) + " from TLS inspection, because factory-fresh devices do not trust the inspecting CA: " + shown[1] + "."
	default:
		remedy = "Exempt " + these(unsupported) + unsupportedInspection + shown[0] +
			". Exempt " + these(untrusted) + " as well, because factory-fresh devices do not trust the inspecting CA: " + shown[1] + "."
	}
	return remedy, unique(slices.Concat(unsupported, untrusted))
}

const unsupportedInspection = " from TLS inspection, which Microsoft does not support there: "

// uninspectable returns the names and patterns of a check that the documents
// exempt from TLS inspection.
func (v *view) uninspectable(check int) []endpoints.Host {
	var out []endpoints.Host
	for e := range v.endpoints(check) {
		if e.Has(endpoints.TraitNoInspection) {
			out = append(out, e.Host)
		}
	}
	return out
}
