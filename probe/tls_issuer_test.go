package probe_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const issuerURL = "http://" + aiaHost + "/issuing-ca-01.crt"

// The probe fetches what the server left out of its chain, as Windows does.
func TestMissingIntermediate(t *testing.T) {
	other := issue(t, nil, nil, "other", validity{2000, 2040}, true)
	silent := probetest.At{Host: aiaHost, Network: "tcp", Fault: probetest.Drop}
	const (
		issuing     = "CN=Probetest Public Trust Issuing CA 01,O=Probetest Public Trust"
		unknown     = "CN=Probetest Unknown Issuing CA 01,O=Probetest Unknown"
		unknownRoot = "CN=Probetest Unknown Root CA,O=Probetest Unknown"
	)
	refusing := probetest.At{Host: aiaHost, Fault: probetest.ProxyDeny{}}
	tests := []struct {
		name    string
		machine func(*probetest.Internet, *probe.Network)
		faults  []probetest.Fault
		code    probe.Code
		fetched bool
		step    probe.Code // the code of fetching
		text    string     // the text of that step
		missing string     // what is missing; the issuing CA if step is not empty
	}{
		{name: "fetched", faults: fault(probetest.LeafOnly), fetched: true},
		{name: "fetched for another name", faults: fault(probetest.LeafOnly, probetest.WrongName), fetched: true, code: probe.TLSNameMismatch},
		{name: "fetched for an old certificate", faults: fault(probetest.LeafOnly, probetest.Expired), fetched: true, code: probe.TLSExpired},
		{name: "fetched for a server that requires a certificate", faults: fault(probetest.LeafOnly, probetest.ClientCertificate{Require: true}), fetched: true},
		{name: "fetched for a server that requires a certificate and has another name", faults: fault(probetest.LeafOnly, probetest.ClientCertificate{Require: true}, probetest.WrongName), fetched: true, code: probe.TLSNameMismatch},
		{name: "not needed"},
		{name: "nowhere to fetch it", faults: fault(probetest.LeafOnly, probetest.Untrusted), code: probe.TLSUntrusted, missing: unknown},
		{name: "an unknown CA", faults: fault(probetest.Untrusted), code: probe.TLSUntrusted, missing: unknownRoot},
		{name: "blocked", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Refuse)), code: probe.TLSUntrusted, step: probe.TCPRefused},
		{name: "silent", faults: fault(probetest.LeafOnly, silent), code: probe.TLSUntrusted, step: probe.TCPTimeout},
		{name: "without an address", faults: fault(probetest.LeafOnly, probetest.At{Host: aiaHost, Port: 53, Fault: probetest.NXDomain}), code: probe.TLSUntrusted, step: probe.DNSNXDomain},
		{name: "a portal that sends elsewhere", faults: fault(probetest.LeafOnly, probetest.Portal{}), code: probe.TLSUntrusted, step: probe.HTTPBodyMismatch, text: "at http://portal.example/login: not a certificate"},
		{name: "a portal that sends elsewhere over TLS", faults: fault(probetest.LeafOnly, probetest.Portal{Location: "https://portal.example/login"}), code: probe.TLSUntrusted, step: probe.HTTPStatus, text: "302 Found to https://portal.example/login"},
		{name: "a portal that answers itself", faults: fault(probetest.LeafOnly, probetest.Portal{Status: 200}), code: probe.TLSUntrusted, step: probe.HTTPBodyMismatch, text: "not a certificate: <html>"},
		{name: "a portal that says so", faults: fault(probetest.LeafOnly, probetest.Portal{Status: 511}), code: probe.TLSUntrusted, step: probe.HTTPCaptivePortal},
		{name: "a filter", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.BlockPage{})), code: probe.TLSUntrusted, step: probe.HTTPBlockPage, text: "ERR_ACCESS_DENIED"},
		{name: "a proxy that refuses", machine: proxied, faults: fault(probetest.LeafOnly, refusing), code: probe.TLSUntrusted, step: probe.ProxyDenied, text: "403 Forbidden"},
		{name: "a proxy that does not reach it", machine: proxied, faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Refuse)), code: probe.TLSUntrusted, step: probe.ProxyTargetUnreachable, text: "ERR_CONNECT_FAIL"},
		{name: "not there", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Page{Status: http.StatusNotFound})), code: probe.TLSUntrusted, step: probe.HTTPStatus},
		{name: "a web page instead", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Page{Body: "<html>"})), code: probe.TLSUntrusted, step: probe.HTTPBodyMismatch},
		{name: "too large", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Page{Body: strings.Repeat("x", 64<<10+1)})), code: probe.TLSUntrusted, step: probe.HTTPTooLarge},
		{name: "redirected to itself", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.RedirectLoop)), code: probe.TLSUntrusted, step: probe.HTTPRedirectLoop},
		{name: "another's certificate", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Page{Body: string(other.cert.Raw)})), code: probe.TLSUntrusted, step: probe.HTTPBodyMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{machine: test.machine, faults: test.faults, prober: secure, target: httpsTarget}
				o := s.observe(t.Context(), s.internet())
				checkSteps(t, o)
				checkIssuerFailures(t, o, issuerURL, test.step, test.text)
				if test.step != "" {
					test.missing = issuing
				}
				if o.TLS.MissingIssuer != test.missing {
					t.Errorf("missing %q, want %q", o.TLS.MissingIssuer, test.missing)
				}
				if o.Code() != test.code {
					t.Errorf("error %v, want %q", o.Error, test.code)
				}
				var want []string
				if test.fetched {
					want = []string{issuerURL}
				}
				if diff := cmp.Diff(want, o.TLS.FetchedIssuers); diff != "" {
					t.Errorf("fetched (-want +got):\n%s", diff)
				}
				if (o.TLS.VerifiedBy == "public") != (test.code != probe.TLSUntrusted) {
					t.Errorf("verified by %q", o.TLS.VerifiedBy)
				}
				var step *probe.Step
				for _, s := range o.Steps {
					if s.Op == probe.OpIssuer {
						step = &s
					}
				}
				switch {
				case step == nil:
					if test.fetched || test.step != "" {
						t.Error("no step of fetching")
					}
				case step.Addr != issuerURL || (step.Error == nil) != (test.step == "") || step.Error != nil && step.Error.Code != test.step:
					t.Errorf("step %+v, want %q", step, test.step)
				}
			})
		})
	}
}

