package probetest_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ocsp"

	"github.com/netready/netready/probe/probetest"
)

// A said is what the CA says about a certificate.
type said struct {
	CRL, OCSP string // good, revoked, unknown, old, forged, garbled or absent
}

// chainOf returns the certificates that a host serves, and the root.
func chainOf(t *testing.T, i *probetest.Internet) ([]*x509.Certificate, []byte) {
	t.Helper()
	state, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{
		ServerName: "login.live.com", Time: func() time.Time { return time.Now().Add(i.Skew) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return state.VerifiedChains[0], state.OCSPResponse
}

// fetch returns what a certificate points to, or nil.
func fetch(t *testing.T, i *probetest.Internet, address string, post []byte) []byte {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "http" || u.Port() != "" {
		t.Errorf("points to %s", address)
	}
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if post != nil {
		method, body = http.MethodPost, strings.NewReader(string(post))
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client(i).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, answer.Status, err)
	}
	return b
}

func statusOf(now time.Time, from, until time.Time, revoked, unknown bool) string {
	switch {
	case now.Before(from) || now.After(until):
		return "old"
	case revoked:
		return "revoked"
	case unknown:
		return "unknown"
	}
	return "good"
}

func listed(t *testing.T, i *probetest.Internet, cert, issuer *x509.Certificate) string {
	t.Helper()
	if len(cert.CRLDistributionPoints) == 0 {
		return "absent"
	}
	list, err := x509.ParseRevocationList(fetch(t, i, cert.CRLDistributionPoints[0], nil))
	if err != nil {
		return "garbled"
	}
	if list.CheckSignatureFrom(issuer) != nil {
		return "forged"
	}
	revoked := false
	for _, e := range list.RevokedCertificateEntries {
		revoked = revoked || e.SerialNumber.Cmp(cert.SerialNumber) == 0
	}
	return statusOf(time.Now().Add(i.Skew), list.ThisUpdate, list.NextUpdate, revoked, false)
}

func answered(now time.Time, response []byte, cert, issuer *x509.Certificate) string {
	r, err := ocsp.ParseResponseForCert(response, cert, issuer)
	switch e := err.(type) { //nolint:errorlint // as it comes from the package
	case nil:
		return statusOf(now, r.ThisUpdate, r.NextUpdate, r.Status == ocsp.Revoked, r.Status == ocsp.Unknown)
	case ocsp.ResponseError:
		return e.Status.String()
	case ocsp.ParseError:
		return "forged"
	}
	return "garbled"
}

func responded(t *testing.T, i *probetest.Internet, cert, issuer *x509.Certificate) string {
	t.Helper()
	if len(cert.OCSPServer) == 0 {
		return "absent"
	}
	request, err := ocsp.CreateRequest(cert, issuer, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Add(i.Skew)
	got := answered(now, fetch(t, i, cert.OCSPServer[0]+"/"+url.QueryEscape(base64.StdEncoding.EncodeToString(request)), nil), cert, issuer)
	if posted := answered(now, fetch(t, i, cert.OCSPServer[0], request), cert, issuer); posted != got {
		t.Errorf("to POST it answers %s, to GET %s", posted, got)
	}
	return got
}

func TestRevocation(t *testing.T) {
	tests := []struct {
		name          string
		faults        []probetest.Fault
		skew          time.Duration
		leaf, issuing said
	}{
		{name: "good", leaf: said{"good", "good"}, issuing: said{"good", "good"}},
		{name: "at another time", skew: 1000 * 24 * time.Hour, leaf: said{"good", "good"}, issuing: said{"good", "good"}},
		{name: "revoked", faults: []probetest.Fault{probetest.Revoke}, leaf: said{"revoked", "revoked"}, issuing: said{"good", "good"}},
		{name: "the issuer revoked", faults: []probetest.Fault{probetest.Revocation{Issuer: true}}, leaf: said{"good", "good"}, issuing: said{"revoked", "revoked"}},
		{name: "both revoked", faults: []probetest.Fault{probetest.Revoke, probetest.Revocation{Issuer: true}}, leaf: said{"revoked", "revoked"}, issuing: said{"revoked", "revoked"}},
		{name: "another revoked", faults: []probetest.Fault{probetest.At{Host: "other.example", Fault: probetest.Revoke}}, leaf: said{"good", "good"}, issuing: said{"good", "good"}},
		{name: "nowhere to ask", faults: []probetest.Fault{probetest.NoRevocation}, leaf: said{"absent", "absent"}, issuing: said{"absent", "absent"}},
		{name: "old", faults: []probetest.Fault{probetest.StaleRevocation}, leaf: said{"old", "old"}, issuing: said{"old", "old"}},
		{name: "forged", faults: []probetest.Fault{probetest.ForgedRevocation}, leaf: said{"forged", "forged"}, issuing: said{"forged", "forged"}},
		{name: "garbled", faults: []probetest.Fault{probetest.GarbledRevocation}, leaf: said{"garbled", "garbled"}, issuing: said{"garbled", "garbled"}},
		{name: "not known", faults: []probetest.Fault{probetest.UnknownRevocation}, leaf: said{"good", "unknown"}, issuing: said{"good", "unknown"}},
		{name: "not told", faults: []probetest.Fault{probetest.Revocation{Status: 6}}, leaf: said{"good", "unauthorized"}, issuing: said{"good", "unauthorized"}},
		{name: "old lists alone", faults: []probetest.Fault{probetest.At{Host: "crl.probetest.example", Fault: probetest.StaleRevocation}}, leaf: said{"old", "good"}, issuing: said{"old", "good"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Faults: test.faults, Skew: test.skew}
				chain, staple := chainOf(t, i)
				if staple != nil {
					t.Error("an answer was stapled")
				}
				for n, want := range []said{test.leaf, test.issuing} {
					got := said{CRL: listed(t, i, chain[n], chain[n+1]), OCSP: responded(t, i, chain[n], chain[n+1])}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s (-want +got):\n%s", chain[n].Subject, diff)
					}
					issuer, err := x509.ParseCertificate(fetch(t, i, chain[n].IssuingCertificateURL[0], nil))
					if err != nil || chain[n].CheckSignatureFrom(issuer) != nil {
						t.Errorf("%s: %v is no issuer", chain[n].Subject, issuer)
					}
				}
			})
		})
	}
}

