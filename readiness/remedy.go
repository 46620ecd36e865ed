package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// allow writes what a firewall has to let through for checks: the documented
// names and patterns by transport and port, as in "TCP 443: *.x, y". Names that
// a listed pattern covers are left out.
func (d *diagnosis) allow(checks []int) string {
	type port struct {
		udp    bool
		number uint16
	}
	hosts := make(map[port][]endpoints.Host)
	var order []port
	for _, i := range checks {
		t := d.target(i)
		p := port{t.Protocol == probe.ProtocolNTP || t.Protocol == probe.ProtocolDNS, t.Port}
		if hosts[p] == nil {
			order = append(order, p)
		}
		hosts[p] = append(hosts[p], d.documented(i)...)
	}
	var parts []string
	for _, p := range order {
		transport := "TCP"
		if p.udp {
			transport = "UDP"
		}
		parts = append(parts, fmt.Sprintf("%s %d: %s", transport, p.number, strings.Join(cover(hosts[p]), ", ")))
	}
	return strings.Join(parts, "; ")
}

// exempt writes the documented names and patterns of checks, without ports.
func (d *diagnosis) exempt(checks []int) string {
	var hosts []endpoints.Host
	for _, i := range checks {
		hosts = append(hosts, d.documented(i)...)
	}
	return strings.Join(cover(hosts), ", ")
}

// uninspectable returns the names and patterns of a check that the documents
// exempt from TLS inspection.
func (d *diagnosis) uninspectable(check int) []endpoints.Host {
	var out []endpoints.Host
	for _, i := range d.plan.Checks[check].Endpoints {
		if e := d.plan.Endpoints[i].Endpoint; e.Has(endpoints.TraitNoInspection) {
			out = append(out, e.Host)
		}
	}
	return out
}

// documented returns the names and patterns that a check stands for. Where the
// document has no public name, it is the name that was tested.
func (d *diagnosis) documented(check int) []endpoints.Host {
	var out []endpoints.Host
	for _, i := range d.plan.Checks[check].Endpoints {
		h := d.plan.Endpoints[i].Endpoint.Host
		if h.Kind() == endpoints.Placeholder || h.Kind() == endpoints.Tenant {
			if exact, err := endpoints.ParseHost(d.target(check).Host); err == nil {
				h = exact
			}
		}
		out = append(out, h)
	}
	return out
}

// cover returns hosts sorted, each once, without those that another covers.
func cover(hosts []endpoints.Host) []string {
	var out []string
	for _, h := range hosts {
		covered := slices.ContainsFunc(hosts, func(p endpoints.Host) bool {
			return p != h && p.Kind() == endpoints.Suffix && p.Match(strings.TrimPrefix(h.String(), "*."))
		})
		if !covered {
			out = append(out, h.String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// without returns names but for one of them.
func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

// list writes names as a list for people, the first few of many.
func list(names []string) string {
	const few = 8
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

// count writes a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
