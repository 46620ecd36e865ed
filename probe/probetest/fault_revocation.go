package probetest

import "time"

// Revoke shows a certificate that the authority has revoked: its CRL lists it,
// and its OCSP responder says so.
type Revoke struct {
	// Issuer revokes the intermediate certificate instead.
	Issuer bool
}

func (r Revoke) in(flow) Fault { return r }

func (r Revoke) certificate(s *leafSpec) {
	if r.Issuer {
		s.issuing.revoked = true
	} else {
		s.leaf.revoked = true
	}
}

// NoRevocation shows certificates that do not say where to ask whether they are
// revoked.
type NoRevocation struct{}

func (n NoRevocation) in(flow) Fault { return n }

func (NoRevocation) certificate(s *leafSpec) {
	s.leaf.unlisted, s.issuing.unlisted = true, true
}

// Staple shows an OCSP response along with the certificate, RFC 6066 section 8,
// if the client asks for it. The faults of revocation that happen to the server
// happen to that response too.
type Staple struct{}

func (s Staple) in(flow) Fault { return s }

// StaleRevocation answers with CRLs and OCSP responses of another time, given
// relative to the internet's. The zero StaleRevocation has answers of last week,
// that were to be replaced yesterday.
type StaleRevocation struct {
	From, Until time.Duration
}

func (s StaleRevocation) in(flow) Fault { return s }

func (s StaleRevocation) revocation(r *revocationSpec) {
	r.from, r.until = s.From, s.Until
	if s == (StaleRevocation{}) {
		r.from, r.until = -8*day, -day
	}
}

// ForgedRevocation answers with CRLs and OCSP responses that another key signed.
type ForgedRevocation struct{}

func (g ForgedRevocation) in(flow) Fault              { return g }
func (ForgedRevocation) revocation(s *revocationSpec) { s.forged = true }

// GarbledRevocation answers with a web page where there should be a CRL or an
// OCSP response.
type GarbledRevocation struct{}

func (g GarbledRevocation) in(flow) Fault              { return g }
func (GarbledRevocation) revocation(s *revocationSpec) { s.garbled = true }

// UnknownRevocation is an OCSP responder that has no answer. CRLs are not
// affected.
type UnknownRevocation struct {
	// Status is the error that it answers, RFC 6960 section 4.2.1: 3 for "try
	// later", 6 for "unauthorized". Zero means a signed answer that it does not
	// know the certificate.
	Status uint8
}

func (u UnknownRevocation) in(flow) Fault { return u }

func (u UnknownRevocation) revocation(s *revocationSpec) {
	s.unknown, s.status = true, u.Status
}