func TestStaple(t *testing.T) {
	for name, test := range map[string]struct {
		faults []probetest.Fault
		want   string
	}{
		"good":        {nil, "good"},
		"revoked":     {[]probetest.Fault{probetest.Revoke}, "revoked"},
		"old":         {[]probetest.Fault{probetest.At{Port: 443, Fault: probetest.StaleRevocation}}, "old"},
		"old on HTTP": {[]probetest.Fault{probetest.At{Port: 80, Fault: probetest.StaleRevocation}}, "good"},
		"forged":      {[]probetest.Fault{probetest.ForgedRevocation}, "forged"},
		"garbled":     {[]probetest.Fault{probetest.GarbledRevocation}, "garbled"},
	} {
		t.Run(name, func(t *testing.T) {
			i := &probetest.Internet{Faults: append(test.faults, probetest.Staple)}
			chain, staple := chainOf(t, i)
			if got := answered(time.Now(), staple, chain[0], chain[1]); got != test.want {
				t.Errorf("stapled: %s, want %s", got, test.want)
			}
		})
	}
}

// Only the public CA has such servers, and only its certificates point to them.
func TestRevocationOfOthers(t *testing.T) {
	for name, fault := range map[string]probetest.Fault{"inspected": probetest.Inspect{}, "untrusted": probetest.Untrusted} {
		i := &probetest.Internet{Faults: []probetest.Fault{fault, probetest.Staple}}
		state, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{ServerName: "login.live.com", InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range state.PeerCertificates {
			if len(c.CRLDistributionPoints)+len(c.OCSPServer)+len(c.IssuingCertificateURL) > 0 {
				t.Errorf("%s: %s points somewhere", name, c.Subject)
			}
		}
		if state.OCSPResponse != nil {
			t.Errorf("%s: an answer is stapled", name)
		}
	}
}

// The servers answer nothing else.
func TestRevocationServers(t *testing.T) {
	i := &probetest.Internet{Handler: http.NotFoundHandler(), IPv6: true}
	for _, address := range []string{
		"http://crl.probetest.example/", "http://crl.probetest.example/issuing-ca-01/x.crl", "http://aia.probetest.example/x.crt",
	} {
		if answer, _, err := get(t, i, address); err != nil || answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"http://ocsp.probetest.example/", "http://ocsp.probetest.example/AAAA"} {
		_, body, err := get(t, i, address)
		if diff := cmp.Diff(ocsp.MalformedRequestErrorResponse, []byte(body)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", address, err, diff)
		}
	}
}

// The CA's responder is replaced in time.
func TestResponderOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{}
		for range 5 {
			chain, _ := chainOf(t, i)
			request, err := ocsp.CreateRequest(chain[0], chain[1], nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ocsp.ParseResponseForCert(fetch(t, i, chain[0].OCSPServer[0], request), chain[0], chain[1])
			if err != nil {
				t.Fatal(err)
			}
			if now := time.Now(); r.Certificate == nil || now.Before(r.Certificate.NotBefore) || now.After(r.Certificate.NotAfter) {
				t.Errorf("signed by %v", r.Certificate)
			}
			time.Sleep(30 * 24 * time.Hour)
		}
	})
}
