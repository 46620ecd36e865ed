package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseIPv4Missing means that nothing is reached over IPv4, so that names
// without IPv6 addresses cannot be reached. It is informational if every name
// that was tested has IPv6 addresses.
const CauseIPv4Missing CauseCode = "ipv4.missing"

func ipv4Missing(v *view) []found {
	lack := v.outcomes.signs.ipv4Lack
	if lack == ipv4Works {
		return nil
	}
	checks := v.open(func(i int, r outcome) bool {
		return v.obs[i].Proxy == nil && onlyIPv4(v.obs[i].DNS) && (mute(r.code) || r.code == probe.NTPTimeout || r.code == probe.NTPUnreachable)
	})
	over6 := v.reachedOverIPv6()
	switch {
	case len(checks) > 0:
	case lack == ipv4Silent && len(over6) > 0: // it is offered, and nothing needed it
		return []found{{Cause: Cause{
			Title:    "IPv4 is offered but does not work",
			Evidence: []string{"No connection over IPv4 was made on any port.", v.overIPv6Line(over6)},
			Remedy:   "Route IPv4 to the internet and allow it through the firewall: names that were not tested may have no IPv6 addresses.",
		}, affects: over6, most: Informational}}
	default:
		return nil
	}
	names := v.names(checks)
	title := "This network has no IPv4, and nothing translates for " + count(len(names), "name") + " without IPv6 addresses"
	evidence := []string{"This machine has no route to IPv4 addresses, such as those of " + list(names) + "."}
	remedy := "Provide IPv4, or DNS64 and NAT64 (RFC 6147, RFC 6146), so that devices reach "
	switch lack {
	case ipv4Works, ipv4Unrouted:
		evidence = append(evidence, "DNS returns no IPv6 address for "+these(names)+", so there is no DNS64 either.")
	case ipv4Translator:
		title = "This network has no IPv4, and NAT64 does not answer"
		evidence = append(firstLines(v.hostEvidence(checks), fewLines, "The same for %d more checks."), "This machine has no route to IPv4 addresses, and no connection to an address that DNS64 returned was made.")
		remedy = "Repair NAT64 (RFC 6146) or its route, or provide IPv4, so that devices reach "
	case ipv4Silent:
		title = "IPv4 does not work, and " + count(len(names), "name") + " cannot be reached over IPv6"
		evidence = append(firstLines(v.hostEvidence(checks), fewLines, "The same for %d more checks."), "No connection over IPv4 was made on any port.")
		remedy = "Route IPv4 to the internet and allow it through the firewall, so that devices reach "
	}
	if len(over6) > 0 {
		evidence = append(evidence, v.overIPv6Line(over6))
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: evidence,
		Remedy:   remedy + some(names, fewNames) + ".",
		Names:    names,
	}, explains: unreached(checks...)}}
}

func (v *view) overIPv6Line(checks []int) string {
	return fmt.Sprintf("Over IPv6, %s successful, such as of %s.", checksWere(len(checks)), list(v.names(checks)))
}

// reachedOverIPv6 returns the checks that reached their hosts over IPv6.
func (v *view) reachedOverIPv6() []int {
	var out []int
	for i, r := range v.outcomes.each {
		if f := v.obs[i].TCP; r.status == OK && f != nil && v.obs[i].Proxy == nil && f.Remote.Addr().Unmap().Is6() {
			out = append(out, i)
		}
	}
	return out
}
