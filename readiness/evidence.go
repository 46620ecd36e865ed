package readiness

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// behaved describes a failure.
func behaved(c probe.Code) string {
	switch c {
	case probe.TCPTimeout:
		return "no answer to the connection request"
	case probe.TCPRefused:
		return "connection refused"
	case probe.TCPReset, probe.TLSReset, probe.HTTPReset:
		return "connection reset"
	case probe.TCPUnreachable:
		return "no route to the address"
	case probe.TLSTimeout, probe.HTTPTimeout:
		return "connected, then no answer"
	case probe.TLSClosed:
		return "connection closed"
	case probe.TLSAlert:
		return "TLS handshake ended by an alert"
	case probe.TLSNotTLS:
		return "a reply other than TLS"
	case probe.TLSMalformed:
		return "an invalid TLS handshake"
	case probe.TLSNameMismatch:
		return "a certificate for another name"
	case probe.TLSRevoked:
		return "a revoked certificate"
	case probe.TLSExpired:
		return "an expired certificate"
	case probe.TLSNotYetValid:
		return "a certificate that is not valid yet"
	case probe.HTTPStatus:
		return "an unexpected status"
	case probe.HTTPBlockPage:
		return "a filter's block page"
	case probe.HTTPTruncated:
		return "an incomplete response"
	case probe.HTTPTooLarge:
		return "a response that is too large"
	case probe.HTTPRedirectLoop:
		return "redirects in a circle"
	case probe.HTTPMalformed:
		return "a reply other than HTTP"
	case probe.ProxyBadResponse:
		return "no valid response"
	case probe.ProxyAuthRequired:
		return "credentials required"
	case probe.ProxyDenied:
		return "refused by the proxy's policy"
	case probe.ProxyTargetUnreachable:
		return "not reached by the proxy"
	case probe.Timeout:
		return "no answer in time"
	case probe.NCSIDNSMismatch:
		return "addresses that Windows does not expect"
	}
	return "failed"
}

// stepEvidence says how a check failed, with which address or proxy, and what
// was received.
func (v *view) stepEvidence(i int) string {
	o, c := v.obs[i], v.outcomes.each[i].code
	s := v.target(i).String()
	switch addr := remote(o); {
	case o.Proxy != nil:
		s += " through " + o.Proxy.URL
	case addr != "":
		s += " at " + addr
	}
	s += ": " + behaved(c)
	switch {
	case o.Proxy != nil && o.Proxy.Status != 0:
		s += fmt.Sprintf(", status %d", o.Proxy.Status) + told(o.Proxy.Header)
	case o.HTTP != nil && o.HTTP.Title != "" && strings.HasPrefix(string(c), "http."):
		s += fmt.Sprintf(", status %d and a page titled %q", o.HTTP.Status, o.HTTP.Title)
	case o.HTTP != nil && o.HTTP.Status != 0 && strings.HasPrefix(string(c), "http."):
		s += fmt.Sprintf(", status %d: %.120q", o.HTTP.Status, o.HTTP.Body)
	case o.NCSI != nil && o.NCSI.IPv4 != nil && o.NCSI.IPv4.Status != 0:
		s += fmt.Sprintf(", status %d: %.120q", o.NCSI.IPv4.Status, o.NCSI.IPv4.Body)
	case o.TLS != nil && len(o.TLS.Chain) > 0:
		leaf := o.TLS.Chain[0]
		s += fmt.Sprintf("; the certificate is for %q, valid from %s to %s, issued by %q", certified(leaf),
			leaf.NotBefore.UTC().Format(time.DateOnly), leaf.NotAfter.UTC().Format(time.DateOnly), leaf.Issuer)
	case o.TLS != nil && o.TLS.Alert != "":
		s += fmt.Sprintf(", %q", o.TLS.Alert)
	}
	return s + revokedSince(o) + " (" + string(c) + ")"
}

// revokedSince says which source revoked a certificate and when, if one did.
func revokedSince(o probe.Observation) string {
	if o.Revocation == nil {
		return ""
	}
	for _, r := range o.Revocation.Sources {
		if r.Status == probe.StatusRevoked {
			by := r.URL
			if by == "" {
				by = "the server itself (OCSP stapling)"
			}
			return fmt.Sprintf("; %s says certificate %s was revoked on %s", by, r.Serial, r.RevokedAt.UTC().Format(time.DateOnly))
		}
	}
	return ""
}

// certified returns the names that a certificate is for.
func certified(c probe.Certificate) string {
	if len(c.DNSNames) == 0 {
		return c.Subject
	}
	return list(c.DNSNames)
}

// remote returns the addresses with which a check failed.
func remote(o probe.Observation) string {
	if o.TCP == nil {
		return ""
	}
	if o.TCP.Remote.IsValid() {
		return o.TCP.Remote.Addr().String()
	}
	var out []string
	for _, dial := range o.TCP.Dials {
		out = append(out, dial.Addr.Addr().String())
	}
	return list(unique(out))
}

// told quotes the headers in which a proxy names itself and its reason.
func told(header probe.Header) string {
	var s strings.Builder
	for _, name := range []string{"Proxy-Status", "Via", "X-Squid-Error"} {
		if value := header.Get(name); value != "" {
			fmt.Fprintf(&s, ", %s: %.120s", name, value)
		}
	}
	return s.String()
}

// detail returns the text to append to a code.
func detail(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf(": %.120s", text)
}

// outside says that Microsoft does not publish the address that a check
// connected to, or tried in vain, for the host. It returns "" if that is not so
// or unknown.
func (v *view) outside(i int) string {
	o := v.obs[i]
	if o.Proxy != nil {
		return ""
	}
	var at []netip.Addr
	switch {
	case o.TCP != nil && o.TCP.Remote.IsValid():
		at = []netip.Addr{o.TCP.Remote.Addr()}
	case o.DNS != nil:
		at = o.DNS.Addresses
	}
	var strange []string
	for _, a := range at {
		switch ranges.Check(cloudOf(v.plan.Scope), v.target(i).Host, a) {
		case endpoints.Confirmed:
			return ""
		case endpoints.Contradicted:
			strange = append(strange, a.String())
		case endpoints.Unknown:
		}
	}
	if strange == nil {
		return ""
	}
	sets := ranges.Embedded().Cover(cloudOf(v.plan.Scope), v.target(i).Host)
	verb := "is"
	if len(strange) > 1 {
		verb = "are"
	}
	return fmt.Sprintf("%s %s not among the addresses that Microsoft publishes for %s (%s, %s).",
		list(strange), verb, v.target(i).Host, sets[0].Source.Title, sets[0].Source.Date)
}
