package device

import (
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// The ids of service plans, as Microsoft lists them in "Product names and
// service plan identifiers for licensing" of 2025-10-29; that of Intune for the
// Government Community Cloud is from public copies of it.
const (
	planEntraP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d" // AAD_PREMIUM
	planEntraP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998" // AAD_PREMIUM_P2

	planIntune          = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5" // INTUNE_A
	planIntuneEducation = "da24caf9-af8e-485c-b7c8-e73336da2693" // INTUNE_EDU
	planIntuneBusiness  = "8e9ff0ff-aa7a-4b20-83c1-2f636b600ac2" // INTUNE_SMBIZ
	planIntuneGCC       = "d216f254-796f-4dab-bbfa-710686e646b9" // INTUNE_A_GOV
	planIntuneVolume    = "3e170737-c728-4eae-bbb9-3f3360f7184c" // INTUNE_A_VL

	planAutopatch       = "9a6eeb79-0b4b-4bf0-9808-39d99a2cd5a3" // Windows_Autopatch
	planUpdateBusiness  = "7bf960f6-2cd9-443a-8046-5dbff9558365" // WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE
	planWindowsOriginal = "21b439ba-a0ca-424f-a6cc-52f954a5b111" // WIN10_PRO_ENT_SUB
	planWindows         = "e7c91390-7625-45be-94e0-e16907e03118" // Virtualization Rights for Windows 10 (E3/E5+VDA)
	planWindowsF3       = "e041597c-9c7f-4ed9-99b0-2663301576f7" // WIN10_ENT_LOC_F1, of Microsoft 365 F3

	planOfficeApps = "43de0ff5-c92c-492b-9116-175376d08c38" // OFFICESUBSCRIPTION
)

func (f Facts) compareLicense(id string, s endpoints.Scope) readiness.Prerequisite {
	var p readiness.Prerequisite
	var held []string // the wanted plans that are assigned
	hold := func(name string, plans ...string) {
		if f.has(plans...) {
			held = append(held, name)
		}
	}
	switch id {
	case idEntraID:
		p.Wanted = "Microsoft Entra ID P1 or P2, alone or in one of the subscriptions listed in the document"
		hold("Microsoft Entra ID P1", planEntraP1)
		hold("Microsoft Entra ID P2", planEntraP2)
		// The document lists it among the plans that include everything needed.
		hold("Microsoft Intune for Education", planIntuneEducation)
	case idMDM:
		p.Wanted = "Microsoft Intune, alone or in one of the subscriptions listed in the document, or another MDM service"
		hold("Microsoft Intune", planIntune, planIntuneBusiness, planIntuneGCC, planIntuneVolume)
		hold("Microsoft Intune for Education", planIntuneEducation)
		if s.Scenario == endpoints.ScenarioAutopatch {
			p.Wanted = "Microsoft Intune"
		} else if f.OtherMDM {
			held = append(held, "another MDM service")
		}
	case idAutopatch:
		p.Wanted = "Windows Enterprise E3 or E5, as in Microsoft 365 F3, E3 or E5; or Microsoft 365 Business Premium, A3 or A5, which lack only support requests"
		hold("Windows Autopatch", planAutopatch)
		hold("Windows Enterprise E3 from Microsoft 365 F3", planWindowsF3)
		if len(held) == 0 {
			hold("a plan that includes Windows Autopatch, perhaps without support requests", planUpdateBusiness, planWindows, planWindowsOriginal)
		}
	case idOfficeApps:
		p.Wanted = "Microsoft 365 Apps for enterprise (recommended)"
		hold("Microsoft 365 Apps for enterprise", planOfficeApps)
	case idWindowsEnterprise:
		p.Wanted = "Windows Enterprise, which upgrades devices that run Windows Pro (recommended)"
		hold("Windows Enterprise", planWindows, planWindowsOriginal)
	}
	p.Found = strings.Join(held, ", ")
	switch {
	case len(held) > 0:
		p.Outcome = readiness.OK
	case f.ServicePlans == nil:
		p.Reason = "the service plans are not known"
	case s.Cloud == endpoints.CloudChina:
		p.Reason = "the service plans known to this program are not those of this cloud"
	default:
		p.Outcome, p.Found = readiness.Failed, "not among the service plans"
	}
	return p
}
