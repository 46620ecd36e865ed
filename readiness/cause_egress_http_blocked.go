package readiness

import "github.com/netready/netready/probe"

// CauseHTTPBlocked means that TCP port 80 is blocked for every host.
const CauseHTTPBlocked CauseCode = "egress.http_blocked"

func httpBlocked(v *view) []found {
	if checks := v.blockedPort(probe.HTTP, 80); len(checks) > 0 {
		return v.blocked(checks)
	}
	return v.blockedOverIPv4(probe.HTTP, 80)
}
