package probe_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// hides reports whether a character does anything but show.
func hides(r rune) bool {
	return !unicode.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// checkTexts checks every text of an observation as a reader sees it: in its
// errors and as JSON.
func checkTexts(t *testing.T, o probe.Observation) {
	t.Helper()
	check := func(what, s string, limit int) {
		if len(s) > limit || !utf8.ValidString(s) || strings.ContainsFunc(s, hides) || strings.Join(strings.Fields(s), " ") != s {
			t.Errorf("%s %q of %d bytes", what, s, len(s))
		}
	}
	failed := []*probe.Error{o.Error}
	for _, s := range o.Steps {
		failed = append(failed, s.Error)
	}
	for _, e := range failed {
		if e == nil {
			continue
		}
		check("error", e.Error(), 4096)
		check("address", e.Addr, 1024)
		if e.Err != nil {
			check("cause", e.Err.Error(), 1024)
		}
	}
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > probe.MaxKept {
		t.Errorf("%d bytes of JSON", len(b))
	}
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(string); ok {
			check("in JSON", s, 1024)
		}
	}
}

// What anybody says reaches an observation as one line of visible text, the errors
// of other packages included, which quote it as it is.
func TestHostileTexts(t *testing.T) {
	const words = "a\x1b[31m\u009b\u202e\u2028\n\nREADY: b\u200b"
	long := strings.Repeat("a\tb\x07", 4000)
	head := "HTTP/1.1 302 Found\n"
	tests := []situation{
		{name: "a name in a certificate", faults: fault(probetest.Certificate{Names: []string{"a\x1b[31m\n\nREADY: b\x7f.example"}}), prober: secure, target: httpsTarget, code: probe.TLSNameMismatch},
		{name: "long names in a certificate", faults: fault(probetest.Certificate{Names: []string{strings.Repeat("\x1b", 5000)}}), prober: secure, target: httpsTarget, code: probe.TLSNameMismatch},
		{name: "a trusted organization", faults: fault(probetest.Inspect{Organization: words}), prober: secure, target: httpsTarget, code: probe.TLSInspected},
		{name: "an untrusted organization", faults: fault(probetest.Inspect{Organization: words, Unknown: true}), prober: secure, target: httpsTarget, code: probe.TLSUntrusted},
		{name: "many long names in a certificate", faults: fault(probetest.Certificate{Names: slices.Repeat([]string{strings.Repeat("<", 2000)}, 99)}), prober: secure, target: httpsTarget, code: probe.TLSNameMismatch},
		{name: "all headers", faults: raw(head + strings.Join([]string{"Server", "Via", "Link", "X-Cache", "Cache-Status", "WWW-Authenticate", "Location", "Retry-After"}, ": "+strings.Repeat("<", 7000)+"\n") + ": /" + strings.Repeat("<", 7000) + "\n\n" + strings.Repeat("<", 900)), prober: plain, target: httpTarget},
		{name: "a status", faults: raw("HTTP/1.1 200 " + words + "\n\n"), prober: plain, target: httpTarget},
		{name: "a line that is not a header", faults: raw(head + "\x1b[31m\u009b" + long + "\n\n"), prober: plain, target: httpTarget, code: probe.HTTPMalformed},
		{name: "a header", faults: raw(head + "Server: [31m\u009b\u202e\u2028\nVia: \u0085" + strings.Repeat("a\tb\u009b", 4000) + "\n\n"), prober: plain, target: httpTarget},
		{name: "where a redirect leads", faults: raw(head + "Location: http://a%C2%9B31m%E2%80%AEx%0A%C2%85/?\u202e#\u2028%0A\n\n"), prober: plain, target: httpTarget},
		{name: "where a filter redirects", faults: raw(head + "X-Squid-Error: ERR_\u0085\u009b 0\nLocation: http://a%C2%9B31m%E2%80%AEx/\n\n"), prober: plain, target: httpTarget, code: probe.HTTPBlockPage},
		{name: "a filter's link", faults: raw("HTTP/1.1 451 No\nLink: <\u0085\u202e>; rel=blocked-by\n\n"), prober: plain, target: httpTarget, code: probe.HTTPBlockPage},
		{name: "a long redirect", faults: raw(head + "Location: /" + strings.Repeat("%0a\u202e", 2000) + "\n\n"), prober: plain, target: httpTarget},
		{name: "a title", faults: raw("HTTP/1.1 200 OK\nContent-Type: text/html\n\n<title>a&#155;31m&#x202e;&#10;READY: b\x1b</title>"), prober: plain, target: httpTarget},
		{name: "not HTTP", faults: raw("\x1b[2J\u202e\n"), prober: plain, target: httpTarget, code: probe.HTTPMalformed},
		{name: "not TLS", faults: fault(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Garbage{Data: "\x1b[2J\u202e\n\n"}}), prober: secure, target: httpsTarget, code: probe.TLSNotTLS},
		{name: "chunks", faults: raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n\x1b\u202e\n"), prober: plain, target: httpTarget, code: probe.HTTPMalformed},
		{name: "another body", faults: raw("HTTP/1.1 200 OK\n\n" + words), prober: ncsi, target: webTarget, code: probe.HTTPCaptivePortal},
		{name: "a resolver's reason", faults: fault(probetest.DNSAnswer{Extended: 15, Text: words + long}), prober: plain, target: httpTarget, code: probe.DNSBlocked},
		{name: "a proxy's error", machine: proxied, faults: fault(probetest.ProxyDeny{Error: "a\u009b\u202e\u2028\u0085READY: b"}), prober: secure, target: httpsTarget, code: probe.ProxyDenied},
		{name: "a script", faults: fault(probetest.WPAD{Script: "function FindProxyForURL() { PROXY a\u202eb:80; PROXY c:80\u009b }"}), prober: wpad, target: probe.Target{Host: "contoso.com", Protocol: probe.WPAD}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := test.internet()
				i.Hosts = append(i.Hosts, "www.msftconnecttest.com", "wpad.contoso.com")
				o := test.observe(t.Context(), i)
				if o.Code() != test.code {
					t.Errorf("error %v, want %q", o.Error, test.code)
				}
				checkTexts(t, o)
			})
		})
	}
}

