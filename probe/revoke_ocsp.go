package probe

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // what responders know
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

// ocspRequest returns the request to a responder. The request is part of the
// URL if the URL then has at most 255 bytes, RFC 6960 appendix A.1, because
// caches can answer a GET. Otherwise it is sent by POST.
func ocspRequest(responder string, cert, issuer *x509.Certificate) (address string, post []byte, err error) {
	const maxGET = 255
	request, err := requestFor(cert, issuer)
	if err != nil {
		return "", nil, err
	}
	get := strings.TrimSuffix(responder, "/") + "/" + url.QueryEscape(base64.StdEncoding.EncodeToString(request))
	if len(get) < maxGET && !strings.ContainsAny(responder, "?#") {
		return get, nil, nil
	}
	return responder, request, nil
}

// requestFor returns the request for a certificate, RFC 6960 section 4.1.1. It
// names the issuer by SHA-1, which every responder knows.
func requestFor(cert, issuer *x509.Certificate) ([]byte, error) {
	var info, algorithm cryptobyte.String
	var key []byte
	spki := cryptobyte.String(issuer.RawSubjectPublicKeyInfo)
	if !spki.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1(&algorithm, cbasn1.SEQUENCE) || !info.ReadASN1BitStringAsBytes(&key) {
		return nil, errors.New("the issuer's key is malformed")
	}
	byName, byKey := sha1.Sum(issuer.RawSubject), sha1.Sum(key) //nolint:gosec // what responders know
	var b cryptobyte.Builder
	sequence := func(content cryptobyte.BuilderContinuation) cryptobyte.BuilderContinuation {
		return func(b *cryptobyte.Builder) { b.AddASN1(cbasn1.SEQUENCE, content) }
	}
	certID := func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}) // SHA-1
			b.AddASN1NULL()
		})
		b.AddASN1OctetString(byName[:])
		b.AddASN1OctetString(byKey[:])
		b.AddASN1BigInt(cert.SerialNumber)
	}
	// OCSPRequest, TBSRequest, the list, a Request and its CertID.
	sequence(sequence(sequence(sequence(sequence(certID)))))(&b)
	return b.Bytes()
}

var errOtherCertificate = errors.New("an OCSP response for another certificate")

// readOCSP returns what an OCSP response says about a certificate, RFC 6960
// section 4.2. The issuer, or a responder authorized by it, must have signed
// it.
func readOCSP(der []byte, cert, issuer *x509.Certificate) (*statement, error) {
	bare, signers, err := splitOCSP(der)
	if err != nil {
		return nil, malformed(der, err)
	}
	// Without certificates in it, the response is parsed but not verified.
	answer, err := ocsp.ParseResponseForCert(bare, cert, nil)
	if e, ok := errors.AsType[ocsp.ResponseError](err); ok {
		return nil, &codedError{RevocationUnknown, fmt.Errorf("the responder answered %q", e.Status)}
	}
	if err != nil {
		if _, e := ocsp.ParseResponse(bare, nil); e == nil {
			err = errOtherCertificate
		}
		return nil, malformed(der, err)
	}
	s := &statement{thisUpdate: answer.ThisUpdate, nextUpdate: answer.NextUpdate}
	signer, err := ocspSigner(answer, signers, issuer)
	if err != nil {
		return nil, badSignature(err)
	}
	if signer != issuer {
		s.from, s.until = signer.NotBefore, signer.NotAfter
	}
	switch answer.Status {
	case ocsp.Good:
	case ocsp.Revoked:
		s.revoked = &answer.RevokedAt
	default:
		s.unknown = true
	}
	return s, nil
}

// The outer layers of an OCSP response, RFC 6960 section 4.2.1.
type (
	ocspResponse struct {
		Status asn1.Enumerated
		Bytes  ocspBytes `asn1:"explicit,tag:0,optional"`
	}
	ocspBytes struct {
		Type     asn1.ObjectIdentifier
		Response []byte
	}
	ocspBasic struct {
		Data         asn1.RawValue
		Algorithm    asn1.RawValue
		Signature    asn1.BitString
		Certificates []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
)

// splitOCSP takes the certificates out of an OCSP response. Responders send
// several in any order, sometimes with the issuer's own.
func splitOCSP(der []byte) (bare []byte, signers []*x509.Certificate, err error) {
	const maxSigners = 4
	if bareOCSP(der) {
		return der, nil, nil
	}
	var outer ocspResponse
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 {
		return nil, nil, errors.New("not an OCSP response")
	}
	if len(outer.Bytes.Response) == 0 {
		return der, nil, nil
	}
	var basic ocspBasic
	if rest, err := asn1.Unmarshal(outer.Bytes.Response, &basic); err != nil || len(rest) > 0 {
		return nil, nil, errors.New("not a basic OCSP response")
	}
	if len(basic.Certificates) == 0 {
		return der, nil, nil
	}
	for _, raw := range basic.Certificates[:min(len(basic.Certificates), maxSigners)] {
		if c, err := x509.ParseCertificate(raw.FullBytes); err == nil {
			signers = append(signers, c)
		}
	}
	basic.Certificates = nil
	if outer.Bytes.Response, err = asn1.Marshal(basic); err != nil {
		return nil, nil, err
	}
	bare, err = asn1.Marshal(outer)
	return bare, signers, err
}

// bareOCSP reports whether an OCSP response has no certificates, as most of an
// issuer's own have not.
func bareOCSP(der []byte) bool {
	var outer, content, typed, octets, basic cryptobyte.String
	s := cryptobyte.String(der)
	return s.ReadASN1(&outer, cbasn1.SEQUENCE) && s.Empty() &&
		outer.SkipASN1(cbasn1.ENUM) &&
		outer.ReadASN1(&content, cbasn1.Tag(0).Constructed().ContextSpecific()) && outer.Empty() &&
		content.ReadASN1(&typed, cbasn1.SEQUENCE) && content.Empty() &&
		typed.SkipASN1(cbasn1.OBJECT_IDENTIFIER) &&
		typed.ReadASN1(&octets, cbasn1.OCTET_STRING) && typed.Empty() &&
		octets.ReadASN1(&basic, cbasn1.SEQUENCE) && octets.Empty() &&
		basic.SkipASN1(cbasn1.SEQUENCE) && basic.SkipASN1(cbasn1.SEQUENCE) && basic.SkipASN1(cbasn1.BIT_STRING) && basic.Empty()
}

// ocspSigner returns the certificate that signed a response: the issuer's, or
// one that the issuer signed for this purpose, RFC 6960 section 4.2.2.2.
func ocspSigner(answer *ocsp.Response, signers []*x509.Certificate, issuer *x509.Certificate) (*x509.Certificate, error) {
	err := answer.CheckSignatureFrom(issuer)
	if err == nil {
		return issuer, nil
	}
	for _, c := range signers {
		if !tractable(c) || !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) || !bytes.Equal(c.RawIssuer, issuer.RawSubject) {
			continue
		}
		if issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) != nil {
			continue
		}
		if err = answer.CheckSignatureFrom(c); err == nil {
			return c, nil
		}
	}
	return nil, err
}
