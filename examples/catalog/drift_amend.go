package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

// amend returns base, changed to match what was published.
func amend(base *endpoints.Catalog, pubs []publication, found []deviation) (*endpoints.Catalog, error) {
	a := amendment{changed: make(map[endpoints.Host][]endpoints.Endpoint)}
	for _, e := range base.Endpoints() {
		a.changed[e.Host] = append(a.changed[e.Host], e)
	}
	touched := make(map[endpoints.Host]bool)
	for _, d := range found {
		i := slices.IndexFunc(pubs, func(p publication) bool { return p.name == d.List })
		if i < 0 || d.listed.host.IsZero() {
			continue
		}
		a.apply(pubs[i], d)
		touched[d.listed.host] = true
	}
	var eps []endpoints.Endpoint
	for h := range touched {
		eps = append(eps, a.changed[h]...)
	}
	return base.With(eps...)
}

// An amendment is the endpoints of each host as they change.
type amendment struct {
	changed map[endpoints.Host][]endpoints.Endpoint
}

func (a *amendment) apply(p publication, d deviation) {
	h := d.listed.host
	here := a.changed[h]
	if d.Kind == deviationNew && len(here) == 0 {
		a.changed[h] = []endpoints.Endpoint{introduce(p, d.listed)}
		return
	}
	for i := range here {
		e := &here[i]
		switch d.Kind {
		case deviationNew: // in another cloud or scenario
			if !slices.Contains(e.Clouds, p.cloud) {
				e.Clouds = append(e.Clouds, p.cloud)
				setPorts(e, p.cloud, withProtocols(d.listed.ports))
			}
			for _, s := range d.listed.scenarios {
				if !slices.Contains(e.Scenarios, s) {
					e.Scenarios = append(e.Scenarios, s)
				}
			}
		case deviationRemoved:
			if restsOn(*e, p) {
				leave(e, p.cloud)
			}
		case deviationPorts:
			if i == 0 || restsOn(*e, p) {
				setPorts(e, p.cloud, withProtocols(d.listed.ports))
			}
		case deviationNeed:
			e.NeedIn = maps.Clone(e.NeedIn)
			if e.NeedIn == nil {
				e.NeedIn = make(map[endpoints.Scenario]endpoints.Need)
			}
			e.DroppedBy = maps.Clone(e.DroppedBy)
			for _, s := range d.listed.scenarios {
				e.NeedIn[s] = d.listed.need
				delete(e.DroppedBy, s)
			}
		case deviationRegion:
			e.Region = region(d.listed)
		case deviationStatus:
			e.Status = endpoints.StatusCurrent
		}
	}
}

// leave removes an endpoint from a cloud, or retires it if that is its last
// cloud.
func leave(e *endpoints.Endpoint, cloud endpoints.Cloud) {
	if len(e.Clouds) == 1 {
		e.Status = endpoints.StatusRetired
		return
	}
	e.Clouds = slices.DeleteFunc(e.Clouds, func(c endpoints.Cloud) bool { return c == cloud })
	e.PortsIn, e.Windows, e.CNAMEs = maps.Clone(e.PortsIn), maps.Clone(e.Windows), maps.Clone(e.CNAMEs)
	delete(e.PortsIn, cloud)
	delete(e.Windows, cloud)
	delete(e.CNAMEs, cloud)
}

// setPorts changes the ports of an endpoint in one cloud. No ports means
// unknown: the old ones stay.
func setPorts(e *endpoints.Endpoint, cloud endpoints.Cloud, ports []endpoints.Port) {
	if len(ports) == 0 {
		return
	}
	in := make(map[endpoints.Cloud][]endpoints.Port)
	for _, c := range e.Clouds {
		in[c] = e.Ports
		if some, ok := e.PortsIn[c]; ok {
			in[c] = some
		}
	}
	in[cloud] = nil
	for _, p := range ports {
		for _, o := range e.Ports { // by another protocol
			if o.Transport == p.Transport && o.Number == p.Number && o.Last == p.Last {
				p = o
			}
		}
		if !slices.Contains(in[cloud], p) {
			in[cloud] = append(in[cloud], p)
		}
	}
	var all []endpoints.Port
	for _, c := range e.Clouds {
		for _, p := range in[c] {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	maps.DeleteFunc(in, func(_ endpoints.Cloud, some []endpoints.Port) bool { return len(some) == len(all) })
	of := make(map[endpoints.Feature][]endpoints.Port)
	for f, some := range e.PortsOf {
		if kept := slices.DeleteFunc(slices.Clone(some), func(p endpoints.Port) bool { return !slices.Contains(all, p) }); len(kept) > 0 {
			of[f] = kept
		}
	}
	e.Ports, e.PortsIn, e.PortsOf = all, in, of
}

// introduce makes an endpoint for a name that the catalog lacks. Provisioning
// needs little of what the endpoint service lists; see [m365.Answer.Endpoints].
func introduce(p publication, l listed) endpoints.Endpoint {
	e := endpoints.Endpoint{
		Service: serviceOf(p), Host: l.host, Ports: withProtocols(l.ports), Clouds: []endpoints.Cloud{p.cloud},
		Scenarios: l.scenarios, Need: min(l.need, endpoints.Optional), Source: endpoints.Source{Title: p.name},
		Region: region(l),
	}
	if e.Ports == nil {
		e.Ports = withProtocols([]endpoints.Port{{Transport: "tcp", Number: 443}})
	}
	if p.area != "" {
		e.Need = max(e.Need, endpoints.Conditional)
	}
	if p.area == m365.AreaMEM {
		e.Status = endpoints.StatusUnknown
	}
	switch {
	case e.Scenarios != nil:
	case p.area == "":
		e.Scenarios = endpoints.Scenarios()
	case p.cloud == endpoints.CloudWorldwide:
		e.Scenarios = []endpoints.Scenario{endpoints.ScenarioAutopatch}
	default:
		e.Scenarios = []endpoints.Scenario{endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation}
	}
	return e
}

// region returns a name's region. An endpoint has one at most, so a name of
// several is for all.
func region(l listed) endpoints.Region {
	if len(l.regions) == 1 {
		return l.regions[0]
	}
	return ""
}

func withProtocols(ports []endpoints.Port) []endpoints.Port {
	var out []endpoints.Port
	for _, p := range ports {
		p.Protocol = p.Transport
		switch {
		case p.Transport == "tcp" && p.Number == 443:
			p.Protocol = "https"
		case p.Transport == "tcp" && p.Number == 80:
			p.Protocol = "http"
		case p.Transport == "udp" && p.Number == 123:
			p.Protocol = "ntp"
		}
		out = append(out, p)
	}
	return out
}

// serviceOf returns the service to which a publication's names belong.
func serviceOf(p publication) endpoints.Service {
	switch p.area {
	case m365.AreaExchange:
		return endpoints.ServiceMicrosoft365Exchange
	case m365.AreaSharePoint:
		return endpoints.ServiceMicrosoft365SharePoint
	case m365.AreaSkype:
		return endpoints.ServiceTeams
	case m365.AreaCommon:
		return endpoints.ServiceMicrosoft365
	case "":
		switch {
		case strings.Contains(p.title, "Autopatch"):
			return endpoints.ServiceAutopatch
		case strings.Contains(p.title, "Autopilot"):
			return endpoints.ServiceDeployment
		}
	}
	return endpoints.ServiceIntune
}
