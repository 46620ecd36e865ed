package probe_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

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
