package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// connectOnly lists the protocols of TCP ports that are tested by connecting
// only. Nothing is sent.
func connectOnly() []string {
	return []string{
		"tcp", "dns", "do-peer",
		"gc", "gcs", "kerberos", "kpasswd", "ldap", "ldaps", "rpc", "smb",
		"smtp", "submission", "imap", "imaps", "pop3", "pop3s",
		"unspecified",
	}
}

// untested lists the protocols of other ports, which are not tested.
func untested() []string {
	return []string{"cldap", "kerberos", "kpasswd", "dns", "https", "ping", "quic", "teams-media", "teredo", "unspecified"}
}

// own reports whether a custom prober measures a port's protocol.
func (p *planner) own(port endpoints.Port) bool {
	t := probe.Protocol(port.Protocol)
	return p.probers[t] != nil && !t.BuiltIn()
}

// checkPorts returns an error for a port that nothing can measure or skip.
func (p *planner) checkPorts() error {
	for _, pl := range p.plan.layout {
		for _, port := range pl.endpoint.Ports {
			known := slices.Concat(connectOnly(), []string{"http", "https"})
			if port.Transport != "tcp" {
				known = append(untested(), "ntp")
			}
			if !p.own(port) && !slices.Contains(known, port.Protocol) {
				slices.Sort(known)
				return &endpoints.Error{
					Code: endpoints.BadValue, Field: "ports", Value: port.String(), Want: known,
					Service: pl.endpoint.Service, Host: pl.endpoint.Host.String(),
					Reason: "no prober in Runner.Probers for the protocol",
				}
			}
		}
	}
	return nil
}