// A chain without an intermediate certificate is told from one that has it and is of
// an unknown CA.
func TestMissingIntermediateIsTold(t *testing.T) {
	for name, tt := range map[string]struct {
		faults []probetest.Fault
		told   bool
	}{
		"the leaf alone": {fault(probetest.LeafOnly, probetest.Untrusted), true},
		"a whole chain":  {fault(probetest.Untrusted), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{faults: tt.faults, prober: secure, target: httpsTarget}
				o := s.observe(t.Context(), s.internet())
				if o.Code() != probe.TLSUntrusted || strings.Contains(o.Error.Error(), "the server sent no intermediate certificate") != tt.told {
					t.Errorf("error %v, want it to tell that the intermediate certificate is missing: %t", o.Error, tt.told)
				}
			})
		})
	}
}

// checkIssuerFailures checks that the facts say why one URL, or none, gave no
// certificate.
func checkIssuerFailures(t *testing.T, o probe.Observation, url string, code probe.Code, text string) {
	t.Helper()
	got := o.TLS.IssuerFailures
	if code == "" {
		if got != nil {
			t.Errorf("failures %v, want none", got)
		}
		return
	}
	if len(got) != 1 || got[0].URL != url || got[0].Code != code || got[0].Text == "" || !strings.Contains(got[0].Text, text) {
		t.Errorf("failures %+v, want %s of %s: %s", got, code, url, text)
	}
}

// The facts keep the chain as served, and say what it lacks.
func TestMissingIntermediateAndRevocation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.LeafOnly, probetest.Revoke)}
		o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
		if o.Code() != probe.TLSRevoked || len(o.TLS.Chain) != 1 {
			t.Errorf("error %v, %d certificates", o.Error, len(o.TLS.Chain))
		}
		if diff := cmp.Diff(whole("revoked", "revoked", "good", "good"), sourceLines(o)); diff != "" {
			t.Errorf("sources (-want +got):\n%s", diff)
		}
	})
}

