package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/examples/internal/clitest"
)

// Two versions of a catalog of a handful of endpoints.
const (
	oldFile = "testdata/old.json"
	newFile = "testdata/new.json"
)

// call runs the command.
func call(stdin string, args ...string) clitest.Outcome {
	return clitest.Run(func(stdout, stderr *strings.Builder) int {
		return run(args, environment{stdin: strings.NewReader(stdin), stdout: stdout, stderr: stderr})
	})
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
		{"drift.txt", 1, "drift -catalog testdata/new.json testdata/drift"},
		{"drift.json", 1, "drift -catalog testdata/new.json -format json testdata/drift/autopilot-requirements.tsv testdata/drift/support.tsv"},
		{"drift-cloud.txt", 1, "drift -catalog testdata/new.json -cloud china testdata/drift"},
		{"show.txt", 0, "show -catalog testdata/new.json -scenario autopilot"},
		{"show.json", 0, "show -catalog testdata/new.json -scenario autopilot -format json -service ntp,deployment-service"},
		{"show-source.txt", 0, "show -catalog testdata/new.json -source DOCUMENT -scenario autopilot -service ntp,wns"},
		{"show-known.txt", 0, "show -catalog testdata/known.json -known confirmed,contradicted"},
		{"show-known.json", 0, "show -catalog testdata/known.json -known contradicted -status retired,current -format json"},
		{"show-nothing-known.txt", 0, "show -catalog testdata/known.json -known nothing"},
		{"show-status.txt", 0, "show -catalog testdata/known.json -status retired,legacy"},
		{"show-older.txt", 0, "show -catalog testdata/known.json -older-than 1y"},
		{"show-older-date.txt", 0, "show -catalog testdata/known.json -older-than 2025-11-23 -all"},
		{"show-older-nothing.txt", 1, "show -catalog testdata/known.json -older-than 9y -source book"},
		{"match-known.txt", 0, "match -catalog testdata/known.json old.contoso.com gone.contoso.com a.late.contoso.com"},
		{"match-known.json", 0, "match -catalog testdata/known.json -format json gone.contoso.com a.late.contoso.com:443"},
		{"show-nothing.txt", 1, "show -catalog testdata/new.json -cloud china"},
		{"match.txt", 1, "match -catalog testdata/new.json ztd.dds.microsoft.com:443 time.windows.com a.manage.microsoft.com:25 [2001:db8::1]:443"},
		{"match-url.txt", 1, "match -catalog testdata/new.json https://alice:s3cret@ztd.dds.microsoft.com/\u202ex?y http://www.msftconnecttest.com/connecttest.txt https://[2001:db8::1]:8443/ https://time.windows.com"},
		{"match-address.txt", 1, "match -catalog testdata/new.json 159.27.255.225 [2404:7940:301::5e1]:443 ::ffff:13.107.219.7 -cloud china"},
		{"match-address.json", 1, "match -catalog testdata/new.json -format json 57.16.0.1:443 192.0.2.1"},
		{"match.json", 0, "match -catalog testdata/new.json -format json -scenario autopilot Time.Windows.com.:123"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call("", strings.Fields(tt.args)...)
			if diff := cmp.Diff(clitest.Outcome{Status: tt.status, Stdout: got.Stdout}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			clitest.Golden(t, tt.name, got.Stdout)
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
		{"valid, in another form", "\t", "  ", 1, "-: valid, but not in canonical form: rewrite it with catalog format\n"},
		{"a bad port", "udp/123 ntp", "udp/70000 ntp", 1, "-: line 54: services[2].ports[0]: port 70000 is out of range\n"},
		{
			"a field that there is not", `"host": "time.windows.com"`, `"host": "time.windows.com", "prots": []`, 1,
			"-: line 62: entry 4 (ntp \"time.windows.com\"): prots: unknown field\n",
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
			if diff := cmp.Diff(clitest.Outcome{Status: tt.status, Stdout: tt.want}, got); diff != "" {
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

// TestValidateFacts checks that a catalog may contain facts.
func TestValidateFacts(t *testing.T) {
	good, err := os.ReadFile(newFile)
	if err != nil {
		t.Fatal(err)
	}
	with := func(how string) string {
		return strings.TrimSuffix(strings.TrimSpace(string(good)), "}") + `, "facts": [
			{"source": "doc", "known": "contradicted", "how": "` + how + `", "basis": "seen-in-capture", "at": ["a.contoso.com:80"]}
		]}`
	}
	if got := call(call(with("silent"), "format", "-").Stdout, "validate", "-"); got.Status != 0 {
		t.Errorf("%+v", got)
	}
	got := call(with("answers"), "validate", "-")
	if got.Status != 1 || !strings.Contains(got.Stdout, `facts[0].how "answers": unknown (known: no_such_name, silent,`) {
		t.Errorf("%+v", got)
	}
}

// TestFormat checks that format's output is valid and canonical.
func TestFormat(t *testing.T) {
	good, err := os.ReadFile(newFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]string{"the form": string(good), "another form": strings.ReplaceAll(string(good), "\t", "")} {
		if diff := cmp.Diff(clitest.Outcome{Stdout: string(good)}, call(in, "format", "-")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestBuiltIn checks that the built-in catalog is the default.
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

// TestMatchOtherPort checks that match reports the other port of a name's own
// rule even if a wider rule has the port.
func TestMatchOtherPort(t *testing.T) {
	const line = "A more specific rule has other ports than 80:\n    ztd.dds.microsoft.com (deployment-service) has tcp/443 https\n"
	for arg, want := range map[string]bool{"http://ztd.dds.microsoft.com": true, "https://ztd.dds.microsoft.com": false, "ztd.dds.microsoft.com": false} {
		if got := call("", "match", arg); got.Status != 0 || strings.Contains(got.Stdout, line) != want {
			t.Errorf("%s: %+v", arg, got)
		}
	}
}
