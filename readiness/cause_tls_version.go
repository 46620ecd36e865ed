package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseTLSVersion means that hosts refuse TLS 1.2.
const CauseTLSVersion CauseCode = "tls.version"

func tlsVersion(v *view) []found {
	checks := v.coded(probe.TLSVersion)
	if len(checks) == 0 {
		return nil
	}
	names := v.names(checks)
	s := v.target(checks[0]).Addr() + " refused TLS 1.2"
	if f := v.obs[checks[0]].TLS; f != nil && f.Alert != "" {
		s += fmt.Sprintf(" with the alert %q", f.Alert)
	}
	evidence := []string{s + " (tls.version)."}
	if others := without(names, v.target(checks[0]).Host); len(others) > 0 {
		evidence = append(evidence, "The same for: "+list(others)+".")
	}
	return []found{{Cause: Cause{
		Title:    "TLS 1.2 is refused for " + countOrName(names, "host"),
		Evidence: evidence,
		Remedy:   "Allow TLS 1.2 on the proxy or firewall, or turn off its protocol detection, for " + some(v.exempt(checks), fewNames) + ".",
		Names:    v.exempt(checks),
	}, explains: unreached(checks...)}}
}
