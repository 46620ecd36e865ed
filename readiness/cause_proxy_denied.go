package readiness

import "github.com/netready/netready/probe"

// CauseProxyDenied means that the proxy's own policy refuses hosts.
const CauseProxyDenied CauseCode = "proxy.denied"

func proxyDenied(v *view) []found {
	checks := v.coded(probe.ProxyDenied)
	if len(checks) == 0 {
		return nil
	}
	allow, names := v.allow(checks)
	return []found{{Cause: Cause{
		Title:    "The proxy denies " + countOrName(v.names(checks), "host"),
		Evidence: v.proxyEvidence(checks),
		Remedy:   "Configure the proxy to allow " + allow + ".",
		Names:    names,
	}, explains: unreached(checks...)}}
}
