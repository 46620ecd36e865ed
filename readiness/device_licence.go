package readiness

import (
	"strings"

	"github.com/netready/netready/endpoints"
)

// The ids of service plans, as Microsoft lists them in "Product names and
// service plan identifiers for licensing" of 2025-10-29.
const (
	planEntraP1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d" // AAD_PREMIUM
	planEntraP2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998" // AAD_PREMIUM_P2

	planIntune          = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5" // INTUNE_A
	planIntuneEducation = "da24caf9-af8e-485c-b7c8-e73336da2693" // INTUNE_EDU
	planIntuneBusiness  = "8e9ff0ff-aa7a-4b20-83c1-2f636b600ac2" // INTUNE_SMBIZ
	planIntuneVolume    = "3e170737-c728-4eae-bbb9-3f3360f7184c" // INTUNE_A_VL

	planAutopatch       = "9a6eeb79-0b4b-4bf0-9808-39d99a2cd5a3" // Windows_Autopatch
	planUpdateBusiness  = "7bf960f6-2cd9-443a-8046-5dbff9558365" // WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE
	planWindowsOriginal = "21b439ba-a0ca-424f-a6cc-52f954a5b111" // WIN10_PRO_ENT_SUB
	planWindows         = "e7c91390-7625-45be-94e0-e16907e03118" // Virtualization Rights for Windows 10 (E3/E5+VDA)
	planWindowsF3       = "e041597c-9c7f-4ed9-99b0-2663301576f7" // WIN10_ENT_LOC_F1, of Microsoft 365 F3

	planOfficeApps = "43de0ff5-c92c-492b-9116-175376d08c38" // OFFICESUBSCRIPTION
)

func compareLicence(p Prerequisite, s Scope) DeviceFinding {
	d := s.Device
	f := DeviceFinding{}
	var held []string // what is there of what is wanted
	hold := func(name string, plans ...string) {
		if d.has(plans...) {
			held = append(held, name)
		}
	}
	switch p {
	case PrerequisiteEntraID:
		f.Wanted = "Microsoft Entra ID P1 or P2, alone or in one of the subscriptions that the document lists"
		hold("Microsoft Entra ID P1", planEntraP1)
		hold("Microsoft Entra ID P2", planEntraP2)
		// The document counts it among those that include all that is needed.
		hold("Microsoft Intune for Education", planIntuneEducation)
	case PrerequisiteMDM:
		f.Wanted = "Microsoft Intune, alone or in one of the subscriptions that the document lists, or another MDM service"
		hold("Microsoft Intune", planIntune, planIntuneBusiness, planIntuneVolume)
		hold("Microsoft Intune for Education", planIntuneEducation)
		if s.Scenario == endpoints.ScenarioAutopatch {
			f.Wanted = "Microsoft Intune"
		} else if d.OtherMDM {
			held = append(held, "another MDM service")
		}
	case PrerequisiteAutopatch:
		f.Wanted = "Windows Enterprise E3 or E5, as in Microsoft 365 F3, E3 or E5; Microsoft 365 Business Premium, A3 and A5 give a part of the features"
		hold("Windows Autopatch", planAutopatch)
		hold("Windows Enterprise E3 of Microsoft 365 F3", planWindowsF3)
	case PrerequisiteOfficeApps:
		f.Wanted = "Microsoft 365 Apps for enterprise (recommended)"
		hold("Microsoft 365 Apps for enterprise", planOfficeApps)
	case PrerequisiteWindowsEnterprise:
		f.Wanted = "Windows Enterprise, to which devices with Windows Pro then step up (recommended)"
		hold("Windows Enterprise", planWindows, planWindowsOriginal)
	case PrerequisiteEdition, PrerequisiteBuild: // no licences
	}
	f.Found = strings.Join(held, ", ")
	switch {
	case len(held) > 0:
		f.Status = OK
	case d.ServicePlans == nil:
		f.Reason = "the service plans are not known"
	case s.cloud() == endpoints.CloudChina:
		f.Reason = "the list of service plans that was read is not that of this cloud"
	default:
		f.Status, f.Found = Failed, "none of it among the service plans"
		if p == PrerequisiteAutopatch && d.partOfAutopatch() {
			f.Found = "updates, and no plan that gives all of Windows Autopatch"
		}
	}
	return f
}

// partOfAutopatch reports whether the service plans are those of Microsoft 365
// Business Premium, A3 and A5: the deployment of updates is there, but not
// Windows Autopatch as a whole.
func (d Device) partOfAutopatch() bool {
	return d.has(planUpdateBusiness, planWindows, planWindowsOriginal)
}
