package probe_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"golang.org/x/crypto/ocsp"

	"github.com/netready/netready/probe"
)

// FuzzSigned: whatever an issuer signs says something, or why it does not. The
// mutations of FuzzRevocation end at the signature; these get further.
func FuzzSigned(f *testing.F) {
	o := newOffice(f)
	for _, change := range []func(*x509.RevocationList){nil, func(l *x509.RevocationList) {
		for _, n := range []*big.Int{big.NewInt(1), o.leaf.cert.SerialNumber} {
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: n, RevocationTime: o.now, ReasonCode: 1})
		}
	}} {
		list, err := x509.ParseRevocationList(o.list(f, o.issuer, change))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(list.RawTBSRevocationList)
	}
	for _, status := range []int{ocsp.Good, ocsp.Revoked} {
		answer, err := ocsp.ParseResponse(o.response(f, o.issuer, func(r *ocsp.Response) { r.Status, r.RevokedAt = status, o.now }), nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(answer.TBSResponseData)
	}
	f.Fuzz(func(t *testing.T, words []byte) {
		list, response := o.signed(t, words)
		before := bytes.Clone(list)
		for _, s := range []probe.Statement{
			probe.ReadCRL(list, o.leaf.cert, o.issuer.cert, "http://crl.example/1.crl", o.now),
			probe.ReadOCSP(response, o.leaf.cert, o.issuer.cert, o.now),
		} {
			if (s.Code == "") == (s.Status == "") {
				t.Errorf("%+v", s)
			}
		}
		if !bytes.Equal(before, list) {
			t.Error("the input was changed")
		}
	})
}

// signed returns words as a CRL and as an OCSP response that the issuer signed.
func (o office) signed(t *testing.T, words []byte) (list, response []byte) {
	t.Helper()
	sum := sha256.Sum256(words)
	signature, err := o.issuer.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(v any) []byte {
		der, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	list = encode(struct {
		Words     asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{
		asn1.RawValue{FullBytes: words},
		pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}},
		asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
	type body struct {
		Type asn1.ObjectIdentifier
		Data []byte
	}
	response = encode(struct {
		Status asn1.Enumerated
		Body   body `asn1:"explicit,tag:0"`
	}{0, body{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}, list}}) // a basic response has the same form
	return list, response
}

// What the fuzz target signs is taken, so that mutations of it get far.
func TestSignedIsTaken(t *testing.T) {
	o := newOffice(t)
	plain, err := x509.ParseRevocationList(o.list(t, o.issuer, nil))
	if err != nil {
		t.Fatal(err)
	}
	list, _ := o.signed(t, plain.RawTBSRevocationList)
	if s := probe.ReadCRL(list, o.leaf.cert, o.issuer.cert, "http://crl.example/1.crl", o.now); s.Status != "good" {
		t.Errorf("CRL: %+v", s)
	}
	answer, err := ocsp.ParseResponse(o.response(t, o.issuer, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, response := o.signed(t, answer.TBSResponseData)
	if s := probe.ReadOCSP(response, o.leaf.cert, o.issuer.cert, o.now); s.Status != "good" {
		t.Errorf("OCSP: %+v", s)
	}
}
