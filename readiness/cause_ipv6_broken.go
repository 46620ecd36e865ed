package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// CauseIPv6Broken means that the network offers IPv6 but only IPv4 works.
const CauseIPv6Broken CauseCode = "ipv6.broken"

func ipv6Broken(v *view) []found {
	var evidence []string
	var hit []int
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
			case dial.Code == probe.TCPTimeout: // a refusal costs no waiting time
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
	return []found{{Cause: Cause{
		Title:    "IPv6 is offered but does not work",
		Evidence: append(firstLines(evidence, fewLines, "And %d more connections to IPv6 addresses."), "Windows prefers IPv6 and waits before it falls back to IPv4 (RFC 6724)."),
		Remedy:   "Route IPv6 to the internet and allow it through the firewall, or stop advertising it.",
	}, affects: hit}}
}
