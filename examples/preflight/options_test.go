package main

import (
	"encoding/pem"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/clitest"
)

// openError returns this system's error for a missing file.
func openError(name string) string {
	_, err := os.Open(name)
	return err.Error()
}

// tempDir returns a test directory whose path has no links or short names,
// which -o would resolve.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestBadInput: an invalid flag or file is reported on one line, before
// anything is contacted.
func TestBadInput(t *testing.T) {
	dir := tempDir(t)
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}))
	broken := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}))
	good, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	badPort := file("port.json", strings.Replace(string(good), "tcp/80 http\", \"tcp/443 https", "tcp/80 http\", \"tcp/70000 https", 1))

	tests := []struct {
		name string
		args []string
		want string // all of stderr, without "preflight: "
	}{
		{"an unknown scenario", []string{"-scenario", "nonsense"}, `invalid value "nonsense" for flag -scenario: want one of autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch (preflight -h lists the flags)`},
		{"no scenario", []string{"-scenario="}, `invalid value "" for flag -scenario: want one of autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch (preflight -h lists the flags)`},
		{"an unknown cloud", []string{"-cloud", "moon"}, `invalid value "moon" for flag -cloud: want one of worldwide, gcc-high, dod, china (preflight -h lists the flags)`},
		{"an unknown policy", []string{"-policy", "lax"}, `invalid value "lax" for flag -policy: want one of documented, field (preflight -h lists the flags)`},
		{"an unknown region", []string{"-region", "atlantis"}, `invalid value "atlantis" for flag -region: want one of north-america, europe, asia-pacific, india, australia, east-asia, switzerland, americas, eu-data-boundary (preflight -h lists the flags)`},
		{"an unknown maker", []string{"-tpm", "acme"}, `invalid value "acme" for flag -tpm: want one of intel, amd, qualcomm, discrete (preflight -h lists the flags)`},
		{"an unknown feature among known ones", []string{"-features", "scripts,magic"}, `invalid value "scripts,magic" for flag -features: "magic": want one of office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check, mail, none (preflight -h lists the flags)`},
		{"a form that is not there", []string{"-format", "pdf"}, `invalid value "pdf" for flag -format: want one of text, markdown, html, json, brief, line, junit, openmetrics (preflight -h lists the flags)`},
		{"an unknown verdict", []string{"-fail-on", "ready"}, `invalid value "ready" for flag -fail-on: want one of blocked, degraded (preflight -h lists the flags)`},
		{"an unknown fault", []string{"-simulate", "none,earthquake"}, `invalid value "none,earthquake" for flag -simulate: unknown fault "earthquake"; "preflight -simulate list" names the known ones (preflight -h lists the flags)`},
		{"no fault", []string{"-simulate", ""}, `invalid value "" for flag -simulate: unknown fault ""; "preflight -simulate list" names the known ones (preflight -h lists the flags)`},
		{"an unknown flag", []string{"-verbose"}, `flag provided but not defined: -verbose (preflight -h lists the flags)`},
		{"a flag without its value", []string{"-tenant"}, `flag needs an argument: -tenant (preflight -h lists the flags)`},
		{"an argument", []string{"autopilot"}, `unexpected argument "autopilot": everything is a flag (preflight -h lists them)`},
		{"a tenant with a space", []string{"-tenant", "con toso"}, `invalid value "con toso" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas (preflight -h lists the flags)`},
		{"a pattern instead of a tenant", []string{"-tenant", "*.contoso.com"}, `invalid value "*.contoso.com" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas (preflight -h lists the flags)`},
		{"an empty tenant", []string{"-tenant", ""}, `invalid value "" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas (preflight -h lists the flags)`},

		{"two names of a tenant", []string{"-tenant", "contoso,fabrikam"}, `invalid value "contoso,fabrikam" for flag -tenant: "fabrikam": a tenant has only one name, already given as contoso (preflight -h lists the flags)`},
		{"a list of domains that ends in a comma", []string{"-tenant", "contoso.com,"}, `invalid value "contoso.com," for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas (preflight -h lists the flags)`},
		{"an unknown Windows version", []string{"-windows", "7"}, `invalid value "7" for flag -windows: want one of 10, 11 (preflight -h lists the flags)`},
		{"an invalid domain", []string{"-scenario", "hybrid-join", "-ad-domain", "corp contoso"}, `invalid value "corp contoso" for flag -ad-domain: want the DNS name of an Active Directory domain, as in corp.contoso.com (preflight -h lists the flags)`},
		{"a domain without hybrid join", []string{"-ad-domain", "corp.contoso.com"}, `-ad-domain needs -scenario hybrid-join: no other scenario joins a domain`},

		{"a resolver without a port", []string{"-resolver", "10.0.0.53"}, `invalid value "10.0.0.53" for flag -resolver: port missing, as in 10.0.0.53:53 (preflight -h lists the flags)`},
		{"an IPv6 resolver without a port", []string{"-resolver", "fd00::53"}, `invalid value "fd00::53" for flag -resolver: port missing, as in [fd00::53]:53 (preflight -h lists the flags)`},
		{"an IPv6 resolver in brackets without a port", []string{"-resolver", "[fd00::53]"}, `invalid value "[fd00::53]" for flag -resolver: port missing, as in [fd00::53]:53 (preflight -h lists the flags)`},
		{"a resolver by name", []string{"-resolver", "dns.example:53"}, `invalid value "dns.example:53" for flag -resolver: "dns.example" is not an IP address: want an address and a port, as in 10.0.0.53:53 or [fd00::53]:53 (preflight -h lists the flags)`},
		{"a resolver by name without a port", []string{"-resolver", "dns.example"}, `invalid value "dns.example" for flag -resolver: want an IP address and a port, as in 10.0.0.53:53 or [fd00::53]:53 (preflight -h lists the flags)`},
		{"a port out of range", []string{"-resolver", "10.0.0.53:99999"}, `invalid value "10.0.0.53:99999" for flag -resolver: "99999" is not a port: want a number from 1 to 65535, as in 10.0.0.53:53 (preflight -h lists the flags)`},
		{"port 0", []string{"-resolver", "10.0.0.53:0"}, `invalid value "10.0.0.53:0" for flag -resolver: "0" is not a port: want a number from 1 to 65535, as in 10.0.0.53:53 (preflight -h lists the flags)`},
		{"the unspecified address", []string{"-resolver", "0.0.0.0:53"}, `invalid value "0.0.0.0:53" for flag -resolver: 0.0.0.0 is not a server address (preflight -h lists the flags)`},
		{"a list of resolvers that ends in a comma", []string{"-resolver", "10.0.0.53:53,"}, `invalid value "10.0.0.53:53," for flag -resolver: want an IP address and a port, as in 10.0.0.53:53 or [fd00::53]:53 (preflight -h lists the flags)`},

		{"a time without a unit", []string{"-timeout", "10"}, `invalid value "10" for flag -timeout: want a time from 100ms to 10m0s, as in 30s (preflight -h lists the flags)`},
		{"no time at all", []string{"-timeout", "0"}, `invalid value "0" for flag -timeout: want a time from 100ms to 10m0s, as in 30s (preflight -h lists the flags)`},
		{"a negative time", []string{"-timeout", "-1s"}, `invalid value "-1s" for flag -timeout: want a time from 100ms to 10m0s, as in 30s (preflight -h lists the flags)`},
		{"a time that proves nothing", []string{"-timeout", "1ns"}, `invalid value "1ns" for flag -timeout: want a time from 100ms to 10m0s, as in 30s (preflight -h lists the flags)`},
		{"a negative deadline", []string{"-deadline", "-1m"}, `invalid value "-1m" for flag -deadline: want a time from 1s to 24h0m0s, as in 30s (preflight -h lists the flags)`},
		{"a deadline of years", []string{"-deadline", "100000h"}, `invalid value "100000h" for flag -deadline: want a time from 1s to 24h0m0s, as in 30s (preflight -h lists the flags)`},
		{"a timeout beyond the deadline", []string{"-timeout", "5m"}, `-timeout 5m0s is longer than the limit for the whole run, -deadline 2m0s`},
		{"no concurrency", []string{"-concurrency", "0"}, `invalid value "0" for flag -concurrency: want a number from 1 to 1024 (preflight -h lists the flags)`},
		{"a negative concurrency", []string{"-concurrency", "-4"}, `invalid value "-4" for flag -concurrency: want a number from 1 to 1024 (preflight -h lists the flags)`},
		{"a concurrency that measures itself", []string{"-concurrency", "1000000"}, `invalid value "1000000" for flag -concurrency: want a number from 1 to 1024 (preflight -h lists the flags)`},

		{"a proxy without a scheme", []string{"-proxy", "user:secret@proxy.example:3128"}, `invalid value for flag -proxy: want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128`},
		{"a proxy of another kind", []string{"-proxy", "ftp://user:secret@proxy.example:1080"}, `invalid value for flag -proxy: want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128`},
		{"a proxy without a host", []string{"-proxy", "http://user:secret@:3128"}, `invalid value for flag -proxy: want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128`},
		{"a proxy with a path", []string{"-proxy", "http://user:secret@proxy.example:3128/proxy.pac"}, `invalid value for flag -proxy: want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128`},
		{"a proxy with a port out of range", []string{"-proxy", "http://user:secret@proxy.example:99999"}, `invalid value for flag -proxy: the port of the proxy is not a number from 1 to 65535`},
		{"a password with a slash", []string{"-proxy", "http://user:sec/ret@proxy.example:3128"}, `invalid value for flag -proxy: want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128`},
		{"no proxy", []string{"-proxy", ""}, `invalid value for flag -proxy: want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128`},
		{"a proxy that became an argument", []string{"-o", "-proxy", "http://user:secret@proxy.example:3128"}, `unexpected argument "…@proxy.example:3128": everything is a flag (preflight -h lists them)`},
		{"a proxy that became a resolver", []string{"-resolver", "http://user:secret@proxy.example:3128"}, `invalid value "…@proxy.example:3128" for flag -resolver: want an IP address and a port, as in 10.0.0.53:53 or [fd00::53]:53 (preflight -h lists the flags)`},

		{"a missing catalog", []string{"-catalog", filepath.Join(dir, "none.json")}, `-catalog: ` + openError(filepath.Join(dir, "none.json"))},
		{"a catalog that is not JSON", []string{"-catalog", file("text.json", "hello")}, `-catalog ` + filepath.Join(dir, "text.json") + `: line 1: `},
		{"a catalog with a bad port", []string{"-catalog", badPort}, `-catalog ` + badPort + `: line 50: entry 8 (entra-id "login.microsoftonline.com"): ports[1]: `},
		{"a catalog without the scenario", []string{"-catalog", small, "-scenario", "autopatch"}, `the catalog has nothing to check for autopatch in the cloud worldwide`},
		{"an edition by Windows' own name", []string{"-device", file("edition.json", `{"edition": "Professional"}`)}, `-device ` + filepath.Join(dir, "edition.json") + `: edition "Professional": unknown (known: pro, pro-education, pro-workstations, enterprise, enterprise-ltsc, education, iot-enterprise, home, other)`},
		{"a directory for a catalog", []string{"-catalog", dir}, `-catalog: read ` + dir + `: `},
		{"no name of a file", []string{"-catalog", ""}, `invalid value "" for flag -catalog: want the name of a file (preflight -h lists the flags)`},
		{"missing roots", []string{"-roots", filepath.Join(dir, "none.pem")}, `-roots: ` + openError(filepath.Join(dir, "none.pem"))},
		{"roots without a certificate", []string{"-roots", file("key.pem", key)}, `-roots ` + filepath.Join(dir, "key.pem") + `: no certificates; want PEM, which begins with -----BEGIN CERTIFICATE-----`},
		{"empty public roots", []string{"-public-roots", file("empty.pem", "")}, `-public-roots ` + filepath.Join(dir, "empty.pem") + `: no certificates; want PEM, which begins with -----BEGIN CERTIFICATE-----`},
		{"broken public roots", []string{"-public-roots", file("broken.pem", broken)}, `-public-roots ` + filepath.Join(dir, "broken.pem") + `: certificate 1: x509: `},

		{"a report in a missing directory", []string{"-o", filepath.Join(dir, "none", "report.txt")}, `-o: open ` + filepath.Join(dir, "none", "report.txt") + ": "},
		{"a report in place of a directory", []string{"-o", dir}, `-o: open ` + dir + `: `},
		{"no name for the report", []string{"-o", ""}, `invalid value "" for flag -o: want the name of a file (preflight -h lists the flags)`},

		{"a plan of a simulation", []string{"-list", "-simulate", "none"}, `-list and -simulate cannot be combined: a simulation contacts nothing`},
		{"word from the field of a simulation", []string{"-field", "f.json", "-simulate", "none"}, `-field and -simulate cannot be combined: a simulated internet is no word from the field`},
		{"word from the field of a plan", []string{"-field", "f.json", "-list"}, `-list and -field cannot be combined: a list measures nothing`},
		{"one file for two", []string{"-field", "f.json", "-o", "f.json"}, `-o and -field name the same file`},
		{"a proxy in a simulation", []string{"-simulate", "none", "-proxy", "http://user:secret@proxy.example:3128"}, `-proxy and -simulate cannot be combined: the simulated internet has its own`},
		{"a resolver in a simulation", []string{"-simulate", "none", "-resolver", "10.0.0.53:53"}, `-resolver and -simulate cannot be combined: the simulated internet has its own`},
		{"a fault of a host that is not in the plan", []string{"-simulate", "host-silent", "-scenario", "autopatch"}, `-simulate host-silent: the plan of this scenario and cloud has no host ztd.dds.microsoft.com`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(t.Context(), isolated(t), tt.args...)
			line, rest, _ := strings.Cut(strings.TrimPrefix(got.Stderr, "preflight: "), "\n")
			if strings.HasSuffix(tt.want, " ") || strings.HasSuffix(tt.want, ".") {
				line = line[:min(len(line), len(tt.want))] // the rest may be the system's words
			}
			if diff := cmp.Diff(tt.want, line); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(clitest.Outcome{Status: 2}, clitest.Outcome{Status: got.Status, Stdout: got.Stdout, Stderr: rest}); diff != "" {
				t.Errorf("status, stdout and further lines (-want +got):\n%s", diff)
			}
			if strings.Contains(got.Stderr, "secret") {
				t.Error("stderr holds the password")
			}
		})
	}
}

