package probe_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/netready/netready/probe"
)

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// windowsProgram returns the certificates of the Windows root program by their
// SHA-256, with their use.
func windowsProgram(t *testing.T) (use, name map[string]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "windows-program.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	use, name = map[string]string{}, map[string]string{}
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if f[0] == "sha256" {
			continue
		}
		use[f[0]], name[f[0]] = f[2], f[1]
	}
	return use, name
}

// Roots that Windows trusts for servers are genuine, whatever the public bundle
// drops next, and nothing else is embedded.
func TestWindowsProgram(t *testing.T) {
	use, name := windowsProgram(t)
	public, limited := map[string]bool{}, map[string]bool{}
	for root := range bundle.Roots() {
		public[fingerprint(root.Certificate)] = true
		limited[fingerprint(root.Certificate)] = root.Constraint != nil
	}
	embedded := map[string]bool{}
	for _, c := range probe.WindowsRoots() {
		sum := fingerprint(c.Raw)
		embedded[sum] = true
		if use[sum] != "server" || public[sum] && !limited[sum] {
			t.Errorf("%s is embedded: use %q, public %t", c.Subject, use[sum], public[sum])
		}
		if !bytes.Equal(c.RawSubject, c.RawIssuer) {
			t.Errorf("%s is not a root", c.Subject)
		}
	}
	counts := map[string]int{}
	for sum, what := range use {
		counts[what]++
		if what == "server" && !embedded[sum] && (!public[sum] || limited[sum]) {
			t.Errorf("%s, %s, is trusted by Windows and not here", name[sum], sum)
		}
	}
	if counts["server"] != 251 || counts["other"] != 79 || counts["unreadable"] != 1 || counts["blocked"] != 218 {
		t.Errorf("the program has %v", counts)
	}
}

// Nothing that Windows blocks is genuine, even if the public bundle has it.
func TestNothingBlockedIsGenuine(t *testing.T) {
	use, _ := windowsProgram(t)
	check := func(set string, der []byte) {
		if use[fingerprint(der)] == "blocked" {
			t.Errorf("%s: %s is blocked by Windows", set, fingerprint(der))
		}
	}
	for root := range bundle.Roots() {
		check("public", root.Certificate)
	}
	for set, certs := range map[string][]*x509.Certificate{
		"Microsoft's": probe.MicrosoftRoots(), "Windows'": probe.WindowsRoots(), "intermediates": probe.SpareIntermediates(),
	} {
		for _, c := range certs {
			check(set, c.Raw)
		}
	}
}

// chainFile reads a certificate of a real host.
func chainFile(t *testing.T, name string) *x509.Certificate {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "chains", name+".pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		t.Fatalf("%s: not PEM", name)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if got := fingerprint(c.Raw); got != served()[name].sum {
		t.Fatalf("%s: SHA-256 %s", name, got)
	}
	return c
}

func TestSpareIntermediates(t *testing.T) {
	want := map[string]bool{}
	for _, n := range []string{"03", "04", "07", "08"} {
		spare, expired := chainFile(t, "microsoft-azure-rsa-tls-issuing-ca-"+n), chainFile(t, "microsoft-azure-rsa-tls-issuing-ca-"+n+"-cross-signed")
		if !bytes.Equal(spare.RawSubject, expired.RawSubject) || !bytes.Equal(spare.RawSubjectPublicKeyInfo, expired.RawSubjectPublicKeyInfo) {
			t.Errorf("%s: the two certificates are of different keys or names", n)
		}
		want[fingerprint(spare.Raw)] = true
	}
	for _, c := range probe.SpareIntermediates() {
		if !want[fingerprint(c.Raw)] {
			t.Errorf("%s is embedded", c.Subject)
		}
		delete(want, fingerprint(c.Raw))
	}
	if len(want) > 0 {
		t.Errorf("%d are not embedded", len(want))
	}
}

// A run with only genuine chains does not parse these roots.
func BenchmarkWindowsRoots(b *testing.B) {
	for b.Loop() {
		if len(probe.WindowsRoots()) == 0 {
			b.Fatal("no roots")
		}
	}
}
