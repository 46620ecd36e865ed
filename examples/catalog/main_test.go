package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// Two versions of a catalogue of a handful of endpoints.
const (
	oldFile = "testdata/old.json"
	newFile = "testdata/new.json"
)

// An outcome is what a call of the command came to.
type outcome struct {
	Status         int
	Stdout, Stderr string
}

// call runs the command.
func call(stdin string, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := run(args, environment{strings.NewReader(stdin), &stdout, &stderr})
	return outcome{status, stdout.String(), stderr.String()}
}

// golden compares a text with a file of testdata.
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

// TestGolden shows what each command prints, and its exit status.
func TestGolden(t *testing.T) {
	tests := []struct {
		name   string
		status int
		args   string
	}{
		{"diff.txt", 1, "diff testdata/old.json testdata/new.json"},
		{"diff.json", 1, "diff -format json testdata/old.json testdata/new.json"},
		{"diff-backwards.txt", 1, "diff testdata/new.json testdata/old.json"},
		{"diff-scenario.txt", 1, "diff testdata/old.json testdata/new.json -scenario device-preparation"},
		{"diff-service.txt", 1, "diff -service ntp,wns testdata/old.json testdata/new.json"},
		{"diff-same.txt", 0, "diff testdata/old.json testdata/old.json"},
		{"diff-same.json", 0, "diff -format json testdata/old.json testdata/old.json"},
		{"show.txt", 0, "show -catalog testdata/new.json -scenario autopilot"},
		{"show.json", 0, "show -catalog testdata/new.json -scenario autopilot -format json -service ntp,deployment-service"},
		{"show-nothing.txt", 1, "show -catalog testdata/new.json -cloud china"},
		{"match.txt", 1, "match -catalog testdata/new.json ztd.dds.microsoft.com:443 time.windows.com a.manage.microsoft.com:25 [2001:db8::1]:443"},
		{"match.json", 0, "match -catalog testdata/new.json -format json -scenario autopilot Time.Windows.com.:123"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call("", strings.Fields(tt.args)...)
			if diff := cmp.Diff(outcome{Status: tt.status, Stdout: got.Stdout}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			golden(t, tt.name, got.Stdout)
		})
	}
}

// TestValidate shows what is said of good and bad files.
func TestValidate(t *testing.T) {
	good, err := os.ReadFile(newFile)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, old, new string
		status         int
		want           string
	}{
		{"valid", "", "", 0, "-: valid: version 2026-02-03.small, 14 endpoints of 8 services from 2 documents\n"},
		{"valid, in another form", "\t", "  ", 1, "-: valid, but not in its form: catalog format writes it\n"},
		{"a bad port", "udp/123 ntp", "udp/70000 ntp", 1, "-: line 54: services[2].ports[0]: port 70000 is out of range\n"},
		{
			"a field that there is not", `"host": "time.windows.com"`, `"host": "time.windows.com", "prots": []`, 1,
			"-: line 62: entry 4, ntp time.windows.com: prots: there is no such field here\n",
		},
		{"no JSON", "{", "", 1, "-: line 2: not JSON: "},
		{"nothing", string(good), "", 1, "-: line 1: not JSON: unexpected end of JSON input\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(strings.ReplaceAll(string(good), tt.old, tt.new), "validate", "-")
			if strings.HasSuffix(tt.want, " ") { // what others say is theirs
				got.Stdout = got.Stdout[:min(len(got.Stdout), len(tt.want))]
			}
			if diff := cmp.Diff(outcome{Status: tt.status, Stdout: tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("several files", func(t *testing.T) {
		got := call("{}", "validate", oldFile, "-", newFile)
		if lines := strings.Split(got.Stdout, "\n"); got.Status != 1 || len(lines) != 4 || !strings.HasPrefix(lines[1], "-: line 1: format: ") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("the built-in one", func(t *testing.T) {
		if got := call("", "validate", "../../endpoints/catalog.json"); got.Status != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestFormat shows that what format writes is valid and stays as it is.
func TestFormat(t *testing.T) {
	good, err := os.ReadFile(newFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]string{"the form": string(good), "another form": strings.ReplaceAll(string(good), "\t", "")} {
		if diff := cmp.Diff(outcome{Stdout: string(good)}, call(in, "format", "-")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestBuiltIn shows that without -catalog the built-in catalogue is taken.
func TestBuiltIn(t *testing.T) {
	if got := call("", "show", "-scenario", "autopatch", "-service", "autopatch"); !strings.Contains(got.Stdout, "\n  mmdcustomer.microsoft.com ") || got.Status != 0 {
		t.Errorf("%+v", got)
	}
	if got := call("", "match", "login.live.com:443"); got.Status != 0 {
		t.Errorf("%+v", got)
	}
	got := call("", "diff", "../../endpoints/catalog.json")
	if !strings.HasSuffix(got.Stdout, ": 0 added, 0 removed, 0 changed.\n") || got.Status != 0 {
		t.Errorf("%+v", got)
	}
}
