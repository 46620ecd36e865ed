package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseCaptivePortal means that a captive portal answers instead of the
// internet.
const CauseCaptivePortal CauseCode = "captive_portal"

// captivePortal finds a portal. It also explains protocols with which no check
// succeeded.
func captivePortal(v *view) []found {
	a := v.outcomes.signs.portal
	if a.status == 0 {
		return nil
	}
	checks := v.open(func(i int, r outcome) bool {
		switch {
		case r.code == probe.HTTPCaptivePortal:
			return true
		case v.obs[i].Proxy != nil:
			return false
		}
		return portals(r.code) && !v.outcomes.works[spokenBy(v.target(i))]
	})
	evidence := fmt.Sprintf("%s answered with status %d", v.target(a.check).Addr(), a.status)
	switch {
	case a.location != "":
		evidence += " and redirected to " + a.location
	case a.body != "":
		evidence += fmt.Sprintf(" and a page that is not Microsoft's: %.120q", a.body)
	}
	if a.alike == nil {
		evidence += "; Windows expects status 200 and the text \"Microsoft Connect Test\"."
	} else {
		evidence += "; every host that answered over plain HTTP did the same: " + list(a.alike) + "."
	}
	return []found{{Cause: Cause{
		Title:    "A captive portal answers instead of the internet",
		Evidence: []string{evidence},
		Remedy:   "Connect devices to a network without a sign-in page, or exempt them from it by MAC address or VLAN until setup is finished.",
	}, explains: unreached(checks...)}}
}

// spokenBy returns the protocol of a check, and for Windows' web probe that of
// the web: its DNS probe is another matter.
func spokenBy(t probe.Target) probe.Protocol {
	if t.Protocol == probe.NCSI && t.Port != dnsPort {
		return probe.HTTP
	}
	return t.Protocol
}

// portals reports whether a captive portal may cause a failure: by silence, or
// by answering in place of the host.
func portals(c probe.Code) bool {
	switch c {
	case probe.NTPTimeout, probe.NTPUnreachable, probe.TLSUntrusted, probe.TLSNameMismatch, probe.TLSVersion,
		probe.HTTPStatus, probe.HTTPBodyMismatch, probe.HTTPTruncated, probe.HTTPRedirectLoop:
		return true
	}
	return mute(c)
}
