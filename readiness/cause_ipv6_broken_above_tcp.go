package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseIPv6BrokenAboveTCP means that connections over IPv6 are made, but no TLS
// handshake completes on them, while handshakes over IPv4 do.
const CauseIPv6BrokenAboveTCP CauseCode = "ipv6.broken_above_tcp"

func ipv6BrokenAboveTCP(v *view) []found {
	var evidence []string
	var hit []int
	timeouts := 0
	if v.handshakeOverIPv6() {
		return nil
	}
	for i, r := range v.outcomes.each {
		o := v.obs[i]
		d := alongside(o)
		switch {
		case d == nil:
		case r.status == NotRun || v.closedToAll(i) || !mute(d.TLSCode) || o.TLS == nil || o.TLS.Version == "":
		case d.TLSCode == probe.TLSAlert: // as from a content network that limits handshakes
		default:
			hit = append(hit, i)
			if d.TLSCode == probe.TLSTimeout {
				timeouts++
			}
			evidence = append(evidence, fmt.Sprintf("%s: %s (%s, %s), while a handshake over IPv4 completes.", v.target(i).Addr(), d.Addr.Addr(), behaved(d.TLSCode), d.TLSCode))
		}
	}
	if v.owners(hit) < unrelatedOwners {
		return nil
	}
	remedy := "Find what ends TLS over IPv6, such as a firewall or a tunnel, and let it pass unchanged, or stop advertising IPv6."
	if timeouts > 0 {
		remedy = "Let TLS pass over IPv6 unchanged, and allow ICMPv6 \"packet too big\" (RFC 4890) so that large packets fit through tunnels. Otherwise stop advertising IPv6."
	}
	return []found{{Cause: Cause{
		Title:    "Connections over IPv6 are made, but TLS does not work on them",
		Evidence: append(firstLines(evidence, fewLines, "The same for %d more hosts."), "Windows prefers IPv6 (RFC 6724), and a connection that is made gives it no reason to try IPv4."),
		Remedy:   remedy,
	}, affects: hit}}
}
