package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/examples/internal/clitest"
	"github.com/netready/netready/examples/internal/trafficreport"
)

// TestBadInput: an invalid flag is reported on one line.
func TestBadInput(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string // how stderr begins, without "annotate: "
	}{
		{"an unknown format of the log", []string{"-log", "syslog"}, `invalid value "syslog" for flag -log: want one of auto, squid, clf, w3c, har, hosts, dnsmasq, unbound, bind, zeek, adguard-home, azure-firewall, fortigate, paloalto-traffic, paloalto-url, umbrella-dns, zscaler-web (annotate -h lists the flags)`},
		{"no format of the log", []string{"-log="}, `invalid value "" for flag -log: want one of auto, squid, clf, w3c, har, hosts, dnsmasq, unbound, bind, zeek, adguard-home, azure-firewall, fortigate, paloalto-traffic, paloalto-url, umbrella-dns, zscaler-web (annotate -h lists the flags)`},
		{"an unknown scenario", []string{"-scenario", "nonsense"}, `invalid value "nonsense" for flag -scenario: want one of autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch (annotate -h lists the flags)`},
		{"an unknown cloud", []string{"-cloud", "moon"}, `invalid value "moon" for flag -cloud: want one of worldwide, gcc-high, dod, china (annotate -h lists the flags)`},
		{"an unknown region", []string{"-region", "atlantis"}, `invalid value "atlantis" for flag -region: want one of north-america, europe, asia-pacific, india, australia, east-asia, switzerland, americas, eu-data-boundary (annotate -h lists the flags)`},
		{"an unknown maker", []string{"-tpm", "acme"}, `invalid value "acme" for flag -tpm: want one of intel, amd, qualcomm, discrete (annotate -h lists the flags)`},
		{"an unknown feature among known ones", []string{"-features", "scripts, magic"}, `invalid value "scripts, magic" for flag -features: "magic": want one of office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check, mail, none (annotate -h lists the flags)`},
		{"an unknown generation of Windows", []string{"-windows", "12"}, `invalid value "12" for flag -windows: want one of 10, 11 (annotate -h lists the flags)`},
		{"two names of a tenant", []string{"-tenant", "contoso,fabrikam"}, `invalid value "contoso,fabrikam" for flag -tenant: "fabrikam": a tenant has only one name, already given as contoso (annotate -h lists the flags)`},
		{"an unknown form", []string{"-format", "pdf"}, `invalid value "pdf" for flag -format: want one of text, json, html (annotate -h lists the flags)`},
		{"an invalid tenant", []string{"-tenant", "con toso"}, `invalid value "con toso" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas (annotate -h lists the flags)`},
		{"an address for a tenant", []string{"-tenant", "192.0.2.1"}, `invalid value "192.0.2.1" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas (annotate -h lists the flags)`},
		{"an unknown flag", []string{"-verbose"}, `flag provided but not defined: -verbose (annotate -h lists the flags)`},
		{"a format and a layout", []string{"-log", "squid", "-layout", "x.json"}, `-log and -layout: only one can say how to read the log`},
		{"a missing layout", []string{"-layout", "testdata/nothing.json"}, `standard input: open testdata/nothing.json: `},
		{"an invalid layout", []string{"-layout", "testdata/catalog.json"}, `standard input: -layout testdata/catalog.json: format: not a field of a layout`},
		{"a flag behind the file", []string{"testdata/squid.log", "-log", "squid"}, `-log after the file: put flags before it (annotate -h lists them)`},
		{"two files", []string{"a.log", "b.log"}, `more than one file: one log at a time (annotate -h says more)`},
		{"no catalog", []string{"-catalog="}, `invalid value "" for flag -catalog: want the name of a file (annotate -h lists the flags)`},
		{"a missing catalog", []string{"-catalog", "testdata/nothing.json"}, `-catalog: open testdata/nothing.json: `},
		{"an invalid catalog", []string{"-catalog", "testdata/squid.log"}, `-catalog testdata/squid.log: line 1: not JSON: invalid character '9' after top-level value`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := callAll("login.live.com\n", tt.args...)
			if got.Status != trafficreport.ExitUnknown || got.Stdout != "" {
				t.Errorf("status %d, stdout %q", got.Status, got.Stdout)
			}
			if !strings.HasPrefix(got.Stderr, "annotate: "+tt.want) || strings.Count(got.Stderr, "\n") != 1 {
				t.Errorf("stderr %q, want %q", got.Stderr, tt.want)
			}
		})
	}
}

// TestHelp: the usage and the package comment have every flag and every value.
func TestHelp(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help"} {
		if got := callAll("", arg); got.Status != trafficreport.ExitClear || got.Stdout != usage || got.Stderr != "" {
			t.Errorf("%s: %+v", arg, got)
		}
	}
	var o options
	clitest.Flags(t, o.flags(), usage)
	clitest.Values(t, usage)
	words := append(append([]string{auto}, trafficreport.Forms()...), clitest.Texts(traffic.Formats())...)
	for _, w := range words {
		if !slices.ContainsFunc(strings.FieldsFunc(usage, func(r rune) bool { return strings.ContainsRune(" ,;()\n", r) }), func(s string) bool { return s == w }) {
			t.Errorf("%s is not in the usage", w)
		}
	}
}

// TestTenant: a tenant may have a name and domains, and no features.
func TestTenant(t *testing.T) {
	o, err := parse([]string{"-tenant", "contoso.com", "-tenant", "contoso", "-windows", "11", "-features", "none"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := o.scope.String(), "autopilot, worldwide, tenant contoso, domain contoso.com, Windows 11, no features"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestOutput: -o writes what would go to stdout.
func TestOutput(t *testing.T) {
	log := filepath.Join("testdata", "squid.log")
	path := filepath.Join(t.TempDir(), "report.txt")
	plain := call("", log)
	got := call("", "-o", path, log)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(file) != plain.Stdout || got.Stdout != "" || got.Status != plain.Status {
		t.Errorf("file %.40q, %+v; want %.40q", file, got, plain.Stdout)
	}
}
