package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/examples/internal/clitest"
	"github.com/netready/netready/examples/internal/trafficreport"
)

// call runs the command with the small catalog.
func call(stdin string, args ...string) clitest.Outcome {
	return callAll(stdin, append([]string{"-catalog", "testdata/catalog.json"}, args...)...)
}

// callAll runs the command with the built-in catalog.
func callAll(stdin string, args ...string) clitest.Outcome {
	return clitest.Run(func(stdout, stderr *strings.Builder) int {
		return run(args, environment{stdin: strings.NewReader(stdin), stdout: stdout, stderr: stderr})
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReports(t *testing.T) {
	tests := []struct {
		golden string
		status int
		stdin  string
		args   []string
	}{
		{"squid.txt", trafficreport.ExitDenied, "", []string{"-tenant", "contoso", "testdata/squid.log"}},
		{"squid.json", trafficreport.ExitDenied, "", []string{"-tenant", "contoso", "-format", "json", "testdata/squid.log"}},
		{"squid.html", trafficreport.ExitDenied, "", []string{"-tenant", "contoso", "-format", "html", "testdata/squid.log"}},
		{"stopped.txt", trafficreport.ExitDenied, read(t, "testdata/iis.log") + "02:02:30 2019-09-14 enrollment.manage.microsoft.com 503\n", nil},
		{"stopped.html", trafficreport.ExitUnknown, "#Fields: date time cs-host\n2019-09-14 02:00:10 login.live.com\n2019-09-14 02:00:12 ztd.dds.microsoft.com\n", []string{"-format", "html"}},
		{"har.txt", trafficreport.ExitDenied, "", []string{"-log", "har", "-features", "store-apps", "-region", "europe", "-tpm", "amd", "testdata/capture.har"}},
		{"iis.txt", trafficreport.ExitDenied, "", []string{"testdata/iis.log"}},
		{"autopatch.txt", trafficreport.ExitClear, "", []string{"-scenario", "autopatch", "testdata/squid.log"}},
		{"gateway.txt", trafficreport.ExitDenied, "", []string{"-layout", "testdata/layout.json", "testdata/gateway.log"}},
		{"pihole.txt", trafficreport.ExitDenied, "", []string{"testdata/pihole.log"}},
		{"hosts.txt", trafficreport.ExitUnknown, "www.msftconnecttest.com\nlogin.live.com:8443\nold.example.net\na.example\n", []string{"-"}},
		{"days.txt", trafficreport.ExitUnknown, "2019-09-14T02:00:10Z login.live.com\n2019-09-16T02:00:10Z a.example\n", nil},
		{"hours.txt", trafficreport.ExitUnknown, "2019-09-14T02:00:10Z login.live.com\n2019-09-14T13:10:11Z login.live.com\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.golden, func(t *testing.T) {
			got := call(tt.stdin, tt.args...)
			clitest.Golden(t, tt.golden, got.Stdout)
			if got.Status != tt.status || got.Stderr != "" {
				t.Errorf("status %d, want %d; stderr %q", got.Status, tt.status, got.Stderr)
			}
		})
	}
}

// TestPipe: a log reads the same from a file and from standard input.
func TestPipe(t *testing.T) {
	want := call("", "testdata/squid.log")
	for _, args := range [][]string{nil, {"-"}, {"-log", "squid", "-"}, {"-log", "auto", "-scenario", "autopilot"}} {
		got := call(read(t, "testdata/squid.log"), args...)
		got.Stdout = strings.Replace(got.Stdout, "Squid native log\n", "Squid native log, detected from its first lines\n", 1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-file +pipe):\n%s", args, diff)
		}
	}
}

// TestBuiltIn: the command has built-in rules.
func TestBuiltIn(t *testing.T) {
	for _, scenario := range []string{"autopilot", "device-preparation"} {
		got := callAll(read(t, "testdata/squid.log"), "-scenario", scenario)
		if got.Status != trafficreport.ExitDenied || got.Stderr != "" || !strings.Contains(got.Stdout, "licensing.mp.microsoft.com") {
			t.Errorf("%s: %+v", scenario, got)
		}
	}
}

// TestUnread: an unreadable log is reported together with everything read
// before the error.
func TestUnread(t *testing.T) {
	tests := []struct {
		name, stdin string
		args        []string
		want        string // how stderr begins, without "annotate: "
		report      bool
	}{
		{"nothing", "", nil, "standard input: the log is empty", false},
		{"prose", "Please allow these.\n", nil, "standard input: the first lines have no known format; a W3C log needs its #Fields line. Name its format with -log, describe it with -layout, or give the names in it, one on each line, with -log hosts", false},
		{"a compressed archive", "PK\x03\x04", nil, "standard input: compression \"zip\": not supported; decompress the log first", false},
		{"another format than it is", read(t, "testdata/squid.log"), []string{"-log", "clf"}, "standard input: no requests in it, read as Common or Combined Log Format", true},
		{"nothing of a format", "", []string{"-log", "hosts"}, "standard input: no requests in it, read as list of hosts", true},
		{"an archive cut off", `{"log": {"entries": [{"request": {"url": "https://a.example/"}}`, nil, "standard input: line 1: the JSON is incomplete", true},
		{"a missing file", "", []string{"testdata/nothing.log"}, "open testdata/nothing.log: ", false},
		{"a directory", "", []string{"testdata"}, "testdata: traffic: read testdata: ", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(tt.stdin, tt.args...)
			if got.Status != trafficreport.ExitUnknown || !strings.HasPrefix(got.Stderr, "annotate: "+tt.want) || strings.Count(got.Stderr, "\n") != 1 {
				t.Errorf("status %d, stderr %q", got.Status, got.Stderr)
			}
			if (got.Stdout != "") != tt.report {
				t.Errorf("stdout %q", got.Stdout)
			}
		})
	}
}

// TestCutOffAfterDenial: a log that breaks off has status 2 even after denied
// requests, which are still reported.
func TestCutOffAfterDenial(t *testing.T) {
	got := call(`{"log": {"entries": [{"request": {"url": "https://login.live.com/"}, "response": {"status": 407}}`, "-format", "json")
	if got.Status != trafficreport.ExitUnknown || !strings.Contains(got.Stdout, `"denied": 1`) {
		t.Errorf("%+v", got)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestUnwritable(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"testdata/squid.log"}, {"-format", "json", "testdata/squid.log"}} {
		var stderr bytes.Buffer
		if got := run(args, environment{stdin: strings.NewReader(""), stdout: full{}, stderr: &stderr}); got != trafficreport.ExitUnknown || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%v: status %d, stderr %q", args, got, stderr.String())
		}
	}
	if got := run([]string{"-no"}, environment{stdin: strings.NewReader(""), stdout: io.Discard, stderr: full{}}); got != trafficreport.ExitUnknown {
		t.Errorf("status %d", got)
	}
}

// TestUnusedTenant shows that a tenant's name on which nothing depends is said
// to be one.
func TestUnusedTenant(t *testing.T) {
	for scenario, want := range map[string]bool{"autopilot": false, "autopatch": true} {
		got := call("ztd.dds.microsoft.com\n", "-log", "hosts", "-scenario", scenario, "-tenant", "contoso")
		if strings.Contains(got.Stderr, "annotate: -tenant changes nothing") != want {
			t.Errorf("%s: %+v", scenario, got)
		}
	}
}
