package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// notes returns what a reader has to know about the plan as a whole.
func (p *planner) notes() []string {
	var out []string
	for _, note := range []string{p.supportNote(), p.windowsNote(), p.openNote(), p.controllerNote()} {
		if note != "" {
			out = append(out, note)
		}
	}
	return out
}

// supportNote says whether Microsoft offers the scenario.
func (p *planner) supportNote() string {
	s, c := p.plan.Scope, p.plan.Catalog
	switch support := c.Support(s.Scenario, s.cloud()); support.Status {
	case endpoints.Unsupported:
		return "Microsoft does not offer " + string(s.Scenario) + " in the cloud " + string(s.cloud()) + cited(support.Source)
	case endpoints.NotDocumented:
		if c.Support(s.Scenario, endpoints.CloudWorldwide).Status == endpoints.NotDocumented {
			break // a catalogue that does not speak of the scenario at all
		}
		return "No document read says that " + string(s.Scenario) + " is offered in the cloud " + string(s.cloud()) + "."
	case endpoints.Supported:
	}
	return ""
}

// windowsNote says so if Microsoft does not offer the scenario for the
// generation of Windows.
func (p *planner) windowsNote() string {
	s := p.plan.Scope
	support := p.plan.Catalog.Support(s.Scenario, s.cloud())
	if s.Windows == "" || support.Windows == "" || s.Windows == support.Windows {
		return ""
	}
	return "Microsoft offers " + string(s.Scenario) + " for Windows " + string(support.Windows) + " alone" + cited(support.Source)
}

func cited(s endpoints.Source) string { return " (" + s.Title + ", " + s.Date + ")." }

// openNote says what is tested because the scope leaves it open.
func (p *planner) openNote() string {
	var region, tpm, windows bool
	others := 0
	for _, pl := range p.plan.Endpoints {
		e := pl.Endpoint
		region = region || e.Region != ""
		tpm = tpm || e.TPM != ""
		windows = windows || e.Windows[p.plan.Scope.cloud()] != ""
		if pl.Untested == otherName {
			others++
		}
	}
	var open []string
	s := p.plan.Scope
	if region && s.Region == "" {
		note := "the tenant's region (each region is sampled"
		if others > 0 {
			note += fmt.Sprintf("; %d more names are not tested", others)
		}
		open = append(open, note+")")
	}
	if tpm && s.TPM == "" {
		open = append(open, "the maker of the TPMs (the hosts of all makers are tested)")
	}
	if windows && s.Windows == "" && p.plan.Catalog.Support(s.Scenario, s.cloud()).Windows == "" {
		open = append(open, "the generation of Windows (what Windows 10 or Windows 11 needs is tested)")
	}
	if open == nil {
		return ""
	}
	return "Not given: " + strings.Join(open, "; ") + "."
}

// controllerNote says which hosts will be contacted whose names only DNS knows.
func (p *planner) controllerNote() string {
	var ports []int
	for _, c := range p.plan.Checks {
		if c.Target.Protocol == probe.ProtocolSRV {
			ports = append(ports, int(c.Target.Port))
		}
	}
	s := p.plan.Scope
	if len(ports) == 0 {
		if s.Scenario == endpoints.ScenarioHybridJoin && slices.ContainsFunc(p.plan.Endpoints, func(pl Planned) bool { return isController(&pl.Endpoint) }) {
			return "No Active Directory domain was given, so no domain controller is looked for, and that a device can join the domain is not shown."
		}
		return ""
	}
	slices.Sort(ports)
	return "Contacted besides: the domain controllers that DNS lists as " + controllerRecords + s.adDomain() +
		", on the TCP ports " + strings.Trim(strings.ReplaceAll(fmt.Sprint(ports), " ", ", "), "[]") + "."
}
