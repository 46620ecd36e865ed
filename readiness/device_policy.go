package readiness

import "github.com/netready/netready/endpoints"

// deviceVerdict judges a prerequisite, for [Documented] and [Field] alike. What
// a document requires is fatal, on the inferred basis where the document does
// not say what happens without it; what it recommends is informational.
func deviceVerdict(c Case) Verdict {
	v := Verdict{Impact: Fatal, Basis: BasisInferred, Decisive: true, Sources: deviceSources(c.Prerequisite, c.Scope.Scenario)}
	switch c.Prerequisite {
	case PrerequisiteEdition:
		v.Consequence = "The edition is not among those that the document lists as supported."
		if c.Scope.Scenario == endpoints.ScenarioAutopatch && c.Scope.Device.Edition == EditionEnterpriseLTSC {
			v.Impact, v.Basis, v.Decisive = Degrading, BasisDocumented, false
			v.Consequence = "Devices of the long-term servicing channel get quality updates through Windows Autopatch, and no feature updates."
		}
	case PrerequisiteBuild:
		v.Consequence = "The build is not among those that the document lists as supported."
	case PrerequisiteEntraID:
		v.Consequence = "Devices are not enrolled by themselves, and do not show the company's branding."
	case PrerequisiteMDM:
		v.Consequence = "Nothing manages the device, so that it gets neither apps nor policies."
		if c.Scope.Scenario == endpoints.ScenarioAutopatch {
			v.Consequence = "Windows Autopatch takes devices only that Intune manages."
		}
	case PrerequisiteAutopatch:
		v.Basis = BasisDocumented
		v.Consequence = "The licence that Windows Autopatch needs is not there."
		if c.Scope.Device.partOfAutopatch() {
			v.Impact, v.Decisive = Degrading, false
			v.Consequence = "Only a part of the features is there: no Autopatch groups, no support requests, and none of the reports of Windows Autopatch."
		}
	case PrerequisiteOfficeApps:
		v.Impact, v.Basis, v.Decisive = Informational, BasisDocumented, false
		v.Consequence = "Microsoft 365 Apps, which device management can install, are not licensed."
	case PrerequisiteWindowsEnterprise:
		v.Impact, v.Basis, v.Decisive = Informational, BasisDocumented, false
		v.Consequence = "Devices stay at the edition that they came with, and do not step up to Windows Enterprise."
	default:
		return Verdict{} // unjudged, which blocks
	}
	return v
}

// deviceSources returns the documents that ask for a prerequisite.
func deviceSources(p Prerequisite, s endpoints.Scenario) []endpoints.Source {
	var out []endpoints.Source
	switch s {
	case endpoints.ScenarioAutopatch:
		out = append(out, endpoints.Source{
			Title: "Windows Autopatch - Prerequisites",
			Ref:   "MicrosoftDocs/windows-itpro-docs:windows/deployment/windows-autopatch/prepare/windows-autopatch-prerequisites.md@0eac40b8c26ae29f0d9edea043730588ef1f1a3c",
			Date:  "2024-09-16",
		})
	case endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation:
		if s == endpoints.ScenarioDeviceAssociation && (p == PrerequisiteEdition || p == PrerequisiteBuild) {
			out = append(out, srcDeviceAssociation.source())
			break
		}
		out = append(out, endpoints.Source{
			Title: "Windows Autopilot device preparation requirements",
			Ref:   "MicrosoftDocs/memdocs:autopilot/device-preparation/requirements.md@04cebf888ac6217a0fd3d14cbea06f74465f915b",
			Date:  "2025-04-21",
		})
		if p != PrerequisiteBuild {
			out = append(out, srcDevicePreparation.source())
		}
	default:
		out = append(out, srcAutopilot.source())
	}
	if p != PrerequisiteEdition && p != PrerequisiteBuild {
		out = append(out, endpoints.Source{
			Title: "Product names and service plan identifiers for licensing",
			Ref:   "MicrosoftDocs/entra-docs:docs/identity/users/licensing-service-plan-reference.md@067a0c7b0bb2091db6379c757c7aca0bc4f89d4a",
			Date:  "2025-10-29",
		})
	}
	return out
}
