package probe

import (
	"bytes"
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
// in a CRL or an OCSP response. Its signature has been checked.
type statement struct {
	thisUpdate, nextUpdate time.Time // nextUpdate may be zero
	from, until            time.Time // the validity of the certificate that signed it, if that is not the issuer's
	revoked                map[string]time.Time
	unknown                bool // it says that it does not know
}

// status returns what the statement says of a certificate.
func (s *statement) status(number *big.Int) (status string, since time.Time) {
	since, revoked := s.revoked[string(number.Bytes())]
	switch {
	case revoked:
		return StatusRevoked, since
	case s.unknown:
		return StatusUnknown, time.Time{}
	default:
		return StatusGood, time.Time{}
	}
}

// clockTolerance is how far an answer may be ahead of local time: clocks that
// are a little slow meet answers that were just made.
const clockTolerance = 5 * time.Minute

// current returns an error unless the statement is current.
func (s *statement) current(now time.Time) error {
	text := func(what string, at time.Time) error {
		return &codedError{RevocationStale, fmt.Errorf("%s %s, and it is %s", what, at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))}
	}
	switch {
	case !s.nextUpdate.IsZero() && now.After(s.nextUpdate):
		return text("to be replaced by", s.nextUpdate)
	case now.Add(clockTolerance).Before(s.thisUpdate):
		return text("issued at", s.thisUpdate)
	case !s.until.IsZero() && now.After(s.until):
		return text("signed by a certificate that was valid until", s.until)
	case now.Add(clockTolerance).Before(s.from):
		return text("signed by a certificate that is valid from", s.from)
	}
	return nil
}

// readCRL returns what a CRL says of certificates of an issuer that point to it
// by address, RFC 5280 section 5. isCA says whether these are authorities.
func readCRL(der []byte, issuer *x509.Certificate, address string, isCA bool) (*statement, error) {
	list, err := x509.ParseRevocationList(unarmor(der, "X509 CRL"))
	if err != nil {
		return nil, malformed(der, err)
	}
	if err := checkScope(list, address, isCA); err != nil {
		return nil, malformed(nil, err)
	}
	if !bytes.Equal(list.RawIssuer, issuer.RawSubject) {
		return nil, badSignature(fmt.Errorf("a list of %s", printable(list.Issuer.String(), maxText)))
	}
	if err := list.CheckSignatureFrom(issuer); err != nil {
		return nil, badSignature(err)
	}
	s := &statement{thisUpdate: list.ThisUpdate, nextUpdate: list.NextUpdate, revoked: make(map[string]time.Time, len(list.RevokedCertificateEntries))}
	for _, e := range list.RevokedCertificateEntries {
		s.revoked[string(e.SerialNumber.Bytes())] = e.RevocationTime
	}
	return s, nil
}

// malformed is the error of a document of another kind.
func malformed(document []byte, err error) error {
	if document != nil {
		const shown = 32
		err = fmt.Errorf("%w; it begins with %q", err, document[:min(len(document), shown)])
	}
	return &codedError{RevocationMalformed, err}
}

// badSignature is the error of a document that the issuer did not sign. A
// signature that this package cannot check proves nothing.
func badSignature(err error) error {
	if _, ok := errors.AsType[x509.InsecureAlgorithmError](err); ok || errors.Is(err, x509.ErrUnsupportedAlgorithm) {
		return &codedError{Unknown, err}
	}
	return &codedError{RevocationBadSignature, err}
}

// checkScope returns an error if a CRL is not about all certificates that point
// to it: critical extensions limit what it is about.
func checkScope(list *x509.RevocationList, address string, isCA bool) error {
	issuingDistributionPoint := asn1.ObjectIdentifier{2, 5, 29, 28}
	for _, e := range list.Extensions {
		switch {
		case e.Id.Equal(issuingDistributionPoint):
			if err := checkDistributionPoint(e, address, isCA); err != nil {
				return err
			}
		case e.Critical:
			return fmt.Errorf("a list with the unknown critical extension %v", e.Id)
		}
	}
	return nil
}

// checkDistributionPoint reads an extension of RFC 5280 section 5.2.5.
func checkDistributionPoint(e pkix.Extension, address string, isCA bool) error {
	var scope struct {
		Point      asn1.RawValue `asn1:"optional,tag:0"`
		Users      bool          `asn1:"optional,tag:1"`
		CAs        bool          `asn1:"optional,tag:2"`
		Reasons    asn1.RawValue `asn1:"optional,tag:3"`
		Indirect   bool          `asn1:"optional,tag:4"`
		Attributes bool          `asn1:"optional,tag:5"`
	}
	if rest, err := asn1.Unmarshal(e.Value, &scope); err != nil || len(rest) > 0 {
		return errors.New("a list with a malformed distribution point")
	}
	switch {
	case scope.Users && isCA, scope.CAs && !isCA, scope.Attributes:
		return errors.New("a list of another kind of certificates")
	case len(scope.Reasons.FullBytes) > 0:
		return errors.New("a list for some reasons only")
	case scope.Indirect:
		return errors.New("a list of the certificates of several issuers")
	}
	if names := namesOf(scope.Point); names != nil && !slices.Contains(names, address) {
		return fmt.Errorf("a list of certificates that point to %s", printable(names[0], maxText))
	}
	return nil
}

// namesOf returns the URLs of the full name of a distribution point.
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
