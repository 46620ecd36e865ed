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

// WPADFacts is what Web Proxy Auto-Discovery over DNS found.
type WPADFacts struct {
	// Names are the names that were looked up, in order.
	Names []WPADName `json:"names,omitempty"`

	// URL is the URL of the file. It is empty if no name has an address.
	URL string `json:"url,omitempty"`

	Status      int    `json:"status,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size,omitempty"`   // of the file, in bytes
	SHA256      string `json:"sha256,omitempty"` // of the file, in lower-case hexadecimal

	// Script says that the file defines FindProxyForURL. Without it, a file is
	// not a proxy auto-configuration file, whatever its type.
	Script bool `json:"script,omitempty"`

	// Mentions are the first 8 proxies in the file, as in
	// "proxy.contoso.com:8080". The file was not evaluated, so it is unknown
	// which hosts use them, if any.
	Mentions []string `json:"mentions,omitempty"`

	// Code is why the file could not be fetched, or "".
	Code Code `json:"code,omitempty"`
}

// A WPADName is a name that may serve the file.
type WPADName struct {
	Name      string       `json:"name"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	Code      Code         `json:"code,omitempty"` // why there is no address to ask, or ""
}

const (
	// maxScript limits the file, in bytes. Real ones have a few thousand, and
	// large ones some hundred thousand.
	maxScript = 1 << 20

	// maxWPADNames limits the names for one domain.
	maxWPADNames = 8
)

func measureWPAD(ctx context.Context, n Network, o *Observation) *Error {
	n.Proxy = nil // a proxy is what this probe looks for
	if n.shared == nil {
		n = n.Shared() // the name has already been looked up
	}
	t := o.Target
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
}

// findWPAD returns the first name that has an address. If there is none, the
// error is nil only if the resolvers said so for each name.
func (n Network) findWPAD(ctx context.Context, domain string, o *Observation) (host string, undecided *Error) {
	absent := []Code{DNSNXDomain, DNSNoData, DNSBlocked, DNSSinkhole}
	hopeless := []Code{DNSTimeout, DNSUnreachable, DNSNotListening, Canceled} // the next name would fail too
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

// wpadNames returns the names that may serve a domain's file.
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

// fetchWPAD fetches the file, and records what it contains.
func (n Network) fetchWPAD(ctx context.Context, host string, o *Observation) *Error {
	t := o.Target
	t.Host = host
	if t.Path == "" {
		t.Path = "/wpad.dat"
	}
	f := fetch{network: n, protocol: HTTP, agent: userAgent, need: maxScript + 1}
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

// script judges the response with the file, and records what it says. failed is
// the error of its body.
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
