package probe_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// served returns the certificates in testdata/chains, with the SHA-256 of their
// DER.
func served() map[string]struct{ sum, by string } {
	const expired = "" // at the time of the tests
	return map[string]struct{ sum, by string }{
		"microsoft-azure-rsa-tls-issuing-ca-03":              {"3d3f4b440f933ffd269565eda9e20e8df863c9cbe3651d3b476c5b4f4af5ce28", "public"},
		"microsoft-azure-rsa-tls-issuing-ca-04":              {"fd39ffc48f148354262162a2f55dd46dc2564cfc1499309ad53f09c10981dcca", "public"},
		"microsoft-azure-rsa-tls-issuing-ca-07":              {"fbb7926a451badf516be518614a77e6e325e29819908796d807f59320f918ee2", "public"},
		"microsoft-azure-rsa-tls-issuing-ca-08":              {"cfdd061fcd4cff3bb9e133264ca7fde45ca49b70cfaa977ae0dc422b4330a8c1", "public"},
		"microsoft-azure-rsa-tls-issuing-ca-03-cross-signed": {"9d1bc5d2dd75bf8b64f35e7f919e2546c225be888c1a8cbe82c0e9579234a7ed", expired},
		"microsoft-azure-rsa-tls-issuing-ca-04-cross-signed": {"33f9731be910a66dc6acd07d9d9ca212ee8d0a9a5c78c8bf3e89bb74df8fb936", expired},
		"microsoft-azure-rsa-tls-issuing-ca-07-cross-signed": {"724247794951c93f3e41711617e95ce143263e3196c345a1da78f6639749ec03", expired},
		"microsoft-azure-rsa-tls-issuing-ca-08-cross-signed": {"511c1c41cb7eb2a10078c32c82f17925ba786de46c633921d038e7409e15a5ea", expired},
		"microsoft-ecc-update-secure-server-ca-2.1":          {"21158ad4dce10197239a87ebeb4d8d47e9e9be716ad497a2e036774caf5072cf", "microsoft"},
		"microsoft-tls-g2-rsa-ca-ocsp-02":                    {"ea7a25255d111fc3ce4cb8fabe3adf9c27bbe6db203f955066bab4c5a71f3d08", "microsoft"},
		"microsoft-tls-g2-rsa-ca-ocsp-04":                    {"ac8ea9f2874fd368a3e778b1a0b165ee898db9b9687c17edcdc76908ab58c82c", "microsoft"},
		"microsoft-tls-rsa-root-g2-cross-signed":             {"ddcd1e8a20638d4aaff7201bb1d56452acd2c759f1686bdc38f73dd15732bdc2", "public"},
		"microsoft-update-secure-server-ca-2.1":              {"6139e2df97dc93bf7e90a303f75b3968fd06c57316b45e94dcff773707cf2754", "microsoft"},
	}
}

// windowsMachine returns the store of a Windows machine, without the roots that
// are not available as files.
func windowsMachine() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		if c, err := x509.ParseCertificate(root.Certificate); err == nil {
			pool.AddCert(c)
		}
	}
	for _, c := range append(probe.MicrosoftRoots(), probe.WindowsRoots()...) {
		pool.AddCert(c)
	}
	return pool
}

// Chains of real hosts are genuine on every machine, even if it cannot fetch
// missing certificates. The four cross-signed certificates expired on
// 2026-08-25; since then only other certificates of these CAs help.
func TestServedChains(t *testing.T) {
	day := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for machine, roots := range map[string]*x509.CertPool{"a machine of Windows": windowsMachine(), "another machine": x509.NewCertPool()} {
		for name := range served() {
			for _, reachable := range []bool{true, false} {
				t.Run(strings.Join([]string{machine, name, map[bool]string{true: "with issuer URLs", false: "without"}[reachable]}, "/"), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						time.Sleep(time.Until(day))
						i := &probetest.Internet{Handler: issuerFiles(t)}
						if reachable {
							i.Hosts = []string{"www.microsoft.com", "caissuers.microsoft.com", "cacerts.digicert.com"}
						}
						n := i.Network()
						n.Roots, n.PublicRoots = roots, nil
						o, _ := probe.Complete(t.Context(), n, []*x509.Certificate{chainFile(t, name)})
						by := served()[name].by
						if by == "" {
							end := time.Date(2026, 8, 25, 23, 59, 59, 0, time.UTC)
							if o.TLS.VerifiedBy != "public" || !o.TLS.ValidUntil.Equal(end) {
								t.Errorf("verified by %q, valid until %v", o.TLS.VerifiedBy, o.TLS.ValidUntil)
							}
							return
						}
						if o.TLS.VerifiedBy != by || o.TLS.ValidFrom.After(day) || o.TLS.ValidUntil.Before(day) {
							t.Errorf("verified by %q, valid from %v until %v; want %q, valid", o.TLS.VerifiedBy, o.TLS.ValidFrom, o.TLS.ValidUntil, by)
						}
						if len(o.Steps) > 0 {
							t.Errorf("something was fetched: %+v", o.Steps)
						}
					})
				})
			}
		}
	}
}

