package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// A Prerequisite is something that documents ask of devices, or of the people
// who use them, beside the network. Prerequisites are only ever added.
type Prerequisite string

// The prerequisites.
const (
	PrerequisiteEdition           Prerequisite = "windows.edition"
	PrerequisiteBuild             Prerequisite = "windows.build"
	PrerequisiteEntraID           Prerequisite = "licence.entra-id"
	PrerequisiteMDM               Prerequisite = "licence.mdm"
	PrerequisiteAutopatch         Prerequisite = "licence.autopatch"
	PrerequisiteOfficeApps        Prerequisite = "licence.office-apps"        // recommended
	PrerequisiteWindowsEnterprise Prerequisite = "licence.windows-enterprise" // recommended
)

// Title returns the prerequisite in words.
func (p Prerequisite) Title() string {
	switch p {
	case PrerequisiteEdition:
		return "Windows edition"
	case PrerequisiteBuild:
		return "Windows build"
	case PrerequisiteEntraID:
		return "Licence for Microsoft Entra ID"
	case PrerequisiteMDM:
		return "Licence for device management"
	case PrerequisiteAutopatch:
		return "Licence for Windows Autopatch"
	case PrerequisiteOfficeApps:
		return "Licence for Microsoft 365 Apps"
	case PrerequisiteWindowsEnterprise:
		return "Licence for Windows Enterprise"
	default:
		return string(p)
	}
}

// A DeviceFinding is how what is known of the devices compares with one
// prerequisite.
type DeviceFinding struct {
	Prerequisite Prerequisite

	// Status is NotRun where nothing is known, or too little to tell. Reason
	// then says why; it is empty otherwise.
	Status Status
	Reason string

	Found  string // what is known, in words; empty for nothing
	Wanted string // what the documents ask for, in words

	// Impact, Basis, Consequence and Sources say what a failure means, or would
	// mean, and which documents say so.
	Impact      Impact
	Basis       Basis
	Consequence string
	Sources     []endpoints.Source
}

// JudgeDevice compares what is known of the devices, s.Device, with what the
// documents ask for in the scenario. There is a finding for each prerequisite,
// in a fixed order; those of which nothing is known are NotRun, and never OK. A
// nil policy is [Documented]. The policy is asked with a [Case] that has a
// Prerequisite and no endpoint.
//
// JudgeDevice is pure. Documents that ask for "a supported version" refer to
// Microsoft's lifecycle, which no fact here knows: the build is then NotRun.
func JudgeDevice(s Scope, policy Policy) []DeviceFinding {
	if policy == nil {
		policy = Documented
	}
	var out []DeviceFinding
	for _, p := range prerequisites(s.Scenario) {
		f := compareDevice(p, s)
		v := policy(Case{Scope: s, Prerequisite: p, Status: f.Status})
		f.Impact, f.Basis, f.Consequence, f.Sources = v.Impact, v.Basis, v.Consequence, v.Sources
		out = append(out, f)
	}
	return out
}

// prerequisites returns what the documents of a scenario ask for.
func prerequisites(s endpoints.Scenario) []Prerequisite {
	common := []Prerequisite{PrerequisiteEdition, PrerequisiteBuild, PrerequisiteEntraID, PrerequisiteMDM}
	if s == endpoints.ScenarioAutopatch {
		return append(common, PrerequisiteAutopatch)
	}
	return append(common, PrerequisiteOfficeApps, PrerequisiteWindowsEnterprise)
}

// compareDevice returns a finding without its verdict.
func compareDevice(p Prerequisite, s Scope) DeviceFinding {
	var f DeviceFinding
	switch p {
	case PrerequisiteEdition:
		f = compareEdition(s)
	case PrerequisiteBuild:
		f = compareBuild(s)
	case PrerequisiteEntraID, PrerequisiteMDM, PrerequisiteAutopatch, PrerequisiteOfficeApps, PrerequisiteWindowsEnterprise:
		f = compareLicence(p, s)
	}
	f.Prerequisite = p
	return f
}

// supportedEditions returns the editions that the document of a scenario lists.
// That of Autopatch has a note on LTSC; see [deviceVerdict].
func supportedEditions(s endpoints.Scenario) []Edition {
	all := []Edition{EditionPro, EditionProEducation, EditionProWorkstations, EditionEnterprise, EditionEducation}
	if s == endpoints.ScenarioAutopatch {
		return all
	}
	return append(all, EditionEnterpriseLTSC)
}

func compareEdition(s Scope) DeviceFinding {
	supported := supportedEditions(s.Scenario)
	f := DeviceFinding{Wanted: listEditions(supported)}
	switch e := s.Device.Edition; {
	case e == "":
		f.Reason = "the edition is not known"
	case slices.Contains(supported, e):
		f.Status, f.Found = OK, e.Title()
	default:
		f.Status, f.Found = Failed, e.Title()
	}
	return f
}

func listEditions(all []Edition) string {
	text := "Windows " + all[0].Title()
	for i, e := range all[1:] {
		if i == len(all)-2 {
			text += " or " + e.Title()
		} else {
			text += ", " + e.Title()
		}
	}
	return text
}

// The builds of the versions that device preparation is for, and the update
// that it needs in the older ones (KB5035942).
const (
	build22H2, build23H2, build24H2 = 22621, 22631, 26100
	revisionDevicePreparation       = 3374
)

func compareBuild(s Scope) DeviceFinding {
	b := s.Device.Build
	f := DeviceFinding{Found: b.String()}
	oldest := uint32(build22H2)
	switch s.Scenario {
	case endpoints.ScenarioDevicePreparation:
		f.Wanted = "Windows 11, version 22H2 from build 22621.3374, 23H2 from build 22631.3374, or 24H2 (build 26100) and later"
	case endpoints.ScenarioDeviceAssociation:
		oldest = build23H2
		f.Wanted = "Windows 11, version 23H2, 24H2 or 25H2, with an update that the document does not name yet"
	default:
		f.Wanted = "a version of Windows that Microsoft supports"
		f.Reason = "the document refers to Microsoft's lifecycle, which is not known here"
		return f
	}
	switch {
	case b == Build{} && s.Windows == endpoints.Windows10:
		f.Status, f.Found = Failed, "Windows 10"
	case b == Build{}:
		f.Reason = "the build is not known"
	case b.Number < oldest:
		f.Status = Failed
	case s.Scenario == endpoints.ScenarioDeviceAssociation:
		f.Reason = "the document does not name the update that is needed"
	case b.Number >= build24H2:
		f.Status = OK
	case b.Number != build22H2 && b.Number != build23H2:
		f.Reason = "the document does not name this build"
	case b.Revision == 0:
		f.Reason = "the revision of the build is not known"
	case b.Revision >= revisionDevicePreparation:
		f.Status = OK
	default:
		f.Status = Failed
	}
	return f
}
