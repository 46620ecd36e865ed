package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// A column holds the impact of one rule in each scenario, a letter each, in
// the order of tableScenarios: F fatal, D degrading, C conditional,
// I informational.
type column string

// tableScenarios returns the scenarios of the policy table, in its order.
func tableScenarios() []endpoints.Scenario {
	return []endpoints.Scenario{
		endpoints.ScenarioAutopilot, endpoints.ScenarioHybridJoin, endpoints.ScenarioSelfDeploying,
		endpoints.ScenarioPreProvisioning, endpoints.ScenarioDevicePreparation,
		endpoints.ScenarioDeviceAssociation, endpoints.ScenarioAutopatch,
	}
}

// impact returns the impact in a scenario, Unjudged if the column has none.
func (c column) impact(s endpoints.Scenario) Impact {
	i := slices.Index(tableScenarios(), s)
	if i < 0 || i >= len(c) {
		return Unjudged
	}
	switch c[i] {
	case 'F':
		return Fatal
	case 'D':
		return Degrading
	case 'C':
		return Conditional
	case 'I':
		return Informational
	}
	return Unjudged
}

// A rule is one row of the policy table: what a service, or a part of one,
// matters in each scenario.
type rule struct {
	field      column
	documented column // where it differs from field
	basis      Basis  // of field

	// declared is the impact of a conditional endpoint once the scope names
	// the feature or the hardware that needs it.
	declared Impact

	// loss says in plain words what is lost without the service.
	loss string

	sources []sourceKey
}

// strict returns the column that the Documented policy reads.
func (r rule) strict() column {
	if r.documented != "" {
		return r.documented
	}
	return r.field
}

// ruleOf returns the rule for an endpoint. Services that the table does not
// know, which are an embedder's own, are judged by the need that the embedder
// gave them.
func ruleOf(e endpoints.Endpoint, s endpoints.Scenario) rule {
	if r, ok := partRule(e.Service, e.Part); ok {
		return r
	}
	if r, ok := onboardingRule(e.Service); ok {
		return r
	}
	if r, ok := followingRule(e.Service); ok {
		return r
	}
	own := rule{basis: BasisInferred, declared: Fatal}
	switch e.NeedFor(s) {
	case endpoints.Required:
		own.field = "FFFFFFF"
	case endpoints.Conditional:
		own.field = "CCCCCCC"
	case endpoints.Optional:
		own.field = "DDDDDDD"
	}
	return own
}

// partRule is the part of the table about parts of services.
func partRule(s endpoints.Service, p endpoints.Part) (rule, bool) {
	type key struct {
		service endpoints.Service
		part    endpoints.Part
	}
	switch (key{s, p}) {
	case key{endpoints.ServiceDeployment, endpoints.PartAccount}:
		return rule{
			field: "FFFFFFD", basis: BasisDocumented,
			loss:    "The device cannot prove its identity to Microsoft, so it gets no profile and no updates.",
			sources: []sourceKey{srcAutopilot, srcDevicePreparation, srcWindows11, srcUpdateReports},
		}, true
	case key{endpoints.ServiceEntraID, endpoints.PartCore}:
		return rule{
			field: "FFFFFFF", basis: BasisInferred,
			loss:    "Nobody can sign in and the device cannot join Microsoft Entra ID.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcHybrid},
		}, true
	case key{endpoints.ServiceEntraID, endpoints.PartAutologon}:
		return rule{
			field: "ICIIIII", basis: BasisDocumented, declared: Degrading,
			loss:    "Seamless single sign-on does not work; users type their password.",
			sources: []sourceKey{srcHybrid},
		}, true
	case key{endpoints.ServiceIntune, endpoints.PartCore}:
		return rule{
			field: "FFFFFFF", basis: BasisInferred,
			loss:    "The device cannot enrol into Intune or be managed by it.",
			sources: []sourceKey{srcDevicePreparation, srcIntune},
		}, true
	case key{endpoints.ServiceIntune, endpoints.PartDiscovery}, key{endpoints.ServiceEntraID, endpoints.PartDiscovery}:
		return rule{
			field: "IIIIIII", basis: BasisDocumented,
			loss:    "Users who enrol a device by hand have to type in the server's name; automatic enrolment does without.",
			sources: []sourceKey{srcDiscovery},
		}, true
	case key{endpoints.ServiceDeliveryOptimization, endpoints.PartContent}:
		return rule{
			field: "CCCCCCF", basis: BasisInferred, declared: Fatal,
			loss:    "The payloads of updates, Store apps and Win32 apps cannot be downloaded.",
			sources: []sourceKey{srcWindows11, srcDeliveryEndpoints, srcAutopatchUpdates},
		}, true
	case key{endpoints.ServiceTPMAttestation, endpoints.PartEK}:
		return rule{
			field: "IICCICI", basis: BasisDocumented, declared: Fatal,
			loss:    "A firmware TPM cannot fetch its certificate from its maker, so attestation fails.",
			sources: []sourceKey{srcAutopilot, srcIntune},
		}, true
	}
	return rule{}, false
}