// issuerFiles serves the certificates that those in testdata point to.
func issuerFiles(t *testing.T) http.Handler {
	t.Helper()
	files := map[string][]byte{
		"/pkiops/certs/Microsoft TLS RSA Root G2 - xsign.crt": chainFile(t, "microsoft-tls-rsa-root-g2-cross-signed").Raw,
	}
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		switch c.Subject.CommonName {
		case "DigiCert Global Root G2":
			files["/DigiCertGlobalRootG2.crt"] = c.Raw
		case "Microsoft RSA Root Certificate Authority 2017":
			files["/pkiops/certs/Microsoft RSA Root Certificate Authority 2017.crt"] = c.Raw
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b := files[r.URL.Path]; b != nil {
			_, _ = w.Write(b)
			return
		}
		http.NotFound(w, r)
	})
}

// Chains of every genuine set prove their hosts, and their revocation is
// checked.
func TestGenuineSetsAreEqual(t *testing.T) {
	day := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	list := "http://www.microsoft.com/pkiops/crl/Microsoft%20ECC%20Product%20Root%20Certificate%20Authority%202018.crl"
	synctest.Test(t, func(t *testing.T) {
		n := new(probetest.Internet).Network()
		var got []string
		for _, d := range probe.Sources(t.Context(), n, []*x509.Certificate{chainFile(t, "microsoft-ecc-update-secure-server-ca-2.1")}, day) {
			got = append(got, d.URL)
		}
		if diff := cmp.Diff([]string{list}, got); diff != "" {
			t.Errorf("asked for revocation (-want +got):\n%s", diff)
		}
	})
	for set, want := range map[string]bool{"public": true, "microsoft": true, "windows": true, "machine": false, "": false} {
		if probe.GenuineFacts(set) != want {
			t.Errorf("%q proves a host: %t", set, !want)
		}
	}
}

// Roots that browsers have dropped are genuine on every machine.
func TestOldPublicRoots(t *testing.T) {
	found := map[string]bool{"DigiCert Global Root CA": false, "DigiCert High Assurance EV Root CA": false, "Baltimore CyberTrust Root": false, "GlobalSign Root CA": false, "AAA Certificate Services": false, "Entrust Root Certification Authority - G2": false}
	n := probe.Network{Roots: x509.NewCertPool()}
	for _, c := range probe.WindowsRoots() {
		if _, ok := found[c.Subject.CommonName]; !ok {
			continue
		}
		found[c.Subject.CommonName] = true
		if by := probe.VerifiedBy(n, []*x509.Certificate{c}); by != "windows" {
			t.Errorf("%s: verified by %q", c.Subject, by)
		}
	}
	for name, ok := range found {
		if !ok {
			t.Errorf("%s is missing", name)
		}
	}
}

