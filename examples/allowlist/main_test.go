package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/clitest"
)

func call(args ...string) clitest.Outcome {
	return clitest.Run(func(stdout, stderr *strings.Builder) int { return run(args, stdout, stderr) })
}

// own returns a catalog with three hosts.
func own(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "catalog.json")
	const data = `{
		"format": "netready-endpoints/1", "version": "1", "date": "2026-03-01",
		"sources": {"book": {"title": "Contoso network handbook", "ref": "handbook.example", "date": "2026"}},
		"services": [{"service": "vpn", "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "book", "groups": [{"endpoints": [
			{"host": "vpn.contoso.com"}, {"host": "*.vpn.contoso.com"}, {"host": "vpn*.contoso.net"}, {"host": "{tenant}.vpn.example"}, {"host": "192.0.2.7"}]}]}]}`
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDialects(t *testing.T) {
	catalog := own(t)
	tests := []struct {
		name   string
		args   []string
		stdout []string // lines that must be present
		stderr string
	}{
		{
			name:   "hosts",
			args:   []string{"-dialect", "hosts"},
			stdout: []string{"# Scope: autopilot, worldwide", "# Catalog: version 1, checked against its sources on 2026-03-01", "*.vpn.contoso.com", "vpn*.contoso.net"},
			stderr: "allowlist: gaps in the list: 1\n  {tenant}.vpn.example (vpn) on tcp/443 https: needs the tenant's name\n",
		},
		{
			name:   "a list without comments, for a tenant",
			args:   []string{"-dialect", "edl", "-no-comments", "-tenant", "contoso, contoso.com", "-windows", "11"},
			stdout: []string{"*.vpn.contoso.com", "contoso.vpn.example", "vpn.contoso.com"},
			stderr: "allowlist: gaps in the list: 2\n  192.0.2.7 (vpn) on tcp/443 https: is an address; this format supports names only\n" +
				"  vpn*.contoso.net (vpn) on tcp/443 https: has a wildcard that this format does not support\n",
		},
		{
			name:   "a table",
			args:   []string{"-dialect", "csv", "-tenant", "contoso"},
			stdout: []string{"vpn,vpn.contoso.com,tcp/443 https,required,,,Contoso network handbook,handbook.example,2026,,\"autopilot, worldwide, tenant contoso\",1 2026-03-01,current\r"},
		},
		{
			name:   "squid",
			args:   []string{"-dialect", "squid", "-tenant", "contoso"},
			stdout: []string{"acl netready_domains dstdomain -n .vpn.contoso.com", `acl netready_expressions dstdom_regex -n -i ^vpn[^.]*\.contoso\.net$`, "acl netready any-of netready_domains netready_expressions netready_addresses"},
		},
		{
			name:   "a PAC file",
			args:   []string{"-dialect", "pac", "-tenant", "contoso", "-proxy", "a.example:3128, socks5://b.example:1080"},
			stdout: []string{`	return netreadyDirect(host) ? "DIRECT" : "PROXY a.example:3128; SOCKS5 b.example:1080; SOCKS b.example:1080";`},
		},
		{
			name:   "nftables",
			args:   []string{"-dialect", "nft", "-tenant", "contoso", "-features", "none"},
			stdout: []string{"# Scope: autopilot, worldwide, tenant contoso, no features", "\t192.0.2.7/32 . tcp . 443"},
			stderr: "allowlist: gaps in the list: 4\n" +
				"  *.vpn.contoso.com (vpn) on tcp/443 https: has no published addresses; allow it by name elsewhere\n" +
				"  contoso.vpn.example (vpn) on tcp/443 https: has no published addresses; allow it by name elsewhere\n" +
				"  vpn*.contoso.net (vpn) on tcp/443 https: has no published addresses; allow it by name elsewhere\n" +
				"  vpn.contoso.com (vpn) on tcp/443 https: has no published addresses; allow it by name elsewhere\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(append(tt.args, "-catalog", catalog)...)
			if got.Status != 0 {
				t.Errorf("status %d", got.Status)
			}
			if diff := cmp.Diff(tt.stderr, got.Stderr); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
			all := strings.Split(got.Stdout, "\n")
			for _, line := range tt.stdout {
				if !slices.Contains(all, line) {
					t.Errorf("no line %q in\n%s", line, got.Stdout)
				}
			}
		})
	}
}

