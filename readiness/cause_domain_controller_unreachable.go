package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseController means that DNS lists domain controllers, but none accepts
// connections on a port that the domain join needs.
const CauseController CauseCode = "domain_controller.unreachable"

func controllerUnreachable(v *view) []found {
	// Those for which DNS lists no server have a cause already.
	checks := v.open(func(i int, _ outcome) bool { return v.target(i).Protocol == probe.SRV })
	if len(checks) == 0 {
		return nil
	}
	var ports, servers []string
	for _, i := range checks {
		ports = append(ports, v.port(i))
		for _, s := range v.obs[i].SRV.Servers {
			if !slices.Contains(servers, s.Host) {
				servers = append(servers, s.Host)
			}
		}
	}
	return []found{{Cause: Cause{
		Title:    "No domain controller of " + adDomain(v.plan.Scope) + " accepts connections on TCP " + portWord(len(ports)) + strings.Join(ports, ", "),
		Evidence: firstLines(v.controllerEvidence(checks), fewNames, "And %d more."),
		Remedy: "Allow TCP " + portWord(len(ports)) + strings.Join(ports, ", ") + " from the setup network to the domain controllers, " +
			"at least to those of its site: " + some(servers, fewNames) +
			". If devices reach the domain only over a VPN, skip the domain connectivity check in the deployment profile.",
		Names: servers,
	}, explains: unreached(checks...)}}
}

// controllerEvidence says how each controller behaved, grouping the ports on
// which it behaved the same.
func (v *view) controllerEvidence(checks []int) []string {
	type behavior struct{ host, what string }
	var ports grouping[behavior, string]
	for _, i := range checks {
		for _, s := range v.obs[i].SRV.Servers {
			b := behavior{s.Host, fmt.Sprintf("%s (%s)", behaved(s.Code), s.Code)}
			if len(s.Addresses) == 0 {
				b.what = fmt.Sprintf("DNS %s (%s)", said(s.Code), s.Code)
			}
			ports.add(b, v.port(i))
		}
	}
	var out []string
	for b, on := range ports.all() {
		out = append(out, fmt.Sprintf("%s, TCP %s%s: %s.", b.host, portWord(len(on)), strings.Join(on, ", "), b.what))
	}
	return out
}

// port returns the port of a check, with its service if it has one.
func (v *view) port(check int) string {
	t := v.target(check)
	for e := range v.endpoints(check) {
		for _, p := range e.Ports {
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
