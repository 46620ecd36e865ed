package probetest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"io"
	"math/big"
	"net/http"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"
)

// The genuine CAs' servers for CRLs, OCSP and CA certificates.
const (
	crlHost  = "crl.probetest.example"
	ocspHost = "ocsp.probetest.example"
	aiaHost  = "aia.probetest.example"
)

// A revocationFault changes what is said about revocation.
type revocationFault interface{ revocation(s *revocationSpec) }

// A revocationSpec describes a CRL or an OCSP response.
type revocationSpec struct {
	from, until time.Duration // from now
	forged      bool
	garbled     bool
	unknown     bool
	status      uint8 // the error status of an OCSP response, or zero
}

func (i *Internet) revocationSpec(f flow) revocationSpec {
	s := revocationSpec{from: -day, until: 6 * day}
	for _, fault := range backwards[revocationFault](i.inOrder, f) {
		fault.revocation(&s)
	}
	return s
}

// A responder answers for an issuer that has authorized it, RFC 6960 section
// 4.2.2.2.
type responder struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// point adds the revocation URLs and the issuer's URL to a certificate. The
// caller holds the lock.
func (p *pki) point(c *x509.Certificate, by issuer, v variant) {
	if !v.orphan {
		c.IssuingCertificateURL = []string{"http://" + aiaHost + "/" + by.id + ".crt"}
	}
	if v.unlisted {
		return
	}
	p.revoked[c.SerialNumber.String()] = v.revoked
	list := by.id
	if v.revoked {
		// It has a CRL of its own, because the common one may have been fetched
		// before the certificate was issued.
		list += "/" + c.SerialNumber.String()
	}
	c.CRLDistributionPoints = []string{"http://" + crlHost + "/" + list + ".crl"}
	c.OCSPServer = []string{"http://" + ocspHost}
}

// answerPKI serves requests to the genuine CAs' servers. It returns false for
// all other requests.
func (i *Internet) answerPKI(w http.ResponseWriter, r *http.Request, f flow) bool {
	var body []byte
	kind := ""
	switch hostOf(r.Host) {
	case crlHost:
		body, kind = i.revocationList(r.URL.Path, f), "application/pkix-crl"
	case ocspHost:
		body, kind = i.statusOf(r, f), "application/ocsp-response"
	case aiaHost:
		body, kind = i.issuerCertificate(r.URL.Path), "application/pkix-cert"
	default:
		return false
	}
	if body == nil {
		http.NotFound(w, r)
		return true
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body)
	return true
}

// issuers returns the issuers of the genuine CAs.
func (p *pki) issuers() []issuer {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []issuer
	for _, organization := range genuineOrganizations() {
		if a := p.authorities[organization]; a != nil {
			list = append(list, a.root, a.issuing)
		}
	}
	return list
}

// forger returns a key unrelated to the public CA's.
func (p *pki) forger() (crypto.Signer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(unknownOrganization)
	if err != nil {
		return nil, err
	}
	return a.issuing.key, nil
}

// published returns the certificate at an issuer's URL. For a cross-signed
// root, it is the cross-signed certificate.
func (p *pki) published(by issuer) *x509.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.authorities[by.organization]; a.cross != nil && by.id == a.root.id {
		return a.cross
	}
	return by.cert
}

func (i *Internet) issuerCertificate(path string) []byte {
	for _, by := range i.pki.issuers() {
		if path == "/"+by.id+".crt" {
			return i.pki.published(by).Raw
		}
	}
	return nil
}

// revocationList returns the CRL at a path: an empty one, or one for a single
// certificate.
func (i *Internet) revocationList(path string, f flow) []byte {
	s := i.revocationSpec(f)
	if s.garbled {
		return garbled()
	}
	for _, by := range i.pki.issuers() {
		rest, ok := strings.CutPrefix(path, "/"+by.id)
		if !ok {
			continue
		}
		number := strings.Trim(strings.TrimSuffix(rest, ".crl"), "/")
		now := i.now()
		list := &x509.RevocationList{Number: big.NewInt(now.Unix()), ThisUpdate: now.Add(s.from), NextUpdate: now.Add(s.until)}
		if number != "" {
			revoked, ok := new(big.Int).SetString(number, 10)
			if !ok {
				return nil
			}
			list.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: revoked, RevocationTime: now.Add(-10 * day), ReasonCode: ocsp.KeyCompromise}}
			list.ExtraExtensions = []pkix.Extension{partition("http://" + crlHost + path)}
		}
		key, err := by.key, error(nil)
		if s.forged {
			key, err = i.pki.forger()
		}
		if err != nil {
			return nil
		}
		der, err := x509.CreateRevocationList(rand.Reader, list, by.cert, key)
		if err != nil {
			return nil
		}
		return der
	}
	return nil
}

