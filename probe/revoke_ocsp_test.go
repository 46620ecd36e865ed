package probe_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ocsp"

	"github.com/netready/netready/probe"
)

// response is an OCSP response with certificates in it.
func (o office) response(tb testing.TB, by issuer, change func(*ocsp.Response), inside ...issuer) []byte {
	tb.Helper()
	answer := ocsp.Response{Status: ocsp.Good, SerialNumber: o.leaf.cert.SerialNumber, ThisUpdate: o.now.Add(-time.Hour), NextUpdate: o.now.Add(time.Hour)}
	if change != nil {
		change(&answer)
	}
	der, err := ocsp.CreateResponse(o.issuer.cert, by.cert, answer, by.key)
	if err != nil {
		tb.Fatal(err)
	}
	if inside == nil {
		return der
	}
	type response struct {
		Type asn1.ObjectIdentifier
		Data []byte
	}
	var outer struct {
		Status asn1.Enumerated
		Bytes  response `asn1:"explicit,tag:0"`
	}
	var basic struct {
		Data, Algorithm asn1.RawValue
		Signature       asn1.BitString
		Certificates    []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		tb.Fatal(err)
	}
	if _, err := asn1.Unmarshal(outer.Bytes.Data, &basic); err != nil {
		tb.Fatal(err)
	}
	for _, c := range inside {
		basic.Certificates = append(basic.Certificates, asn1.RawValue{FullBytes: c.cert.Raw})
	}
	if outer.Bytes.Data, err = asn1.Marshal(basic); err != nil {
		tb.Fatal(err)
	}
	if der, err = asn1.Marshal(outer); err != nil {
		tb.Fatal(err)
	}
	return der
}

