package endpoints

import "slices"

// A Query says which endpoints [Catalog.Select] returns. The zero Query
// selects the current endpoints of the worldwide cloud.
type Query struct {
	// Scenario keeps the endpoints that the scenario uses. Empty means all.
	Scenario Scenario

	// Cloud keeps the endpoints of one cloud. Empty means [CloudWorldwide]:
	// no tenant lives in two clouds.
	Cloud Cloud

	// Region keeps the endpoints that tenants of a region use: those without a
	// region, those of the region, and those of a wider or other region that
	// serves it, such as "americas" for "north-america". Which region serves
	// which is our reading of lists that divide the world differently. Empty
	// keeps all.
	Region Region

	// TPM keeps the endpoints that a device with a TPM of this maker uses.
	// [TPMDiscrete] drops all that belong to a maker. Empty keeps all.
	TPM TPMVendor

	// Windows keeps the endpoints that devices of this generation use. Empty keeps
	// all.
	Windows Windows

	// Features are the features that the tenant uses. Nil means that they are
	// not known, and keeps everything. Otherwise, endpoints that only other
	// features need are dropped, unless they are [Required] in the scenario,
	// or the scenario is [ScenarioAutopatch], whose document asks for its lists
	// as a whole. An empty slice that is not nil means no features at all.
	// [FeatureRemoteHelp] adds the endpoints of [ScenarioRemoteHelp] to those of
	// the scenario, which have none of them.
	Features []Feature

	// Services keeps the endpoints of these services. Empty means all.
	Services []Service

	// AllStatuses keeps endpoints that are not current, too.
	AllStatuses bool
}

// Select returns the endpoints that q asks for, in catalogue order.
func (c *Catalog) Select(q Query) []Endpoint {
	if q.Cloud == "" {
		q.Cloud = CloudWorldwide
	}
	var out []Endpoint
	for i := range c.endpoints {
		if q.keeps(&c.endpoints[i]) {
			out = append(out, c.endpoints[i].clone())
		}
	}
	return out
}

func (q *Query) keeps(e *Endpoint) bool {
	return q.keepsScenario(e) &&
		slices.Contains(e.Clouds, q.Cloud) &&
		(q.AllStatuses || e.Status == StatusCurrent) &&
		(len(q.Services) == 0 || slices.Contains(q.Services, e.Service)) &&
		(e.TPM == "" || q.TPM == "" || e.TPM == q.TPM) &&
		(e.Region == "" || q.Region == "" || e.Region.serves(q.Region)) &&
		q.keepsWindows(e) && q.keepsFeatures(e)
}

func (q *Query) keepsWindows(e *Endpoint) bool {
	only, ok := e.Windows[q.Cloud]
	return !ok || q.Windows == "" || q.Windows == only
}

func (q *Query) keepsScenario(e *Endpoint) bool {
	return q.Scenario == "" || slices.Contains(e.Scenarios, q.Scenario) ||
		slices.Contains(q.Features, FeatureRemoteHelp) && slices.Contains(e.Scenarios, ScenarioRemoteHelp)
}

func (q *Query) keepsFeatures(e *Endpoint) bool {
	if q.Features == nil || len(e.Features) == 0 || q.Scenario == ScenarioAutopatch || e.NeedFor(q.Scenario) == Required {
		return true
	}
	return slices.ContainsFunc(e.Features, func(f Feature) bool { return slices.Contains(q.Features, f) })
}

// serves reports whether endpoints of region r are used by tenants of region t.
// The lists divide the world differently: diagnostics know the Americas and
// East Asia, Intune content knows North America and Asia Pacific.
func (r Region) serves(t Region) bool {
	if r == t {
		return true
	}
	switch t {
	case RegionNorthAmerica:
		return r == RegionAmericas
	case RegionAmericas:
		return r == RegionNorthAmerica
	case RegionEurope:
		return r == RegionEUDataBoundary
	case RegionEUDataBoundary:
		return r == RegionEurope
	case RegionSwitzerland:
		return r == RegionEurope || r == RegionEUDataBoundary
	case RegionAsiaPacific:
		return r == RegionEastAsia
	case RegionEastAsia, RegionAustralia, RegionIndia:
		return r == RegionAsiaPacific
	default:
		return false
	}
}
