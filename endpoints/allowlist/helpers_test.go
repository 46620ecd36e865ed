package allowlist_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
)

var update = flag.Bool("update", false, "write the golden files")

// A dialect writes a list in one format.
type dialect func(io.Writer, *allowlist.List) ([]allowlist.Gap, error)

// dialects are all formats, by the name of their golden file.
func dialects() map[string]dialect {
	return map[string]dialect{
		"hosts.txt":  allowlist.Hosts,
		"list.csv":   allowlist.CSV,
		"squid.conf": allowlist.Squid,
		"proxy.pac":  withProxy,
		"sets.nft":   allowlist.NFT,
		"edl.txt":    allowlist.EDL,
	}
}

func withProxy(w io.Writer, l *allowlist.List) ([]allowlist.Gap, error) {
	return allowlist.PAC(w, l, "proxy.contoso.com:3128", "socks5://[2001:db8::1]:1080")
}

// small returns a catalog with hosts of every kind.
func small(tb testing.TB) *endpoints.Catalog {
	tb.Helper()
	f, err := os.Open("testdata/catalog.json")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	c, err := endpoints.Decode(f)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// newList returns a valid scope's list.
func newList(tb testing.TB, c *endpoints.Catalog, s endpoints.Scope) *allowlist.List {
	tb.Helper()
	l, err := allowlist.New(c, s)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// written returns a list in one format.
func written(tb testing.TB, d dialect, l *allowlist.List) (string, []allowlist.Gap) {
	tb.Helper()
	var b strings.Builder
	gaps, err := d(&b, l)
	if err != nil {
		tb.Fatal(err)
	}
	return b.String(), gaps
}

// scopes are all pairs of scenario and cloud, with and without a tenant.
func scopes() []endpoints.Scope {
	var out []endpoints.Scope
	for _, scenario := range endpoints.Scenarios() {
		for _, cloud := range endpoints.Clouds() {
			s := endpoints.Scope{Scenario: scenario, Cloud: cloud}
			out = append(out, s)
			s.Tenant, s.Domains = "contoso", []string{"contoso.com"}
			out = append(out, s)
		}
	}
	return out
}

// golden compares a text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", path, diff)
	}
}

// lines returns gaps as texts.
func lines(gaps []allowlist.Gap) []string {
	var out []string
	for _, g := range gaps {
		out = append(out, g.String())
	}
	return out
}
