package probe_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// FuzzChain: whatever certificates a peer shows, what is told of them is short and
// visible, and a chain under no known root is never genuine.
func FuzzChain(f *testing.F) {
	files, err := filepath.Glob("testdata/chains/*.pem")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var der []byte
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			der = append(der, block.Bytes...)
		}
		f.Add(der)
	}
	o := newOffice(f)
	f.Add(append(append([]byte{}, o.leaf.cert.Raw...), o.issuer.cert.Raw...))
	f.Fuzz(func(t *testing.T, der []byte) {
		chain, err := x509.ParseCertificates(der)
		if err != nil || len(chain) == 0 {
			return
		}
		facts := probe.Describe(probe.Network{}, chain)
		checkTexts(t, probe.Finish(probe.Observation{Attempts: 1, TLS: &probe.TLSFacts{Chain: facts}}))
		none := x509.NewCertPool()
		if v := probe.Verify(chain, time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), none, none, none); v.OK || v.By != "" {
			t.Errorf("verified by %q without roots", v.By)
		}
	})
}
