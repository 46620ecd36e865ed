package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// CauseIPv6Broken means that the network offers IPv6 but only IPv4 works. It is
// informational if connections over IPv6 are rejected at once, because devices
// then lose no time.
const CauseIPv6Broken CauseCode = "ipv6.broken"

func ipv6Broken(v *view) []found {
	var evidence []string
	var silent, hit []int
	for i, r := range v.outcomes.each {
		f := v.obs[i].TCP
		if f == nil || r.status == NotRun || v.obs[i].Proxy != nil || v.closedToAll(i) || !worked(f, true) {
			continue
		}
		for _, dial := range f.Dials {
			switch {
			case is4(dial):
			case dial.Code == "":
				return nil // IPv6 works for this host
			case !mute(dial.Code) || dial.NoRoute: // without a route, IPv6 is not offered
			default:
				if dial.Code == probe.TCPTimeout {
					silent = append(silent, i)
				}
				hit = append(hit, i)
				evidence = append(evidence, fmt.Sprintf("%s: %s (%s, %s), while IPv4 works.",
					v.target(i).Addr(), dial.Addr.Addr(), behaved(dial.Code), dial.Code))
			}
		}
	}
	hit = slices.Compact(hit)
	if v.owners(hit) < severalOwners {
		return nil
	}
	most, wait := Unjudged, "Windows prefers IPv6 and waits before it falls back to IPv4 (RFC 6724)."
	if v.owners(slices.Compact(silent)) < severalOwners {
		most, wait = Informational, "Windows prefers IPv6 (RFC 6724), and falls back to IPv4 at once if a connection is rejected."
	}
	title, remedy := "IPv6 is offered but does not work", "Route IPv6 to the internet and allow it through the firewall, or stop advertising it."
	evidence = firstLines(unique(evidence), fewLines, "And %d more connections to IPv6 addresses.")
	if a := v.overIPv6(); a != nil {
		title, remedy = "TCP port 443 is blocked over IPv6", "Allow outbound TCP 443 over IPv6 through the firewall, or stop advertising IPv6."
		evidence = append(evidence, fmt.Sprintf("TCP port 80 works over IPv6: %s answered with status %d.", a.Host, a.Status))
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: append(evidence, wait),
		Remedy:   remedy,
	}, affects: hit, most: most}}
}

// overIPv6 returns the answer to Windows' connectivity probe over IPv6, or nil
// if there was none.
func (v *view) overIPv6() *probe.NCSIAnswer {
	for _, o := range v.obs {
		if o.NCSI != nil && spoke(o.NCSI.IPv6) {
			return o.NCSI.IPv6
		}
	}
	return nil
}