// A root that Microsoft ships is recognized by its hash where only the machine
// has it.
func TestShippedRoots(t *testing.T) {
	var shipped, other *x509.Certificate
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		switch c.Subject.CommonName {
		case "Microsoft RSA Root Certificate Authority 2017":
			shipped = c
		case "DigiCert Global Root G2":
			other = c
		}
	}
	machine := func(roots ...*x509.Certificate) probe.Network {
		pool := x509.NewCertPool()
		for _, c := range roots {
			pool.AddCert(c)
		}
		return probe.Network{Roots: pool, PublicRoots: x509.NewCertPool()}
	}
	spare, crossed := chainFile(t, "microsoft-azure-rsa-tls-issuing-ca-03"), chainFile(t, "microsoft-tls-rsa-root-g2-cross-signed")
	for _, test := range []struct {
		name  string
		chain []*x509.Certificate
		roots []*x509.Certificate
		want  string
	}{
		{"one of Microsoft's", []*x509.Certificate{spare}, []*x509.Certificate{shipped, other}, "microsoft"},
		{"one of someone else's", []*x509.Certificate{crossed}, []*x509.Certificate{shipped, other}, "machine"},
		{"nobody's", []*x509.Certificate{spare}, []*x509.Certificate{other}, ""},
	} {
		if got := probe.VerifiedBy(machine(test.roots...), test.chain); got != test.want {
			t.Errorf("%s: verified by %q, want %q", test.name, got, test.want)
		}
	}
}

// Ordinary chains neither load the Windows roots nor ask the system.
func TestSetsAreLoadedWhenNeeded(t *testing.T) {
	long, short := validity{2000, 2040}, validity{2010, 2024}
	root, stranger := issue(t, nil, nil, "root", long, true), issue(t, nil, nil, "stranger", long, true)
	old := issue(t, &root, nil, "old sub", short, true)
	certs := func(list ...issuer) []*x509.Certificate {
		var c []*x509.Certificate
		for _, i := range list {
			c = append(c, i.cert)
		}
		return c
	}
	all := []string{"public", "microsoft", "windows", "machine"}
	for _, test := range []struct {
		name  string
		chain []*x509.Certificate
		want  []string
	}{
		{"genuine", certs(issue(t, &root, nil, "leaf", long, false)), []string{"public"}},
		{"an expired leaf", certs(issue(t, &root, nil, "leaf", short, false)), []string{"public", "microsoft", "windows"}},
		{"an expired intermediate", certs(issue(t, &old, nil, "leaf", long, false), old), all},
		{"nobody's", certs(issue(t, &stranger, nil, "leaf", long, false)), all},
	} {
		got := probe.SetsFor(test.chain, long.time(2025), pool(root))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// namesake issues a certificate under another CA's name.
func namesake(t *testing.T, by *issuer, raw []byte, urls ...string) issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), RawSubject: raw, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, IssuingCertificateURL: urls,
	}
	parent := issuer{template, key}
	if by != nil {
		parent = *by
	}
	return signed(t, template, parent, key)
}

func signed(t *testing.T, template *x509.Certificate, parent issuer, key *ecdsa.PrivateKey) issuer {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{c, key}
}

// named returns the DER of a U.S. organization's name.
func named(t *testing.T, organization, name string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7),
		Subject:      pkix.Name{Country: []string{"US"}, Organization: []string{organization}, CommonName: name},
		NotBefore:    time.Now(), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	return signed(t, template, issuer{template, key}, key).cert.RawSubject
}

