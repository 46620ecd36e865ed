package readiness

import (
	"fmt"
	"strings"

	"github.com/netready/netready/probe"
)

// An issuerGroup holds the checks whose leaf certificates have one issuer.
type issuerGroup struct {
	issuer string
	leaf   probe.Certificate // of the first check
	checks []int
}

// byIssuer groups checks by the issuer of the certificate that was presented.
func (v *view) byIssuer(checks []int) []issuerGroup {
	var out []issuerGroup
	for _, of := range groupBy(checks, func(i int) string { return v.leaf(i).Issuer }).all() {
		leaf := v.leaf(of[0])
		out = append(out, issuerGroup{issuerName(v.presented(of[0]), leaf), leaf, of})
	}
	return out
}

// leaf returns the leaf certificate that was presented to a check, if any.
func (v *view) leaf(check int) probe.Certificate {
	if f := v.presented(check); f != nil && len(f.Chain) > 0 {
		return f.Chain[0]
	}
	return probe.Certificate{}
}

// issuerEvidence quotes one certificate of an issuer and lists the other names
// that it signs for.
func issuerEvidence(t probe.Target, leaf probe.Certificate, trust string, names []string) []string {
	out := []string{fmt.Sprintf("%s: certificate %q issued by %q, SHA-256 %.16s…, %s.",
		t.Addr(), leaf.Subject, leaf.Issuer, leaf.SHA256, trust)}
	if others := without(names, t.Host); len(others) > 0 {
		out = append(out, "The same issuer signs for: "+list(others)+".")
	}
	return out
}

// issuerName returns a display name of an issuer, with the vendor of the
// product if it is known.
func issuerName(f *probe.TLSFacts, leaf probe.Certificate) string {
	name := commonName(leaf)
	if f != nil && f.Vendor != "" {
		name += " (" + f.Vendor + ")"
	}
	return name
}

// commonName returns a display name of a certificate's issuer.
func commonName(c probe.Certificate) string {
	if cn := cnOf(c.Issuer); cn != "" {
		return cn
	}
	if c.Organization != "" {
		return c.Organization
	}
	if c.Issuer != "" {
		return c.Issuer
	}
	return "an unnamed issuer"
}

// attributes splits a distinguished name (RFC 2253 section 2) into its
// attributes and removes the backslashes that escape characters.
func attributes(name string) []string {
	var parts []string
	var part strings.Builder
	escaped := false
	for _, r := range name {
		switch {
		case r == '\\' && !escaped:
			escaped = true
			continue
		case (r == ',' || r == '+') && !escaped:
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteRune(r)
		}
		escaped = false
	}
	return append(parts, part.String())
}

// cnOf returns the common name in a distinguished name, or "".
func cnOf(name string) string {
	for _, part := range attributes(name) {
		if cn, ok := strings.CutPrefix(part, "CN="); ok && cn != "" {
			return cn
		}
	}
	return ""
}
