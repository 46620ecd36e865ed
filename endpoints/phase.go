package endpoints

import "slices"

// A Phase is a stage of provisioning, from the first packet to the desktop and
// beyond. The order is that of a user-driven Autopilot deployment captured in
// 2019. Phases of other scenarios are placed where their documents put them.
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
	PhaseDeviceApps         Phase = "device-esp-apps" // device setup on the enrollment status page
	PhaseOfficeInstall      Phase = "office-install"
	PhasePushNotifications  Phase = "push-notifications"
	PhaseUserSetup          Phase = "user-esp" // account setup on the enrollment status page
	PhasePostProvisioning   Phase = "post-provisioning"
	PhaseDiagnosticsUpload  Phase = "diagnostics-upload" // only after a failure
)

// Phases returns all phases in order. The slice belongs to the caller.
func Phases() []Phase {
	return []Phase{
		PhaseNetworkBringUp, PhaseDeviceIdentity, PhaseProfileDownload, PhaseActivation,
		PhaseOOBEUpdates, PhaseTelemetry, PhaseDelivery, PhaseTPMAttestation, PhaseEntraSignIn,
		PhaseTermsOfUse, PhaseDeviceRegistration, PhaseMDMEnrollment, PhaseMDMSync, PhaseDeviceApps,
		PhaseOfficeInstall, PhasePushNotifications, PhaseUserSetup, PhasePostProvisioning, PhaseDiagnosticsUpload,
	}
}

// Order returns the position of p in [Phases]. An empty or unknown phase sorts
// after all others.
func (p Phase) Order() int {
	all := Phases()
	if i := slices.Index(all, p); i >= 0 {
		return i
	}
	return len(all)
}

// Title returns the display name of the phase, as in "Microsoft Entra sign-in".
// For an unknown phase it returns the phase itself.
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
		return "Intune enrollment"
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
