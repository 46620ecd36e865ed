package readiness

import (
	"regexp"
	"slices"
	"strings"
)

// A Device is what is known of the devices, and of the people who are to use
// them, before anything is measured. The zero Device says nothing, and then
// nothing is judged: see [JudgeDevice].
type Device struct {
	// Edition is the edition of Windows. Empty means not known.
	Edition Edition `json:"edition,omitempty"`

	// Build is the build of Windows. Zero means not known.
	Build Build `json:"build,omitzero"`

	// ServicePlans are the ids of the service plans that are assigned to a user
	// and enabled: servicePlanId in Microsoft Graph's assignedPlans or
	// licenseDetails. Ids of products (skuId) are something else. Nil means not
	// known; an empty slice that is not nil means that there are none.
	ServicePlans []string `json:"service_plans,omitzero"`

	// OtherMDM says that another service than Intune manages the devices, which
	// no service plan shows.
	OtherMDM bool `json:"other_mdm,omitempty"`
}

// An Edition is an edition of Windows.
type Edition string

// The editions of desktop Windows that documents name, and what is none of
// them. HoloLens has documents of its own: leave the edition empty there.
const (
	EditionPro             Edition = "pro"
	EditionProEducation    Edition = "pro-education"
	EditionProWorkstations Edition = "pro-workstations"
	EditionEnterprise      Edition = "enterprise"
	EditionEnterpriseLTSC  Edition = "enterprise-ltsc"
	EditionEducation       Edition = "education"
	EditionHome            Edition = "home"
	EditionOther           Edition = "other" // of desktops, and none of these
)

// Editions returns all editions. The slice is the caller's.
func Editions() []Edition {
	return []Edition{
		EditionPro, EditionProEducation, EditionProWorkstations, EditionEnterprise, EditionEnterpriseLTSC,
		EditionEducation, EditionHome, EditionOther,
	}
}

// Title returns the edition as Microsoft writes it, as in "Pro for Workstations".
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
	case EditionHome:
		return "Home"
	case EditionOther:
		return "another edition"
	default:
		return string(e)
	}
}

// validate returns a [*ScopeError] for the first fact that is none.
func (d Device) validate() error {
	if d.Edition != "" {
		if err := known("edition", d.Edition, Editions()); err != nil {
			return err
		}
	}
	for _, id := range d.ServicePlans {
		if !regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(id) {
			return &ScopeError{Field: "service plan", Value: id}
		}
	}
	return nil
}

// has reports whether one of some service plans is assigned.
func (d Device) has(plans ...string) bool {
	return slices.ContainsFunc(d.ServicePlans, func(id string) bool { return slices.Contains(plans, strings.ToLower(id)) })
}
