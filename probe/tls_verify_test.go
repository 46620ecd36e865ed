package probe_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// An issuer is a certificate with its key.
type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// A validity is the period of a certificate, in years.
type validity struct{ from, until int }

func (v validity) time(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// issue issues a certificate. Without an issuer it is self-signed.
func issue(t *testing.T, by *issuer, key *ecdsa.PrivateKey, name string, v validity, ca bool) issuer {
	t.Helper()
	if key == nil {
		var err error
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(v.from)), Subject: pkix.Name{CommonName: name},
		NotBefore: v.time(v.from), NotAfter: v.time(v.until),
		BasicConstraintsValid: true, IsCA: ca, DNSNames: []string{name},
	}
	parent := issuer{template, key}
	if by != nil {
		parent = *by
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{cert, key}
}

func pool(certs ...issuer) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c.cert)
	}
	return p
}

func TestVerify(t *testing.T) {
	long := validity{2000, 2040}
	public := issue(t, nil, nil, "public root", long, true)
	microsoft := issue(t, nil, nil, "microsoft root", long, true)
	machine := issue(t, nil, nil, "machine root", long, true)
	other := issue(t, nil, nil, "other root", long, true)
	young := issue(t, nil, nil, "young root", validity{2022, 2040}, true)

	old := issue(t, nil, nil, "old root", validity{2000, 2022}, true)

	sub := issue(t, &public, nil, "public sub", validity{2010, 2030}, true)
	oldSub := issue(t, &public, nil, "old sub", validity{2010, 2024}, true)
	crossed := issue(t, &other, sub.key, "public sub", validity{2010, 2015}, true)
	crossed23 := issue(t, &other, sub.key, "public sub", validity{2010, 2023}, true)
	later := issue(t, &other, sub.key, "public sub", validity{2022, 2030}, true)
	v := validity{2020, 2026}
	leaf := issue(t, &sub, nil, "leaf", v, false)
	oldLeaf := issue(t, &oldSub, nil, "leaf", v, false)
	chain := func(certs ...issuer) []*x509.Certificate {
		var list []*x509.Certificate
		for _, c := range certs {
			list = append(list, c.cert)
		}
		return list
	}
	long2 := chain(leaf)
	for range 20 {
		long2 = append(long2, other.cert)
	}
	long2 = append(long2, sub.cert)
	noClient := pool()
	noClient.AddCertWithConstraint(public.cert, func([]*x509.Certificate) error { return errors.New("distrusted") })

	type verified struct {
		By          string
		From, Until int
	}
	tests := []struct {
		name   string
		chain  []*x509.Certificate
		public *x509.CertPool
		now    int
		want   verified
	}{
		{"valid", chain(leaf, sub), pool(public), 2023, verified{"public", 2020, 2026}},
		{"expired", chain(leaf, sub), pool(public), 2028, verified{"public", 2020, 2026}},
		{"long expired, and the roots too", chain(leaf, sub), pool(public), 2090, verified{"public", 2020, 2026}},
		{"not yet valid", chain(leaf, sub), pool(public), 2015, verified{"public", 2020, 2026}},
		{"before the roots", chain(leaf, sub), pool(public), 1970, verified{"public", 2020, 2026}},
		{"the intermediate expired", chain(oldLeaf, oldSub), pool(public), 2025, verified{"public", 2020, 2024}},
		{"the intermediate expired before the leaf was issued", chain(issue(t, &oldSub, nil, "leaf", validity{2025, 2030}, false), oldSub), pool(public), 2026, verified{"public", 2025, 2024}},
		{"the leaf is older than its root", chain(issue(t, &young, nil, "leaf", v, false)), pool(young), 1970, verified{"public", 2022, 2026}},
		{"the root expired before the leaf", chain(issue(t, &old, nil, "leaf", v, false)), pool(old), 2024, verified{"public", 2020, 2022}},
		{"a cross certificate expired", chain(leaf, crossed, sub), pool(public, other), 2023, verified{"public", 2020, 2026}},
		{"a certificate of no use expired", chain(leaf, sub, crossed), pool(public), 2028, verified{"public", 2020, 2026}},
		{"two paths expired, the first later", chain(leaf, sub, crossed23), pool(public, other), 2028, verified{"public", 2020, 2026}},
		{"two paths expired, the second later", chain(leaf, crossed23, sub), pool(public, other), 2028, verified{"public", 2020, 2026}},
		{"a path is valid, and one will be that is valid longer", chain(leaf, crossed23, later), pool(other), 2021, verified{"public", 2020, 2023}},
		{"a path will be valid longer than the one that is", chain(leaf, later, crossed23), pool(other), 2021, verified{"public", 2020, 2023}},
		{"of Microsoft's", chain(issue(t, &microsoft, nil, "leaf", v, false)), pool(public), 2023, verified{"microsoft", 2020, 2026}},
		{"of Microsoft's, expired", chain(issue(t, &microsoft, nil, "leaf", v, false)), pool(public), 2028, verified{"microsoft", 2020, 2026}},
		{"of the machine's", chain(issue(t, &machine, nil, "leaf", v, false)), pool(public), 2023, verified{"machine", 2020, 2026}},
		{"of the machine's, not yet valid", chain(issue(t, &machine, nil, "leaf", v, false)), pool(public), 2019, verified{"machine", 2020, 2026}},
		{"of nobody's", chain(issue(t, &other, nil, "leaf", v, false)), pool(public), 2023, verified{}},
		{"of nobody's, expired", chain(issue(t, &other, nil, "leaf", v, false)), pool(public), 2028, verified{}},
		{"signed by itself", chain(issue(t, nil, nil, "leaf", v, false)), pool(public), 2023, verified{}},
		{"without its intermediate", chain(leaf), pool(public), 2023, verified{}},
		{"with its intermediate too late", long2, pool(public), 2023, verified{}},
		{"of a root that is limited", chain(leaf, sub), noClient, 2023, verified{}},
	}
	year := func(at time.Time) int {
		if at.IsZero() {
			return 0
		}
		return at.Year()
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := probe.Verify(test.chain, v.time(test.now), test.public, pool(microsoft), pool(machine))
			if diff := cmp.Diff(test.want, verified{got.By, year(got.From), year(got.Until)}); diff != "" {
				t.Errorf("verification (-want +got):\n%s", diff)
			}
			if got.OK != (got.By != "") {
				t.Errorf("verified by %q, but OK is %t", got.By, got.OK)
			}
		})
	}
}

