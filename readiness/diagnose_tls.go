package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// inspection finds TLS inspection by an authority that the machine trusts, a
// cause for each issuer.
func (d *diagnosis) inspection() {
	for _, g := range d.byIssuer(d.coded(probe.TLSInspected)) {
		names := d.names(g.checks)
		d.add(Cause{
			Code:     CauseTLSInspection,
			Title:    fmt.Sprintf("TLS inspection by %s on %s", g.issuer, count(len(names), "host")),
			Evidence: issuerEvidence(d.target(g.checks[0]), g.leaf, "which this machine trusts and no public authority vouches for", names),
			Remedy:   d.exemption(g.checks),
		}, g.checks...)
	}
}

// strangers finds TLS inspection by an authority that nobody here trusts: it
// signs certificates for unrelated owners, each for the name that was asked for.
func (d *diagnosis) strangers() {
	const several = 2
	for _, g := range d.byIssuer(d.unknown()) {
		leaves := make(map[string]bool)
		matches := true
		for _, i := range g.checks {
			f := d.obs[i].TLS
			if f == nil || len(f.Chain) == 0 || !f.NameMatches {
				matches = false
				break
			}
			leaves[f.Chain[0].SHA256] = true
		}
		if !matches || len(leaves) < several || d.zones(g.checks) < unrelated {
			continue
		}
		names := d.names(g.checks)
		evidence := issuerEvidence(d.target(g.checks[0]), g.leaf, "which neither a public authority nor this machine vouches for", names)
		d.add(Cause{
			Code:     CauseTLSInspection,
			Title:    fmt.Sprintf("TLS inspection by %s, which this machine does not trust, on %s", g.issuer, count(len(names), "host")),
			Evidence: append(evidence, "One authority that signs for unrelated owners, for each by its name, is a device on the path."),
			Remedy:   d.exemption(g.checks),
		}, g.checks...)
	}
}

// unknown returns the failed checks without a cause whose chain was complete,
// as far as can be told, and ends in no known root.
func (d *diagnosis) unknown() []int {
	return d.open(func(i int, r result) bool { return r.code == probe.TLSUntrusted && d.unfetched(i) == nil })
}

// exemption says which names have to be taken out of inspection: those that
// the documents exempt, and those without which provisioning loses something.
func (d *diagnosis) exemption(checks []int) string {
	var must []endpoints.Host
	var others []int
	for _, i := range checks {
		hosts := d.uninspectable(i)
		must = append(must, hosts...)
		switch {
		case len(hosts) > 0:
		case d.impact[i].rank() >= Degrading.rank():
			others = append(others, i)
		}
	}
	var parts []string
	if len(must) > 0 {
		parts = append(parts, "Exempt these names from TLS inspection, which Microsoft does not support for them: "+strings.Join(cover(must), ", ")+".")
	}
	switch {
	case len(others) > 0 && parts == nil:
		parts = append(parts, "Exempt these names from TLS inspection, since devices fresh from their maker do not trust the inspecting authority: "+d.exempt(others)+".")
	case len(others) > 0:
		parts = append(parts, "Exempt these too, since devices fresh from their maker do not trust the inspecting authority: "+d.exempt(others)+".")
	}
	if parts == nil {
		return "Exempt these names from TLS inspection if their services are used: " + d.exempt(checks) + "."
	}
	return strings.Join(parts, " ")
}

// untrusted finds chains that end in no known root, a cause for each issuer.
func (d *diagnosis) untrusted() {
	for _, g := range d.byIssuer(d.unknown()) {
		names := d.names(g.checks)
		evidence := issuerEvidence(d.target(g.checks[0]), g.leaf, "which neither a public authority nor this machine vouches for", names)
		if d.zones(g.checks) >= unrelated {
			evidence = append(evidence, "One certificate for unrelated owners is a device on the path, as of a filter or a portal.")
		}
		d.add(Cause{
			Code:     CauseTLSUntrusted,
			Title:    fmt.Sprintf("Certificates of an unknown authority, %s, on %s", g.issuer, count(len(names), "host")),
			Evidence: evidence,
			Remedy:   "Find the device on the path that answers with these certificates, and exempt these names from it: " + d.exempt(g.checks) + ".",
		}, g.checks...)
	}
}

// unfetched returns where a check did not get the certificates that its server
// left out.
func (d *diagnosis) unfetched(i int) []probe.IssuerFailure {
	if f := d.obs[i].TLS; f != nil {
		return f.IssuerFailures
	}
	return nil
}

