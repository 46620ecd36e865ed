package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseTLSUntrusted means that chains do not end in a known root. There is one
// for each issuer.
const CauseTLSUntrusted CauseCode = "tls.untrusted"

func tlsUntrusted(v *view) []found {
	var out []found
	for _, g := range v.byIssuer(v.unknown()) {
		names := v.names(g.checks)
		evidence := issuerEvidence(v.target(g.checks[0]), g.leaf, "which this machine does not trust and which is not a public CA", names)
		if v.owners(g.checks) >= unrelatedOwners {
			evidence = append(evidence, "One certificate for unrelated organizations means a filter or portal is answering.")
		}
		out = append(out, found{Cause: Cause{
			Title:    fmt.Sprintf("Certificates of an unknown CA, %s, on %s", g.issuer, countOrName(names, "host")),
			Evidence: evidence,
			Remedy:   "Find the device on the path that presents these certificates, and exempt " + these(v.exempt(g.checks)) + " from it: " + some(v.exempt(g.checks), fewNames) + ".",
			Names:    v.exempt(g.checks),
		}, explains: unreached(g.checks...)})
	}
	return out
}

// chainIncomplete finds untrusted chains whose servers leave out a certificate
// that could not be fetched either. They follow from an earlier cause, or have
// one cause per issuer.
func chainIncomplete(v *view) []found {
	checks := v.coded(probe.TLSUntrusted)
	if len(checks) == 0 {
		return nil
	}
	var left []int
	var joined grouping[*recorded, int]
	fetches := v.fetches()
	for _, i := range checks {
		var failed []failedFetch
		for _, s := range v.unfetched(i) {
			failed = append(failed, failedFetch{s.URL, s.Code})
		}
		if c := fetches.behind(failed); c != nil {
			joined.add(c, i)
		} else {
			left = append(left, i)
		}
	}
	var out []found
	for c, checks := range joined.all() {
		out = append(out, found{joins: c, explains: unreached(checks...)})
	}
	for _, g := range v.byIssuer(left) {
		names := v.names(g.checks)
		evidence := issuerEvidence(v.target(g.checks[0]), g.leaf, "whose chain, as served, is incomplete", names)
		for _, s := range v.unfetched(g.checks[0]) {
			evidence = append(evidence, fmt.Sprintf("The server left out the certificate of %q, and it could not be fetched from %s (%s%s).", v.presented(g.checks[0]).MissingIssuer, s.URL, s.Code, detail(s.Text)))
		}
		out = append(out, found{Cause: Cause{
			Title:    fmt.Sprintf("Incomplete certificate chains of %s on %s", g.issuer, countOrName(names, "host")),
			Evidence: evidence,
			Remedy: "Let devices fetch the missing issuer certificate over plain HTTP, or, if the CA is not public, exempt " + these(v.exempt(g.checks)) +
				" from the device that presents these certificates: " + some(v.exempt(g.checks), fewNames) + ".",
			Names: v.exempt(g.checks),
		}, explains: unreached(g.checks...)})
	}
	return out
}

// unknown returns the failed checks without a cause whose chain appears
// complete but does not end in a known root, unless the host is known to have
// such a chain.
func (v *view) unknown() []int {
	return v.open(func(i int, r outcome) bool {
		return r.code == probe.TLSUntrusted && v.unfetched(i) == nil && !asKnown(v.outcomes.facts[i], r, v.obs[i])
	})
}

// unfetched returns the source from which a check could not fetch the
// certificates that its server left out.
func (v *view) unfetched(i int) []probe.Document {
	if f := v.presented(i); f != nil {
		return f.IssuerFailures
	}
	return nil
}
