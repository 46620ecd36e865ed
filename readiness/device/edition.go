package device

// An Edition is an edition of Windows.
type Edition string

// The documented editions of desktop Windows, and EditionOther for all others.
// For HoloLens, which has its own documents, leave the edition empty.
const (
	EditionPro             Edition = "pro"
	EditionProEducation    Edition = "pro-education"
	EditionProWorkstations Edition = "pro-workstations"
	EditionEnterprise      Edition = "enterprise"
	EditionEnterpriseLTSC  Edition = "enterprise-ltsc"
	EditionEducation       Edition = "education"
	EditionIoTEnterprise   Edition = "iot-enterprise" // without its LTSC releases
	EditionHome            Edition = "home"
	EditionOther           Edition = "other" // any other desktop edition
)

// Editions returns all editions. The slice belongs to the caller.
func Editions() []Edition {
	return []Edition{
		EditionPro, EditionProEducation, EditionProWorkstations, EditionEnterprise, EditionEnterpriseLTSC,
		EditionEducation, EditionIoTEnterprise, EditionHome, EditionOther,
	}
}

// Title returns the edition as Microsoft writes it, as in "Pro for
// Workstations".
func (e Edition) Title() string {
	switch e {
	case EditionPro:
		return "Pro"
	case EditionProEducation:
		return "Pro Education"
	case EditionProWorkstations:
		return "Pro for Workstations"
	case EditionEnterprise:
		return "Enterprise"
	case EditionEnterpriseLTSC:
		return "Enterprise LTSC"
	case EditionEducation:
		return "Education"
	case EditionIoTEnterprise:
		return "IoT Enterprise"
	case EditionHome:
		return "Home"
	case EditionOther:
		return "another edition"
	default:
		return string(e)
	}
}
