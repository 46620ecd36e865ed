package endpoints

import "slices"

// Scenarios returns the ways to provision or keep a device, without
// [ScenarioRemoteHelp], which is none. The slice is the caller's.
func Scenarios() []Scenario {
	return []Scenario{
		ScenarioAutopilot, ScenarioHybridJoin, ScenarioSelfDeploying, ScenarioPreProvisioning,
		ScenarioDevicePreparation, ScenarioDeviceAssociation, ScenarioAutopatch,
	}
}

// Clouds returns all clouds. The slice is the caller's.
func Clouds() []Cloud {
	return []Cloud{CloudWorldwide, CloudGCCHigh, CloudDoD, CloudChina}
}

// Regions returns all regions. The slice is the caller's.
func Regions() []Region {
	return []Region{
		RegionNorthAmerica, RegionEurope, RegionAsiaPacific, RegionIndia, RegionAustralia,
		RegionEastAsia, RegionSwitzerland, RegionAmericas, RegionEUDataBoundary,
	}
}

// TPMVendors returns all makers of TPMs. The slice is the caller's.
func TPMVendors() []TPMVendor {
	return []TPMVendor{TPMIntel, TPMAMD, TPMQualcomm, TPMDiscrete}
}

// Generations returns all generations of Windows. The slice is the caller's.
func Generations() []Windows {
	return []Windows{Windows10, Windows11}
}

// Features returns all features. The slice is the caller's.
func Features() []Feature {
	return []Feature{
		FeatureOfficeApps, FeatureStoreApps, FeatureWin32Apps, FeatureScripts,
		FeatureComplianceHealth, FeatureRemoteHelp, FeatureSeamlessSSO, FeatureSkipDomainCheck,
	}
}

func knownScenario(s Scenario) bool {
	return s == ScenarioRemoteHelp || slices.Contains(Scenarios(), s)
}

func knownConfidence(c Confidence) bool {
	return slices.Contains([]Confidence{Documented, SeenInCapture, Inferred}, c)
}

func knownStatus(s Status) bool {
	return slices.Contains([]Status{StatusCurrent, StatusLegacy, StatusRetired, StatusDeprecated, StatusUnknown}, s)
}
