package probe

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"slices"
	"time"
)

const (
	// maxIssuers bounds how many certificates of a chain are fetched one after
	// the other, and maxIssuer the size of each.
	maxIssuers = 3
	maxIssuer  = 64 << 10
)

// complete does for a chain that verifies under no known root what Windows does:
// it fetches the intermediate certificates that the server left out, from where
// the certificates say that their issuers' are, RFC 5280 section 4.2.2.1. Then it
// judges the chain again. The error is nil unless the caller has cancelled.
func (n Network) complete(ctx context.Context, s *session, t Target, o *Observation) *Error {
	bounded, cancel := context.WithTimeout(ctx, RevocationTimeout)
	defer cancel()
	var fetched []*x509.Certificate
	for hops := 0; hops < maxIssuers && s.incomplete(); hops++ {
		issuers := n.fetchIssuers(bounded, s, lastOf(s.chain, fetched), o)
		if issuers == nil {
			break
		}
		fetched = append(fetched, issuers...)
		s.verified, s.foreign = n.verify(s.chain, fetched, t, time.Now(), o.TLS)
	}
	if s.incomplete() {
		if last := lastOf(s.chain, fetched); !bytes.Equal(last.RawIssuer, last.RawSubject) {
			o.TLS.MissingIssuer = printable(last.Issuer.String(), maxText)
		}
	}
	if s.foreign != nil {
		_ = o.fail(s.foreign)
	}
	if errors.Is(ctx.Err(), context.Canceled) && s.incomplete() {
		return newError(ctx, OpIssuer, t.Addr(), context.Cause(ctx))
	}
	return nil
}

// incomplete reports whether a chain may lack certificates. That the system
// knows whose it is proves nothing if it had to fetch some.
func (s *session) incomplete() bool {
	return len(s.chain) > 0 && (s.verified.by == "" || s.verified.by == verifiedByMachine && s.verified.filled(s.chain))
}

// lastOf returns the certificate at the end of a chain, whose issuer is not
// among the certificates, or is itself.
func lastOf(chain, others []*x509.Certificate) *x509.Certificate {
	rest := slices.Concat(others, chain[1:min(len(chain), maxChain)])
	last := chain[0]
	for {
		i := slices.IndexFunc(rest, func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, last.RawIssuer) })
		if i < 0 {
			return last
		}
		last = rest[i]
		rest = slices.Delete(rest, i, i+1)
	}
}

// fetchIssuers returns certificates of the issuer of a certificate, or nil.
func (n Network) fetchIssuers(ctx context.Context, s *session, cert *x509.Certificate, o *Observation) []*x509.Certificate {
	if bytes.Equal(cert.RawIssuer, cert.RawSubject) {
		return nil
	}
	for _, u := range cert.IssuingCertificateURL[:min(len(cert.IssuingCertificateURL), maxSources)] {
		done := o.step(OpIssuer, printable(u, maxText))
		d := s.documents.get(ctx, n, "issuer "+u, retrieval{url: u, limit: maxIssuer, local: isHere(o)}, readIssuers)
		issuers := slices.DeleteFunc(slices.Clone(d.issuers), func(c *x509.Certificate) bool { return !bytes.Equal(c.RawSubject, cert.RawIssuer) })
		if d.err == nil && len(issuers) == 0 {
			d.err = &Error{Op: OpIssuer, Addr: u, Code: HTTPBodyMismatch, Err: errors.New("a certificate of someone else")}
		}
		if d.err != nil && d.err.Code == RevocationUnreachable { // it was waited for as long as others did
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

// issuerFailure says why a URL gave no certificate.
func issuerFailure(u string, err *Error) IssuerFailure {
	f := IssuerFailure{URL: printable(u, maxText), Code: err.Code}
	if err.Err != nil {
		f.Text = printable(err.Err.Error(), maxText)
	}
	return f
}

// readIssuers reads one certificate in DER or PEM, or those of a message of
// PKCS #7 in DER that holds nothing else, RFC 5280 section 4.2.2.1.
func readIssuers(b []byte) (document, error) {
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

// readPKCS7 returns the certificates of a SignedData, RFC 5652 section 5.1.
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

// unarmor returns what is in PEM, or b if it is not.
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
