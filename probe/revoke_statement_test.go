package probe_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
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

// An office is a CA that answers for a certificate at a given time.
type office struct {
	now          time.Time
	issuer, leaf issuer
}

func newOffice(tb testing.TB) office {
	tb.Helper()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	o := office{now: now}
	o.issuer = o.certificate(tb, nil, func(c *x509.Certificate) { c.Subject.CommonName = "issuer" })
	o.leaf = o.certificate(tb, &o.issuer, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature })
	return o
}

// certificate issues a copy of the CA's certificate with a change.
func (o office) certificate(tb testing.TB, by *issuer, change func(*x509.Certificate)) issuer {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(4711), Subject: pkix.Name{CommonName: "someone"},
		NotBefore: o.now.Add(-time.Hour), NotAfter: o.now.Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	change(c)
	parent := issuer{c, key}
	if by != nil {
		parent = *by
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent.cert, key.Public(), parent.key)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return issuer{cert, key}
}

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

func (o office) list(tb testing.TB, by issuer, change func(*x509.RevocationList)) []byte {
	tb.Helper()
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: o.now.Add(-time.Hour), NextUpdate: o.now.Add(time.Hour)}
	if change != nil {
		change(list)
	}
	der, err := x509.CreateRevocationList(rand.Reader, list, by.cert, by.key)
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func TestReadCRL(t *testing.T) {
	const address = "http://crl.example/1.crl"
	o := newOffice(t)
	list := func(change func(*x509.RevocationList)) []byte { return o.list(t, o.issuer, change) }
	extended := func(critical bool, id int, value []byte) []byte {
		return list(func(l *x509.RevocationList) {
			l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, id}, Critical: critical, Value: value}}
		})
	}
	const deltaIndicator, issuingPoint = 27, 28
	// The parts of an issuing distribution point, RFC 5280 section 5.2.5.
	flag := func(tag int) []byte { return []byte{0x30, 3, 0x80 | byte(tag), 1, 0xff} }
	point := func(url string) []byte {
		name := append([]byte{0x86, byte(len(url))}, url...)
		full := append([]byte{0xa0, byte(len(name))}, name...)
		p := append([]byte{0xa0, byte(len(full))}, full...)
		return append([]byte{0x30, byte(len(p))}, p...)
	}
	other := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "issuer" })
	third := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "third" })
	revoked := func(numbers ...int64) []byte {
		return list(func(l *x509.RevocationList) {
			for _, n := range numbers {
				l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: o.now})
			}
		})
	}
	malformed := probe.Statement{Code: probe.RevocationMalformed}
	tests := []struct {
		name string
		der  []byte
		want probe.Statement
	}{
		{"empty", list(nil), probe.Statement{Status: "good"}},
		{"of others", revoked(1, 2, 47110, 471), probe.Statement{Status: "good"}},
		{"of this one", revoked(1, 4711, 2), probe.Statement{Status: "revoked"}},
		{"in PEM", pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: revoked(4711)}), probe.Statement{Status: "revoked"}},
		{"old", list(func(l *x509.RevocationList) { l.NextUpdate = o.now.Add(-time.Second) }), probe.Statement{Status: "good", Stale: true}},
		{"young", list(func(l *x509.RevocationList) { l.ThisUpdate = o.now.Add(time.Minute * 30) }), probe.Statement{Status: "good", Stale: true}},
		{"of another issuer", o.list(t, third, nil), probe.Statement{Code: probe.RevocationBadSignature}},
		{"of another issuer of the same name", o.list(t, other, nil), probe.Statement{Code: probe.RevocationBadSignature}},
		{"for those that point here", extended(true, issuingPoint, point(address)), probe.Statement{Status: "good"}},
		{"for those that point elsewhere", extended(true, issuingPoint, point("http://crl.example/2.crl")), malformed},
		{"for users", extended(true, issuingPoint, flag(1)), probe.Statement{Status: "good"}},
		{"for CAs", extended(true, issuingPoint, flag(2)), malformed},
		{"for some reasons", extended(true, issuingPoint, []byte{0x30, 4, 0x83, 2, 1, 2}), malformed},
		{"of several issuers", extended(true, issuingPoint, flag(4)), malformed},
		{"for attributes", extended(true, issuingPoint, flag(5)), malformed},
		{"with a broken scope", extended(true, issuingPoint, []byte{1}), malformed},
		{"of changes", extended(true, deltaIndicator, []byte{2, 1, 1}), malformed},
		{"with something that may be ignored", extended(false, 99, []byte{5, 0}), probe.Statement{Status: "good"}},
		{"with more after it", append(list(nil), 0), probe.Statement{Status: "good"}},
		{"cut short", list(nil)[:100], malformed},
		{"an OCSP response", o.response(t, o.issuer, nil), malformed},
		{"a web page", []byte("<html>"), malformed},
		{"nothing", nil, malformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, probe.ReadCRL(test.der, o.leaf.cert, o.issuer.cert, address, o.now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("for users, asked about a CA", func(t *testing.T) {
		ca := o.certificate(t, &o.issuer, func(*x509.Certificate) {})
		if got := probe.ReadCRL(extended(true, issuingPoint, flag(1)), ca.cert, o.issuer.cert, address, o.now); got != malformed {
			t.Errorf("%+v", got)
		}
		if got := probe.ReadCRL(extended(true, issuingPoint, flag(2)), ca.cert, o.issuer.cert, address, o.now); got.Status != "good" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("of an issuer that may not", func(t *testing.T) {
		der := list(nil)
		may := *o.issuer.cert
		may.KeyUsage = x509.KeyUsageCertSign
		if got := probe.ReadCRL(der, o.leaf.cert, &may, address, o.now); got.Code != probe.RevocationBadSignature {
			t.Errorf("%+v", got)
		}
	})
}

// The result of sources that disagree.
func TestRevocationOutcome(t *testing.T) {
	source := func(serial, status string, code probe.Code) probe.Document {
		return probe.Document{Serial: serial, Status: status, Code: code}
	}
	leaf := func(status string, code probe.Code) probe.Document { return source("1", status, code) }
	issuing := func(status string, code probe.Code) probe.Document { return source("2", status, code) }
	type sources []probe.Document
	tests := []struct {
		name    string
		sources sources
		want    probe.Code
	}{
		{"none", nil, ""},
		{"one is good", sources{leaf("", probe.TCPTimeout), leaf("good", "")}, ""},
		{"one is good, and another says revoked", sources{leaf("good", ""), leaf("revoked", "")}, probe.TLSRevoked},
		{"an old one says revoked", sources{leaf("good", ""), leaf("revoked", probe.RevocationStale)}, probe.TLSRevoked},
		{"each certificate needs one", sources{leaf("good", ""), issuing("", probe.TCPRefused)}, probe.RevocationUnreachable},
		{"revoked before all", sources{leaf("", probe.TCPRefused), issuing("revoked", "")}, probe.TLSRevoked},
		{"an answer that is old before none", sources{leaf("", probe.TCPRefused), leaf("good", probe.RevocationStale)}, probe.RevocationStale},
		{"old before forged", sources{leaf("", probe.RevocationBadSignature), leaf("good", probe.RevocationStale)}, probe.RevocationStale},
		{"forged before garbled", sources{leaf("", probe.RevocationMalformed), leaf("", probe.RevocationBadSignature)}, probe.RevocationBadSignature},
		{"not knowing before garbled", sources{leaf("", probe.RevocationMalformed), leaf("unknown", probe.RevocationUnknown)}, probe.RevocationUnknown},
		{"garbled before none", sources{leaf("", probe.HTTPStatus), leaf("", probe.RevocationMalformed)}, probe.RevocationMalformed},
		{"whatever way there is none", sources{leaf("", probe.DNSNXDomain), leaf("", probe.HTTPBlockPage), leaf("", probe.ProxyDenied)}, probe.RevocationUnreachable},
		{"too little time proves nothing", sources{leaf("", probe.TCPRefused), leaf("", probe.Timeout)}, probe.Timeout},
		{"nor does a lack of sockets", sources{leaf("", probe.RevocationMalformed), leaf("", probe.LocalResource)}, probe.LocalResource},
		{"nor does a signature that cannot be checked", sources{leaf("", probe.TCPRefused), leaf("", probe.Unknown)}, probe.Unknown},
		{"but another certificate may prove something", sources{leaf("", probe.Timeout), issuing("", probe.TCPRefused)}, probe.RevocationUnreachable},
		{"the first certificate decides", sources{leaf("", probe.RevocationMalformed), issuing("good", probe.RevocationStale)}, probe.RevocationMalformed},
		{"nothing that can be asked", sources{leaf("", probe.NotTestable)}, probe.NotTestable},
		{"nothing that can be asked, and too little time", sources{leaf("", probe.NotTestable), issuing("", probe.Timeout)}, probe.Timeout},
		{"one that cannot be asked", sources{leaf("", probe.NotTestable), leaf("", probe.TCPRefused)}, probe.RevocationUnreachable},
		{"a stapled answer", sources{leaf("good", ""), leaf("", probe.Skipped), issuing("good", "")}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := probe.Outcome(test.sources...); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// FuzzRevocation reads whatever may arrive over plain HTTP.
func FuzzRevocation(f *testing.F) {
	o := newOffice(f)
	f.Add(o.response(f, o.issuer, nil))
	f.Add(o.response(f, o.leaf, nil, o.leaf, o.issuer))
	f.Add(o.list(f, o.issuer, nil))
	f.Add(o.issuer.cert.Raw)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.leaf.cert.Raw}))
	f.Add(ocsp.TryLaterErrorResponse)
	f.Add([]byte("-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n"))
	f.Add([]byte{})
	other := o.certificate(f, nil, func(c *x509.Certificate) { c.Subject.CommonName = "issuer" })
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		// Nobody has the other issuer's key, so it signed nothing.
		for _, s := range []probe.Statement{
			probe.ReadOCSP(b, o.leaf.cert, other.cert, o.now),
			probe.ReadCRL(b, o.leaf.cert, other.cert, "http://crl.example/1.crl", o.now),
		} {
			if s.Code == "" || s.Status != "" {
				t.Errorf("taken for an answer: %+v", s)
			}
		}
		certs, code := probe.ReadIssuers(b)
		if (code == "") == (len(certs) == 0) {
			t.Errorf("%d certificates, code %q", len(certs), code)
		}
		if !bytes.Equal(before, b) {
			t.Error("the input was changed")
		}
	})
}
