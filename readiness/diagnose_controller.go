package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// controllers finds domains that devices cannot join, because DNS lists no
// domain controller, or none of those that it lists accepts connections.
func (d *diagnosis) controllers() {
	var unknown, unreachable []int
	for _, i := range d.open(func(i int, _ result) bool { return d.target(i).Protocol == probe.ProtocolSRV }) {
		if f := d.obs[i].SRV; f == nil || len(f.Servers) == 0 {
			unknown = append(unknown, i)
		} else {
			unreachable = append(unreachable, i)
		}
	}
	domain := d.plan.Scope.adDomain()
	if len(unknown) > 0 {
		d.add(Cause{
			Code:     CauseControllerUnknown,
			Title:    "DNS lists no domain controller of " + domain,
			Evidence: d.resolverEvidence(unknown),
			Remedy: "Give devices DNS servers that know the domain, or forward " + domain + " to those of the domain, " +
				"and check that the domain is spelt right. The controllers register the SRV records " + controllerRecords + domain + " themselves.",
		}, unknown...)
	}
	if len(unreachable) == 0 {
		return
	}
	var ports, servers []string
	for _, i := range unreachable {
		ports = append(ports, d.port(i))
		for _, s := range d.obs[i].SRV.Servers {
			if !slices.Contains(servers, s.Host) {
				servers = append(servers, s.Host)
			}
		}
	}
	evidence := d.controllerEvidence(unreachable)
	const few = 8
	if more := len(evidence) - few; more > 0 {
		evidence = append(evidence[:few], fmt.Sprintf("And %d more.", more))
	}
	d.add(Cause{
		Code:     CauseController,
		Title:    "No domain controller of " + domain + " accepts connections on TCP " + portWord(len(ports)) + strings.Join(ports, ", "),
		Evidence: evidence,
		Remedy: "Allow TCP " + portWord(len(ports)) + strings.Join(ports, ", ") + " from the network in which devices are set up to the domain controllers, " +
			"or to those of its site: " + list(servers) + ". Where devices reach the domain by VPN alone, let the deployment profile skip the domain connectivity check.",
	}, unreachable...)
}

// controllerEvidence says how each controller behaved, for all ports on which it
// behaved alike.
func (d *diagnosis) controllerEvidence(checks []int) []string {
	type key struct{ host, what string }
	ports := make(map[key][]string)
	var order []key
	for _, i := range checks {
		for _, s := range d.obs[i].SRV.Servers {
			k := key{s.Host, fmt.Sprintf("%s (%s)", behaved(s.Code), s.Code)}
			if len(s.Addresses) == 0 {
				k.what = fmt.Sprintf("DNS %s (%s)", said(s.Code), s.Code)
			}
			if ports[k] == nil {
				order = append(order, k)
			}
			ports[k] = append(ports[k], d.port(i))
		}
	}
	var out []string
	for _, k := range order {
		out = append(out, fmt.Sprintf("%s, TCP %s%s: %s.", k.host, portWord(len(ports[k])), strings.Join(ports[k], ", "), k.what))
	}
	return out
}

// port returns the port of a check, with its service if it has one.
func (d *diagnosis) port(i int) string {
	t := d.target(i)
	for _, e := range d.plan.Checks[i].Endpoints {
		for _, p := range d.plan.Endpoints[e].Endpoint.Ports {
			if p.Number == t.Port && p.Transport == "tcp" {
				return fmt.Sprintf("%d (%s)", p.Number, p.Protocol)
			}
		}
	}
	return fmt.Sprint(t.Port)
}

func portWord(n int) string {
	if n == 1 {
		return "port "
	}
	return "ports "
}
