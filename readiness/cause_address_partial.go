package readiness

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseAddressPartial means that some addresses of a host answer and others do
// not. Devices then fail from time to time, or always if they have only the
// failing address family.
const CauseAddressPartial CauseCode = "address.partial"

// addressPartial ignores an address family that works for no host: that is not
// the host's fault. If the network limits new connections, it finds nothing,
// because any address may fail.
func addressPartial(v *view) []found {
	if v.limited() {
		return nil
	}
	var evidence []string
	var hit []int
	for i, r := range v.outcomes.each {
		f := v.obs[i].TCP
		if r.status == NotRun || f == nil || v.obs[i].Proxy != nil || v.closedToAll(i) {
			continue
		}
		if bad := deadAddresses(f, v.outcomes.signs); len(bad) > 0 {
			evidence = append(evidence, fmt.Sprintf("%s: %s", v.target(i).Addr(), strings.Join(bad, ", ")))
			hit = append(hit, i)
		}
	}
	if len(hit) == 0 {
		return nil
	}
	names := v.exempt(hit)
	return []found{{Cause: Cause{
		Title:    "Some addresses of " + countOrName(v.names(hit), "host") + " do not answer",
		Evidence: evidence,
		Remedy:   "Allow access by name, on every address: " + some(names, fewNames) + ".",
		Names:    names,
	}, affects: hit}}
}

// closedToAll reports whether a cause that stops connections to all hosts
// explains a check. What stops them may answer for only some addresses.
func (v *view) closedToAll(check int) bool {
	switch v.explained(check) {
	case CauseCaptivePortal, CauseHTTPBlocked, CauseHTTPSBlocked, CauseProxyRequired:
		return true
	}
	return false
}

// deadAddresses returns the addresses at which every attempt failed although
// another of their family worked, or although one of the other family worked
// and theirs works for other hosts on that port. In the latter case, an IPv6
// address that refuses at once does not count, because it costs no time.
func deadAddresses(f *probe.TCPFacts, s signs) []string {
	var out []string
	seen := make(map[netip.AddrPort]bool) // or reached by another attempt
	for _, dial := range f.Dials {
		seen[dial.Addr] = seen[dial.Addr] || dial.Code == ""
	}
	for _, dial := range f.Dials {
		if seen[dial.Addr] || dial.Code == probe.Canceled {
			continue
		}
		seen[dial.Addr] = true
		port := dial.Addr.Port()
		missed := is4(dial) && s.ipv4[port] && worked(f, false) || !is4(dial) && s.ipv6[port] && worked(f, true) && dial.Code == probe.TCPTimeout
		if worked(f, is4(dial)) || missed {
			out = append(out, fmt.Sprintf("%s (%s, %s)", dial.Addr.Addr(), behaved(dial.Code), dial.Code))
		}
	}
	return out
}
