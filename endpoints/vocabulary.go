package endpoints

// A Service is one of the Microsoft services that provisioning depends on, as
// in "deployment-service". Its title is in the catalogue: [Catalog.Title].
type Service string

// The services of the built-in catalogue.
const (
	ServiceDNS                    Service = "dns"
	ServiceNCSI                   Service = "ncsi"
	ServiceNTP                    Service = "ntp"
	ServiceProxy                  Service = "proxy"
	ServiceDeployment             Service = "deployment-service"
	ServiceActivation             Service = "activation"
	ServiceEntraID                Service = "entra-id"
	ServiceIntune                 Service = "intune"
	ServiceIntuneContent          Service = "intune-content"
	ServiceEndpointDiscovery      Service = "endpoint-discovery"
	ServiceDiagnosticsCollection  Service = "diagnostics-collection"
	ServiceDiagnosticsData        Service = "diagnostics-data"
	ServiceWindowsUpdate          Service = "windows-update"
	ServiceDeliveryOptimization   Service = "delivery-optimization"
	ServiceWNS                    Service = "wns"
	ServiceMicrosoftStore         Service = "microsoft-store"
	ServiceMicrosoft365           Service = "microsoft-365"
	ServiceMicrosoft365Exchange   Service = "microsoft-365-exchange"
	ServiceMicrosoft365SharePoint Service = "microsoft-365-sharepoint"
	ServiceOneDrive               Service = "onedrive"
	ServiceTeams                  Service = "teams"
	ServiceEdge                   Service = "edge"
	ServiceCRL                    Service = "crl"
	ServiceTPMAttestation         Service = "tpm-attestation"
	ServiceHealthAttestation      Service = "health-attestation"
	ServiceHybridDomainController Service = "hybrid-domain-controller"
	ServiceAutopatch              Service = "autopatch"
	ServiceSmartScreen            Service = "smartscreen"
	ServiceDefender               Service = "defender"
	ServiceWindowsShell           Service = "windows-shell"
	ServiceRemoteHelp             Service = "remote-help"
)

// A Scenario is a way to provision or keep a device.
type Scenario string

// The scenarios. [ScenarioRemoteHelp] is no provisioning scenario: endpoints
// carry it that only Intune Remote Help needs.
const (
	ScenarioAutopilot         Scenario = "autopilot" // user-driven, Microsoft Entra join
	ScenarioHybridJoin        Scenario = "hybrid-join"
	ScenarioSelfDeploying     Scenario = "self-deploying"
	ScenarioPreProvisioning   Scenario = "pre-provisioning"
	ScenarioDevicePreparation Scenario = "device-preparation"
	ScenarioDeviceAssociation Scenario = "device-association"
	ScenarioAutopatch         Scenario = "autopatch"
	ScenarioRemoteHelp        Scenario = "remote-help"
)

// A Cloud is one of Microsoft's clouds. GCC is part of [CloudWorldwide].
type Cloud string

// The clouds.
const (
	CloudWorldwide Cloud = "worldwide"
	CloudGCCHigh   Cloud = "gcc-high"
	CloudDoD       Cloud = "dod"
	CloudChina     Cloud = "china" // operated by 21Vianet
)

// A Region is the part of the world in which a tenant's data lives. An
// endpoint with a region is needed by the tenants that the region serves; see
// [Query].
type Region string

// The regions.
const (
	RegionNorthAmerica   Region = "north-america"
	RegionEurope         Region = "europe"
	RegionAsiaPacific    Region = "asia-pacific"
	RegionIndia          Region = "india"
	RegionAustralia      Region = "australia"
	RegionEastAsia       Region = "east-asia"
	RegionSwitzerland    Region = "switzerland"
	RegionAmericas       Region = "americas"
	RegionEUDataBoundary Region = "eu-data-boundary"
)

// A TPMVendor is the maker of a device's trusted platform module.
type TPMVendor string

// The vendors of firmware TPMs, which fetch their endorsement key certificate
// from their maker, and [TPMDiscrete], which carries it.
const (
	TPMIntel    TPMVendor = "intel"
	TPMAMD      TPMVendor = "amd"
	TPMQualcomm TPMVendor = "qualcomm"
	TPMDiscrete TPMVendor = "discrete"
)

// A Windows is a generation of Windows.
type Windows string

// The generations of Windows.
const (
	Windows10 Windows = "10"
	Windows11 Windows = "11"
)

// A Feature is something that a tenant may or may not use, and that needs
// endpoints of its own.
type Feature string

// The features. [FeatureSkipDomainCheck] is the inverse of the others: with it
// the ping of a domain controller is not needed. No endpoint carries it.
const (
	FeatureOfficeApps       Feature = "office-apps"
	FeatureStoreApps        Feature = "store-apps"
	FeatureWin32Apps        Feature = "win32-apps"
	FeatureScripts          Feature = "scripts"
	FeatureComplianceHealth Feature = "compliance-health"
	FeatureRemoteHelp       Feature = "remote-help"
	FeatureSeamlessSSO      Feature = "seamless-sso"
	FeatureSkipDomainCheck  Feature = "skip-domain-check"
)

// A Need says whether an endpoint is needed for its service to work. The zero
// Need is the fail-safe one: required.
type Need uint8

// The needs.
const (
	Required Need = iota
	Conditional
	Optional
)

// A Confidence says how a fact is known.
type Confidence string

// The degrees of confidence.
const (
	Documented    Confidence = "documented"      // a Microsoft document says so, or a public copy of one
	SeenInCapture Confidence = "seen-in-capture" // seen on the wire, or in other tools' lists
	Inferred      Confidence = "inferred"        // our reading
)

// A Status says whether an endpoint is still in use.
type Status string

// The statuses. Only current endpoints are ever a reason to fail.
const (
	StatusCurrent    Status = "current"
	StatusLegacy     Status = "legacy"     // still listed, no longer of consequence
	StatusRetired    Status = "retired"    // replaced by another name
	StatusDeprecated Status = "deprecated" // probably without a DNS record
	StatusUnknown    Status = "unknown"
)

// A Trait is something a network must know about an endpoint beyond its name.
type Trait string