func TestMicrosoftRoots(t *testing.T) {
	got := map[string]string{}
	for _, c := range probe.MicrosoftRoots() {
		sum := sha256.Sum256(c.Raw)
		got[c.Subject.CommonName] = hex.EncodeToString(sum[:])
	}
	want := map[string]string{
		"Microsoft ECC Product Root Certificate Authority 2018": "caca93b9d23d2b6fa76e8b8471931e0df3ec6f63af3cdbb936c41954a1872326",
		"Microsoft Root Certificate Authority 2010":             "df545bf919a2439c36983b54cdfc903dfa4f37d3996d8d84b4c31eec6f3c163e",
		"Microsoft Root Certificate Authority 2011":             "847df6a78497943f27fc72eb93f9a637320a02b561d0a91b09e87a7807ed7c61",
		"Microsoft TLS RSA Root G2":                             "6a170583db584151e1c454eeca2a64cc5d8e484a5bd1156e720b4458654ee9e5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("SHA-256 of the DER (-want +got):\n%s", diff)
	}
}

// They are genuine whatever the other sets are.
func TestMicrosoftRootsAreGenuine(t *testing.T) {
	none := x509.NewCertPool()
	for _, n := range []probe.Network{{Roots: none}, {Roots: none, PublicRoots: none}} {
		for _, c := range probe.MicrosoftRoots() {
			if got := probe.VerifiedBy(n, []*x509.Certificate{c}); got != "microsoft" {
				t.Errorf("%s: verified by %q, want microsoft", c.Subject, got)
			}
		}
	}
}

func TestPublicRoots(t *testing.T) {
	public := probe.PublicRoots()
	if public.Equal(x509.NewCertPool()) {
		t.Fatal("no roots")
	}
	if public != probe.PublicRoots() {
		t.Error("loaded twice")
	}
	for _, c := range probe.MicrosoftRoots() {
		_, err := c.Verify(x509.VerifyOptions{Roots: public, CurrentTime: c.NotBefore, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
		if err == nil {
			t.Errorf("%s is in the public set already", c.Subject)
		}
	}
}
