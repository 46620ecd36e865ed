package probe

import (
	"context"
	"crypto/x509"
	"time"
)

// A Statement is what a CRL or an OCSP response says of one certificate.
type Statement struct {
	Status string
	Stale  bool
	Code   Code // why it says nothing
}

func stated(s *statement, err error, cert *x509.Certificate, now time.Time) Statement {
	if err == nil {
		err = s.covers(cert)
	}
	if err != nil {
		return Statement{Code: codeIn(err)}
	}
	status, _ := s.status(cert.SerialNumber)
	return Statement{Status: status, Stale: s.current(now) != nil}
}

// ReadOCSP reads an OCSP response for a certificate.
func ReadOCSP(der []byte, cert, issuer *x509.Certificate, now time.Time) Statement {
	s, err := readOCSP(der, cert, issuer)
	return stated(s, err, cert, now)
}

// ReadCRL reads a CRL for a certificate that points to address.
func ReadCRL(der []byte, cert, issuer *x509.Certificate, address string, now time.Time) Statement {
	s, err := readCRL(context.Background(), der, issuer)
	pointing := *cert
	pointing.CRLDistributionPoints = append(pointing.CRLDistributionPoints, "http://other.example/", address)
	return stated(s, err, &pointing, now)
}

// ReadIssuers reads what an AIA URL leads to.
func ReadIssuers(b []byte) ([]*x509.Certificate, Code) {
	d, err := readIssuers(context.Background(), b)
	if err != nil {
		return nil, codeIn(err)
	}
	return d.issuers, ""
}

// OCSPRequest returns what to ask a responder for.
func OCSPRequest(responder string, cert, issuer *x509.Certificate) (address string, post []byte, err error) {
	return ocspRequest(responder, cert, issuer)
}

// Outcome returns the code that sources come to.
func Outcome(sources ...Document) Code {
	f := RevocationFacts{Sources: sources}
	_ = f.judge(Target{})
	return f.Code
}

// Complete judges a chain for its own name, and fetches what it lacks.
func Complete(ctx context.Context, n Network, chain []*x509.Certificate) (Observation, Code) {
	t := Target{Host: "ca.example", Port: 443}
	if names := chain[0].DNSNames; len(names) > 0 {
		t.Host = names[0]
	}
	o := Observation{TLS: new(TLSFacts)}
	s := session{chain: chain, documents: new(documents)}
	s.verified, s.foreign = n.verify(chain, nil, t, time.Now(), o.TLS)
	err := n.complete(ctx, &s, t, &o)
	switch {
	case err != nil:
		return o, err.Code
	case s.foreign != nil:
		o.Error = s.foreign
		return o, s.foreign.Code
	default:
		return o, ""
	}
}

// Filled reports whether a path holds certificates that were not served.
func Filled(path, chain []*x509.Certificate) bool { return verification{path: path}.filled(chain) }

// Sources returns what is asked for the revocation of a chain, and the answers.
func Sources(ctx context.Context, n Network, chain []*x509.Certificate, now time.Time) []Document {
	s := session{chain: chain, documents: new(documents), verified: n.trust(chain, now)}
	o := Observation{TLS: &TLSFacts{NameMatches: true}}
	_ = n.inquire(ctx, s, &o).finish(ctx, Target{}, &o)
	if o.Revocation == nil {
		return nil
	}
	return o.Revocation.Sources
}

// GenuineFacts reports whether a chain that a root set has verified proves its host.
func GenuineFacts(set string) bool { return (&TLSFacts{NameMatches: true, VerifiedBy: set}).genuine() }

// ReadCRLUntil reads a CRL while ctx lasts.
func ReadCRLUntil(ctx context.Context, der []byte, issuer *x509.Certificate) error {
	_, err := readCRL(ctx, der, issuer)
	return err
}

// Serials returns the serial numbers in a CRL, whoever signed it.
func Serials(der []byte) (serials [][]byte, err error) {
	list, err := splitCRL(der)
	if err != nil {
		return nil, err
	}
	if err := list.entries.check(context.Background()); err != nil {
		return nil, err
	}
	for len(list.entries) > 0 {
		serial, _ := list.entries.next()
		serials = append(serials, serial)
	}
	return serials, nil
}

// A Memory hands out room for documents.
type Memory struct{ m memory }

// Take waits for room.
func (m *Memory) Take(ctx context.Context, size int) error { return m.m.take(ctx, size) }

// Give returns room.
func (m *Memory) Give(size int) { m.m.give(size) }

// MaxSmall is all the room.
const MaxSmall = maxSmall
