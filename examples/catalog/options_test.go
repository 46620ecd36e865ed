package main

import (
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// TestBadInput shows that what is wrong with the arguments is said in one line.
func TestBadInput(t *testing.T) {
	const hint = " (catalog -h prints the usage)"
	tests := []struct {
		name, args, want string
	}{
		{"no command", "", "no command: want validate, format, show, match or diff" + hint},
		{"an unknown command", "delete x", `unknown command "delete": want validate, format, show, match or diff` + hint},
		{"validate nothing", "validate", "validate: want one file or more, got 0" + hint},
		{"format two", "format a b", "format: want one file, got 2" + hint},
		{"show an argument", "show a", "show: want no arguments, got 1" + hint},
		{"match nothing", "match", "match: want one name or more, got 0" + hint},
		{"diff three", "diff a b c", "diff: want one file or two, got 3" + hint},
		{"diff standard input with itself", "diff - -", "diff: standard input can be read only once" + hint},
		{"an unknown scenario", "show -scenario x", `invalid value "x" for flag -scenario: want one of autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch` + hint},
		{"an unknown feature", "show -features scripts,x", `invalid value "scripts,x" for flag -features: "x": want some of office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check` + hint},
		{"a flag of another command", "match -region europe a", "flag provided but not defined: -region" + hint},
		{"a flag for a file", "validate -format json a", "flag provided but not defined: -format" + hint},
		{"a file that is not there", "show -catalog testdata/none.json", "open testdata/none.json: no such file or directory"},
		{"a file that is no catalogue", "diff main.go", "main.go: endpoints: line 1: "},
		{"a bad port", "match a.example:99999", `"a.example:99999": "99999" is no port`},
		{"the port 0", "match a.example:0", `"a.example:0": "0" is no port`},
		{"a pattern", "match *.example", `"*.example" is a pattern, and no name`},
		{"a URL", "match https://a.example/", `"https://a.example/": "//a.example/" is no port`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call("", strings.Fields(tt.args)...)
			line, rest, _ := strings.Cut(strings.TrimPrefix(got.Stderr, "catalog: "), "\n")
			if strings.HasSuffix(tt.want, ": ") {
				line = line[:min(len(line), len(tt.want))]
			}
			if diff := cmp.Diff(tt.want, line); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(outcome{Status: 2}, outcome{got.Status, got.Stdout, rest}); diff != "" {
				t.Errorf("status, stdout and further lines (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHelp shows that the usage goes to stdout.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"show", "-h"}, {"diff", "a", "-h"}, {"validate", "-help"}} {
		if diff := cmp.Diff(outcome{Stdout: usage}, call("", args...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", args, diff)
		}
	}
}

// TestUsage holds the usage and the documentation to the flags.
func TestUsage(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	fs := (&options{verb: verbDiff}).flags()
	fs.VisitAll(func(f *flag.Flag) { flags = append(flags, f.Name) })
	for name, text := range map[string]string{"usage": usage, "doc.go": f.Doc.Text()} {
		var shown []string
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
	values := slices.Concat(
		texts(endpoints.Scenarios()), texts(endpoints.Clouds()), texts(endpoints.Regions()), texts(endpoints.TPMVendors()),
		texts(endpoints.Generations()), texts(endpoints.Features()),
	)
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

// TestOrder shows that flags and arguments may come in any order.
func TestOrder(t *testing.T) {
	want := call("", "diff", "-scenario", "autopilot", "-format", "json", oldFile, newFile)
	for _, args := range [][]string{
		{"diff", oldFile, "-scenario", "autopilot", newFile, "-format", "json"},
		{"diff", oldFile, newFile, "-format=json", "-scenario=autopilot"},
	} {
		if diff := cmp.Diff(want, call("", args...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", args, diff)
		}
	}
}

// TestBrokenOutput shows that what cannot be written is an error.
func TestBrokenOutput(t *testing.T) {
	for _, args := range []string{"show", "show -format json", "match a.example", "validate " + oldFile, "format " + oldFile, "diff " + oldFile, "-h"} {
		var stderr strings.Builder
		status := run(strings.Fields(args), environment{strings.NewReader(""), broken{}, &stderr})
		if status != exitTrouble || !strings.Contains(stderr.String(), "broken") {
			t.Errorf("%s: exit status %d, stderr %q", args, status, &stderr)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

// TestValues shows that the value of every field can be told.
func TestValues(t *testing.T) {
	var empty endpoints.Catalog
	fields := make(map[string]bool)
	all := endpoints.Embedded().Endpoints()
	for _, e := range all {
		// The fields are those in which the endpoint differs from one with its name alone.
		bare := endpoints.Endpoint{
			Service: e.Service, Host: e.Host, Ports: []endpoints.Port{{Transport: "udp", Number: 1, Protocol: "x"}},
			Scenarios: []endpoints.Scenario{endpoints.ScenarioRemoteHelp}, Clouds: []endpoints.Cloud{endpoints.CloudChina},
			Source: endpoints.Source{Title: "x"}, Status: endpoints.StatusUnknown,
		}
		before, err := empty.With(bare)
		if err != nil {
			t.Fatal(err)
		}
		after, err := empty.With(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range endpoints.Diff(before, after) {
			for _, f := range c.Fields {
				fields[f] = true
				if was, is := value(f, c.Old), value(f, c.New); is == "something" || was == is {
					t.Errorf("%s %s: %s is %q, and was %q", e.Service, e.Host, f, is, was)
				}
				if s := change(f, c.Old, c.New); s == "" || strings.Contains(s, "another order") {
					t.Errorf("%s %s: %s has changed in %q", e.Service, e.Host, f, s)
				}
			}
		}
	}
	if len(fields) < 23 {
		t.Errorf("only %d fields were seen: %v", len(fields), fields)
	}
}
