package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseNTPUnusable means that a time server gives no usable time.
const CauseNTPUnusable CauseCode = "ntp.unusable"

// timeServerWrong finds a time server that contradicts all other clocks.
func timeServerWrong(v *view) []found {
	c := v.outcomes.signs.clocks
	checks := v.coded(probe.NTPOffset)
	if !c.lying() || len(checks) == 0 {
		return nil
	}
	return []found{{Cause: Cause{
		Title: "The time server's clock is wrong",
		Evidence: []string{fmt.Sprintf("%s says this clock is %s, but the Date headers of genuine web servers say it is %s.",
			v.target(checks[0]).Addr(), wrongBy(c.ntp.offset), wrongBy(c.dates.offset))},
		Remedy: "Let UDP port 123 reach the real time.windows.com, or correct the time server that answers in its place.",
		Names:  v.names(checks),
	}, explains: unreached(checks...)}}
}

// timeServerUnusable finds time servers whose answers cannot be used.
func timeServerUnusable(v *view) []found {
	checks := v.coded(probe.NTPKissOfDeath, probe.NTPUnsynchronized, probe.NTPInvalid, probe.NTPUnreachable, probe.NTPTimeout)
	if len(checks) == 0 {
		return nil
	}
	var evidence []string
	for _, i := range checks {
		s := fmt.Sprintf("%s: %s", v.target(i).Addr(), unusable(v.outcomes.each[i].code))
		if f := v.obs[i].NTP; f != nil && f.KissCode != "" {
			s += fmt.Sprintf(", kiss code %q", f.KissCode)
		} else if f != nil {
			s += fmt.Sprintf(", stratum %d, leap indicator %d", f.Stratum, f.Leap)
		}
		evidence = append(evidence, s+fmt.Sprintf(" (%s).", v.outcomes.each[i].code))
	}
	return []found{{Cause: Cause{
		Title:    "The time server gives no usable time",
		Evidence: evidence,
		Remedy: "Let UDP port 123 reach the real " + some(v.names(checks), fewNames) +
			", or have the time server that answers in its place synchronize its clock and serve every client.",
		Names: v.names(checks),
	}, explains: unreached(checks...)}}
}

// unusable describes a time server's failure.
func unusable(c probe.Code) string {
	switch c {
	case probe.NTPKissOfDeath:
		return "the server refuses to serve this client"
	case probe.NTPUnsynchronized:
		return "the server says its own clock is not synchronized"
	case probe.NTPUnreachable:
		return "the network reports no listener or no route"
	case probe.NTPTimeout:
		return "no answer, while another time server answers"
	}
	return "the answer is invalid"
}
