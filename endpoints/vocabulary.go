package endpoints

// A Service is a Microsoft service that provisioning depends on, such as
// "deployment-service". [Catalog.Title] returns its display name.
type Service string

// The services of the built-in catalog.
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

// A Scenario is a way to provision or manage devices.
type Scenario string

// The scenarios. [ScenarioRemoteHelp] is not a provisioning scenario; it marks
// endpoints that only Intune Remote Help needs.
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

// A Region is where a tenant's data is stored. Only tenants in the regions that
// an endpoint serves need the endpoint; see [Scope].
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

// A TPM is the vendor of a device's Trusted Platform Module.
type TPM string

// The vendors of firmware TPMs, which fetch their endorsement key certificate
// from the vendor, and [TPMDiscrete], which carries the certificate.
const (
	TPMIntel    TPM = "intel"
	TPMAMD      TPM = "amd"
	TPMQualcomm TPM = "qualcomm"
	TPMDiscrete TPM = "discrete"
)

// A Windows is a generation of Windows.
type Windows string

// The generations of Windows.
const (
	Windows10 Windows = "10"
	Windows11 Windows = "11"
)

// A Feature is something that a tenant may use and that needs its own
// endpoints.
type Feature string

// The features. [FeatureSkipDomainCheck] works in reverse: with it, devices do
// not need to ping a domain controller. No endpoint has it. [FeatureNone] in a
// [Scope] says that the tenant uses no features.
const (
	FeatureOfficeApps       Feature = "office-apps"
	FeatureStoreApps        Feature = "store-apps"
	FeatureWin32Apps        Feature = "win32-apps"
	FeatureScripts          Feature = "scripts"
	FeatureComplianceHealth Feature = "compliance-health"
	FeatureRemoteHelp       Feature = "remote-help"
	FeatureSeamlessSSO      Feature = "seamless-sso"
	FeatureSkipDomainCheck  Feature = "skip-domain-check"
	FeatureMail             Feature = "mail" // mail clients with IMAP4, POP3 or SMTP, and mail relays
	FeatureNone             Feature = "none"
)

// A Need says how much a service depends on an endpoint. The zero Need is
// Required, the safe default. A greater Need is weaker.
type Need uint8

// The needs.
const (
	Required Need = iota
	Conditional
	Optional
	FormerlyRequired // only older documents require it; see [Endpoint.DroppedBy]
	NotNeeded        // only in a [Scope]; no endpoint has it
)

// A Basis says how a fact is known.
type Basis string

// The bases.
const (
	BasisDocumented Basis = "documented"      // a Microsoft document says so, or a public copy of one
	BasisSeen       Basis = "seen-in-capture" // observed, on the wire or in other tools' lists
	BasisInferred   Basis = "inferred"        // our conclusion
)

// A Status says whether an endpoint is still in use.
type Status string

// The statuses. Only current endpoints can fail a check.
const (
	StatusCurrent    Status = "current"
	StatusLegacy     Status = "legacy"     // still listed, no longer used; see [Catalog.Listed]
	StatusRetired    Status = "retired"    // no longer listed, or replaced by another name
	StatusDeprecated Status = "deprecated" // probably has no DNS record
	StatusUnknown    Status = "unknown"
)

// A Trait is what a network must know about an endpoint beyond its name.
type Trait string
