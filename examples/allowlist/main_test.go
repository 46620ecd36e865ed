package main

import (
	"bytes"
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// An outcome is what a call of the command came to.
type outcome struct {
	Status         int
	Stdout, Stderr string
}

// call runs the command.
func call(args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := run(args, &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// own is a catalogue of three hosts.
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
		stdout []string // lines that are there
		stderr string
	}{
		{
			name:   "hosts",
			args:   []string{"-dialect", "hosts"},
			stdout: []string{"# Scope: autopilot, worldwide", "# Catalogue: version 1, checked against its sources on 2026-03-01", "*.vpn.contoso.com", "vpn*.contoso.net"},
			stderr: "allowlist: what the list does not say: 1\n  {tenant}.vpn.example (vpn) on tcp/443 https: needs the tenant's name\n",
		},
		{
			name:   "a list without comments, for a tenant",
			args:   []string{"-dialect", "edl", "-no-comments", "-tenant", "contoso, contoso.com", "-windows", "11"},
			stdout: []string{"*.vpn.contoso.com", "contoso.vpn.example", "vpn.contoso.com"},
			stderr: "allowlist: what the list does not say: 2\n  192.0.2.7 (vpn) on tcp/443 https: is an address, and this format has names alone\n" +
				"  vpn*.contoso.net (vpn) on tcp/443 https: has a wildcard that this format cannot say\n",
		},
		{
			name:   "a table",
			args:   []string{"-dialect", "csv", "-tenant", "contoso"},
			stdout: []string{"vpn,vpn.contoso.com,tcp/443 https,required,,,Contoso network handbook,handbook.example,2026,,\"autopilot, worldwide, tenant contoso\",1 2026-03-01\r"},
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
			stderr: "allowlist: what the list does not say: 4\n" +
				"  *.vpn.contoso.com (vpn) on tcp/443 https: has no published addresses, so allow it by name elsewhere\n" +
				"  contoso.vpn.example (vpn) on tcp/443 https: has no published addresses, so allow it by name elsewhere\n" +
				"  vpn*.contoso.net (vpn) on tcp/443 https: has no published addresses, so allow it by name elsewhere\n" +
				"  vpn.contoso.com (vpn) on tcp/443 https: has no published addresses, so allow it by name elsewhere\n",
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

// TestBuiltIn writes the built-in catalogue for each scenario and cloud.
func TestBuiltIn(t *testing.T) {
	for _, scenario := range endpoints.Scenarios() {
		for _, cloud := range endpoints.Clouds() {
			for _, dialect := range dialects() {
				got := call("-dialect", dialect, "-scenario", string(scenario), "-cloud", string(cloud))
				nothing := got.Status == 2 && strings.HasPrefix(got.Stderr, "allowlist: the catalogue has nothing for "+string(scenario))
				if selected := endpoints.Embedded().Select(endpoints.Query{Scenario: scenario, Cloud: cloud}); nothing != (selected == nil) || !nothing && got.Status != 0 {
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
		{"an unknown maker", []string{"-dialect", "hosts", "-tpm", "moon"}, `invalid value "moon" for flag -tpm: want one of intel,`},
		{"an unknown generation", []string{"-dialect", "hosts", "-windows", "95"}, `invalid value "95" for flag -windows: want one of 10, 11`},
		{"an unknown feature", []string{"-dialect", "hosts", "-features", "scripts,moon"}, `invalid value "scripts,moon" for flag -features: "moon": want one of office-apps,`},
		{"a pattern for a tenant", []string{"-dialect", "hosts", "-tenant", "*.contoso.com"}, `invalid value "*.contoso.com" for flag -tenant: want a tenant's name, as in contoso, or a verified domain`},
		{"an empty tenant", []string{"-dialect", "hosts", "-tenant", ""}, `invalid value "" for flag -tenant: want a tenant's name`},
		{"a proxy elsewhere", []string{"-dialect", "squid", "-proxy", "a.example:1"}, "-proxy is for -dialect pac alone"},
		{"a proxy with a password", []string{"-dialect", "pac", "-proxy", "http://user:secret@a.example:1"}, "allowlist: proxy 1: want a host and a port"},
		{"comments that have to be", []string{"-dialect", "squid", "-no-comments"}, "-no-comments is for -dialect hosts and edl alone"},
		{"an argument", []string{"-dialect", "pac", "user:secret@x"}, `unexpected argument "…@x": everything is a flag`},
		{"no name of a file", []string{"-dialect", "hosts", "-o", ""}, `invalid value "" for flag -o: want the name of a file`},
		{"a catalogue that is not there", []string{"-dialect", "hosts", "-catalog", filepath.Join(t.TempDir(), "none")}, "-catalog: open "},
		{"a catalogue that is none", []string{"-dialect", "hosts", "-catalog", "main.go"}, "-catalog main.go: endpoints: line 1: "},
		{"a scope with nothing in it", []string{"-dialect", "hosts", "-catalog", catalog, "-cloud", "china"}, "the catalogue has nothing for autopilot, china"},
		{"a folder that is not there", []string{"-dialect", "hosts", "-o", filepath.Join(t.TempDir(), "none", "list")}, "the list could not be written: open "},
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

// TestOutput shows that a file is replaced as a whole, and keeps its mode and
// the link to it.
func TestOutput(t *testing.T) {
	catalog, dir := own(t), t.TempDir()
	path, link := filepath.Join(dir, "list"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, bytes.Repeat([]byte("old\n"), 1000), 0o640); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		link = path // links need a privilege there
	} else if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	got := call("-dialect", "hosts", "-catalog", catalog, "-no-comments", "-tenant", "contoso", "-o", link)
	if diff := cmp.Diff(outcome{}, got); diff != "" {
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
	// A bad flag leaves it alone.
	call("-dialect", "pac", "-proxy", "x", "-o", path)
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, data) {
		t.Errorf("the file changed: %v", err)
	}
}

// fullWriter fails.
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
		if diff := cmp.Diff(outcome{Stdout: usage}, call(arg)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arg, diff)
		}
	}
}

// TestUsage holds the usage and the documentation to the flags and their values.
func TestUsage(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	new(options).flags().VisitAll(func(f *flag.Flag) { flags = append(flags, f.Name) })
	for name, text := range map[string]string{"usage": usage, "doc.go": f.Doc.Text()} {
		shown := []string{}
		if name == "doc.go" {
			shown = append(shown, "dialect")
		}
		for _, m := range regexp.MustCompile(`(?m)^\s+-([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			if m[1] != "h" {
				shown = append(shown, m[1])
			}
		}
		slices.Sort(shown)
		if diff := cmp.Diff(flags, shown); diff != "" {
			t.Errorf("flags of %s (-flags +text):\n%s", name, diff)
		}
	}
	values := slices.Concat(dialects(), texts(endpoints.Scenarios()), texts(endpoints.Clouds()), texts(endpoints.Regions()),
		texts(endpoints.TPMVendors()), texts(endpoints.Features()), texts(endpoints.Generations()))
	for _, v := range values {
		if !regexp.MustCompile(`[ \n]` + v + `[:,; \n]`).MatchString(usage) {
			t.Errorf("the usage does not name %s", v)
		}
	}
	for i, line := range strings.Split(usage, "\n") {
		if len(line) > 80 {
			t.Errorf("line %d of the usage has %d characters", i+1, len(line))
		}
	}
}

func texts[T ~string](in []T) []string {
	var out []string
	for _, v := range in {
		out = append(out, string(v))
	}
	return out
}
