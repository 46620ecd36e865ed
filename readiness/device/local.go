package device

import (
	"math"
	"strings"
)

// Local returns the edition and build of Windows on this machine, or zero Facts
// if it does not run desktop Windows. It only reads the registry. Missing
// values stay unknown.
func Local() (Facts, error) { return local() }

// factsOf interprets the values EditionID, CurrentBuildNumber and UBR of
// SOFTWARE\Microsoft\Windows NT\CurrentVersion. Editions that no document names
// stay unknown; only the user can declare one unsupported. Servers give no
// facts.
func factsOf(editionID, build string, revision uint64) Facts {
	if strings.HasPrefix(editionID, "Server") {
		return Facts{}
	}
	f := Facts{Edition: editionOf(editionID)}
	b, err := ParseBuild(build)
	if err != nil || revision > math.MaxUint32 {
		return f
	}
	f.Build = Build{Number: b.Number, Revision: uint32(revision)}
	return f
}

// editionOf returns the edition of an id as DISM lists them. Those that end in
// N come without media features.
func editionOf(id string) Edition {
	switch strings.TrimSuffix(id, "N") {
	case "Professional":
		return EditionPro
	case "ProfessionalEducation":
		return EditionProEducation
	case "ProfessionalWorkstation":
		return EditionProWorkstations
	case "Enterprise":
		return EditionEnterprise
	case "EnterpriseS":
		return EditionEnterpriseLTSC
	case "Education":
		return EditionEducation
	case "IoTEnterprise":
		return EditionIoTEnterprise
	case "Core", "CoreSingleLanguage", "CoreCountrySpecific":
		return EditionHome
	}
	return ""
}
