package probe

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/netready/netready/internal/plain"
)

// secrets are the credentials that probes have sent to proxies, in all forms in
// which an answer may repeat them. Nil and the zero value are empty. They are
// safe for concurrent use.
type secrets struct {
	mu    sync.Mutex
	known []credentials
}

const (
	// hidden takes the place of a secret.
	hidden = "***"

	// minSecret is the length of the shortest text to hide: in place of shorter
	// ones, nothing would be left of an ordinary text.
	minSecret = 3
)

// add makes the credentials of a proxy known.
func (s *secrets) add(user *url.Userinfo) {
	if s == nil || user == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := user.String()
	if slices.ContainsFunc(s.known, func(c credentials) bool { return c.user == name }) {
		return
	}
	s.known = append(slices.Clip(s.known), newCredentials(user))
}

func (s *secrets) all() []credentials {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known
}

// hide returns a text without secrets. Use it before the text is cut, because a
// part of a secret is not recognized. Of a text that has one in an unusual
// encoding, nothing is left.
func (s *secrets) hide(text string) string {
	for _, c := range s.all() {
		text = c.hide(text)
	}
	return text
}

// hideCut is hide for a text that may have been cut inside a secret.
func (s *secrets) hideCut(text string) string {
	text = s.hide(text)
	for _, c := range s.all() {
		text = c.hideEnd(text)
	}
	return text
}

// without returns the secrets that are not part of any of the texts, which the
// caller gave and sees anyway.
func (s *secrets) without(texts ...string) *secrets {
	var rest secrets
	for _, c := range s.all() {
		rest.known = append(rest.known, c.without(texts))
	}
	return &rest
}

// withoutSecrets returns o without the secrets in what peers said. Texts that
// are this package's own words stay: a user may have the name of one.
func (o Observation) withoutSecrets(s *secrets) Observation {
	if len(s.all()) == 0 {
		return o
	}
	given := []string{o.Target.Host, o.Target.Path}
	if o.Proxy != nil {
		given = append(given, o.Proxy.URL)
	}
	s = s.without(given...)
	o.Error = s.inError(o.Error)
	o.Steps = slices.Clone(o.Steps)
	for i := range o.Steps {
		o.Steps[i].Addr, o.Steps[i].Error = s.hide(o.Steps[i].Addr), s.inError(o.Steps[i].Error)
	}
	if o.Proxy != nil {
		p := *o.Proxy
		p.Header, p.Schemes = plain.Map(p.Header, s.hide), plain.Map(p.Schemes, s.hide)
		p.TLS = s.inTLS(p.TLS)
		o.Proxy = &p
	}
	o.TLS = s.inTLS(o.TLS)
	if o.TCP != nil {
		f := *o.TCP
		f.Dials = slices.Clone(f.Dials)
		for i := range f.Dials {
			f.Dials[i].TLS = s.inTLS(f.Dials[i].TLS)
		}
		o.TCP = &f
	}
	o.HTTP = plain.Map(o.HTTP, s.hide)
	if o.NCSI != nil {
		f := *o.NCSI
		for _, a := range []**NCSIAnswer{&f.IPv4, &f.IPv6, &f.Proxied} {
			*a = s.inNCSI(*a)
		}
		f.Own = slices.Clone(f.Own)
		for i := range f.Own {
			f.Own[i] = *s.inNCSI(&f.Own[i])
		}
		o.NCSI = &f
	}
	if o.Revocation != nil {
		f := *o.Revocation
		f.Sources = s.inDocuments(f.Sources)
		o.Revocation = &f
	}
	return o
}

func (s *secrets) inError(e *Error) *Error {
	if e == nil {
		return nil
	}
	clean := *e
	clean.Addr, clean.Err = s.hide(e.Addr), plain.Map(e.Err, s.hide)
	return &clean
}

func (s *secrets) inTLS(f *TLSFacts) *TLSFacts {
	if f == nil {
		return nil
	}
	clean := *f
	clean.MissingIssuer = s.hide(f.MissingIssuer)
	clean.FetchedIssuers = plain.Map(f.FetchedIssuers, s.hide)
	clean.IssuerFailures = s.inDocuments(f.IssuerFailures)
	clean.Chain = slices.Clone(f.Chain)
	for i := range clean.Chain {
		c := &clean.Chain[i]
		c.Subject, c.Issuer, c.Organization = s.hide(c.Subject), s.hide(c.Issuer), s.hide(c.Organization)
		c.DNSNames = plain.Map(c.DNSNames, s.hide)
	}
	return &clean
}

func (s *secrets) inNCSI(a *NCSIAnswer) *NCSIAnswer {
	if a == nil {
		return nil
	}
	clean := *a
	clean.Location, clean.Body = s.hide(a.Location), s.hide(a.Body)
	return &clean
}

func (s *secrets) inDocuments(list []Document) []Document {
	list = slices.Clone(list)
	for i := range list {
		d := &list[i]
		d.Subject, d.URL, d.Text = s.hide(d.Subject), s.hide(d.URL), s.hide(d.Text)
	}
	return list
}

// withoutUsers returns text without the user information of the URLs in it,
// whole, relative, opaque or escaped in another: what precedes an "@" up to the
// last separator.
func withoutUsers(text string) string {
	for _, at := range []string{"@", "%40"} {
		rest := text
		var clean string // what follows the last "@" that was looked at
		for {
			i := strings.LastIndex(rest, at)
			if i < 0 {
				break
			}
			start := strings.LastIndexAny(rest[:i], "/?# \t\"'<>") + 1
			if start == 0 || rest[start-1] != '/' {
				start += strings.LastIndexAny(rest[start:i], "&=") + 1
			}
			if start < i {
				clean = rest[i+len(at):] + clean
			} else {
				clean = rest[i:] + clean
			}
			rest = rest[:start]
		}
		text = rest + clean
	}
	return text
}
