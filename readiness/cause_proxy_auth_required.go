package readiness

import "github.com/netready/netready/probe"

// CauseProxyAuthRequired means that the proxy requires authentication.
const CauseProxyAuthRequired CauseCode = "proxy.auth_required"

func proxyAuthRequired(v *view) []found {
	checks := v.coded(probe.ProxyAuthRequired)
	if len(checks) == 0 {
		return nil
	}
	allow, names := v.allow(checks)
	return []found{{Cause: Cause{
		Title:    "The proxy requires authentication",
		Evidence: v.proxyEvidence(checks),
		Remedy:   "Configure the proxy to allow every device, without authentication, " + allow + ".",
		Names:    names,
	}, explains: unreached(checks...)}}
}