// A run fetches it once, and a dead server costs only one check.
func TestMissingIntermediateOnce(t *testing.T) {
	for name, dead := range map[string]bool{"fetched": false, "silent": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"*.example.com"}, Faults: fault(probetest.LeafOnly)}
				if dead {
					i.Faults = append(i.Faults, at80(aiaHost, probetest.Drop))
				}
				p := secure(i.Network().Shared())
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var all sync.WaitGroup
				for n := range 30 {
					all.Go(func() {
						time.Sleep(time.Duration(n) * time.Second)
						if o := p.Probe(ctx, probe.Target{Host: fmt.Sprintf("host%d.example.com", n)}); o.OK() == dead {
							t.Errorf("error %v", o.Error)
						}
					})
				}
				all.Wait()
				connects := 0
				for _, e := range i.Log() {
					if e.Kind == probetest.EventConnect && e.Host == aiaHost {
						connects++
					}
				}
				if connects != 1 {
					t.Errorf("%d connections to %s", connects, aiaHost)
				}
			})
		})
	}
}

// A chain can lack several certificates, and point to bad ones.
func TestIssuersOfIssuers(t *testing.T) {
	const web = "pki.example.com"
	long := validity{2000, 2040}
	tests := []struct {
		name    string
		links   []string // the issuer's URL in the leaf and in each fetched certificate
		trusted bool
		want    []string // what was requested
	}{
		{"one missing", []string{"http://pki.example.com/0"}, true, []string{"/0"}},
		{"three missing", []string{"http://pki.example.com/0", "http://pki.example.com/1", "http://pki.example.com/2"}, true, []string{"/0", "/1", "/2"}},
		{"four missing", []string{"http://pki.example.com/0", "http://pki.example.com/1", "http://pki.example.com/2", "http://pki.example.com/3"}, false, []string{"/0", "/1", "/2"}},
		{"with the port", []string{"http://PKI.example.com.:80/0"}, true, []string{"/0"}},
		{"another port", []string{"http://pki.example.com:8080/0"}, false, nil},
		{"over TLS", []string{"https://pki.example.com/0"}, false, nil},
		{"in a directory", []string{"ldap:///CN=sub,DC=example?cACertificate"}, false, nil},
		{"on this machine", []string{"http://127.0.0.1/0"}, false, nil},
		{"on this machine by name", []string{"http://localhost/0"}, false, nil},
		{"no URL", []string{"http://%zz/"}, false, nil},
		{"very long", []string{"http://pki.example.com/" + strings.Repeat("x", 4096)}, false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := issue(t, nil, nil, "root", long, true)
			by := root
			served := map[string]*x509.Certificate{}
			for n := range slices.Backward(test.links) {
				link := ""
				if n+1 < len(test.links) {
					link = test.links[n+1]
				}
				by = issuePointing(t, by, fmt.Sprint("sub ", n), link)
				served[fmt.Sprint("/", n)] = by.cert
			}
			leaf := issuePointing(t, by, host, test.links[0])
			i := &probetest.Internet{
				Hosts: []string{web}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if c := served[r.URL.Path]; c != nil {
						_, _ = w.Write(c.Raw)
					}
				}),
			}
			n := i.Network()
			n.PublicRoots = pool(root)
			o, code := probe.Complete(t.Context(), n, []*x509.Certificate{leaf.cert})
			if (code == "") != test.trusted || (o.TLS.VerifiedBy == "public") != test.trusted {
				t.Errorf("code %q, verified by %q, want trusted: %t", code, o.TLS.VerifiedBy, test.trusted)
			}
			var got []string
			for _, e := range i.Log() {
				if path, ok := strings.CutPrefix(e.Detail, "GET "); ok {
					got = append(got, path)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
			if test.want == nil && (len(o.Steps) != 1 || o.Steps[0].Error == nil || o.Steps[0].Error.Code != probe.NotTestable) {
				t.Errorf("steps %+v", o.Steps)
			}
		})
	}
}

// issuePointing issues a certificate with an issuer's URL.
func issuePointing(t *testing.T, by issuer, name, link string) issuer {
	t.Helper()
	return issuePointingUntil(t, by, name, link, time.Now().Add(time.Hour))
}

func issuePointingUntil(t *testing.T, by issuer, name, link string, end time.Time) issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: end,
		BasicConstraintsValid: true, IsCA: name != host,
	}
	if link != "" {
		template.IssuingCertificateURL = []string{link}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{cert, key}
}

