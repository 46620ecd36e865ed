package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// notes returns what a reader must know about the plan as a whole.
func (p *planner) notes() []string {
	var out []string
	for _, note := range []string{p.supportNote(), p.windowsNote(), p.openNote(), p.controllerNote(), p.proxyNote(), p.wpadNote(), p.ageNote()} {
		if note != "" {
			out = append(out, note)
		}
	}
	return out
}

// supportNote warns if no document says whether Microsoft offers the scenario.
func (p *planner) supportNote() string {
	s, c := p.plan.Scope, p.plan.Catalog
	known, _, _ := c.Support(s.Scenario, cloudOf(s))
	if anywhere, _, _ := c.Support(s.Scenario, endpoints.CloudWorldwide); known != endpoints.Unknown || anywhere == endpoints.Unknown {
		return "" // or the catalog has nothing about the scenario
	}
	return "No document says whether Microsoft offers " + string(s.Scenario) + " in the " + string(cloudOf(s)) + " cloud."
}

// windowsNote warns if Microsoft does not offer the scenario for the Windows
// generation.
func (p *planner) windowsNote() string {
	s := p.plan.Scope
	_, windows, source := p.plan.Catalog.Support(s.Scenario, cloudOf(s))
	if s.Windows == "" || windows == "" || s.Windows == windows {
		return ""
	}
	return "Microsoft offers " + string(s.Scenario) + " only for Windows " + string(windows) + cited(source)
}

func cited(s endpoints.Source) string { return " (" + s.Title + ", " + s.Date + ")." }

// openNote says what is tested because the scope does not narrow it down.
func (p *planner) openNote() string {
	var region, tpm, windows bool
	others := 0
	for _, pl := range p.plan.layout {
		e := *pl.endpoint
		region = region || e.Region != ""
		tpm = tpm || e.TPM != ""
		windows = windows || e.Windows[cloudOf(p.plan.Scope)] != ""
		if pl.untested == otherName {
			others++
		}
	}
	var open []string
	s := p.plan.Scope
	if region && s.Region == "" {
		note := "the tenant's region (one name per region is tested"
		if others > 0 {
			note += fmt.Sprintf(", %d more are not", others)
		}
		open = append(open, note+")")
	}
	if tpm && s.TPM == "" {
		open = append(open, "the TPM vendor (the hosts of all vendors are tested)")
	}
	if _, only, _ := p.plan.Catalog.Support(s.Scenario, cloudOf(s)); windows && s.Windows == "" && only == "" {
		open = append(open, "the Windows version (everything that Windows 10 or 11 needs is tested)")
	}
	if open == nil {
		return ""
	}
	return "Not given: " + strings.Join(open, "; ") + "."
}

// controllerNote says which hosts will be contacted whose names only DNS knows.
func (p *planner) controllerNote() string {
	var ports []int
	for _, c := range p.checks {
		if c.target.Protocol == probe.SRV {
			ports = append(ports, int(c.target.Port))
		}
	}
	s := p.plan.Scope
	if len(ports) == 0 {
		if s.Scenario == endpoints.ScenarioHybridJoin && slices.ContainsFunc(p.plan.layout, func(pl planEndpoint) bool { return isController(pl.endpoint) }) {
			return "No Active Directory domain was given, so whether devices can join the domain was not tested."
		}
		return ""
	}
	slices.Sort(ports)
	return "The checks also contact the domain controllers that DNS lists as " + controllerRecords + adDomain(s) +
		", on TCP ports " + strings.Trim(strings.ReplaceAll(fmt.Sprint(ports), " ", ", "), "[]") + "."
}

// proxyNote tells of a proxy that a policy gives this machine, if the checks do
// not use one.
func (p *planner) proxyNote() string {
	var set []string
	for _, name := range []string{"ProxyServer", "AutoConfigURL"} {
		if value := p.plan.settings[name]; value != "" {
			set = append(set, name+" = "+shownURL(value))
		}
	}
	if set == nil || p.plan.Proxied {
		return ""
	}
	return "A policy sets a proxy for all users of this machine: " + strings.Join(set, ", ") + ". Devices without this policy, such as new ones, do not use it, and neither do the checks."
}

// shownURL returns a URL or host without what may be secret.
func shownURL(s string) string {
	_, rest, ok := strings.Cut(s, "://")
	if !ok {
		rest = s
	}
	authority, path, _ := strings.Cut(rest, "/") // a password may contain ? and @
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		s = "***" + rest[i:len(authority)]
		if path != "" {
			s += "/" + path
		}
	}
	s, _, _ = strings.Cut(s, "?")
	return plain.Cut(s, 100)
}

// wpadNote says that this machine does not look for a proxy, if the checks do.
func (p *planner) wpadNote() string {
	const disabled = "4" // the value Start of a service
	why := ""
	switch set := p.plan.settings; {
	case set["DisableWpad"] == "1":
		why = "DisableWpad is 1"
	case set["WinHttpAutoProxySvc"] == disabled:
		why = "the service WinHttpAutoProxySvc is disabled"
	}
	looks := slices.ContainsFunc(p.checks, func(c planCheck) bool { return c.target.Protocol == probe.WPAD })
	if why == "" || !looks {
		return ""
	}
	return "This machine does not look for a proxy by WPAD (" + why + "). Devices without this setting, such as new ones, do, and so do the checks."
}
