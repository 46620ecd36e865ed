package probe

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// maxIssuers limits how many certificates are fetched in a row for a chain,
	// and maxIssuer the size of each.
	maxIssuers = 3
	maxIssuer  = 64 << 10
)

// complete fetches missing intermediate certificates, as Windows does, from the
// URLs that the certificates give for their issuers, RFC 5280 section 4.2.2.1.
// Then it judges the chain again. It acts only if the chain verifies under no
// known root, or if its path has expired above a valid leaf. The error is nil
// unless the caller has canceled.
func (n Network) complete(ctx context.Context, s *session, t Target, o *Observation) *Error {
	if s.incomplete() || s.outdated(time.Now()) {
		n.fetchMissing(ctx, s, t, o)
	}
	if s.foreign != nil {
		_ = o.fail(s.foreign)
	}
	if errors.Is(ctx.Err(), context.Canceled) && (s.incomplete() || s.outdated(time.Now())) {
		return newError(ctx, OpIssuer, t.Addr(), context.Cause(ctx))
	}
	return nil
}

// fetchMissing is complete for a chain that lacks something.
func (n Network) fetchMissing(ctx context.Context, s *session, t Target, o *Observation) {
	ctx, cancel := context.WithTimeout(ctx, RevocationTimeout)
	defer cancel()
	var fetched, asked []*x509.Certificate
	for range maxIssuers {
		cert := s.wanting(fetched, asked, time.Now())
		if cert == nil {
			break
		}
		asked = append(asked, cert)
		issuers := n.fetchIssuers(ctx, s, cert, o)
		if issuers == nil {
			continue
		}
		fetched = append(fetched, issuers...)
		s.verified, s.foreign = n.verify(s.chain, fetched, t, time.Now(), o.TLS)
	}
	last := lastOf(s.chain, fetched)
	if !s.incomplete() || selfIssued(last) {
		return
	}
	o.TLS.MissingIssuer = printable(last.Issuer.String(), maxText)
	if s.verified.by == "" && o.TLS.NameMatches && n.lacksIssuer(slices.Concat(s.chain[:1], fetched, s.chain[1:]), o.TLS.IssuerFailures) {
		s.foreign = &Error{
			Op: OpHandshake, Addr: t.Addr(), Code: TLSIncomplete,
			Err: fmt.Errorf("cannot be verified on this machine, %s is missing", o.TLS.MissingIssuer),
		}
	}
}

// wanting returns the certificate whose issuer must be fetched next, or nil.
// That is the last one of an incomplete chain, or one below an expired
// certificate, because another certificate of the same issuer may lead to a
// root.
func (s *session) wanting(fetched, asked []*x509.Certificate, now time.Time) *x509.Certificate {
	wanted := func(c *x509.Certificate) bool { return !slices.ContainsFunc(asked, c.Equal) }
	path := s.verified.path
	switch {
	case s.incomplete():
		path = climb(s.chain, fetched)
		if last := path[len(path)-1]; wanted(last) {
			return last
		}
	case !s.outdated(now):
		return nil
	}
	if !validAt(s.chain[0], now) {
		return nil
	}
	current := slices.DeleteFunc(slices.Clone(fetched), func(c *x509.Certificate) bool { return !validAt(c, now) })
	expired := slices.IndexFunc(path, func(c *x509.Certificate) bool { return !validAt(c, now) })
	for i := expired - 1; i >= 0; i-- {
		if last := lastOf(path[i:i+1], current); wanted(last) {
			return last
		}
	}
	return nil
}

// incomplete reports whether a chain may lack certificates. If the system had
// to fetch some to verify it, that proves nothing.
func (s *session) incomplete() bool {
	return len(s.chain) > 0 && (s.verified.by == "" || s.verified.by == verifiedByMachine && s.verified.filled(s.chain))
}

// outdated reports whether a genuine chain is invalid now although its leaf is
// valid. A wrong clock makes the leaf invalid too, so nothing is fetched for
// it.
func (s *session) outdated(now time.Time) bool {
	return s.verified.genuine() && !s.verified.covers(now) && validAt(s.chain[0], now)
}