// incomplete finds chains that nobody vouches for, but whose servers leave out
// a certificate that could not be fetched either: as a consequence of a cause
// that is known already, or a cause for each issuer.
func (d *diagnosis) incomplete() {
	var left []int
	for _, i := range d.coded(probe.TLSUntrusted) {
		var urls []string
		codes := make(map[CauseCode]bool)
		for _, s := range d.unfetched(i) {
			urls = append(urls, s.URL)
			codes[CauseCode(s.Code)] = true
		}
		if k := d.behindFetch(urls, codes); k >= 0 {
			d.explain(k, i)
		} else {
			left = append(left, i)
		}
	}
	for _, g := range d.byIssuer(left) {
		names := d.names(g.checks)
		evidence := issuerEvidence(d.target(g.checks[0]), g.leaf, "with a chain that leads to no known authority as far as it is there", names)
		for _, s := range d.unfetched(g.checks[0]) {
			evidence = append(evidence, fmt.Sprintf("The certificate of %q was not served, and could not be fetched from %s (%s%s).", d.obs[g.checks[0]].TLS.MissingIssuer, s.URL, s.Code, detail(s.Text)))
		}
		d.add(Cause{
			Code:     CauseTLSUntrusted,
			Title:    fmt.Sprintf("Incomplete certificates of %s on %s", g.issuer, count(len(names), "host")),
			Evidence: evidence,
			Remedy: "Let devices fetch the certificate that is missing, over plain HTTP as Windows does. If it is not a public authority's, " +
				"find the device on the path that answers with these certificates, and exempt these names from it: " + d.exempt(g.checks) + ".",
		}, g.checks...)
	}
}

// version finds hosts that refuse TLS 1.2.
func (d *diagnosis) version() {
	checks := d.coded(probe.TLSVersion)
	if len(checks) == 0 {
		return
	}
	names := d.names(checks)
	var evidence []string
	s := d.target(checks[0]).Addr() + " was offered TLS 1.2 and refused it"
	if f := d.obs[checks[0]].TLS; f != nil && f.Alert != "" {
		s += fmt.Sprintf(" with the alert %q", f.Alert)
	}
	evidence = append(evidence, s+" (tls.version).")
	if others := without(names, d.target(checks[0]).Host); len(others) > 0 {
		evidence = append(evidence, "So did: "+list(others)+".")
	}
	d.add(Cause{
		Code:     CauseTLSVersion,
		Title:    "TLS 1.2 is refused for " + count(len(names), "host"),
		Evidence: evidence,
		Remedy: "Let the proxy or firewall speak TLS 1.2 to these names, or turn off its protocol detection for them: " +
			d.exempt(checks) + ".",
	}, checks...)
}

// issuerEvidence quotes one certificate of an issuer, and says for whom else it signs.
func issuerEvidence(t probe.Target, leaf probe.Certificate, trust string, names []string) []string {
	out := []string{fmt.Sprintf("%s: certificate %q issued by %q, SHA-256 %.16s…, %s.",
		t.Addr(), leaf.Subject, leaf.Issuer, leaf.SHA256, trust)}
	if others := without(names, t.Host); len(others) > 0 {
		out = append(out, "The same issuer signs for: "+list(others)+".")
	}
	return out
}

// An issuerGroup is the checks whose leaf certificates one issuer signed.
type issuerGroup struct {
	issuer string
	leaf   probe.Certificate // of the first check
	checks []int
}

// byIssuer groups checks by the issuer of the certificate that was served, in
// the order of the checks.
func (d *diagnosis) byIssuer(checks []int) []issuerGroup {
	var out []issuerGroup
	for _, i := range checks {
		var leaf probe.Certificate
		if f := d.obs[i].TLS; f != nil && len(f.Chain) > 0 {
			leaf = f.Chain[0]
		}
		k := slices.IndexFunc(out, func(g issuerGroup) bool { return g.leaf.Issuer == leaf.Issuer })
		if k < 0 {
			out = append(out, issuerGroup{issuer: issuerName(d.obs[i], leaf), leaf: leaf})
			k = len(out) - 1
		}
		out[k].checks = append(out[k].checks, i)
	}
	return out
}

// issuerName returns what an issuer is best called by, with the maker of the
// product whose name it bears.
func issuerName(o probe.Observation, leaf probe.Certificate) string {
	name := commonName(leaf)
	if o.TLS != nil && o.TLS.Vendor != "" {
		name += " (" + o.TLS.Vendor + ")"
	}
	return name
}

// commonName returns what an issuer is best called by.
func commonName(c probe.Certificate) string {
	for part := range strings.SplitSeq(c.Issuer, ",") {
		if cn, ok := strings.CutPrefix(strings.TrimSpace(part), "CN="); ok && cn != "" {
			return cn
		}
	}
	if c.Organization != "" {
		return c.Organization
	}
	if c.Issuer != "" {
		return c.Issuer
	}
	return "an unnamed issuer"
}

// detail writes what a code is about behind it.
func detail(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf(": %.120s", text)
}