// A machine's own CA inspects, whatever its name; elsewhere it is unknown. Only
// a missing certificate makes a chain incomplete.
func TestNamesProveNothing(t *testing.T) {
	eccRoot := func(t *testing.T) []byte {
		t.Helper()
		return named(t, "Microsoft Corporation", "Microsoft TLS ECC Root G2")
	}
	tests := []struct {
		name  string
		chain func(t *testing.T) (chain []issuer, root issuer)
		known bool // to the machine
		want  probe.Code
	}{
		{"a CA of the machine's under Microsoft's names", forgedUpdateCA, true, probe.TLSInspected},
		{"the same, unknown to the machine", forgedUpdateCA, false, probe.TLSUntrusted},
		{"a root that is not to be had", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			root := namesake(t, nil, eccRoot(t))
			sub := namesake(t, &root, named(t, "Microsoft Corporation", "Microsoft TLS G2 ECC CA OCSP 02"))
			return []issuer{issuePointing(t, sub, host, ""), sub}, root
		}, false, probe.TLSIncomplete},
		{"a root that is not to be had, and an issuer URL that is blocked", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			root := namesake(t, nil, eccRoot(t))
			sub := namesake(t, &root, named(t, "Microsoft Corporation", "Microsoft TLS G2 ECC CA OCSP 02"), "http://nowhere.example/xsign.crt")
			return []issuer{issuePointing(t, sub, host, ""), sub}, root
		}, false, probe.TLSIncomplete},
		{"a root of that name that the machine has", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			root := namesake(t, nil, eccRoot(t))
			return []issuer{issuePointing(t, root, host, "")}, root
		}, true, probe.TLSInspected},
		{"a root of that name that is served", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			root := namesake(t, nil, eccRoot(t))
			return []issuer{issuePointing(t, root, host, ""), root}, root
		}, false, probe.TLSUntrusted},
		{"an intermediate of a public CA, which is nowhere", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			sub := namesake(t, nil, named(t, "DigiCert Inc", "DigiCert Global G9 TLS CA1"))
			return []issuer{issuePointing(t, sub, host, "")}, sub
		}, false, probe.TLSIncomplete},
		{"one that cannot be fetched", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			sub := namesake(t, nil, named(t, "DigiCert Inc", "DigiCert Global G9 TLS CA1"))
			return []issuer{issuePointing(t, sub, host, "http://nowhere.example/ca1.crt")}, sub
		}, false, probe.TLSUntrusted},
		{"one whose URL is never asked", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			sub := namesake(t, nil, named(t, "DigiCert Inc", "DigiCert Global G9 TLS CA1"))
			return []issuer{issuePointing(t, sub, host, "https://nowhere.example/ca1.crt")}, sub
		}, false, probe.TLSIncomplete},
		{"an intermediate of an unknown organization", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			sub := namesake(t, nil, named(t, "Contoso", "Contoso TLS CA1"))
			return []issuer{issuePointing(t, sub, host, "")}, sub
		}, false, probe.TLSUntrusted},
		{"a forged signature below a missing intermediate", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			ca := named(t, "DigiCert Inc", "DigiCert Global G9 TLS CA1")
			sub, forger := namesake(t, nil, ca), namesake(t, nil, ca)
			middle := namesake(t, &sub, named(t, "Contoso", "sub"))
			false1 := namesake(t, &forger, named(t, "Contoso", "sub"))
			return []issuer{issuePointing(t, false1, host, ""), middle}, sub
		}, false, probe.TLSUntrusted},
		{"the name of a spare intermediate and another key", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			sub := namesake(t, nil, chainFile(t, "microsoft-azure-rsa-tls-issuing-ca-03").RawSubject)
			return []issuer{issuePointing(t, sub, host, "")}, sub
		}, false, probe.TLSUntrusted},
		{"the name of an old root and another key", func(t *testing.T) ([]issuer, issuer) {
			t.Helper()
			sub := namesake(t, nil, probe.WindowsRoots()[0].RawSubject)
			return []issuer{issuePointing(t, sub, host, "")}, sub
		}, false, probe.TLSUntrusted},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				list, root := test.chain(t)
				n := new(probetest.Internet).Network()
				n.PublicRoots, n.Roots = nil, x509.NewCertPool()
				if test.known {
					n.Roots.AddCert(root.cert)
				}
				var chain []*x509.Certificate
				for _, c := range list {
					chain = append(chain, c.cert)
				}
				o, code := probe.Complete(t.Context(), n, chain)
				if code != test.want {
					t.Errorf("code %q, want %q", code, test.want)
				}
				missing := list[len(list)-1].cert.Issuer.String()
				if code != probe.TLSIncomplete {
					return
				}
				if o.TLS.MissingIssuer != missing || !strings.Contains(o.Error.Error(), "cannot be verified on this machine, "+missing+" is missing") {
					t.Errorf("missing %q, error %v; want %q", o.TLS.MissingIssuer, o.Error, missing)
				}
			})
		})
	}
}

// forgedUpdateCA returns a chain with the names of the update hosts' chains.
func forgedUpdateCA(t *testing.T) ([]issuer, issuer) {
	t.Helper()
	genuine := chainFile(t, "microsoft-ecc-update-secure-server-ca-2.1")
	root := namesake(t, nil, genuine.RawIssuer)
	sub := namesake(t, &root, genuine.RawSubject)
	return []issuer{issuePointing(t, sub, host, ""), sub}, root
}