// A certificate can hold any characters in its names and URLs.
func TestHostileCertificates(t *testing.T) {
	const words = "\x1b[31m\n\nREADY: b\x7f"
	root := issue(t, nil, nil, "root "+words, validity{2000, 2040}, true)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	link := []string{"ldap://" + words, "http://pki.example/" + words, "http://" + words}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: words + "\u202e", Organization: []string{"\u2028" + words}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{words}, IPAddresses: []net.IP{net.IPv4(203, 0, 113, 1)},
		IssuingCertificateURL: link, OCSPServer: link, CRLDistributionPoints: link,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, root.cert, key.Public(), root.key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}} //nolint:gosec // any version will do
	server.StartTLS()
	defer server.Close()
	n := probe.Network{
		Roots: x509.NewCertPool(), PublicRoots: x509.NewCertPool(),
		Connect: func(ctx context.Context, network, address string) (net.Conn, error) {
			if _, port, _ := net.SplitHostPort(address); port != "443" {
				return nil, errors.New("nobody at " + words)
			}
			return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
		},
	}
	target := probe.Target{Host: "203.0.113.1"}
	t.Run("of an unknown CA", func(t *testing.T) {
		o := revocation(n).Probe(t.Context(), target)
		if o.Code() != probe.TLSUntrusted || len(o.TLS.IssuerFailures) != len(link) {
			t.Errorf("error %v, issuers %+v", o.Error, o.TLS)
		}
		if !strings.Contains(o.Error.Error(), "no intermediate certificate") {
			t.Errorf("%v does not say that only one certificate was sent", o.Error)
		}
		checkTexts(t, o)
	})
	t.Run("genuine", func(t *testing.T) {
		n.PublicRoots = pool(root)
		o := revocation(n).Probe(t.Context(), target)
		if !o.OK() || len(o.Revocation.Sources) != 2*len(link) {
			t.Errorf("error %v, sources %+v", o.Error, o.Revocation)
		}
		checkTexts(t, o)
	})
}

// Errors keep their codes and their causes, whatever has to be done to their texts.
func TestHostileErrors(t *testing.T) {
	broken := errors.New("a\x1b[31m\n\nREADY: b")
	n := probe.Network{Connect: func(context.Context, string, string) (net.Conn, error) { return nil, broken }}
	o := n.Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: "203.0.113.1", Port: 443})
	if !errors.Is(o.Error, broken) || !errors.Is(o.Error, probe.Unknown) {
		t.Errorf("%v is neither %v nor %v", o.Error, broken, probe.Unknown)
	}
	checkTexts(t, o)

	// Errors built by other packages are cleaned too.
	e := &probe.Error{Addr: "b\u202e", Code: "c\n", Err: broken}
	if want := "b\ufffd: c : a\ufffd[31m READY: b"; e.Error() != want {
		t.Errorf("error %q, want %q", e, want)
	}
	b, err := json.Marshal(e)
	if want := `{"addr":"b�","code":"c\n","text":"a�[31m READY: b"}`; string(b) != want || err != nil {
		t.Errorf("JSON %s, %v, want %s", b, err, want)
	}
	checkTexts(t, probe.Observation{Error: &probe.Error{Addr: "b", Code: probe.Unknown, Err: errors.New("Müller 東京")}})
}
