package readiness

import (
	"cmp"
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseTLSIncomplete means that this machine cannot verify chains, because it
// lacks a certificate that the servers do not send. There is one for each such
// certificate. It is informational: nothing shows that the network is at fault.
const CauseTLSIncomplete CauseCode = "tls.incomplete"

func tlsIncomplete(v *view) []found {
	checks := v.notRun(func(i int, c probe.Code) bool {
		f := v.obs[i].TLS
		return c == probe.TLSIncomplete && f != nil && len(f.Chain) > 0
	})
	var out []found
	for issuer, checks := range groupBy(checks, func(i int) string { return v.obs[i].TLS.MissingIssuer }).all() {
		names := v.names(checks)
		evidence := issuerEvidence(v.target(checks[0]), v.leaf(checks[0]), "whose chain, as served, is incomplete", names)
		evidence = append(evidence, fmt.Sprintf("The certificate of %q is missing: the servers do not send it, and this program does not have it. Windows may have it.", issuer))
		out = append(out, found{Cause: Cause{
			Title:    fmt.Sprintf("The certificates of %s cannot be verified here: %s is missing", countOrName(names, "host"), cmp.Or(cnOf(issuer), issuer)),
			Evidence: evidence,
			Remedy:   "Run the check on a Windows device on this network. If Windows does not trust the certificate either, find out what presents it: " + some(names, fewNames) + ".",
			Names:    names,
		}, explains: unreached(checks...)})
	}
	return out
}