// partition limits a CRL to certificates that point to url, RFC 5280 section
// 5.2.5.
func partition(url string) pkix.Extension {
	context := func(tag int, constructed bool, b []byte) []byte {
		der, _ := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: constructed, Bytes: b})
		return der
	}
	const uniformResourceIdentifier = 6
	name := context(0, true, context(0, true, context(uniformResourceIdentifier, false, []byte(url))))
	value, _ := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: name})
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true, Value: value}
}

// statusOf answers an OCSP request, RFC 6960 appendix A.1.
func (i *Internet) statusOf(r *http.Request, f flow) []byte {
	const maxRequest = 64 << 10
	var request []byte
	var err error
	if r.Method == http.MethodGet {
		request, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(r.URL.Path, "/"))
	} else {
		request, err = io.ReadAll(io.LimitReader(r.Body, maxRequest))
	}
	if err != nil {
		return ocspError(ocsp.Malformed)
	}
	asked, err := ocsp.ParseRequest(request)
	if err != nil {
		return ocspError(ocsp.Malformed)
	}
	for _, by := range i.pki.issuers() {
		if string(by.keyHash(asked.HashAlgorithm)) == string(asked.IssuerKeyHash) {
			return i.ocspResponse(by, asked.SerialNumber, i.revocationSpec(f))
		}
	}
	return ocspError(ocsp.Unauthorized)
}

// keyHash returns the hash by which a request identifies an issuer.
func (by issuer) keyHash(h crypto.Hash) []byte {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		PublicKey asn1.BitString
	}
	if _, err := asn1.Unmarshal(by.cert.RawSubjectPublicKeyInfo, &info); err != nil || !h.Available() {
		return nil
	}
	sum := h.New()
	_, _ = sum.Write(info.PublicKey.RightAlign())
	return sum.Sum(nil)
}

// staple returns the OCSP response for a server's own certificate, or nil.
func (i *Internet) staple(leaf *x509.Certificate, f flow) []byte {
	if len(leaf.OCSPServer) == 0 {
		return nil
	}
	for _, by := range i.pki.issuers() {
		if bytes.Equal(by.cert.RawSubject, leaf.RawIssuer) {
			return i.ocspResponse(by, leaf.SerialNumber, i.revocationSpec(f))
		}
	}
	return nil
}

// ocspResponse says whether a certificate is revoked. The root signs itself for
// its certificates.
func (i *Internet) ocspResponse(by issuer, number *big.Int, s revocationSpec) []byte {
	switch {
	case s.garbled:
		return garbled()
	case s.status != 0:
		return ocspError(ocsp.ResponseStatus(s.status))
	}
	now := i.now()
	answer := ocsp.Response{Status: ocsp.Good, SerialNumber: number, ThisUpdate: now.Add(s.from), NextUpdate: now.Add(s.until)}
	signer, key, err := by.cert, by.key, error(nil)
	switch {
	case s.forged:
		key, err = i.pki.forger()
	case !selfSigned(by.cert):
		var delegate *responder
		if delegate, err = i.pki.delegate(by); err == nil {
			signer, key = delegate.cert, delegate.key
			answer.Certificate = signer
		}
	}
	if err != nil {
		return ocspError(ocsp.InternalError)
	}
	switch revoked, known := i.pki.isRevoked(number); {
	case !known || s.unknown:
		answer.Status = ocsp.Unknown
	case revoked:
		answer.Status, answer.RevokedAt, answer.RevocationReason = ocsp.Revoked, now.Add(-10*day), ocsp.KeyCompromise
	}
	der, err := ocsp.CreateResponse(by.cert, signer, answer, key)
	if err != nil {
		return ocspError(ocsp.InternalError)
	}
	return der
}

func selfSigned(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

func (p *pki) isRevoked(number *big.Int) (revoked, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	revoked, known = p.revoked[number.String()]
	return revoked, known
}

// delegate returns a genuine issuer's OCSP responder. It issues a new
// certificate when the old one is about to expire.
func (p *pki) delegate(by issuer) (*responder, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(by.organization)
	if err != nil {
		return nil, err
	}
	now := p.now()
	if r := a.responder; r != nil && now.Before(r.cert.NotAfter.Add(-day)) {
		return r, nil
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	cert := &x509.Certificate{
		SerialNumber: serial("responder", by.organization, now.String()),
		Subject:      pkix.Name{Organization: []string{by.organization}, CommonName: by.organization + " OCSP"},
		NotBefore:    now.Add(-30 * day), NotAfter: now.Add(60 * day),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
	}
	if cert, err = sign(cert, by.cert, key.Public(), by.key); err != nil {
		return nil, err
	}
	a.responder = &responder{cert: cert, key: key}
	return a.responder, nil
}

// ocspError returns an OCSP response with an error status, RFC 6960 section
// 4.2.1.
func ocspError(s ocsp.ResponseStatus) []byte {
	return []byte{asn1.TagSequence | 0x20, 3, asn1.TagEnum, 1, byte(s)}
}

// garbled returns a response unrelated to the request.
func garbled() []byte { return []byte("<html><body>It works!</body></html>\n") }
