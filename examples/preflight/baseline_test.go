package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
)

// world is the internet as it is, for a small part of it.
func world(t *testing.T, faults ...probetest.Fault) *probetest.Internet {
	t.Helper()
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	internet := readinesstest.World(plan)
	internet.Faults = faults
	return internet
}

func silent(host string) probetest.Fault {
	return probetest.At{Host: host, Network: "tcp", Fault: probetest.Drop}
}

// TestBaseline: what one network showed, in either form, is held against another.
func TestBaseline(t *testing.T) {
	tests := []struct {
		name          string
		there, here   []probetest.Fault
		alone, beside string // the verdicts here
		status        int
	}{
		{"both are healthy", nil, nil, "ready", "ready", 0},
		{"a host is silent here and there", []probetest.Fault{silent("go.microsoft.com")}, []probetest.Fault{silent("go.microsoft.com")}, "degraded", "ready", 0},
		{"it is silent here alone", nil, []probetest.Fault{silent("go.microsoft.com")}, "degraded", "degraded", 0},
		{"a core host is silent here", nil, []probetest.Fault{silent("login.live.com")}, "blocked", "blocked", 1},
	}
	for _, tt := range sampletest.Of(tests) {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				report, field := filepath.Join(t.TempDir(), "report.json"), filepath.Join(t.TempDir(), "field.json")
				env := isolated(t)
				env.network = world(t, tt.there...).Network()
				there := call(t.Context(), env, "-format", "json", "-o", report, "-field", field)
				if there.Status != 0 {
					t.Fatalf("there: status %d, %s", there.Status, there.Stderr)
				}
				env.network = world(t, tt.here...).Network()
				if got := verdict(t, call(t.Context(), env, "-format", "json").Stdout); got != tt.alone {
					t.Errorf("alone %s, want %s", got, tt.alone)
				}
				for _, file := range []string{report, field} {
					got := call(t.Context(), env, "-format", "json", "-baseline", file)
					if verdict(t, got.Stdout) != tt.beside || got.Status != tt.status {
						t.Errorf("beside %s: %s, status %d; want %s and %d", filepath.Base(file), verdict(t, got.Stdout), got.Status, tt.beside, tt.status)
					}
					if !strings.Contains(got.Stdout, "Compared with the baseline of ") {
						t.Errorf("beside %s: the report does not say so", filepath.Base(file))
					}
				}
			})
		})
	}
}

// TestBaselineIsRefused: a file that is no baseline ends the command before anything
// is contacted.
func TestBaselineIsRefused(t *testing.T) {
	file := func(r readiness.Report) string {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	obs := []probe.Observation{{Attempts: 1}}
	tests := []struct{ name, text, want string }{
		{"blocked", file(readiness.Report{Verdict: readiness.Blocked, Observations: obs}), "it is blocked: want the report of a network that works"},
		{"unproven", file(readiness.Report{Observations: obs}), "it is unproven: want the report of a network that works"},
		{"cut off", file(readiness.Report{Verdict: readiness.Ready, CutOff: true, Observations: obs}), "not every check of it was completed"},
		{"without observations", file(readiness.Report{Verdict: readiness.Ready}), "it has no observations"},
		{"a plan", `{"schema":"netready-plan/1"}`, `want a report, as -format json or -field writes it: readiness: the document is a "netready-plan/1", not a report, which is a "netready/1"`},
		{"UTF-16, as redirection in Windows PowerShell writes", "\xff\xfe{\x00", "want JSON in UTF-8"},
		{"too large", strings.Repeat(" ", maxReport+1), "more than 33554432 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "baseline.json")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := call(t.Context(), isolated(t), "-baseline", path)
			if want := "preflight: -baseline " + path + ": " + tt.want + "\n"; got.Status != 2 || got.Stdout != "" || got.Stderr != want {
				t.Errorf("status %d\n%s\nwant:\n%s", got.Status, got.Stderr, want)
			}
		})
	}
	if got := call(t.Context(), isolated(t), "-baseline", filepath.Join(t.TempDir(), "none.json")); got.Status != 2 || !strings.Contains(got.Stderr, "-baseline ") {
		t.Errorf("no file: status %d, %s", got.Status, got.Stderr)
	}
}

// TestField: the file is shown before it is written, has nothing private, and is
// judged as the network was.
func TestField(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "field.json")
		env := isolated(t)
		env.network = world(t).Network()
		env.domains = func() ([]string, error) { return []string{"corp.contoso.com"}, nil }
		got := call(t.Context(), env, "-tenant", "contoso.com", "-field", path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v: %s", err, got.Stderr)
		}
		if want := "preflight: -field writes this, and no more, to " + path + ":\n" + string(text); got.Stderr != want {
			t.Errorf("shown:\n%.400s", got.Stderr)
		}
		for _, secret := range []string{"contoso", "192.0.2.53", "resolver\":\"1", "remote"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%q is in the file", secret)
			}
		}
		if lines := strings.Split(string(text), "\n"); len(lines) < 300 || len(lines) > 3000 {
			t.Errorf("%d lines", len(lines))
		}
		report, err := parseReport(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readiness.Runner{}.Rejudge(report)
		if err != nil || again.Verdict != readiness.Ready || report.Verdict != readiness.Ready {
			t.Errorf("judged again: %v, %v", again, err)
		}
	})
}

// TestFieldOfANetworkThatDoesNotWork: nothing is written, and an existing file stays.
func TestFieldOfANetworkThatDoesNotWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "field.json")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		env := isolated(t)
		env.network = world(t, silent("login.live.com")).Network()
		got := call(t.Context(), env, "-field", path)
		if got.Status != 1 || got.Stderr != "preflight: -field: nothing was written, because the network is blocked\n" {
			t.Errorf("status %d, %s", got.Status, got.Stderr)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
			t.Errorf("the file: %q, %v", text, err)
		}
	})
}

// TestFieldIsNotWrittenUnseen: a file that could not be shown is not written.
func TestFieldIsNotWrittenUnseen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "field.json")
	out, err := cli.OpenOutput("-field", path, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := command{environment: environment{stderr: full{}}}
	c.field = path
	if err := c.writeField(out, &readiness.Report{Verdict: readiness.Ready}); err == nil {
		t.Error("no error")
	}
	out.Discard()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
}

// full is a writer without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// FuzzParseReport: whatever a -baseline file holds, nothing panics, and what is
// taken can be shown as a -field file that is read back.
func FuzzParseReport(f *testing.F) {
	f.Add([]byte(`{"schema":"netready/1","verdict":"ready"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		report, err := parseReport(text)
		if err != nil {
			return
		}
		field, err := fieldText(report)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseReport(field); err != nil {
			t.Errorf("%v: %s", err, field)
		}
	})
}

// FuzzParseFacts: whatever a -device file holds, nothing panics, and facts that are
// taken can be compared with the documents.
func FuzzParseFacts(f *testing.F) {
	f.Add([]byte(`{"edition": "pro", "build": "26100.3323", "service_plans": [], "other_mdm": false}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		facts, err := parseFacts(text)
		if err != nil {
			return
		}
		if _, err := facts.Check(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}); err != nil {
			if _, ok := errors.AsType[*endpoints.Error](err); !ok {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
}
