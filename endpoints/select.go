package endpoints

import "slices"

// Select returns the current endpoints that s needs, in catalog order: those
// whose [Scope.Need] is not [NotNeeded]. If services are given, it returns only
// theirs.
//
// In the result, Ports are [Scope.Ports], and endpoints that are only
// [FormerlyRequired] are not Decisive. Endpoints of one result may share lists.
//
// An invalid scope and a service that the catalog does not have are [*Error]s
// that list the known values.
func (c *Catalog) Select(s Scope, services ...Service) ([]Endpoint, error) {
	return c.selected(s, s.needs, services)
}

// Listed is [Catalog.Select] plus the endpoints of [StatusLegacy] that
// documents still list for s. Allowlists made from a document contain them, but
// no device needs them.
func (c *Catalog) Listed(s Scope, services ...Service) ([]Endpoint, error) {
	listed := func(e *Endpoint) bool {
		return s.needs(e) || e.Status == StatusLegacy && s.covers(e)
	}
	return c.selected(s, listed, services)
}

func (c *Catalog) selected(s Scope, keep func(*Endpoint) bool, services []Service) ([]Endpoint, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	known := c.Services()
	for _, service := range services {
		if !slices.Contains(known, service) {
			return nil, unknown("service", service, known)
		}
	}
	var at []int
	for i := range c.endpoints {
		e := &c.endpoints[i]
		if (len(services) == 0 || slices.Contains(services, e.Service)) && keep(e) {
			at = append(at, i)
		}
	}
	if at == nil {
		return nil, nil
	}
	out := make([]Endpoint, len(at))
	for k, i := range at {
		out[k] = s.view(c.endpoints[i].clone())
		if k > 0 {
			out[k].share(&out[k-1])
		}
	}
	return out, nil
}

// Need returns how much s needs e. The result is [NotNeeded] if
//
//   - e is no longer current;
//   - e belongs to another scenario, cloud, region, TPM vendor or generation of
//     Windows;
//   - s needs none of its ports, see [Scope.Ports]; or
//   - only features need e, and s lists its features without any of them. This
//     does not apply to endpoints that the scenario requires, nor to
//     [ScenarioAutopatch], whose document requires its lists as a whole.
//
// A [Conditional] endpoint becomes [Required] if s names its feature or TPM
// vendor. Need assumes that s is valid; see [Scope.Validate].
func (s Scope) Need(e Endpoint) Need {
	if !s.needs(&e) {
		return NotNeeded
	}
	need := e.NeedFor(s.Scenario)
	if need == Conditional && s.names(&e) {
		return Required
	}
	return need
}

// Ports returns the ports of e that devices in the cloud of s need. It omits
// the ports of features that s does not name.
func (s Scope) Ports(e Endpoint) []Port {
	return slices.DeleteFunc(slices.Clone(e.Ports), func(p Port) bool { return !s.needsPort(&e, p) })
}

func (s *Scope) needsPort(e *Endpoint, p Port) bool {
	if some, ok := e.PortsIn[s.cloud()]; ok && !slices.Contains(some, p) {
		return false
	}
	for f, ports := range e.PortsOf {
		if slices.Contains(ports, p) && !slices.Contains(s.Features, f) {
			return false
		}
	}
	return true
}

// view returns e, which the caller owns, as s sees it.
func (s Scope) view(e Endpoint) Endpoint {
	e.Ports = s.Ports(e)
	e.PortsIn, e.PortsOf = nil, nil
	e.Decisive = e.Decisive && e.NeedFor(s.Scenario) != FormerlyRequired
	return e
}

func (s *Scope) needs(e *Endpoint) bool {
	return (e.Status == StatusCurrent || e.Status == "") && s.covers(e)
}

// covers is needs, ignoring the status of e.
func (s *Scope) covers(e *Endpoint) bool {
	return s.needsScenario(e) &&
		slices.Contains(e.Clouds, s.cloud()) &&
		(e.TPM == "" || s.TPM == "" || e.TPM == s.TPM) &&
		(e.Region == "" || s.Region == "" || e.Region.serves(s.Region)) &&
		s.needsWindows(e) && s.needsFeatures(e) &&
		slices.ContainsFunc(e.Ports, func(p Port) bool { return s.needsPort(e, p) })
}

func (s *Scope) needsWindows(e *Endpoint) bool {
	only, ok := e.Windows[s.cloud()]
	return !ok || s.Windows == "" || s.Windows == only
}

func (s *Scope) needsScenario(e *Endpoint) bool {
	return s.Scenario == "" || slices.Contains(e.Scenarios, s.Scenario) ||
		slices.Contains(s.Features, FeatureRemoteHelp) && slices.Contains(e.Scenarios, ScenarioRemoteHelp)
}

func (s *Scope) needsFeatures(e *Endpoint) bool {
	if len(s.Features) == 0 || len(e.Features) == 0 || s.Scenario == ScenarioAutopatch || e.NeedFor(s.Scenario) == Required {
		return true
	}
	return s.uses(e)
}

// uses reports whether s names a feature that needs e.
func (s *Scope) uses(e *Endpoint) bool {
	return slices.ContainsFunc(e.Features, func(f Feature) bool { return slices.Contains(s.Features, f) })
}

// names reports whether s names the condition of a conditional endpoint.
func (s *Scope) names(e *Endpoint) bool {
	if e.TPM != "" {
		return s.TPM == e.TPM
	}
	return s.uses(e)
}

// serves reports whether tenants of region t use the endpoints of region r.
// Sources divide the world differently: diagnostics have the Americas and East
// Asia, Intune content has North America and Asia Pacific.
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
