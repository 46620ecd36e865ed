package device

import (
	"regexp"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// Facts are what is known about devices and their users before any measurement.
// The zero Facts say nothing, so nothing is judged.
type Facts struct {
	// Edition is the edition of Windows. Empty means not known.
	Edition Edition `json:"edition,omitempty"`

	// Build is the build of Windows. Zero means not known.
	Build Build `json:"build,omitzero"`

	// ServicePlans are the ids of the service plans that are assigned to a user
	// and enabled: servicePlanId in Microsoft Graph's assignedPlans or
	// licenseDetails. Product IDs (skuId) do not count. Nil means unknown; an
	// empty non-nil slice means none.
	ServicePlans []string `json:"service_plans,omitzero"`

	// OtherMDM says that a service other than Intune manages the devices. No
	// service plan shows this.
	OtherMDM bool `json:"other_mdm,omitempty"`
}

// validate returns a [*endpoints.Error] for the first invalid fact.
func (f Facts) validate() error {
	if f.Edition != "" && !slices.Contains(Editions(), f.Edition) {
		err := &endpoints.Error{Code: endpoints.BadValue, Field: "edition", Value: string(f.Edition), Reason: "unknown"}
		for _, e := range Editions() {
			err.Want = append(err.Want, string(e))
		}
		return err
	}
	for _, id := range f.ServicePlans {
		if !regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(id) {
			return &endpoints.Error{Code: endpoints.BadValue, Field: "service plan", Value: id, Reason: "want the id of a service plan"}
		}
	}
	return nil
}

// has reports whether one of some service plans is assigned.
func (f Facts) has(plans ...string) bool {
	return slices.ContainsFunc(f.ServicePlans, func(id string) bool { return slices.Contains(plans, strings.ToLower(id)) })
}
