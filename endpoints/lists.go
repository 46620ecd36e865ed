package endpoints

// Scenarios returns the provisioning and servicing scenarios, without
// [ScenarioRemoteHelp]. The slice belongs to the caller.
func Scenarios() []Scenario {
	return []Scenario{
		ScenarioAutopilot, ScenarioHybridJoin, ScenarioSelfDeploying, ScenarioPreProvisioning,
		ScenarioDevicePreparation, ScenarioDeviceAssociation, ScenarioAutopatch,
	}
}

// Clouds returns all clouds. The slice belongs to the caller.
func Clouds() []Cloud {
	return []Cloud{CloudWorldwide, CloudGCCHigh, CloudDoD, CloudChina}
}

// Regions returns all regions. The slice belongs to the caller.
func Regions() []Region {
	return []Region{
		RegionNorthAmerica, RegionEurope, RegionAsiaPacific, RegionIndia, RegionAustralia,
		RegionEastAsia, RegionSwitzerland, RegionAmericas, RegionEUDataBoundary,
	}
}

// TPMs returns all TPM vendors. The slice belongs to the caller.
func TPMs() []TPM {
	return []TPM{TPMIntel, TPMAMD, TPMQualcomm, TPMDiscrete}
}

// Generations returns all generations of Windows. The slice belongs to the
// caller.
func Generations() []Windows {
	return []Windows{Windows10, Windows11}
}

// Features returns all features, without [FeatureNone]. The slice belongs to
// the caller.
func Features() []Feature {
	return []Feature{
		FeatureOfficeApps, FeatureStoreApps, FeatureWin32Apps, FeatureScripts,
		FeatureComplianceHealth, FeatureRemoteHelp, FeatureSeamlessSSO, FeatureSkipDomainCheck, FeatureMail,
	}
}

// allScenarios returns the scenarios that an endpoint may have.
func allScenarios() []Scenario { return append(Scenarios(), ScenarioRemoteHelp) }

func bases() []Basis { return []Basis{BasisDocumented, BasisSeen, BasisInferred} }

func statuses() []Status {
	return []Status{StatusCurrent, StatusLegacy, StatusRetired, StatusDeprecated, StatusUnknown}
}
