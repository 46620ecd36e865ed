package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/examples/internal/clitest"
)

// saved returns the file with the report of a simulated fault in the small
// catalog. Call it in a synctest bubble.
func saved(t *testing.T, dir, fault string, args ...string) string {
	t.Helper()
	path := filepath.Join(dir, fault+strconv.Itoa(len(args))+".json")
	got := call(t.Context(), isolated(t), append(args, "-catalog", small, "-simulate", fault, "-format", "json", "-o", path)...)
	if got.Status > 1 {
		t.Fatal(got)
	}
	return path
}

// TestFrom: a saved report is judged and written again, without a network.
func TestFrom(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		path := saved(t, dir, "ntp-blocked")
		for _, tt := range []struct {
			name   string
			args   []string
			status int
			starts string
		}{
			{"the same", nil, 1, "BLOCKED"},
			{"another policy", []string{"-policy", "field"}, 0, "DEGRADED"},
			{"another form", []string{"-format", "line", "-policy", "field"}, 0, `{"schema":"netready-line/1","verdict":"degraded"`},
			{"another scope", []string{"-scenario", "device-preparation", "-policy", "field"}, 0, "DEGRADED"},
		} {
			got := call(t.Context(), isolated(t), append([]string{"-from", path, "-catalog", small}, tt.args...)...)
			if got.Status != tt.status || !strings.HasPrefix(got.Stdout, tt.starts) || got.Stderr != "" {
				t.Errorf("%s: want status %d and %q, got %+v", tt.name, tt.status, tt.starts, got)
			}
		}
		same := call(t.Context(), isolated(t), "-from", path, "-catalog", small, "-format", "json")
		if diff := cmp.Diff(read(t, path), same.Stdout); diff != "" {
			t.Errorf("judged again, without a change (-first +second):\n%s", diff)
		}
	})
}

// TestFromKeepsThePolicy: without -policy, a report's own policy judges.
func TestFromKeepsThePolicy(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		path := saved(t, dir, "ntp-blocked", "-policy=field")
		if got := call(t.Context(), isolated(t), "-from", path, "-catalog", small); got.Status != 0 || !strings.HasPrefix(got.Stdout, "DEGRADED") {
			t.Error(got)
		}
	})
}

// TestDiff: two saved reports are compared.
func TestDiff(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		none, blocked := saved(t, dir, "none"), saved(t, dir, "ntp-blocked")
		worse := call(t.Context(), isolated(t), "-diff", none, blocked)
		want := clitest.Outcome{Status: 1, Stdout: "READY -> BLOCKED at Network start-up\n\n" +
			"New cause:   UDP port 123 (NTP) gets no answer (fatal)\n\n" +
			"regressed    ntp time.windows.com:123 (Network time (NTP)): ok -> failed,\n" +
			"             ntp.timeout (fatal)\n"}
		if diff := cmp.Diff(want, worse); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		facts := filepath.Join(dir, "home.json")
		if err := os.WriteFile(facts, []byte(`{"edition":"home"}`), 0o600); err != nil {
			t.Fatal(err)
		}
		home := saved(t, dir, "none", "-device="+facts)
		if got := call(t.Context(), isolated(t), "-diff", none, home); got.Status != 1 || !strings.HasPrefix(got.Stdout, "READY -> BLOCKED") {
			t.Errorf("devices that cannot be provisioned: %+v", got)
		}
		if got := call(t.Context(), isolated(t), "-diff", blocked, none, "-format", "json"); got.Status != 0 || !strings.Contains(got.Stdout, `"change": "fixed"`) {
			t.Error(got)
		}
		if got := call(t.Context(), isolated(t), "-format", "text", "-diff", none, none); got.Status != 0 || got.Stdout != "READY, as before. Nothing changed.\n" {
			t.Error(got)
		}
	})
}

// TestBadSavedReports: what cannot be judged or compared is refused by name.
func TestBadSavedReports(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := file("newer.json", `{"schema":"netready/2"}`)
	brief := file("brief.json", `{"schema":"netready/1","verdict":"ready"}`)
	const schema = `want a report, as -format json or -field writes it: readiness: the report is of a newer version: its schema is "netready/2", and this version reads up to "netready/1"`
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"a newer version", []string{"-from", newer}, "-from " + newer + ": " + schema},
		{"a newer version to compare", []string{"-diff", brief, newer}, "-diff " + newer + ": " + schema},
		{"no observations", []string{"-from", brief}, "-from " + brief + ": the report has no observations to judge: want one that -format json wrote"},
		{"measuring flags", []string{"-from", brief, "-timeout", "3s"}, "-from and -timeout cannot be combined: -from measures nothing"},
		{"a field file", []string{"-from", brief, "-field", "x"}, "-from and -field cannot be combined: a saved report does not prove that a real network was measured"},
		{"one file", []string{"-diff", brief}, "-diff needs two files: -diff BEFORE AFTER"},
		{"three files", []string{"-diff", brief, brief, brief}, `unexpected argument ` + strconv.Quote(brief) + `: everything is a flag (preflight -h lists them)`},
		{"a scope to compare", []string{"-diff", brief, brief, "-scenario", "autopilot"}, "-diff and -scenario cannot be combined: -diff only compares two files"},
		{"a page of a comparison", []string{"-diff", brief, brief, "-format", "html"}, "-diff needs -format text or json: no other form shows a comparison"},
		{"a page of a plan", []string{"-list", "-format", "html"}, "-list needs -format text or json: no other form shows a plan"},
		{"to watch into a file", []string{"-watch", "1m", "-o", "x"}, "-watch and -o cannot be combined: -watch writes to standard output until it is interrupted"},
		{"to watch pages", []string{"-watch", "1m", "-format", "html"}, "-watch needs -format text or line"},
		{"to watch all the time", []string{"-watch", "1s"}, `invalid value "1s" for flag -watch: want a time from 10s to 24h0m0s, as in 30s (preflight -h lists the flags)`},
		{"nothing and something", []string{"-simulate", "none,ntp-blocked"}, `-simulate: "none" and other faults cannot be combined`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := call(t.Context(), isolated(t), tt.args...)
			want := clitest.Outcome{Status: 2, Stderr: "preflight: " + tt.want + "\n"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
