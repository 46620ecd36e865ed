package probe

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// A statement is what an issuer says about the revocation of its certificates,
// in a CRL or an OCSP response with a verified signature.
type statement struct {
	thisUpdate, nextUpdate time.Time  // nextUpdate may be zero
	from, until            time.Time  // the validity of the certificate that signed it, if not the issuer's
	entries                crlEntries // of a CRL
	revoked                *time.Time // of an OCSP response: since when, if the certificate is revoked
	unknown                bool       // the responder does not know the certificate

	// The scope of a CRL: certificates that point to one of these URLs, and CA
	// certificates or end-entity certificates.
	points             []string
	users, authorities bool
}

// status returns what the statement says about a certificate.
func (s *statement) status(number *big.Int) (status string, since time.Time) {
	since, revoked := s.entries.find(number)
	switch {
	case revoked:
		return StatusRevoked, since
	case s.revoked != nil:
		return StatusRevoked, *s.revoked
	case s.unknown:
		return StatusUnknown, time.Time{}
	default:
		return StatusGood, time.Time{}
	}
}

// clockTolerance is how far a response may be ahead of local time, so that slow
// clocks accept fresh responses.
const clockTolerance = 5 * time.Minute

// current returns an error unless the statement is current.
func (s *statement) current(now time.Time) error {
	text := func(what string, at time.Time) error {
		return &codedError{RevocationStale, fmt.Errorf("%s %s, and it is %s", what, at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))}
	}
	switch {
	case !s.nextUpdate.IsZero() && now.After(s.nextUpdate):
		return text("expired at", s.nextUpdate)
	case now.Add(clockTolerance).Before(s.thisUpdate):
		return text("issued at", s.thisUpdate)
	case !s.until.IsZero() && now.After(s.until):
		return text("signed by a certificate valid until", s.until)
	case now.Add(clockTolerance).Before(s.from):
		return text("signed by a certificate valid from", s.from)
	}
	return nil
}

// malformed returns the error for a document of another kind.
func malformed(document []byte, err error) error {
	if document != nil {
		const shown = 32
		err = fmt.Errorf("%w; it begins with %q", err, document[:min(len(document), shown)])
	}
	return &codedError{RevocationMalformed, err}
}

// badSignature returns the error for a document that the issuer did not sign. A
// signature that this package cannot check proves nothing.
func badSignature(err error) error {
	if _, ok := errors.AsType[x509.InsecureAlgorithmError](err); ok || errors.Is(err, x509.ErrUnsupportedAlgorithm) {
		return &codedError{Unknown, err}
	}
	return &codedError{RevocationBadSignature, err}
}

// readScope reads which certificates a CRL covers. Critical extensions limit
// them.
func (s *statement) readScope(extensions []pkix.Extension) error {
	issuingDistributionPoint := asn1.ObjectIdentifier{2, 5, 29, 28}
	for _, e := range extensions {
		switch {
		case e.Id.Equal(issuingDistributionPoint):
			if err := s.readDistributionPoint(e.Value); err != nil {
				return err
			}
		case e.Critical:
			return fmt.Errorf("a CRL with the unknown critical extension %v", e.Id)
		}
	}
	return nil
}

// readDistributionPoint reads the issuing distribution point, RFC 5280 section
// 5.2.5.
func (s *statement) readDistributionPoint(der []byte) error {
	var scope struct {
		Point      asn1.RawValue `asn1:"optional,tag:0"`
		Users      bool          `asn1:"optional,tag:1"`
		CAs        bool          `asn1:"optional,tag:2"`
		Reasons    asn1.RawValue `asn1:"optional,tag:3"`
		Indirect   bool          `asn1:"optional,tag:4"`
		Attributes bool          `asn1:"optional,tag:5"`
	}
	rest, err := asn1.Unmarshal(der, &scope)
	switch {
	case err != nil, len(rest) > 0:
		return errors.New("a CRL with a malformed distribution point")
	case scope.Attributes:
		return errors.New("a CRL of attribute certificates")
	case len(scope.Reasons.FullBytes) > 0:
		return errors.New("a CRL for some reasons only")
	case scope.Indirect:
		return errors.New("a CRL of several issuers")
	}
	s.points, s.users, s.authorities = namesOf(scope.Point), scope.Users, scope.CAs
	return nil
}

// covers returns an error unless the statement's scope includes a certificate.
func (s *statement) covers(cert *x509.Certificate) error {
	pointed := func(name string) bool { return slices.Contains(cert.CRLDistributionPoints, name) }
	switch {
	case s.users && cert.IsCA, s.authorities && !cert.IsCA:
		return malformed(nil, errors.New("a CRL of another kind of certificates"))
	case s.points != nil && !slices.ContainsFunc(s.points, pointed):
		return malformed(nil, fmt.Errorf("a CRL of certificates that point to %s", printable(s.points[0], maxText)))
	}
	return nil
}

// namesOf returns the URLs in the full name of a distribution point.
func namesOf(point asn1.RawValue) []string {
	const fullName, uniformResourceIdentifier = 0, 6
	var name asn1.RawValue
	if _, err := asn1.Unmarshal(point.Bytes, &name); err != nil || name.Tag != fullName {
		return nil
	}
	var list []string
	for rest := name.Bytes; len(rest) > 0; {
		var general asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &general); err != nil {
			break
		}
		if general.Class == asn1.ClassContextSpecific && general.Tag == uniformResourceIdentifier {
			list = append(list, string(general.Bytes))
		}
	}
	return list
}