// TestBuiltIn writes the built-in catalog for each scenario and cloud.
func TestBuiltIn(t *testing.T) {
	for _, scenario := range endpoints.Scenarios() {
		for _, cloud := range endpoints.Clouds() {
			for _, dialect := range dialects() {
				got := call("-dialect", dialect, "-scenario", string(scenario), "-cloud", string(cloud))
				nothing := got.Status == 2 && strings.HasPrefix(got.Stderr, "allowlist: the catalog has nothing for "+string(scenario))
				selected, err := endpoints.Embedded().Select(endpoints.Scope{Scenario: scenario, Cloud: cloud})
				if err != nil {
					t.Fatal(err)
				}
				if nothing != (selected == nil) || !nothing && got.Status != 0 {
					t.Errorf("%s for %s in %s: status %d, %s", dialect, scenario, cloud, got.Status, got.Stderr)
				}
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	catalog := own(t)
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no dialect", nil, "-dialect is missing: want one of hosts, csv, squid, pac, nft, edl"},
		{"an unknown dialect", []string{"-dialect", "iptables"}, `invalid value "iptables" for flag -dialect: want one of hosts, csv, squid, pac, nft, edl`},
		{"an unknown scenario", []string{"-dialect", "hosts", "-scenario", "moon"}, `invalid value "moon" for flag -scenario: want one of autopilot,`},
		{"an unknown cloud", []string{"-dialect", "hosts", "-cloud", "moon"}, `invalid value "moon" for flag -cloud: want one of worldwide,`},
		{"an unknown region", []string{"-dialect", "hosts", "-region", "moon"}, `invalid value "moon" for flag -region: want one of north-america,`},
		{"an unknown TPM vendor", []string{"-dialect", "hosts", "-tpm", "moon"}, `invalid value "moon" for flag -tpm: want one of intel,`},
		{"an unknown generation", []string{"-dialect", "hosts", "-windows", "95"}, `invalid value "95" for flag -windows: want one of 10, 11`},
		{"an unknown feature", []string{"-dialect", "hosts", "-features", "scripts,moon"}, `invalid value "scripts,moon" for flag -features: "moon": want one of office-apps,`},
		{"two names of a tenant", []string{"-dialect", "hosts", "-tenant", "contoso,fabrikam"}, `invalid value "contoso,fabrikam" for flag -tenant: "fabrikam": a tenant has only one name, already given as contoso`},
		{"no features, and one", []string{"-dialect", "hosts", "-features", "none,scripts"}, `invalid value "none,scripts" for flag -features: "none": cannot be combined with other features`},
		{"a pattern instead of a tenant", []string{"-dialect", "hosts", "-tenant", "*.contoso.com"}, `invalid value "*.contoso.com" for flag -tenant: want a tenant's name, as in contoso, or a verified domain`},
		{"an empty tenant", []string{"-dialect", "hosts", "-tenant", ""}, `invalid value "" for flag -tenant: want a tenant's name`},
		{"a proxy elsewhere", []string{"-dialect", "squid", "-proxy", "a.example:1"}, "-proxy needs -dialect pac"},
		{"a proxy with a password", []string{"-dialect", "pac", "-proxy", "http://user:secret@a.example:1"}, "proxy 1: want a host and a port"},
		{"comments that have to be", []string{"-dialect", "squid", "-no-comments"}, "-no-comments needs -dialect hosts or edl"},
		{"an argument", []string{"-dialect", "pac", "user:secret@x"}, `unexpected argument "…@x": everything is a flag`},
		{"no name of a file", []string{"-dialect", "hosts", "-o", ""}, `invalid value "" for flag -o: want the name of a file`},
		{"a missing catalog", []string{"-dialect", "hosts", "-catalog", filepath.Join(t.TempDir(), "none")}, "-catalog: open "},
		{"an invalid catalog", []string{"-dialect", "hosts", "-catalog", "main.go"}, "-catalog main.go: line 1: "},
		{"a scope with nothing in it", []string{"-dialect", "hosts", "-catalog", catalog, "-cloud", "china"}, "the catalog has nothing for autopilot, china"},
		{"a missing folder", []string{"-dialect", "hosts", "-o", filepath.Join("none", "list")}, "-o: open " + filepath.Join("none", "list") + ": "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(tt.args...)
			if got.Status != 2 || got.Stdout != "" || !strings.HasPrefix(got.Stderr, "allowlist: "+tt.want) || strings.Contains(got.Stderr, "secret") {
				t.Errorf("status %d, stdout %q, stderr %q", got.Status, got.Stdout, got.Stderr)
			}
		})
	}
}

// TestOutput: a file is replaced entirely, and keeps its mode and the link to
// it.
func TestOutput(t *testing.T) {
	catalog, dir := own(t), t.TempDir()
	path, link := filepath.Join(dir, "list"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, bytes.Repeat([]byte("old\n"), 1000), 0o640); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		link = path // links need a privilege on Windows
	} else if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	got := call("-dialect", "hosts", "-catalog", catalog, "-no-comments", "-tenant", "contoso", "-o", link)
	if diff := cmp.Diff(clitest.Outcome{}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("*.vpn.contoso.com\n192.0.2.7\ncontoso.vpn.example\nvpn*.contoso.net\nvpn.contoso.com\n", string(data)); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o640 {
		t.Errorf("mode %o", mode)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 2 {
		t.Errorf("%d files, %v", len(left), err)
	}
	// A bad flag leaves the file alone.
	call("-dialect", "pac", "-proxy", "x", "-o", path)
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, data) {
		t.Errorf("the file changed: %v", err)
	}
}

// A fullWriter always fails.
type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestStdoutFails(t *testing.T) {
	var stderr bytes.Buffer
	if status := run([]string{"-dialect", "hosts"}, fullWriter{}, &stderr); status != 2 || stderr.String() != "allowlist: the list could not be written: full\n" {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}

func TestHelp(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help"} {
		if diff := cmp.Diff(clitest.Outcome{Stdout: usage}, call(arg)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arg, diff)
		}
	}
}

// TestUsage compares the usage and the documentation with the flags and their
// values.
func TestUsage(t *testing.T) {
	clitest.Flags(t, new(options).flags(), usage, "dialect")
	clitest.Values(t, usage)
	for _, d := range dialects() {
		if !strings.Contains(usage, " "+d+": ") {
			t.Errorf("the usage does not name %s", d)
		}
	}
}

// TestUnusedTenant shows that a tenant's name that is in no entry is said to be.
func TestUnusedTenant(t *testing.T) {
	catalog := own(t)
	for tenant, want := range map[string]bool{"contoso": false, "contoso.com": true} {
		got := call("-catalog", catalog, "-dialect", "hosts", "-tenant", tenant)
		if got.Status != exitWritten || strings.Contains(got.Stderr, "allowlist: -tenant changes nothing") != want {
			t.Errorf("-tenant %s: %+v", tenant, got)
		}
	}
}
