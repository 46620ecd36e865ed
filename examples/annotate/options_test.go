package main

import (
	"flag"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
)

// TestBadInput shows that what is wrong with the flags is said in one line.
func TestBadInput(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string // how stderr begins, without "annotate: "
	}{
		{"an unknown format of the log", []string{"-log", "syslog"}, `invalid value "syslog" for flag -log: want one of auto, squid, clf, w3c, har, hosts (annotate -h lists the flags)`},
		{"no format of the log", []string{"-log="}, `invalid value "" for flag -log: want one of auto, squid, clf, w3c, har, hosts (annotate -h lists the flags)`},
		{"an unknown scenario", []string{"-scenario", "nonsense"}, `invalid value "nonsense" for flag -scenario: want one of autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch (annotate -h lists the flags)`},
		{"an unknown cloud", []string{"-cloud", "moon"}, `invalid value "moon" for flag -cloud: want one of worldwide, gcc-high, dod, china (annotate -h lists the flags)`},
		{"an unknown region", []string{"-region", "atlantis"}, `invalid value "atlantis" for flag -region: want one of north-america, europe, asia-pacific, india, australia, east-asia, switzerland, americas, eu-data-boundary (annotate -h lists the flags)`},
		{"an unknown maker", []string{"-tpm", "acme"}, `invalid value "acme" for flag -tpm: want one of intel, amd, qualcomm, discrete (annotate -h lists the flags)`},
		{"an unknown feature among known ones", []string{"-features", "scripts, magic"}, `invalid value "scripts, magic" for flag -features: " magic": want one of office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check (annotate -h lists the flags)`},
		{"an unknown form", []string{"-format", "pdf"}, `invalid value "pdf" for flag -format: want one of text, json (annotate -h lists the flags)`},
		{"a tenant that is none", []string{"-tenant", "con toso"}, `invalid value "con toso" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com (annotate -h lists the flags)`},
		{"an address for a tenant", []string{"-tenant", "192.0.2.1"}, `invalid value "192.0.2.1" for flag -tenant: want a tenant's name, as in contoso, or a verified domain, as in contoso.com (annotate -h lists the flags)`},
		{"an unknown flag", []string{"-verbose"}, `flag provided but not defined: -verbose (annotate -h lists the flags)`},
		{"a flag behind the file", []string{"testdata/squid.log", "-log", "squid"}, `-log after the file: flags go before it (annotate -h lists them)`},
		{"two files", []string{"a.log", "b.log"}, `more than one file: one log at a time (annotate -h says more)`},
		{"no catalogue", []string{"-catalog="}, `invalid value "" for flag -catalog: want the name of a file (annotate -h lists the flags)`},
		{"a catalogue that is not there", []string{"-catalog", "testdata/nothing.json"}, `-catalog: open testdata/nothing.json: `},
		{"a catalogue that is none", []string{"-catalog", "testdata/squid.log"}, `-catalog testdata/squid.log: endpoints: line 1: not JSON: invalid character '9' after top-level value`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := callAll("login.live.com\n", tt.args...)
			if got.Status != exitUnread || got.Stdout != "" {
				t.Errorf("status %d, stdout %q", got.Status, got.Stdout)
			}
			if !strings.HasPrefix(got.Stderr, "annotate: "+tt.want) || strings.Count(got.Stderr, "\n") != 1 {
				t.Errorf("stderr %q, want %q", got.Stderr, tt.want)
			}
		})
	}
}

// TestHelp shows that every flag and every value is in the usage and in the
// package comment.
func TestHelp(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help"} {
		if got := callAll("", arg); got.Status != exitFine || got.Stdout != usage || got.Stderr != "" {
			t.Errorf("%s: %+v", arg, got)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	doc := file.Doc.Text()
	var o options
	o.flags().VisitAll(func(f *flag.Flag) {
		for name, text := range map[string]string{"usage": usage, "doc.go": doc} {
			if !regexp.MustCompile(`(?m)^\s+-` + f.Name + ` `).MatchString(text) {
				t.Errorf("-%s is not in %s", f.Name, name)
			}
		}
	})
	words := []string{auto, "squid", "clf", "w3c", "har", "hosts", formatText, formatJSON}
	for _, s := range endpoints.Scenarios() {
		words = append(words, string(s))
	}
	for _, f := range endpoints.Features() {
		words = append(words, string(f))
	}
	for _, w := range words {
		if !slices.ContainsFunc(strings.FieldsFunc(usage, func(r rune) bool { return strings.ContainsRune(" ,;()\n", r) }), func(s string) bool { return s == w }) {
			t.Errorf("%s is not in the usage", w)
		}
	}
	for line := range strings.Lines(usage) {
		if len(line) > 81 {
			t.Errorf("longer than 80 characters: %q", line)
		}
	}
}