// lastOf returns the certificate at the end of a chain, whose issuer is itself
// or is not among the certificates.
func lastOf(chain, others []*x509.Certificate) *x509.Certificate {
	path := climb(chain, others)
	return path[len(path)-1]
}

func climb(chain, others []*x509.Certificate) []*x509.Certificate {
	rest := slices.Concat(others, chain[1:min(len(chain), maxChain)])
	path := chain[:1:1]
	for {
		last := path[len(path)-1]
		i := slices.IndexFunc(rest, func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, last.RawIssuer) })
		if i < 0 {
			return path
		}
		path = append(path, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
}

func (n Network) fetchIssuers(ctx context.Context, s *session, cert *x509.Certificate, o *Observation) []*x509.Certificate {
	if selfIssued(cert) {
		return nil
	}
	for _, u := range cert.IssuingCertificateURL[:min(len(cert.IssuingCertificateURL), maxSources)] {
		done := o.step(OpIssuer, printable(u, maxText))
		d := s.documents.get(ctx, n, "issuer "+u, retrieval{url: u, limit: maxIssuer, local: isHere(o)}, readIssuers)
		issuers := slices.DeleteFunc(slices.Clone(d.issuers), func(c *x509.Certificate) bool { return !bytes.Equal(c.RawSubject, cert.RawIssuer) })
		if d.err == nil && len(issuers) == 0 {
			d.err = &Error{Op: OpIssuer, Addr: u, Code: HTTPBodyMismatch, Err: errors.New("the certificate is not the issuer's")}
		}
		if d.err != nil && d.err.Code == RevocationUnreachable { // it was tried long enough
			d.err = &Error{Op: OpIssuer, Addr: u, Code: Timeout, Err: d.err.Err}
		}
		done(d.err)
		if d.err == nil {
			o.TLS.FetchedIssuers = append(o.TLS.FetchedIssuers, printable(u, maxText))
			return issuers
		}
		o.TLS.IssuerFailures = append(o.TLS.IssuerFailures, issuerFailure(u, d.err))
	}
	return nil
}

// issuerFailure describes why a URL gave no certificate.
func issuerFailure(u string, err *Error) Document {
	f := Document{URL: printable(u, maxText), Code: err.Code}
	if err.Err != nil {
		f.Text = printable(err.Err.Error(), maxText)
	}
	return f
}

// readIssuers reads one certificate in DER or PEM, or a PKCS #7 message in DER
// that contains only certificates, RFC 5280 section 4.2.2.1.
func readIssuers(_ context.Context, b []byte) (document, error) {
	der := unarmor(b, "CERTIFICATE")
	c, err := x509.ParseCertificate(der)
	if err == nil {
		return document{issuers: []*x509.Certificate{c}}, nil
	}
	if list := readPKCS7(der); list != nil {
		return document{issuers: list}, nil
	}
	const shown = 32
	return document{}, &codedError{HTTPBodyMismatch, errors.New("not a certificate: " + printable(string(b[:min(len(b), shown)]), shown))}
}

// readPKCS7 returns the certificates in a SignedData, RFC 5652 section 5.1.
func readPKCS7(der []byte) []*x509.Certificate {
	const maxCertificates = 8
	signedData := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	var message struct {
		Type asn1.ObjectIdentifier
		Data struct {
			Version      int
			Digests      asn1.RawValue
			Content      asn1.RawValue
			Certificates asn1.RawValue `asn1:"optional,tag:0"`
		} `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(der, &message); err != nil || !message.Type.Equal(signedData) {
		return nil
	}
	var list []*x509.Certificate
	for rest := message.Data.Certificates.Bytes; len(rest) > 0 && len(list) < maxCertificates; {
		var raw asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &raw); err != nil {
			break
		}
		if c, err := x509.ParseCertificate(raw.FullBytes); err == nil {
			list = append(list, c)
		}
	}
	return list
}

// unarmor returns the content of PEM, or b if it is not PEM.
func unarmor(b []byte, kind string) []byte {
	if !bytes.Contains(b[:min(len(b), 1<<10)], []byte("-----BEGIN "+kind)) {
		return b
	}
	for {
		block, rest := pem.Decode(b)
		switch {
		case block == nil:
			return b
		case block.Type == kind:
			return block.Bytes
		}
		b = rest
	}
}
