package device

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// The IDs of the documented prerequisites.
const (
	idEdition           = "windows.edition"
	idBuild             = "windows.build"
	idTPM               = "device.tpm"
	idEntraID           = "licence.entra-id"
	idMDM               = "licence.mdm"
	idAutopatch         = "licence.autopatch"
	idOfficeApps        = "licence.office-apps"        // recommended
	idWindowsEnterprise = "licence.windows-enterprise" // recommended
)

// name returns the prerequisite of an id in words.
func name(id string) string {
	switch id {
	case idEdition:
		return "Windows edition"
	case idBuild:
		return "Windows build"
	case idTPM:
		return "TPM"
	case idEntraID:
		return "License for Microsoft Entra ID"
	case idMDM:
		return "License for device management"
	case idAutopatch:
		return "License for Windows Autopatch"
	case idOfficeApps:
		return "License for Microsoft 365 Apps"
	case idWindowsEnterprise:
		return "License for Windows Enterprise"
	}
	return id
}

// Check compares f with the documented prerequisites of the scenario of s, in a
// fixed order. A prerequisite about which f says nothing is NotRun, never OK.
// For the first malformed fact Check returns a [*endpoints.Error].
//
// Check is pure. If a document requires only "a supported version", the build
// is NotRun: this package does not know Microsoft's lifecycle dates.
func (f Facts) Check(s endpoints.Scope) ([]readiness.Prerequisite, error) {
	if err := f.validate(); err != nil {
		return nil, err
	}
	var out []readiness.Prerequisite
	for _, id := range prerequisites(s.Scenario) {
		p := f.compare(id, s)
		p.ID, p.Name, p.Ruling = id, name(id), f.ruling(id, s)
		out = append(out, p)
	}
	return out, nil
}

// prerequisites returns the IDs of a scenario's prerequisites.
func prerequisites(s endpoints.Scenario) []string {
	switch s {
	case endpoints.ScenarioAutopatch:
		return []string{idEdition, idBuild, idEntraID, idMDM, idAutopatch}
	case endpoints.ScenarioDeviceAssociation:
		return []string{idEdition, idBuild, idTPM, idEntraID, idMDM, idOfficeApps, idWindowsEnterprise}
	default:
		return []string{idEdition, idBuild, idEntraID, idMDM, idOfficeApps, idWindowsEnterprise}
	}
}

// compare returns a prerequisite with what was found and wanted.
func (f Facts) compare(id string, s endpoints.Scope) readiness.Prerequisite {
	switch id {
	case idEdition:
		return f.compareEdition(s.Scenario)
	case idBuild:
		return f.compareBuild(s)
	case idTPM:
		return readiness.Prerequisite{
			Wanted: "a physical device with TPM 2.0, enabled and not in reduced functionality mode",
			Reason: "the TPM is not known",
		}
	}
	return f.compareLicense(id, s)
}

// supportedEditions returns the editions that the document of a scenario lists.
// That of Autopatch has a note on LTSC; see [Facts.ruling].
func supportedEditions(s endpoints.Scenario) []Edition {
	all := []Edition{EditionPro, EditionProEducation, EditionProWorkstations, EditionEnterprise, EditionEducation}
	if s == endpoints.ScenarioAutopatch {
		return append(all, EditionIoTEnterprise)
	}
	return append(all, EditionEnterpriseLTSC)
}

func (f Facts) compareEdition(s endpoints.Scenario) readiness.Prerequisite {
	supported := supportedEditions(s)
	p := readiness.Prerequisite{Wanted: listEditions(supported)}
	rooms := !isDevicePreparation(s) && !slices.Contains(supported, EditionIoTEnterprise)
	if rooms {
		p.Wanted += ", or IoT Enterprise in Microsoft Teams Rooms devices"
	}
	switch e := f.Edition; {
	case rooms && e == EditionIoTEnterprise:
		p.Found = e.Title()
		p.Reason = "the document lists this edition only for Microsoft Teams Rooms devices"
	case e == "":
		p.Reason = "the edition is not known"
	case slices.Contains(supported, e):
		p.Outcome, p.Found = readiness.OK, e.Title()
	default:
		p.Outcome, p.Found = readiness.Failed, e.Title()
	}
	return p
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

// isDevicePreparation reports whether a scenario is device preparation, with or
// without device association.
func isDevicePreparation(s endpoints.Scenario) bool {
	return s == endpoints.ScenarioDevicePreparation || s == endpoints.ScenarioDeviceAssociation
}

// Builds of the versions of Windows 11, and the revisions of the updates that
// the documents name. Device preparation needs KB5035942 in the versions before
// 24H2. Device association needs KB5120998. Its document gives only that
// number; the builds come from public copies.
const (
	build22H2, build23H2, build24H2, build25H2 = 22621, 22631, 26100, 26200

	revisionKB5035942 = 3374
	revisionKB5120998 = 9278
)

func (f Facts) compareBuild(s endpoints.Scope) readiness.Prerequisite {
	b := f.Build
	p := readiness.Prerequisite{Found: b.String()}
	versions, oldest, revision := []uint32{build22H2, build23H2}, uint32(build22H2), uint32(revisionKB5035942)
	switch s.Scenario {
	case endpoints.ScenarioDevicePreparation:
		p.Wanted = "Windows 11, version 22H2 from build 22621.3374, 23H2 from build 22631.3374, or 24H2 (build 26100) and later; " +
			"on Windows 365 Cloud PCs, 24H2 from build 26100.3323"
	case endpoints.ScenarioDeviceAssociation:
		versions, oldest, revision = []uint32{build24H2, build25H2}, build24H2, revisionKB5120998
		p.Wanted = "Windows 11, version 24H2 or 25H2, with KB5120998 or later (from builds 26100.9278 and 26200.9278)"
	default:
		p.Wanted = "a version of Windows that Microsoft supports"
		p.Reason = "the document refers to the Microsoft lifecycle policy, which this program does not know"
		return p
	}
	switch {
	case b == Build{} && s.Windows == endpoints.Windows10:
		p.Outcome, p.Found = readiness.Failed, "Windows 10"
	case b == Build{}:
		p.Reason = "the build is not known"
	case b.Number < oldest:
		p.Outcome = readiness.Failed
	case s.Scenario == endpoints.ScenarioDevicePreparation && b.Number >= build24H2:
		p.Outcome = readiness.OK
	case !slices.Contains(versions, b.Number):
		p.Reason = "the document does not name this build"
	case b.Revision == 0:
		p.Reason = "the revision of the build is not known"
	case b.Revision >= revision:
		p.Outcome = readiness.OK
	default:
		p.Outcome = readiness.Failed
	}
	return p
}