// onboardingRule is the part of the table about services that a device needs
// until it is enrolled.
func onboardingRule(s endpoints.Service) (rule, bool) {
	switch s {
	case endpoints.ServiceDNS:
		return rule{
			field: "FFFFFFF", basis: BasisDocumented,
			loss:    "No name of any service can be resolved.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation},
		}, true
	case endpoints.ServiceNCSI:
		return rule{
			field: "FFFFFFD", basis: BasisInferred,
			loss:    "Windows believes that there is no internet, and setup does not move past the network page.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcNCSI, srcNCSIFAQ},
		}, true
	case endpoints.ServiceNTP:
		return rule{
			field: "DDDDDDI", documented: "FFFFFFI", basis: BasisInferred,
			loss:    "The clock is not corrected; a wrong clock makes certificates and tokens invalid.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcIntune},
		}, true
	case endpoints.ServiceDeployment:
		return rule{
			field: "FFFFFFI", basis: BasisInferred,
			loss:    "The device gets no Autopilot profile and runs the ordinary first-run experience.",
			sources: []sourceKey{srcAutopilot, srcDevicePreparation},
		}, true
	case endpoints.ServiceActivation:
		return rule{
			field: "DDDDDDI", documented: "FFFFFFI", basis: BasisInferred,
			loss:    "Windows is not activated, and an upgrade of the edition stays pending.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcActivation},
		}, true
	case endpoints.ServiceEntraID:
		return rule{
			field: "DDDDDDD", basis: BasisInferred,
			loss:    "The feature of Microsoft Entra ID that uses the name does not work.",
			sources: []sourceKey{srcEndpointService},
		}, true
	case endpoints.ServiceIntune:
		return rule{
			field: "DDDDDDD", basis: BasisInferred,
			loss:    "The feature of Intune that uses the name does not work.",
			sources: []sourceKey{srcIntune},
		}, true
	case endpoints.ServiceEndpointDiscovery:
		return rule{
			field: "DDDDDDD", basis: BasisInferred,
			loss:    "Links that lead devices to the right service do not resolve.",
			sources: []sourceKey{srcEndpointService},
		}, true
	case endpoints.ServiceCRL:
		return rule{
			field: "DDDDDDD", documented: "FFFFFFD", basis: BasisInferred,
			loss:    "Certificates cannot be checked for revocation: connections stall, and components that insist on the check refuse them.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcEndpointService},
		}, true
	case endpoints.ServiceTPMAttestation:
		return rule{
			field: "IIFFIFI", basis: BasisInferred,
			loss:    "The TPM cannot be attested, and setup stops while it secures the hardware.",
			sources: []sourceKey{srcAutopilot, srcSelfDeploying, srcDeviceAssociation},
		}, true
	case endpoints.ServiceHybridDomainController:
		return rule{
			field: "IFIIIII", basis: BasisDocumented,
			loss:    "The device cannot reach a domain controller and does not join the domain.",
			sources: []sourceKey{srcUserDriven, srcAutopilot, srcADPorts},
		}, true
	case endpoints.ServiceProxy:
		return rule{
			field: "CCCCCCD", basis: BasisDocumented, declared: Fatal,
			loss:    "If the network needs a proxy, the device must find it by itself and use it without credentials.",
			sources: []sourceKey{srcDevicePreparation, srcAutopatch},
		}, true
	}
	return rule{}, false
}