func TestReadOCSP(t *testing.T) {
	o := newOffice(t)
	delegate := func(by issuer, change func(*x509.Certificate)) issuer {
		return o.certificate(t, &by, func(c *x509.Certificate) {
			c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
			if change != nil {
				change(c)
			}
		})
	}
	good := delegate(o.issuer, nil)
	other := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "issuer" })
	stranger := delegate(other, nil)
	server := delegate(o.issuer, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
	old := delegate(o.issuer, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = o.now.Add(-3*time.Hour), o.now.Add(-time.Hour) })
	young := delegate(o.issuer, func(c *x509.Certificate) { c.NotBefore = o.now.Add(30 * time.Minute) })
	revoked := func(r *ocsp.Response) { r.Status, r.RevokedAt = ocsp.Revoked, o.now.Add(-time.Minute) }
	answer := func(by issuer, change func(*ocsp.Response), inside ...issuer) []byte {
		return o.response(t, by, change, inside...)
	}
	direct := answer(o.issuer, nil)
	broken := slices.Clone(direct)
	broken[len(broken)-1] ^= 1
	tests := []struct {
		name string
		der  []byte
		want probe.Statement
	}{
		{"signed by the issuer", direct, probe.Statement{Status: "good"}},
		{"signed by the issuer, with its certificate", answer(o.issuer, nil, o.issuer), probe.Statement{Status: "good"}},
		{"signed by a delegate", answer(good, nil, good), probe.Statement{Status: "good"}},
		{"signed by a delegate among others", answer(good, nil, o.issuer, server, good), probe.Statement{Status: "good"}},
		{"signed by a delegate who is not there", answer(good, nil), probe.Statement{Code: probe.RevocationBadSignature}},
		{"signed by someone else's delegate", answer(stranger, nil, stranger), probe.Statement{Code: probe.RevocationBadSignature}},
		{"signed by a web server", answer(server, nil, server), probe.Statement{Code: probe.RevocationBadSignature}},
		{"signed by the certificate in question", answer(o.leaf, nil, o.leaf), probe.Statement{Code: probe.RevocationBadSignature}},
		{"signed by someone of the same name", answer(other, nil, other), probe.Statement{Code: probe.RevocationBadSignature}},
		{"a broken signature", broken, probe.Statement{Code: probe.RevocationBadSignature}},
		{"a delegate who was one", answer(old, nil, old), probe.Statement{Status: "good", Stale: true}},
		{"a delegate who will be one", answer(young, nil, young), probe.Statement{Status: "good", Stale: true}},
		{"revoked", answer(good, revoked, good), probe.Statement{Status: "revoked"}},
		{"unknown", answer(good, func(r *ocsp.Response) { r.Status = ocsp.Unknown }, good), probe.Statement{Status: "unknown"}},
		{"without a next update", answer(o.issuer, func(r *ocsp.Response) { r.NextUpdate = time.Time{} }), probe.Statement{Status: "good"}},
		{"old", answer(o.issuer, func(r *ocsp.Response) { r.NextUpdate = o.now.Add(-time.Second) }), probe.Statement{Status: "good", Stale: true}},
		{"young", answer(o.issuer, func(r *ocsp.Response) { r.ThisUpdate = o.now.Add(6 * time.Minute) }), probe.Statement{Status: "good", Stale: true}},
		{"a little young", answer(o.issuer, func(r *ocsp.Response) { r.ThisUpdate = o.now.Add(4 * time.Minute) }), probe.Statement{Status: "good"}},
		{"of another certificate", answer(o.issuer, func(r *ocsp.Response) { r.SerialNumber = big.NewInt(1) }), probe.Statement{Code: probe.RevocationMalformed}},
		{"with an unknown critical extension", answer(o.issuer, func(r *ocsp.Response) {
			r.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
		}), probe.Statement{Code: probe.RevocationMalformed}},
		{"try later", ocsp.TryLaterErrorResponse, probe.Statement{Code: probe.RevocationUnknown}},
		{"unauthorized", ocsp.UnauthorizedErrorResponse, probe.Statement{Code: probe.RevocationUnknown}},
		{"successful, without an answer", []byte{0x30, 3, 0x0a, 1, 0}, probe.Statement{Code: probe.RevocationMalformed}},
		{"with more after it", append(slices.Clone(direct), 0), probe.Statement{Code: probe.RevocationMalformed}},
		{"cut short", direct[:len(direct)-1], probe.Statement{Code: probe.RevocationMalformed}},
		{"a web page", []byte("<html>"), probe.Statement{Code: probe.RevocationMalformed}},
		{"nothing", nil, probe.Statement{Code: probe.RevocationMalformed}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, probe.ReadOCSP(test.der, o.leaf.cert, o.issuer.cert, o.now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOCSPRequest(t *testing.T) {
	o := newOffice(t)
	for _, test := range []struct {
		responder string
		post      bool
	}{
		{"http://ocsp.example", false},
		{"http://ocsp.example/", false},
		{"http://ocsp.example/path", false},
		{"http://ocsp.example/?a=b", true},
		{"http://ocsp.example/" + strings.Repeat("x", 200), true},
	} {
		address, post, err := probe.OCSPRequest(test.responder, o.leaf.cert, o.issuer.cert)
		if err != nil {
			t.Fatal(err)
		}
		request := post
		if test.post {
			if address != test.responder {
				t.Errorf("%s: posted to %s", test.responder, address)
			}
		} else {
			u, err := url.Parse(address)
			if err != nil || strings.Contains(strings.TrimPrefix(address, "http://"), "//") {
				t.Fatalf("%s: %s: %v", test.responder, address, err)
			}
			encoded := strings.TrimPrefix(strings.TrimPrefix(u.Path, "/path"), "/")
			if request, err = base64.StdEncoding.DecodeString(encoded); err != nil || post != nil || len(address) >= 255 {
				t.Errorf("%s: %s: %v", test.responder, address, err)
			}
		}
		asked, err := ocsp.ParseRequest(request)
		if err != nil || asked.SerialNumber.Cmp(o.leaf.cert.SerialNumber) != 0 {
			t.Errorf("%s: asked for %v: %v", test.responder, asked, err)
		}
	}
}

// The request is the one that the library for OCSP would make.
func TestOCSPRequestIsUsual(t *testing.T) {
	o := newOffice(t)
	for _, serial := range []*big.Int{
		big.NewInt(1), big.NewInt(0x7f), big.NewInt(0x80), big.NewInt(-1), new(big.Int).Lsh(big.NewInt(1), 159),
	} {
		cert := &x509.Certificate{SerialNumber: serial}
		want, err1 := ocsp.CreateRequest(cert, o.issuer.cert, nil)
		_, got, err2 := probe.OCSPRequest("http://ocsp.example/?post", cert, o.issuer.cert)
		if err1 != nil || err2 != nil || !bytes.Equal(want, got) {
			t.Errorf("serial number %x: %x (%v), want %x (%v)", serial, got, err2, want, err1)
		}
	}
	broken := &x509.Certificate{RawSubjectPublicKeyInfo: []byte{0x30, 0x00}}
	if _, _, err := probe.OCSPRequest("http://ocsp.example", o.leaf.cert, broken); err == nil {
		t.Error("no error for a malformed key")
	}
}
