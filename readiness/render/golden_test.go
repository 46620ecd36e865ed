package render_test

import (
	"bytes"
	"flag"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
	"github.com/netready/netready/readiness/render"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares got with a file in testdata. Keys of certificates are random,
// as are names that must not exist.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = regexp.MustCompile(`[0-9a-f]{16}…`).ReplaceAllString(got, "0123456789abcdef…")
	got = regexp.MustCompile(`[a-z]{20}(\.(?:com|net|org))`).ReplaceAllString(got, "madeup$1")
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// A form is a way to write a report.
type form struct {
	name  string // and the extension of its files
	write func(io.Writer, *readiness.Report) error
}

// forms are those that have golden files for the same three reports.
func forms() []form {
	return []form{
		{"txt", func(w io.Writer, r *readiness.Report) error { return render.Text(w, r, render.TextOptions{}) }},
		{"brief.json", render.Brief},
		{"line.json", render.Line},
		{"md", render.Markdown},
		{"junit.xml", render.JUnit},
		{"openmetrics", render.OpenMetrics},
		{"html", render.HTML},
	}
}

// written returns a report in a form.
func written(t *testing.T, f form, r *readiness.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A network is one of the three that every form is shown with.
type network struct {
	name    string
	verdict readiness.Verdict
	runner  readiness.Runner
	faults  []probetest.Fault

	addresses map[string][]netip.Addr // of hosts; the others have any
}

func networks() []network {
	return []network{
		{name: "ready", verdict: readiness.Ready},
		{
			name: "degraded", verdict: readiness.Degraded,
			runner: readiness.Runner{Policy: readiness.FieldPolicy(), Device: device.Facts{Edition: "pro"}.Check},
			faults: []probetest.Fault{probetest.At{Network: "udp", Port: 123, Fault: probetest.Drop}},
		},
		{name: "blocked", verdict: readiness.Blocked, faults: []probetest.Fault{
			probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop},
			probetest.At{Host: "manage.microsoft.com", Network: "tcp", Fault: probetest.Inspect{Organization: "Example Security"}},
		}},
	}
}

// report assesses the network. Call it in a synctest bubble.
func (n network) report(t *testing.T) *readiness.Report {
	t.Helper()
	n.runner.Catalog = few(t)
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudWorldwide}
	n.runner.Network = probe.Network{SearchDomains: []string{}}
	p, err := n.runner.Plan(scope)
	if err != nil {
		t.Fatal(err)
	}
	net := &probetest.Internet{Hosts: p.Hosts(), Latency: 20 * time.Millisecond, Faults: n.faults, Addresses: n.addresses}
	n.runner.Network = net.Network()
	n.runner.Network.SearchDomains = []string{}
	r, err := n.runner.Assess(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	if r.Traffic.Connections == 0 || r.Traffic.Datagrams == 0 || r.Traffic.Sent == 0 || r.Traffic.Received == 0 {
		t.Errorf("traffic %+v", r.Traffic)
	}
	r.Traffic = probe.Traffic{Connections: 23, Datagrams: 61, Sent: 9_876, Received: 1_234_567} // signatures differ in length
	return r
}

// TestForms keeps the same three reports in every form.
func TestForms(t *testing.T) {
	for _, n := range networks() {
		synctest.Test(t, func(t *testing.T) {
			r := n.report(t)
			if r.Verdict != n.verdict {
				t.Errorf("%s: verdict %v", n.name, r.Verdict)
			}
			for _, f := range forms() {
				text := written(t, f, r)
				golden(t, n.name+"."+f.name, text)
				if again := written(t, f, r); again != text {
					t.Errorf("%s as %s differs when written again", n.name, f.name)
				}
			}
		})
	}
}

// A report that was read back is written as the original is, in every form.
func TestFormsOfAReportThatIsReadBack(t *testing.T) {
	for _, n := range networks() {
		synctest.Test(t, func(t *testing.T) {
			r := n.report(t)
			data, err := r.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			back := new(readiness.Report)
			if err := back.UnmarshalJSON(data); err != nil {
				t.Fatal(err)
			}
			for _, f := range forms() {
				if diff := cmp.Diff(written(t, f, r), written(t, f, back)); diff != "" {
					t.Errorf("%s as %s (-first +read back):\n%s", n.name, f.name, diff)
				}
			}
		})
	}
}

// Reports that are empty or made by hand are written, and none passes.
func TestFormsOfWhatIsNoReport(t *testing.T) {
	for name, r := range map[string]*readiness.Report{
		"nil": nil, "zero": {}, "no plan": {Verdict: readiness.Blocked, Findings: make([]readiness.Finding, 2), Causes: make([]readiness.Cause, 1), Missing: make([]readiness.Check, 1)},
		"empty plan": {Plan: new(readiness.Plan), Services: make([]readiness.ServiceResult, 1), Device: make([]readiness.Prerequisite, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			if r.Err() == nil {
				t.Error("it passes")
			}
			for _, f := range forms() {
				if written(t, f, r) == "" {
					t.Errorf("as %s: nothing", f.name)
				}
			}
		})
	}
}
