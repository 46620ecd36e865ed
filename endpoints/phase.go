package endpoints

import "slices"

// A Phase is a stretch of provisioning, from the first packet to the desktop
// and after it. The order is that of a user-driven Autopilot deployment as it
// was captured in 2019, with the phases of other scenarios put where their
// documents have them.
type Phase string

// The phases, in order.
const (
	PhaseNetworkBringUp     Phase = "network-bring-up"
	PhaseDeviceIdentity     Phase = "device-identity"
	PhaseProfileDownload    Phase = "profile-download"
	PhaseActivation         Phase = "activation"
	PhaseOOBEUpdates        Phase = "oobe-updates"
	PhaseTelemetry          Phase = "telemetry"
	PhaseDelivery           Phase = "delivery-optimization"
	PhaseTPMAttestation     Phase = "tpm-attestation" // self-deploying, pre-provisioning and device association
	PhaseEntraSignIn        Phase = "entra-sign-in"
	PhaseTermsOfUse         Phase = "defender-and-terms-of-use"
	PhaseDeviceRegistration Phase = "device-registration"
	PhaseMDMEnrollment      Phase = "mdm-enrollment"
	PhaseMDMSync            Phase = "mdm-sync"
	PhaseDeviceApps         Phase = "device-esp-apps" // the device part of the enrolment status page
	PhaseOfficeInstall      Phase = "office-install"
	PhasePushNotifications  Phase = "push-notifications"
	PhaseUserSetup          Phase = "user-esp" // its user part
	PhasePostProvisioning   Phase = "post-provisioning"
	PhaseDiagnosticsUpload  Phase = "diagnostics-upload" // only after a failure
)

// Phases returns all phases in order. The slice is the caller's.
func Phases() []Phase {
	return []Phase{
		PhaseNetworkBringUp, PhaseDeviceIdentity, PhaseProfileDownload, PhaseActivation,
		PhaseOOBEUpdates, PhaseTelemetry, PhaseDelivery, PhaseTPMAttestation, PhaseEntraSignIn,
		PhaseTermsOfUse, PhaseDeviceRegistration, PhaseMDMEnrollment, PhaseMDMSync, PhaseDeviceApps,
		PhaseOfficeInstall, PhasePushNotifications, PhaseUserSetup, PhasePostProvisioning, PhaseDiagnosticsUpload,
	}
}

// Order returns the position of p in [Phases]. An empty or unknown phase comes
// after all others.
func (p Phase) Order() int {
	all := Phases()
	if i := slices.Index(all, p); i >= 0 {
		return i
	}
	return len(all)
}

// Title returns the phase in words for people, as in "Microsoft Entra
// sign-in". That of an unknown phase is its own text.
func (p Phase) Title() string {
	switch p {
	case PhaseNetworkBringUp:
		return "Network start-up"
	case PhaseDeviceIdentity:
		return "Device identity"
	case PhaseProfileDownload:
		return "Deployment profile download"
	case PhaseActivation:
		return "Windows activation"
	case PhaseOOBEUpdates:
		return "Updates during setup"
	case PhaseTelemetry:
		return "Diagnostic data"
	case PhaseDelivery:
		return "Delivery Optimization start"
	case PhaseTPMAttestation:
		return "TPM attestation"
	case PhaseEntraSignIn:
		return "Microsoft Entra sign-in"
	case PhaseTermsOfUse:
		return "Defender and terms of use"
	case PhaseDeviceRegistration:
		return "Device join and registration"
	case PhaseMDMEnrollment:
		return "Intune enrolment"
	case PhaseMDMSync:
		return "First Intune sync"
	case PhaseDeviceApps:
		return "Device setup: apps and scripts"
	case PhaseOfficeInstall:
		return "Microsoft 365 Apps installation"
	case PhasePushNotifications:
		return "Push notifications"
	case PhaseUserSetup:
		return "Account setup"
	case PhasePostProvisioning:
		return "After provisioning"
	case PhaseDiagnosticsUpload:
		return "Diagnostics upload after a failure"
	default:
		return string(p)
	}
}
