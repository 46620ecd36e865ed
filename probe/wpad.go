package probe

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// WPAD looks for a proxy as Windows does by itself while it is set up: by Web
// Proxy Auto-Discovery over DNS. The target's host is a domain of the machine,
// see [SystemSearchDomains].
//
// The name "wpad" is looked up in the domain, and then in the domains above it, up
// to the one that somebody can register, such as contoso.co.uk: whoever has
// registered wpad.co.uk is a stranger. The first of these names with an address is
// asked for /wpad.dat, directly and once. No more than 1 MiB of the file are
// accepted. It is a script, which is never executed: the facts hold its hash, and
// the proxies that it mentions as text.
//
// No such name is the normal state of a network without a proxy. It is no error:
// the observation is OK and its facts have no URL. So it is if a resolver blocks
// the name or answers with an address that leads nowhere, as many do for this one.
// The probe fails if the resolvers do not say whether there is a name, and if
// there is one that does not answer with a file.
//
// Windows asks DHCP first (option 252), and a name without a domain on the local
// link last. This probe does neither. Source: draft-ietf-wrec-wpad-01, which
// expired in December 1999.
//
// The zero target port means 80, and the empty path /wpad.dat. One GET request is
// made, and no redirect is followed.
type WPAD struct {
	Network Network
}

// WPADFacts is what Web Proxy Auto-Discovery over DNS found.
type WPADFacts struct {
	// Names are the names that were looked up, in order.
	Names []WPADName `json:"names,omitempty"`

	// URL is where the file was asked for. It is empty if no name has an address.
	URL string `json:"url,omitempty"`

	Status      int    `json:"status,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size,omitempty"`   // of the file, in bytes
	SHA256      string `json:"sha256,omitempty"` // of the file, in lower-case hexadecimal

	// Script says that the file defines FindProxyForURL. One that does not is no
	// proxy auto-configuration file, whatever its type.
	Script bool `json:"script,omitempty"`

	// Mentions are the first proxies that the file names, as in
	// "proxy.contoso.com:8080", at most 8. The file was not evaluated: which of
	// them is for which host, or for any, is not known.
	Mentions []string `json:"mentions,omitempty"`

	// Code is how the file could not be fetched, or "".
	Code Code `json:"code,omitempty"`
}

// A WPADName is a name at which a file may be.
type WPADName struct {
	Name      string       `json:"name"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	Code      Code         `json:"code,omitempty"` // why there is no address to ask, or ""
}

const (
	// maxScript bounds the file. Real ones have a few thousand bytes, and large
	// ones some hundred thousand.
	maxScript = 1 << 20

	// maxWPADNames bounds the names for one domain.
	maxWPADNames = 8
)

// Probe measures t. Its codes are those of the resolve, connect, request and body
// steps.
func (p WPAD) Probe(ctx context.Context, t Target) Observation {
	n := p.Network
	n.Proxy = nil // the file is what tells of one
	if n.shared == nil {
		n = n.Shared() // the name that is asked has been looked up already
	}
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		domain := hostKey(t.Host)
		if err := cmp.Or(checkName(domain), checkName("wpad."+domain)); err != nil {
			return &Error{Addr: t.Host, Code: NotTestable, Err: err}
		}
		o.WPAD = new(WPADFacts)
		host, err := n.findWPAD(ctx, domain, o)
		if host == "" {
			return err
		}
		return n.fetchWPAD(ctx, host, o)
	})
}

// findWPAD returns the first name that has an address. If none has, the error is
// nil only if that was said of each.
func (n Network) findWPAD(ctx context.Context, domain string, o *Observation) (host string, undecided *Error) {
	absent := []Code{DNSNXDomain, DNSNoData, DNSBlocked, DNSSinkhole}
	hopeless := []Code{DNSTimeout, DNSUnreachable, DNSNotListening, Canceled} // the next name would fare no better
	for _, name := range wpadNames(domain) {
		done := o.step(OpResolve, name)
		facts, err := n.lookup(ctx, name)
		done(err)
		if o.DNS == nil || err == nil {
			o.DNS = facts
		}
		found := WPADName{Name: name, Addresses: facts.Addresses}
		if err == nil {
			o.WPAD.Names = append(o.WPAD.Names, found)
			return name, nil
		}
		found.Code = err.Code
		o.WPAD.Names = append(o.WPAD.Names, found)
		if slices.Contains(hopeless, err.Code) {
			return "", err
		}
		if undecided == nil && !slices.Contains(absent, err.Code) {
			undecided = err
		}
	}
	return "", undecided
}

// wpadNames returns the names at which a file for a domain may be.
func wpadNames(domain string) []string {
	registrable, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		registrable = domain
	}
	names := []string{"wpad." + domain}
	for domain != registrable && len(names) < maxWPADNames {
		_, domain, _ = strings.Cut(domain, ".")
		names = append(names, "wpad."+domain)
	}
	return names
}

// fetchWPAD fetches the file, and says what is in it.
func (n Network) fetchWPAD(ctx context.Context, host string, o *Observation) *Error {
	t := o.Target
	t.Host = host
	if t.Path == "" {
		t.Path = "/wpad.dat"
	}
	f := fetch{network: n, protocol: ProtocolHTTP, agent: userAgent, whole: maxScript + 1}
	t, u, err := f.request(t)
	if err != nil {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	}
	o.WPAD.URL = u.String()
	p, failed := f.get(ctx, t, u, o)
	if p != nil {
		failed = p.script(failed, o)
	}
	if failed != nil {
		o.WPAD.Code = failed.Code
	}
	return failed
}

// script judges the answer to the request for the file, and keeps what it says.
// The error is that of its body.
func (p *page) script(failed *Error, o *Observation) *Error {
	facts := o.WPAD
	facts.Status = p.resp.StatusCode
	facts.ContentType = printable(p.resp.Header.Get("Content-Type"), maxText)
	imposed := p.imposed()
	switch {
	case imposed != nil:
		return o.fail(imposed)
	case p.resp.StatusCode != http.StatusOK:
		return o.fail(&Error{Op: OpRequest, Addr: p.url.String(), Code: HTTPStatus, Err: errors.New(statusLine(p.resp))})
	case failed != nil:
		return failed
	case len(p.body) > maxScript:
		return o.fail(&Error{Op: OpBody, Addr: p.url.String(), Code: HTTPTooLarge, Err: fmt.Errorf("more than %d bytes", maxScript)})
	}
	text := string(p.body)
	sum := sha256.Sum256(p.body)
	facts.Size, facts.SHA256 = len(text), hex.EncodeToString(sum[:])
	facts.Script = strings.Contains(text, "FindProxyForURL")
	facts.Mentions = mentions(text)
	return nil
}
