package probetest

import (
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

// The servers of the public authority: its lists of revoked certificates, its
// answers for single ones, and its own certificates.
const (
	crlHost  = "crl.probetest.example"
	ocspHost = "ocsp.probetest.example"
	aiaHost  = "aia.probetest.example"
)

// A revocationFault changes what is said about the revocation of certificates.
type revocationFault interface{ revocation(s *revocationSpec) }

// A revocationSpec says how it is said.
type revocationSpec struct {
	from, until time.Duration // from now
	forged      bool
	garbled     bool
	unknown     bool
	status      uint8 // of an OCSP response that is an error, or zero
}

func (i *Internet) revocationSpec(f flow) revocationSpec {
	s := revocationSpec{from: -day, until: 6 * day}
	for _, fault := range backwards[revocationFault](i, f) {
		fault.revocation(&s)
	}
	return s
}

// A responder answers for an issuer, in whose name it may, RFC 6960 section
// 4.2.2.2.
type responder struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// point has a certificate say where to ask whether it is revoked, and where its
// issuer's is. The lock is held.
func (p *pki) point(c *x509.Certificate, by issuer, v variant) {
	c.IssuingCertificateURL = []string{"http://" + aiaHost + "/" + by.id + ".crt"}
	if v.unlisted {
		return
	}
	p.revoked[c.SerialNumber.String()] = v.revoked
	list := by.id
	if v.revoked {
		// It is in a list of its own, as the one for all others may have been
		// fetched before the certificate was issued.
		list += "/" + c.SerialNumber.String()
	}
	c.CRLDistributionPoints = []string{"http://" + crlHost + "/" + list + ".crl"}
	c.OCSPServer = []string{"http://" + ocspHost}
}

// answerPKI answers for the servers of the public authority. It returns false
// if none of them is asked.
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

// issuers returns the public authority's issuers.
func (p *pki) issuers() []issuer {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(publicOrganization)
	if err != nil {
		return nil
	}
	return []issuer{a.root, a.issuing}
}

// forger returns a key that has nothing to do with the public authority's.
func (p *pki) forger() (crypto.Signer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(unknownOrganization)
	if err != nil {
		return nil, err
	}
	return a.issuing.key, nil
}

func (i *Internet) issuerCertificate(path string) []byte {
	for _, by := range i.pki.issuers() {
		if path == "/"+by.id+".crt" {
			return by.cert.Raw
		}
	}
	return nil
}

// revocationList returns the CRL at a path: one without any certificate, or one
// of a single certificate.
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

// partition says that a CRL is only for certificates that point to url, RFC
// 5280 section 5.2.5.
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

// keyHash is how a request names an issuer.
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

// staple returns what a server shows of its own certificate, or nil.
func (i *Internet) staple(leaf *x509.Certificate, f flow) []byte {
	if len(leaf.OCSPServer) == 0 {
		return nil
	}
	issuers := i.pki.issuers()
	if issuers == nil {
		return nil
	}
	return i.ocspResponse(issuers[len(issuers)-1], leaf.SerialNumber, i.revocationSpec(f))
}

// ocspResponse says whether a certificate is revoked. For its root, the
// authority signs itself.
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
	case by.id != "root-ca":
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

func (p *pki) isRevoked(number *big.Int) (revoked, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	revoked, known = p.revoked[number.String()]
	return revoked, known
}

// delegate returns who answers for an issuer of the public authority. It is
// named once, and again when its certificate is about to become invalid.
func (p *pki) delegate(by issuer) (*responder, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(publicOrganization)
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
		SerialNumber: serial("responder", now.String()),
		Subject:      pkix.Name{Organization: []string{publicOrganization}, CommonName: publicOrganization + " OCSP"},
		NotBefore:    now.Add(-30 * day), NotAfter: now.Add(60 * day),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
	}
	if cert, err = sign(cert, by.cert, key.Public(), by.key); err != nil {
		return nil, err
	}
	a.responder = &responder{cert: cert, key: key}
	return a.responder, nil
}

// ocspError is a response that gives no answer, RFC 6960 section 4.2.1.
func ocspError(s ocsp.ResponseStatus) []byte {
	return []byte{asn1.TagSequence | 0x20, 3, asn1.TagEnum, 1, byte(s)}
}

// garbled is an answer that has nothing to do with the question.
func garbled() []byte { return []byte("<html><body>It works!</body></html>\n") }