// An issuer's certificate comes in several forms.
func TestReadIssuers(t *testing.T) {
	long := validity{2000, 2040}
	one, two := issue(t, nil, nil, "one", long, true), issue(t, nil, nil, "two", long, true)
	armor := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	tests := []struct {
		name  string
		bytes []byte
		want  []string
		code  probe.Code
	}{
		{"DER", one.cert.Raw, []string{"one"}, ""},
		{"PEM", armor("CERTIFICATE", one.cert.Raw), []string{"one"}, ""},
		{"PEM after text", append([]byte("subject=/CN=one\n"), armor("CERTIFICATE", one.cert.Raw)...), []string{"one"}, ""},
		{"PEM after a long text", append(bytes.Repeat([]byte("\n"), 1000), armor("CERTIFICATE", one.cert.Raw)...), []string{"one"}, ""},
		{"PEM after too long a text", append(bytes.Repeat([]byte("\n"), 1024), armor("CERTIFICATE", one.cert.Raw)...), nil, probe.HTTPBodyMismatch},
		{"PEM after another", append(armor("X509 CRL", []byte{0}), armor("CERTIFICATE", two.cert.Raw)...), []string{"two"}, ""},
		{"PKCS #7", pkcs7(t, one.cert, two.cert), []string{"one", "two"}, ""},
		{"PKCS #7 with as many certificates as are read", pkcs7(t, slices.Repeat([]*x509.Certificate{one.cert}, 8)...), slices.Repeat([]string{"one"}, 8), ""},
		{"PKCS #7 with one more", pkcs7(t, append(slices.Repeat([]*x509.Certificate{one.cert}, 8), two.cert)...), slices.Repeat([]string{"one"}, 8), ""},
		{"PKCS #7 of another type", bytes.Replace(pkcs7(t, one.cert), []byte("\x0d\x01\x07\x02"), []byte("\x0d\x01\x07\x03"), 1), nil, probe.HTTPBodyMismatch},
		{"PKCS #7 in PEM under another name", armor("PKCS7", pkcs7(t, one.cert)), nil, probe.HTTPBodyMismatch},
		{"PKCS #7 without certificates", pkcs7(t), nil, probe.HTTPBodyMismatch},
		{"two in a row", slices.Concat(one.cert.Raw, two.cert.Raw), nil, probe.HTTPBodyMismatch},
		{"text", []byte("hello"), nil, probe.HTTPBodyMismatch},
		{"nothing", nil, nil, probe.HTTPBodyMismatch},
		{"a broken PEM block", []byte("-----BEGIN CERTIFICATE-----\n!\n"), nil, probe.HTTPBodyMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			certs, code := probe.ReadIssuers(test.bytes)
			var got []string
			for _, c := range certs {
				got = append(got, c.Subject.CommonName)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || code != test.code {
				t.Errorf("code %q, want %q; certificates (-want +got):\n%s", code, test.code, diff)
			}
		})
	}
}

// pkcs7 returns a message that contains only certificates.
func pkcs7(t *testing.T, certs ...*x509.Certificate) []byte {
	t.Helper()
	var raw []byte
	for _, c := range certs {
		raw = append(raw, c.Raw...)
	}
	set := asn1.RawValue{Tag: asn1.TagSet, IsCompound: true}
	type content struct {
		Type asn1.ObjectIdentifier
	}
	type data struct {
		Version      int
		Digests      asn1.RawValue
		Content      content
		Certificates asn1.RawValue
		Signers      asn1.RawValue
	}
	message := struct {
		Type asn1.ObjectIdentifier
		Data data `asn1:"explicit,tag:0"`
	}{
		Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2},
		Data: data{
			Version: 1, Digests: set, Content: content{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}},
			Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: raw}, Signers: set,
		},
	}
	der, err := asn1.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// A system that fetched missing certificates may know a chain, which does not
// prove inspection.
func TestFilled(t *testing.T) {
	long := validity{2000, 2040}
	root := issue(t, nil, nil, "root", long, true)
	sub := issue(t, &root, nil, "sub", long, true)
	leaf := issue(t, &sub, nil, "leaf", long, false)
	certs := func(list ...issuer) []*x509.Certificate {
		var c []*x509.Certificate
		for _, i := range list {
			c = append(c, i.cert)
		}
		return c
	}
	for name, test := range map[string]struct {
		path, chain []*x509.Certificate
		want        bool
	}{
		"nothing":            {nil, certs(leaf), false},
		"a root alone":       {certs(root), certs(root), false},
		"a root not served":  {certs(leaf, sub, root), certs(leaf, sub), false},
		"everything served":  {certs(leaf, sub, root), certs(leaf, sub, root), false},
		"a sub not served":   {certs(leaf, sub, root), certs(leaf), true},
		"issued by the root": {certs(leaf, root), certs(leaf), false},
	} {
		if got := probe.Filled(test.path, test.chain); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}
