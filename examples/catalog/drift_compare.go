package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

// The kinds of deviations.
const (
	deviationNew          = "new"           // listed, but no endpoint covers it
	deviationRemoved      = "removed"       // no longer listed, and the list is the catalog's only source
	deviationPorts        = "ports"         // listed with different ports
	deviationNeed         = "need"          // listed as required, and optional in the catalog, or the reverse
	deviationRegion       = "region"        // listed for a region that it does not have in the catalog
	deviationStatus       = "status"        // listed, and not current in the catalog
	deviationRangeNew     = "range-new"     // listed, and not among the built-in ranges
	deviationRangeRemoved = "range-removed" // the reverse
	deviationSupport      = "support"       // a cloud's support of a scenario differs
)

// A deviation is a difference between a catalog and a publication.
type deviation struct {
	Kind    string          `json:"kind"`
	List    string          `json:"list"` // the name of the publication
	Cloud   endpoints.Cloud `json:"cloud"`
	Subject string          `json:"subject"` // a host, a range or a scenario
	Detail  string          `json:"detail"`  // what the list says, and what the catalog says

	listed listed // of a host
}

// A comparer compares a catalog with publications.
type comparer struct {
	all  []endpoints.Endpoint
	base *endpoints.Catalog
	out  []deviation

	// together are a name's ports across all areas of the endpoint service.
	together map[cloudHost][]endpoints.Port
}

type cloudHost struct {
	cloud endpoints.Cloud
	host  endpoints.Host
}

func compare(base *endpoints.Catalog, pubs []publication) []deviation {
	c := comparer{all: base.Endpoints(), base: base, together: make(map[cloudHost][]endpoints.Port)}
	for _, p := range pubs {
		for _, l := range p.hosts {
			if key := (cloudHost{p.cloud, l.host}); p.area != "" {
				c.together[key] = append(c.together[key], l.ports...)
			}
		}
	}
	for _, p := range pubs {
		for _, l := range p.hosts {
			c.host(p, l)
		}
		c.removed(p)
		for _, s := range p.support {
			c.supported(p, s)
		}
	}
	c.ranges(pubs)
	return c.out
}

func (c *comparer) note(kind string, p publication, l listed, subject, format string, args ...any) {
	c.out = append(c.out, deviation{kind, p.name, p.cloud, subject, fmt.Sprintf(format, args...), l})
}

// sample returns a name that a host covers.
func sample(h endpoints.Host) string {
	return strings.NewReplacer("*", "0", "{tenant}", "0").Replace(h.String())
}

// covers reports whether a covers every name that b covers.
func covers(a, b endpoints.Host) bool { return a == b || a.Match(sample(b)) }

// host compares one name of a publication with the catalog.
func (c *comparer) host(p publication, l listed) {
	var exact, found []endpoints.Endpoint
	for _, e := range c.all {
		if !covers(e.Host, l.host) || !slices.Contains(e.Clouds, p.cloud) || !concerns(e, l.scenarios) {
			continue
		}
		if e.Host == l.host {
			exact = append(exact, e)
		} else if cites(e, p) { // another document's pattern may be wider than intended
			found = append(found, e)
		}
	}
	if len(exact) > 0 {
		found = exact
	}
	current := slices.DeleteFunc(slices.Clone(found), func(e endpoints.Endpoint) bool { return e.Status != endpoints.StatusCurrent })
	switch {
	case len(found) == 0:
		c.note(deviationNew, p, l, l.host.String(), "listed%s, but no endpoint covers it", withPorts(l.ports))
		return
	case len(current) == 0 && p.area == m365.AreaMEM:
		// Microsoft says that the service is no longer accurate for Intune. The
		// catalog's retired names come from a newer page; see
		// [m365.Set.Caveat].
		return
	case len(current) == 0:
		c.note(deviationStatus, p, l, l.host.String(), "listed, but %s in the catalog", found[0].Status)
		return
	}
	if p.hasPorts && len(l.ports) > 0 {
		c.ports(p, l, current)
	}
	c.need(p, l, current)
	if len(exact) > 0 {
		c.region(p, l, current)
	}
}

// concerns reports whether an endpoint belongs to any of the scenarios.
func concerns(e endpoints.Endpoint, scenarios []endpoints.Scenario) bool {
	return scenarios == nil || slices.ContainsFunc(scenarios, func(s endpoints.Scenario) bool { return slices.Contains(e.Scenarios, s) })
}

func withPorts(ports []endpoints.Port) string {
	if len(ports) == 0 {
		return ""
	}
	return " with " + portNames(ports)
}

