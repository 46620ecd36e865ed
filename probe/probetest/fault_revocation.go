package probetest

import "time"

// A Revocation is a fault of revocation data. Zero fields change nothing.
type Revocation struct {
	// Issuer revokes the intermediate certificate, as [Revoke] does the
	// server's.
	Issuer bool

	// From and Until are the validity of CRLs and OCSP responses, relative to
	// the internet's time.
	From, Until time.Duration

	// Status is the error of the OCSP responder, RFC 6960 section 4.2.1: 3 for
	// "try later", 6 for "unauthorized".
	Status uint8
}

func (r Revocation) in(flow) Fault { return r }

func (r Revocation) certificate(s *leafSpec) {
	s.issuing.revoked = s.issuing.revoked || r.Issuer
}

func (r Revocation) revocation(s *revocationSpec) {
	if r.From != 0 || r.Until != 0 {
		s.from, s.until = r.From, r.Until
	}
	if r.Status != 0 {
		s.status = r.Status
	}
}
