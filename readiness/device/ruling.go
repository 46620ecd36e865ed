package device

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// ruling returns the impact of an unmet prerequisite. Required ones are fatal,
// with an inferred basis if the document does not state the consequence.
// Recommended ones are informational.
func (f Facts) ruling(id string, s endpoints.Scope) readiness.Ruling {
	r := readiness.Ruling{Impact: readiness.Fatal, Basis: endpoints.BasisInferred, Sources: sources(id, s.Scenario)}
	switch id {
	case idEdition:
		r.Loss = "The document does not list this edition as supported."
		if s.Scenario == endpoints.ScenarioAutopatch && f.Edition == EditionEnterpriseLTSC {
			r.Impact, r.Basis = readiness.Degrading, endpoints.BasisDocumented
			r.Loss = "LTSC devices get quality updates from Windows Autopatch, but no feature updates."
		}
	case idBuild:
		r.Loss = "The document does not list this build as supported."
	case idTPM:
		r.Loss = "The TPM cannot attest the identity of the device, so the device is not associated."
	case idEntraID:
		r.Loss = "Devices do not enroll automatically and do not show company branding."
	case idMDM:
		r.Loss = "Nothing manages the device, so it gets neither apps nor policies."
		if s.Scenario == endpoints.ScenarioAutopatch {
			r.Loss = "Windows Autopatch accepts only devices managed by Intune."
		}
	case idAutopatch:
		r.Basis = endpoints.BasisDocumented
		r.Loss = "The license that Windows Autopatch needs is missing."
	case idOfficeApps:
		r.Impact, r.Basis = readiness.Informational, endpoints.BasisDocumented
		r.Loss = "Microsoft 365 Apps are not licensed, so device management cannot install them."
	case idWindowsEnterprise:
		r.Impact, r.Basis = readiness.Informational, endpoints.BasisDocumented
		r.Loss = "Devices keep their original edition and do not upgrade to Windows Enterprise."
	default:
		return readiness.Ruling{} // unjudged, which blocks
	}
	return r
}

// sources returns the documents that state a prerequisite.
func sources(id string, s endpoints.Scenario) []endpoints.Source {
	var out []endpoints.Source
	switch s {
	case endpoints.ScenarioAutopatch:
		out = append(out, endpoints.Source{
			Title: "Windows Autopatch: Prerequisites",
			Ref:   "markterweele/windows-itpro-docs:windows/deployment/windows-autopatch/prepare/windows-autopatch-prerequisites.md@0d7ebe9df2c20db9fbac730b1178081ceab5c78e",
			Date:  "2025-03-31",
		})
	case endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation:
		if s == endpoints.ScenarioDeviceAssociation && (id == idEdition || id == idBuild || id == idTPM) {
			out = append(out, catalogSource("apda-req2608"))
			break
		}
		out = append(out, catalogSource("apdp-req2506"))
	default:
		out = append(out, catalogSource("ap-req2507"))
	}
	if id != idEdition && id != idBuild && id != idTPM {
		out = append(out, endpoints.Source{
			Title: "Product names and service plan identifiers for licensing",
			Ref:   "MicrosoftDocs/entra-docs:docs/identity/users/licensing-service-plan-reference.md@067a0c7b0bb2091db6379c757c7aca0bc4f89d4a",
			Date:  "2025-10-29",
		})
	}
	return out
}

// catalogSource returns the document that the catalog calls by a key.
func catalogSource(key string) endpoints.Source {
	s, _ := endpoints.Embedded().Source(key)
	return s
}