// followingRule is the part of the table about services that a device uses
// beside or after enrolment.
func followingRule(s endpoints.Service) (rule, bool) {
	switch s {
	case endpoints.ServiceWindowsUpdate:
		return rule{
			field: "DDDDDDF", basis: BasisDocumented,
			loss:    "Provisioning continues, but critical updates are not available.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcAutopatchUpdates},
		}, true
	case endpoints.ServiceDeliveryOptimization:
		return rule{
			field: "DDDDDDD", basis: BasisDocumented,
			loss:    "Provisioning continues; every device downloads from the cloud, none from its peers.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcAutopatch, srcDeliveryFAQ},
		}, true
	case endpoints.ServiceDiagnosticsData:
		return rule{
			field: "DDDDDDD", basis: BasisDocumented,
			loss:    "Provisioning continues, but services that depend on diagnostic data do not work.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcAutopatchUpdates, srcUpdateReports},
		}, true
	case endpoints.ServiceWNS:
		return rule{
			field: "DDDDDDD", basis: BasisDocumented,
			loss:    "Provisioning continues without notifications; remote actions wait for the next check-in.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcWindows11, srcAutopatchUpdates},
		}, true
	case endpoints.ServiceMicrosoftStore:
		return rule{
			field: "DDDDDDI", basis: BasisDocumented,
			loss:    "Provisioning continues without Microsoft Store apps.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation},
		}, true
	case endpoints.ServiceDiagnosticsCollection:
		return rule{
			field: "IIIIIII", basis: BasisDocumented,
			loss:    "Logs of failed deployments are not uploaded; deployment itself is not affected.",
			sources: []sourceKey{srcDiagnostics, srcDevicePreparation},
		}, true
	case endpoints.ServiceAutopatch:
		return rule{
			field: "IIIIIIF", basis: BasisDocumented,
			loss:    "Windows Autopatch cannot manage the device's updates.",
			sources: []sourceKey{srcAutopatch, srcAutopatchNetwork},
		}, true
	case endpoints.ServiceHealthAttestation:
		return rule{
			field: "CCCCCCI", basis: BasisDocumented, declared: Degrading,
			loss:    "Devices with health settings in their compliance policy fall out of compliance.",
			sources: []sourceKey{srcIntune},
		}, true
	}
	return appRule(s)
}

// appRule is the part of the table about apps and their content.
func appRule(s endpoints.Service) (rule, bool) {
	switch s {
	case endpoints.ServiceIntuneContent:
		return rule{
			field: "CCCCCCC", basis: BasisInferred, declared: Fatal,
			loss:    "Win32 apps and scripts that Intune assigns do not arrive, and setup waits for the required ones.",
			sources: []sourceKey{srcIntune},
		}, true
	case endpoints.ServiceMicrosoft365:
		return rule{
			field: "CCCCCCF", basis: BasisDocumented, declared: Fatal,
			loss:    "Microsoft 365 Apps, where they are assigned, do not install.",
			sources: []sourceKey{srcAutopilot2018, srcDevicePreparation, srcAutopatch, srcAutopatchNetwork},
		}, true
	case endpoints.ServiceOneDrive:
		return rule{
			field: "CCCCCCD", basis: BasisInferred, declared: Degrading,
			loss:    "OneDrive does not install or update.",
			sources: []sourceKey{srcEndpointService, srcAutopatch},
		}, true
	case endpoints.ServiceTeams:
		return rule{
			field: "CCCCCCD", basis: BasisInferred, declared: Degrading,
			loss:    "Teams does not install, sign in or work fully.",
			sources: []sourceKey{srcEndpointService, srcAutopatch},
		}, true
	case endpoints.ServiceEdge:
		return rule{
			field: "IIIIIID", basis: BasisDocumented,
			loss:    "Microsoft Edge works without the feature that uses the name.",
			sources: []sourceKey{srcEdge, srcAutopatch},
		}, true
	case endpoints.ServiceMicrosoft365Exchange:
		return rule{
			field: "IIIIIID", basis: BasisInferred,
			loss:    "Mail and calendar clients cannot connect.",
			sources: []sourceKey{srcEndpointService, srcAutopatch},
		}, true
	case endpoints.ServiceMicrosoft365SharePoint:
		return rule{
			field: "IIIIIID", basis: BasisInferred,
			loss:    "Content in SharePoint and OneDrive for Business is not available.",
			sources: []sourceKey{srcEndpointService, srcAutopatch},
		}, true
	case endpoints.ServiceSmartScreen, endpoints.ServiceDefender, endpoints.ServiceWindowsShell:
		return rule{
			field: "IIIIIII", basis: BasisDocumented,
			loss:    "Only the feature that uses the name is affected.",
			sources: []sourceKey{srcWindows11, srcAutopatch},
		}, true
	case endpoints.ServiceRemoteHelp:
		return rule{
			field: "IIIIIII", basis: BasisInferred,
			loss:    "Remote Help does not connect.",
			sources: []sourceKey{srcIntune},
		}, true
	}
	return rule{}, false
}
