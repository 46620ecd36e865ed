package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseHTTPNoAnswer means that several hosts present genuine certificates and
// then send no HTTP response, whether or not they complete the handshake, as
// behind a filter that cuts connections once it has seen the certificate.
const CauseHTTPNoAnswer CauseCode = "http.no_answer"

func httpNoAnswer(v *view) []found {
	checks := v.open(func(i int, r outcome) bool {
		return (saysNothing(v.obs[i]) || cutAfterCertificate(v.obs[i])) && !asKnown(v.outcomes.facts[i], r, v.obs[i])
	})
	names := v.names(checks)
	if len(names) < severalHosts {
		return nil
	}
	evidence := []string{v.stepEvidence(checks[0])}
	if others := without(names, v.target(checks[0]).Host); len(others) > 0 {
		evidence = append(evidence, "The same for: "+list(others)+".")
	}
	return []found{{Cause: Cause{
		Title:    fmt.Sprintf("%d hosts present their certificates and then send no HTTP response", len(names)),
		Evidence: append(evidence, "The certificates are genuine, so something between this machine and the hosts cuts the connections."),
		Remedy:   "Find the filter or firewall that cuts connections after the certificate, and exempt " + these(v.exempt(checks)) + " from it: " + some(v.exempt(checks), fewNames) + ".",
		Names:    v.exempt(checks),
	}, explains: unreached(checks...)}}
}

// cutAfterCertificate reports whether a connection ended between a genuine
// certificate and the end of the handshake. Unlike a host that says nothing after
// it, such a host was not reached.
func cutAfterCertificate(o probe.Observation) bool {
	switch o.Code() {
	case probe.TLSReset, probe.TLSClosed, probe.TLSTimeout:
		return o.Target.Protocol == probe.HTTPS && o.Proxy == nil && genuine(o.TLS)
	}
	return false
}
