package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseNTPBlocked means that requests to UDP port 123 get no answer or are
// rejected.
const CauseNTPBlocked CauseCode = "egress.ntp_blocked"

func ntpBlocked(v *view) []found {
	checks := v.coded(probe.NTPTimeout, probe.NTPUnreachable)
	if v.outcomes.works[probe.NTP] || len(checks) == 0 {
		return nil
	}
	var evidence []string
	title := "UDP port 123 (NTP) gets no answer"
	for _, i := range checks {
		s, why := v.target(i).Addr()+" did not answer", " (ntp.timeout). NTP servers normally answer every request, so the network dropped a packet or the server is down."
		if v.outcomes.each[i].code == probe.NTPUnreachable {
			title = "UDP port 123 (NTP) is rejected"
			s, why = "A request to "+v.target(i).Addr()+" was rejected", " (ntp.unreachable): an ICMP message says that it may not pass, that no route leads there or that nothing listens there."
		}
		if o := v.obs[i]; o.DNS != nil && len(o.DNS.Addresses) > 0 {
			s += fmt.Sprintf(" at %v", o.DNS.Addresses)
		}
		evidence = append(evidence, s+why)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: evidence,
		Remedy:   "Allow outbound UDP 123, from any source port and without a proxy, to " + some(v.names(checks), fewNames) + ".",
		Names:    v.names(checks),
	}, explains: unreached(checks...)}}
}