// TestHelp: the usage goes to stdout.
func TestHelp(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help"} {
		got := call(t.Context(), isolated(t), arg)
		if diff := cmp.Diff(clitest.Outcome{Stdout: usage}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arg, diff)
		}
	}
}

// TestUsage compares the usage and the documentation with the flags.
func TestUsage(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	fs := new(options).flags()
	fs.VisitAll(func(f *flag.Flag) { flags = append(flags, f.Name) })
	for name, text := range map[string]string{"usage": usage, "doc.go": f.Doc.Text()} {
		var shown []string
		for _, m := range regexp.MustCompile(`(?m)^\s+-([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			if m[1] != "h" && m[1] != "version" {
				shown = append(shown, m[1])
			}
		}
		slices.Sort(shown)
		if diff := cmp.Diff(flags, shown); diff != "" {
			t.Errorf("flags of %s (-flags +text):\n%s", name, diff)
		}
	}
	var values []string
	values = append(values, stringsOf(endpoints.Scenarios())...)
	values = append(values, stringsOf(endpoints.Clouds())...)
	values = append(values, stringsOf(endpoints.Regions())...)
	values = append(values, stringsOf(endpoints.TPMs())...)
	values = append(values, stringsOf(endpoints.Features())...)
	values = append(values, stringsOf(endpoints.Generations())...)
	for _, v := range values {
		if !regexp.MustCompile(`[ \n]` + v + `[ ,;\n]`).MatchString(usage) {
			t.Errorf("the usage does not name %s", v)
		}
	}
	for i, line := range strings.Split(usage, "\n") {
		if len(line) > 80 {
			t.Errorf("line %d of the usage has %d characters", i+1, len(line))
		}
	}
}

// TestReadmeFlags compares the table of flags in README.md with the flags.
func TestReadmeFlags(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	new(options).flags().VisitAll(func(f *flag.Flag) { flags = append(flags, f.Name) })
	text := regexp.MustCompile(`(?m)^.*\n\| ---.*$`).ReplaceAllString(string(readme), "") // table headers
	var rows []string
	for _, cell := range regexp.MustCompile("(?m)^\\| (`-[^|]*) \\|").FindAllStringSubmatch(text, -1) {
		for _, name := range regexp.MustCompile("`-([a-z-]+)`").FindAllStringSubmatch(cell[1], -1) {
			rows = append(rows, name[1])
		}
	}
	slices.Sort(rows)
	if diff := cmp.Diff(flags, rows); diff != "" {
		t.Errorf("rows for flags in README.md (-flags +README):\n%s", diff)
	}
}