func portNames(ports []endpoints.Port) string {
	var out []string
	for _, p := range ports {
		name := fmt.Sprintf("%s/%d", p.Transport, p.Number)
		if p.Last != 0 {
			name += fmt.Sprintf("-%d", p.Last)
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

// ports compares the ports of a name.
func (c *comparer) ports(p publication, l listed, current []endpoints.Endpoint) {
	has := func(ports []endpoints.Port, q endpoints.Port) bool {
		return slices.ContainsFunc(ports, func(o endpoints.Port) bool {
			return o.Transport == q.Transport && o.Contains(q.Number) && (q.Last == 0 || o.Contains(q.Last))
		})
	}
	own := l.ports
	if p.area != "" {
		l.ports = c.together[cloudHost{p.cloud, l.host}]
	}
	var all, missing, further []endpoints.Port
	here := endpoints.Scope{Cloud: p.cloud, Features: endpoints.Features()}
	for _, e := range current {
		all = append(all, here.Ports(e)...)
		if !restsOn(e, p) {
			continue
		}
		for _, q := range here.Ports(e) {
			if !has(l.ports, q) && !has(further, q) {
				further = append(further, q)
			}
		}
	}
	for _, q := range own {
		if !has(all, q) {
			missing = append(missing, q)
		}
	}
	if len(missing) > 0 {
		c.note(deviationPorts, p, l, l.host.String(), "listed with %s, which the catalog lacks", portNames(missing))
	}
	if len(further) > 0 {
		c.note(deviationPorts, p, l, l.host.String(), "listed without %s, which the catalog has", portNames(further))
	}
}

// need compares a name's need if the publication is about scenarios.
// Provisioning may not need everything that Intune or Microsoft 365 requires.
func (c *comparer) need(p publication, l listed, current []endpoints.Endpoint) {
	strongest, ours := endpoints.NotNeeded, false
	for _, e := range current {
		for _, s := range l.scenarios {
			if slices.Contains(e.Scenarios, s) {
				strongest = min(strongest, e.NeedFor(s))
			}
		}
		ours = ours || restsOn(e, p)
	}
	switch {
	case l.scenarios == nil:
	case l.need == endpoints.Required && strongest > endpoints.Conditional:
		c.note(deviationNeed, p, l, l.host.String(), "listed as required, but %s in the catalog", strongest)
	case l.need == endpoints.Optional && strongest == endpoints.Required && ours:
		c.note(deviationNeed, p, l, l.host.String(), "listed as optional, but required in the catalog")
	}
}

// region compares a name's regions. The catalog may have one where the
// publication has none.
func (c *comparer) region(p publication, l listed, current []endpoints.Endpoint) {
	for _, r := range l.regions {
		if !slices.ContainsFunc(current, func(e endpoints.Endpoint) bool { return e.Region == r }) {
			c.note(deviationRegion, p, l, l.host.String(), "listed for %s, but for %s in the catalog", r, cmp.Or(current[0].Region, "all regions"))
		}
	}
}

// cites reports whether a publication is one of an endpoint's sources.
func cites(e endpoints.Endpoint, p publication) bool {
	if p.area != "" {
		return inArea(e, p)
	}
	return p.title != "" && slices.ContainsFunc(slices.Collect(e.Sources()), func(s endpoints.Source) bool {
		return strings.HasPrefix(s.Title, p.title)
	})
}

// restsOn reports whether a publication is an endpoint's only source.
func restsOn(e endpoints.Endpoint, p publication) bool {
	if p.area == "" {
		return strings.HasPrefix(e.Source.Title, p.title) && p.title != "" && len(e.Also) == 0
	}
	return inArea(e, p) && isService(e.Source) && !slices.ContainsFunc(e.Also, func(s endpoints.Source) bool { return !isService(s) })
}

// isService reports whether a source is an answer of the endpoint service.
func isService(s endpoints.Source) bool {
	return strings.HasPrefix(s.Title, "Office 365 IP") || strings.HasPrefix(s.Title, "Microsoft 365 IP") || strings.HasPrefix(s.Title, "Microsoft 365 endpoint service")
}

// inArea reports whether the catalog has an endpoint in a set of an area.
func inArea(e endpoints.Endpoint, p publication) bool {
	return slices.ContainsFunc(e.Sets, func(set string) bool {
		words := strings.Fields(set)
		return len(words) > 2 && words[0] == string(p.cloud) && words[2] == p.area
	})
}

// removed finds names that the catalog took from a publication that no longer
// lists them.
func (c *comparer) removed(p publication) {
	if len(p.hosts) == 0 {
		return
	}
	for _, e := range c.all {
		if e.Host.Kind() == endpoints.Placeholder || e.Status != endpoints.StatusCurrent || !slices.Contains(e.Clouds, p.cloud) || !concerns(e, p.scenarios) {
			continue
		}
		if p.area == "" && !strings.HasPrefix(e.Source.Title, p.title) || p.area == "" && p.title == "" || p.area != "" && !inArea(e, p) {
			continue
		}
		if formerly(e, p.scenarios) {
			continue // the catalog knows
		}
		if !slices.ContainsFunc(p.hosts, func(l listed) bool { return covers(l.host, e.Host) }) {
			c.note(deviationRemoved, p, listed{host: e.Host}, e.Host.String(), "no longer listed, but %s in the catalog", e.Need)
		}
	}
}

// formerly reports whether an endpoint is formerly required in all of the
// scenarios.
func formerly(e endpoints.Endpoint, scenarios []endpoints.Scenario) bool {
	return scenarios != nil && !slices.ContainsFunc(scenarios, func(s endpoints.Scenario) bool {
		return slices.Contains(e.Scenarios, s) && e.NeedFor(s) != endpoints.FormerlyRequired
	})
}

func (c *comparer) supported(p publication, s listedSupport) {
	known, _, _ := c.base.Support(s.scenario, s.cloud)
	if known == endpoints.Unknown && endpoints.Service(s.scenario) == endpoints.ServiceRemoteHelp {
		known = endpoints.Contradicted
		if slices.ContainsFunc(c.all, func(e endpoints.Endpoint) bool {
			return e.Service == endpoints.ServiceRemoteHelp && e.Status == endpoints.StatusCurrent && slices.Contains(e.Clouds, s.cloud)
		}) {
			known = endpoints.Confirmed
		}
	}
	if known != s.known {
		p.cloud = s.cloud
		c.note(deviationSupport, p, listed{}, string(s.scenario), "%s, but %s in the catalog", supportWord(s.known), supportWord(known))
	}
}

func supportWord(k endpoints.Known) string {
	switch k {
	case endpoints.Confirmed:
		return "offered"
	case endpoints.Contradicted:
		return "not offered"
	case endpoints.Unknown:
	}
	return "not documented"
}
