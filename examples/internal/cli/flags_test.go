package cli_test

import (
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

// parse returns the scope in the arguments, or what is wrong with them.
func parse(args string) (endpoints.Scope, string) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var s endpoints.Scope
	cli.Scope(fs, &s, "scenario", "tenant", "ad_domain", "windows", "features")
	if err := fs.Parse(strings.Fields(args)); err != nil {
		return s, err.Error()
	}
	return s, ""
}

func TestScope(t *testing.T) {
	tests := []struct {
		name, args, want string
	}{
		{"nothing", "", "all scenarios, worldwide"},
		{
			"every field", "-scenario hybrid-join -tenant contoso -ad-domain corp.contoso.com -windows 11 -features scripts",
			"hybrid-join, worldwide, tenant contoso, Active Directory domain corp.contoso.com, Windows 11, features scripts",
		},
		{
			"lists in parts", "-tenant contoso.com -features scripts -tenant contoso,contoso.net -features win32-apps,scripts",
			"all scenarios, worldwide, tenant contoso, domain contoso.com, domain contoso.net, features scripts win32-apps",
		},
		{"a word again", "-windows 10 -windows 11", "all scenarios, worldwide, Windows 11"},
		{"no features", "-features none", "all scenarios, worldwide, no features"},
	}
	for _, tt := range tests {
		s, err := parse(tt.args)
		if diff := cmp.Diff(tt.want, s.String()); diff != "" || err != "" {
			t.Errorf("%s: %s (-want +got):\n%s", tt.name, err, diff)
		}
	}
}

func TestScopeRefuses(t *testing.T) {
	tests := []struct {
		name, args, want string
	}{
		{"a generation of Windows", "-windows 12", `invalid value "12" for flag -windows: want one of 10, 11`},
		{"one of a list", "-features scripts,magic", `invalid value "scripts,magic" for flag -features: "magic": want one of office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check, mail, none`},
		{"no features, and one", "-features none -features scripts", `invalid value "scripts" for flag -features: "none": cannot be combined with other features`},
		{"a domain", "-ad-domain corp_/x", `invalid value "corp_/x" for flag -ad-domain: want the DNS name of an Active Directory domain, as in corp.contoso.com`},
		{"nothing", "-windows=", `invalid value "" for flag -windows: want one of 10, 11`},
	}
	for _, tt := range tests {
		if _, err := parse(tt.args); err != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, err, tt.want)
		}
	}
}
