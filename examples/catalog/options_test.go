package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
	"github.com/netready/netready/examples/internal/clitest"
)

// TestBadInput checks that errors in arguments take one line.
func TestBadInput(t *testing.T) {
	const hint = " (catalog -h prints the usage)"
	_, missing := os.Open("testdata/none.json")
	tests := []struct {
		name, args, want string
	}{
		{"no command", "", "no command: want validate, format, show, match, diff or drift" + hint},
		{"an unknown command", "delete x", `unknown command "delete": want validate, format, show, match, diff or drift` + hint},
		{"validate nothing", "validate", "validate: want at least one file, got 0" + hint},
		{"format two", "format a b", "format: want one file, got 2" + hint},
		{"show an argument", "show a", "show: want no arguments, got 1" + hint},
		{"match nothing", "match", "match: want at least one name, got 0" + hint},
		{"diff three", "diff a b c", "diff: want one or two files, got 3" + hint},
		{"diff standard input with itself", "diff - -", "diff: standard input can be read only once" + hint},
		{"an unknown scenario", "show -scenario x", `invalid value "x" for flag -scenario: want one of autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch` + hint},
		{"an unknown feature", "show -features scripts,x", `invalid value "scripts,x" for flag -features: "x": want one of office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check, mail, none` + hint},
		{"an unknown service", "show -catalog testdata/new.json -service ntp,foo", `service "foo": unknown (known: dns, ncsi, ntp, crl, deployment-service, entra-id, intune, wns)`},
		{"an unknown service of names that are no longer current", "show -catalog testdata/new.json -all -service foo", `service "foo": unknown (known: dns, ncsi, ntp, crl, deployment-service, entra-id, intune, wns)`},
		{"a service that neither has", "diff -service foo testdata/old.json testdata/new.json", `service "foo": unknown (known: dns, ncsi, ntp, crl, deployment-service, entra-id, intune, wns)`},
		{"a flag of another command", "match -region europe a", "flag provided but not defined: -region" + hint},
		{"a flag for a file", "validate -format json a", "flag provided but not defined: -format" + hint},
		{"a file that is not there", "show -catalog testdata/none.json", missing.Error()},
		{"a file that is no catalog", "diff main.go", "main.go: line 1: "},
		{"a bad port", "match a.example:99999", `"a.example:99999": "99999" is not a port`},
		{"the port 0", "match a.example:0", `"a.example:0": "0" is not a port`},
		{"a pattern", "match *.example", `"*.example" is a pattern, not a name`},
		{"a URL of an unknown scheme", "match foo://a.example/", `"foo://a.example/": no default port is known for the scheme "foo": give a port`},
		{"no URL", "match https://", `"https://" is not a URL`},
		{"an age without a unit", "show -older-than 12x", `invalid value "12x" for flag -older-than: want an age in days, months or years, as in 90d, 6m or 1y, or a date, as in 2025-11-30` + hint},
		{"an unknown state", "show -known maybe", `invalid value "maybe" for flag -known: want one of confirmed, contradicted, nothing` + hint},
		{"an unknown status", "show -status gone", `invalid value "gone" for flag -status: want one of current, legacy, retired, deprecated, unknown` + hint},
		{"an unknown source", "show -catalog testdata/new.json -source moon", `-source "moon": no source of the catalog has this key or this text in its title`},
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
			if diff := cmp.Diff(clitest.Outcome{Status: 2}, clitest.Outcome{Status: got.Status, Stdout: got.Stdout, Stderr: rest}); diff != "" {
				t.Errorf("status, stdout and further lines (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHelp shows that the usage goes to stdout.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"show", "-h"}, {"diff", "a", "-h"}, {"validate", "-help"}} {
		if diff := cmp.Diff(clitest.Outcome{Stdout: usage}, call("", args...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", args, diff)
		}
	}
}

// TestUsage checks that the usage and the documentation match the flags.
func TestUsage(t *testing.T) {
	clitest.Flags(t, (&options{verb: verbShow}).flags(), usage)
	clitest.Values(t, usage)
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
		status := run(strings.Fields(args), environment{stdin: strings.NewReader(""), stdout: broken{}, stderr: &stderr})
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
		for _, c := range changes.Diff(before, after) {
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