func stringsOf[T ~string](in []T) []string {
	var out []string
	for _, v := range in {
		out = append(out, string(v))
	}
	return out
}

// TestResolvers: -resolver may be repeated, and may be a list.
func TestResolvers(t *testing.T) {
	o, err := parse([]string{"-resolver", "10.0.0.53:53, [fd00::53]:5353", "-resolver", "10.0.0.54:53,10.0.0.53:53", "-resolver", "[fe80::1%eth0]:53"})
	if err != nil {
		t.Fatal(err)
	}
	want := "[10.0.0.53:53 [fd00::53]:5353 10.0.0.54:53 [fe80::1%eth0]:53]"
	if got := fmt.Sprint(o.resolvers); got != want {
		t.Errorf("resolvers %s, want %s", got, want)
	}
}

// TestScope: the flags set the scope.
func TestScope(t *testing.T) {
	o, err := parse([]string{
		"-scenario", "self-deploying", "-cloud", "gcc-high", "-tenant", "contoso.com", "-region", "europe",
		"-tpm", "amd", "-features", "scripts, win32-apps", "-features", "scripts,remote-help",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := o.scope.String()
	if want := "self-deploying, gcc-high, tenant contoso.com, region europe, TPM amd, features scripts win32-apps remote-help"; got != want {
		t.Errorf("scope %s\nwant  %s", got, want)
	}
}

// TestTenant: a tenant's name and domains may come in any order.
func TestTenant(t *testing.T) {
	tests := []struct {
		args    []string
		tenant  string
		domains []string
	}{
		{[]string{"-tenant", "contoso"}, "contoso", nil},
		{[]string{"-tenant", "contoso.com"}, "contoso.com", nil},
		{[]string{"-tenant", "contoso, contoso.com,fabrikam.com"}, "contoso", []string{"contoso.com", "fabrikam.com"}},
		{[]string{"-tenant", "contoso.com,contoso"}, "contoso", []string{"contoso.com"}},
		{[]string{"-tenant", "contoso.com", "-tenant", "fabrikam.com,contoso"}, "contoso", []string{"contoso.com", "fabrikam.com"}},
		{[]string{"-tenant", "contoso.com,contoso.onmicrosoft.com"}, "contoso.com", []string{"contoso.onmicrosoft.com"}},
	}
	for _, tt := range tests {
		o, err := parse(tt.args)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.domains, o.scope.Domains); diff != "" || o.scope.Tenant != tt.tenant {
			t.Errorf("%q: tenant %s, want %s; domains (-want +got):\n%s", tt.args, o.scope.Tenant, tt.tenant, diff)
		}
	}
}

// TestDomainFlags: the flags for hybrid join set the scope.
func TestDomainFlags(t *testing.T) {
	o, err := parse([]string{"-ad-domain", "corp.contoso.com", "-scenario", "hybrid-join", "-tenant", "contoso,contoso.com", "-windows", "11"})
	if err != nil {
		t.Fatal(err)
	}
	got := o.scope.String()
	if want := "hybrid-join, worldwide, tenant contoso, domain contoso.com, Active Directory domain corp.contoso.com, Windows 11"; got != want {
		t.Errorf("scope %s\nwant  %s", got, want)
	}
}
