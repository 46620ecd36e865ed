package readiness

import (
	"fmt"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// noGivenPort is the reason for not testing a pattern if no source gives its
// ports for any member.
const noGivenPort = "no source gives ports for a host that the pattern covers"

// supported returns an [*endpoints.Error] if a document says that Microsoft
// does not offer a scenario in a cloud.
func supported(s endpoints.Scope, c *endpoints.Catalog) error {
	known, _, source := c.Support(s.Scenario, cloudOf(s))
	if known != endpoints.Contradicted {
		return nil
	}
	var clouds []endpoints.Cloud
	for _, cloud := range endpoints.Clouds() {
		if known, _, _ := c.Support(s.Scenario, cloud); known == endpoints.Confirmed {
			clouds = append(clouds, cloud)
		}
	}
	return &endpoints.Error{
		Code: endpoints.BadValue, Field: "cloud", Value: string(cloudOf(s)), Want: texts(clouds),
		Reason: "Microsoft does not offer " + string(s.Scenario) + " in this cloud (" + source.Title + ", " + source.Date + ")",
	}
}

// given reports whether a source gives a port of an endpoint for a host. A
// pattern's own port is not given for the names that the pattern covers.
func (p *planner) given(e *endpoints.Endpoint, host string, port endpoints.Port) bool {
	if kind := e.Host.Kind(); kind != endpoints.Suffix && kind != endpoints.Glob {
		return true
	}
	if port.Last != 0 || port.Transport == "icmp" {
		return true // these are not tested
	}
	_, _, ok := p.plan.Catalog.Given(host, port.Number)
	return ok
}

// cite records for each check which source gives its port for its host.
func (p *planner) cite() {
	for i := range p.plan.Checks {
		c := &p.plan.Checks[i]
		if c.Target.Protocol == probe.NXDomain {
			continue
		}
		if source, basis, ok := p.plan.Catalog.Given(c.Target.Host, c.Target.Port); ok {
			c.Source, c.Basis = source, basis
			continue
		}
		for _, e := range c.Endpoints {
			if kind := e.Host.Kind(); kind != endpoints.Suffix && kind != endpoints.Glob || c.Target.Protocol == probe.SOA {
				c.Source, c.Basis = e.Source, e.Basis
				break
			}
		}
	}
}

// ageNote warns if the newest source of a required name is more than a year
// older than the catalog.
func (p *planner) ageNote() string {
	built, err := time.Parse(time.DateOnly, p.plan.Catalog.Date())
	if err != nil {
		return ""
	}
	limit := built.AddDate(-1, 0, 0).Format(time.DateOnly)
	var old []string
	oldest := ""
	for _, pl := range p.plan.layout {
		e := *pl.endpoint
		if e.Host.Kind() == endpoints.Placeholder || pl.untested != "" || needOf(p.plan.Scope, e) != endpoints.Required {
			continue
		}
		// An undated source may be newer, and a year alone may be any of its days.
		day := e.Newest().Day()
		if undated(e) || day >= limit[:len(day)] {
			continue
		}
		old = append(old, e.Host.String())
		if oldest == "" || day < oldest {
			oldest = day
		}
	}
	old = unique(old)
	if len(old) == 0 {
		return ""
	}
	return fmt.Sprintf("For %s, the newest source is more than a year older than the catalog of %s. The oldest of these sources is of %s.",
		count(len(old), "required name"), p.plan.Catalog.Date(), oldest)
}

// undated reports whether a source of an endpoint has no date.
func undated(e endpoints.Endpoint) bool {
	for s := range e.Sources() {
		if s.Day() == "" {
			return true
		}
	}
	return false
}
