package readiness_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
	"github.com/netready/netready/readiness/render"
)

// storedReports calls use with reports of several networks.
func storedReports(t *testing.T, use func(t *testing.T, r *readiness.Report)) {
	t.Helper()
	tests := []struct {
		name   string
		scope  endpoints.Scope
		faults []probetest.Fault
		proxy  bool
		runner readiness.Runner
	}{
		{name: "healthy", scope: autopilot()},
		{name: "a host is blocked, and another", scope: autopilot(), faults: []probetest.Fault{
			probetest.At{Host: "login.live.com", Fault: probetest.Drop}, probetest.At{Host: "ztd.dds.microsoft.com", Fault: probetest.Refuse},
		}},
		{name: "no resolver", scope: autopilot(), faults: []probetest.Fault{onPort("", 53, probetest.Drop)}},
		{name: "a proxy that is needed", scope: autopilot(), proxy: true, faults: []probetest.Fault{
			probetest.At{Network: "tcp", Direct: true, Fault: probetest.Drop},
		}},
		{
			name: "cut off", scope: domainScope(), runner: readiness.Runner{Deadline: time.Second, Concurrency: 4},
			faults: []probetest.Fault{onPort("tcp", 443, probetest.Drop)},
		},
		{name: "what is known of devices", scope: autopilot(), runner: readiness.Runner{Device: device.Facts{Edition: "home"}.Check}},
	}
	for _, tt := range sampletest.Of(tests) {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Hosts: plan(t, tt.scope).Hosts(), Faults: tt.faults}
				tt.runner.Network = net.Network()
				tt.runner.Network.SearchDomains = []string{"corp.contoso.com"}
				if tt.proxy {
					tt.runner.Network.Proxy = func(probe.Target) (*url.URL, error) { return net.ProxyURL(), nil }
				}
				r, err := tt.runner.Assess(t.Context(), tt.scope)
				if err != nil {
					t.Fatal(err)
				}
				use(t, r)
			})
		})
	}
}

func encoded(t *testing.T, r *readiness.Report) []byte {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readBack(t *testing.T, data []byte) *readiness.Report {
	t.Helper()
	var r readiness.Report
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestAReportThatIsReadBackIsTheSame(t *testing.T) {
	storedReports(t, func(t *testing.T, r *readiness.Report) {
		t.Helper()
		data := encoded(t, r)
		back := readBack(t, data)
		if again := encoded(t, back); !bytes.Equal(data, again) {
			t.Errorf("encoded again (-first +second):\n%s", cmp.Diff(string(data), string(again)))
		}
		if value, err := json.Marshal(*r); err != nil || !bytes.Equal(data, value) {
			t.Errorf("a value is encoded otherwise than a pointer: %v", err)
		}
		var want, got strings.Builder
		for _, w := range []struct {
			to *strings.Builder
			r  *readiness.Report
		}{{&want, r}, {&got, back}} {
			if err := render.Text(w.to, w.r, render.TextOptions{Untested: true}); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("as text (-first +read back):\n%s", diff)
		}
	})
}

func TestAReportThatIsReadBackCanBeJudgedAgain(t *testing.T) {
	storedReports(t, func(t *testing.T, r *readiness.Report) {
		t.Helper()
		data := encoded(t, r)
		for name, stored := range map[string]*readiness.Report{"in memory": r, "read back": readBack(t, data)} {
			same, err := readiness.Runner{}.Rejudge(stored)
			if err != nil {
				t.Fatal(err)
			}
			if again := encoded(t, same); !bytes.Equal(data, again) {
				t.Errorf("%s: judged again under the same policy (-first +second):\n%s", name, cmp.Diff(string(data), string(again)))
			}
			field := readiness.Runner{Policy: readiness.FieldPolicy()}
			got, err := field.Rejudge(stored)
			if err != nil {
				t.Fatal(err)
			}
			want, err := field.Judge(r.Plan, r.Observations)
			if err != nil {
				t.Fatal(err)
			}
			if got.Policy != "field" || r.Device == nil && got.Verdict != want.Verdict {
				t.Errorf("%s: under %q: %v, want %v", name, got.Policy, got.Verdict, want.Verdict)
			}
		}
	})
}

func TestRejudgeNeedsTheCatalogOfOnesOwn(t *testing.T) {
	own, err := endpoints.New("mail", "mail.contoso.com", "tcp/443 https")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := endpoints.Embedded().With(own)
	if err != nil {
		t.Fatal(err)
	}
	p := planOn(t, autopilot(), catalog, probe.Network{})
	stored := readBack(t, encoded(t, judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("mail.contoso.com")), readiness.Policy{})))
	if r, err := (readiness.Runner{}).Rejudge(stored); err == nil {
		t.Errorf("no error, and %v", r.Verdict)
	}
	r, err := readiness.Runner{Catalog: catalog}.Rejudge(stored)
	if err != nil || r.Verdict != stored.Verdict || len(r.Causes) != 1 {
		t.Errorf("with the catalog: %v, %v; want %v", r, err, stored.Verdict)
	}
	if _, err := (readiness.Runner{}).Rejudge(nil); err == nil {
		t.Error("no report: no error")
	}
	if _, err := (readiness.Runner{}).Rejudge(new(readiness.Report)); err == nil {
		t.Error("an empty report: no error")
	}
}

func TestWhatIsNoReportIsRefused(t *testing.T) {
	for _, doc := range []string{
		`{}`, `[]`, `"x"`, `{"schema":"netready/2"}`, `{"schema":"netready/1","verdict":"perfect"}`,
		`{"schema":"netready/1","verdict":"ready","findings":[{"status":"fine"}]}`,
		`{"schema":"netready/1","verdict":"ready","services":[{"status":"fine"}]}`,
	} {
		r := readiness.Report{Verdict: readiness.Blocked}
		if err := json.Unmarshal([]byte(doc), &r); err == nil || r.Verdict != readiness.Blocked {
			t.Errorf("%s: error %v, verdict %v", doc, err, r.Verdict)
		}
	}
	if err := json.Unmarshal([]byte(`{"schema":"netready-plan/1","checks":[]}`), new(readiness.Plan)); err == nil {
		t.Error("a plan was read back")
	}
}

// The error of a document that cannot be read names what it is.
func TestADocumentOfAnotherSchemaIsRefusedByName(t *testing.T) {
	for _, tt := range []struct{ name, schema, want string }{
		{"a newer version", "netready/2", `readiness: the report is of a newer version: its schema is "netready/2", and this version reads up to "netready/1"`},
		{"a much newer version", "netready/10", `readiness: the report is of a newer version: its schema is "netready/10", and this version reads up to "netready/1"`},
		{"an older version", "netready/0", `readiness: the schema of the report is "netready/0"; want "netready/1"`},
		{"a plan", "netready-plan/1", `readiness: the document is a "netready-plan/1", not a report, which is a "netready/1"`},
		{"something else", `a\n\u001bb`, `readiness: the document is a "a �b", not a report, which is a "netready/1"`},
		{"nothing", "", `readiness: the document has no schema; a report has "netready/1"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := new(readiness.Report).UnmarshalJSON([]byte(`{"schema":"` + tt.schema + `"}`))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// A document without observations is read back as far as it goes: it has the
// same checks and counts, and encodes to the same bytes.
func TestAReportWithoutObservationsIsReadBack(t *testing.T) {
	storedReports(t, func(t *testing.T, r *readiness.Report) {
		t.Helper()
		brief := *r
		brief.Observations = nil
		data := encoded(t, &brief)
		back := readBack(t, data)
		if again := encoded(t, back); !bytes.Equal(data, again) {
			t.Errorf("encoded again (-first +second):\n%s", cmp.Diff(string(data), string(again)))
		}
		for _, o := range []readiness.Outcome{readiness.OK, readiness.Failed, readiness.NotRun} {
			if got, want := back.Count(o), r.Count(o); got != want {
				t.Errorf("%d checks are %v, want %d", got, o, want)
			}
		}
		if diff := cmp.Diff([]string(nil), differences(r, back)); diff != "" {
			t.Errorf("against the whole document (-want +got):\n%s", diff)
		}
	})
}

// Whatever a document says, nothing panics.
func FuzzReportUnmarshal(f *testing.F) {
	p := plan(f, autopilot())
	r := judge(f, p, blockedNetwork(p)[:20], readiness.Policy{})
	data, err := json.Marshal(r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"schema":"netready/1","verdict":"ready","missing":["x"],"findings":[{"status":"failed","impact":"fatal","observation":-1,"cause":"x","cause_index":7}]}`))
	failing := blockedNetwork(p)
	f.Fuzz(func(t *testing.T, data []byte) {
		var r readiness.Report
		if json.Unmarshal(data, &r) != nil {
			return
		}
		written(t, &r)
		written(t, r.Redacted())
		_, _ = readiness.Runner{}.Rejudge(&r)
		_, _ = readiness.Runner{Policy: readiness.Policy{}.Against(&r)}.Judge(p, failing)
	})
}

// A finding without an observation says so, and no report has the number that says it.
func TestAFindingWithoutAnObservation(t *testing.T) {
	var doc struct{ Findings []struct{ Observation int } }
	if err := json.Unmarshal(encoded(t, &readiness.Report{Findings: []readiness.Finding{{}}}), &doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Findings[0].Observation; got != -1 {
		t.Errorf("observation %d, want -1", got)
	}
}

// Reading takes no longer for each finding, cause or service if there are many
// others: with a hundred million comparisons, this test would not end.
func TestALargeReportIsReadInOneGo(t *testing.T) {
	const n = 10_000
	list := func(format string, of func(int) any) string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf(format, of(i))
		}
		return strings.Join(out, ",")
	}
	name := func(i int) any { return fmt.Sprintf("https h%d.example:443", i) }
	all := list("%q", name)
	doc := `{"schema": "netready/1", "observations": [],
		"causes": [{"code": "other", "checks": [` + all + `]}, {"code": "same", "checks": [` + all + `]}, {"code": "same", "checks": [` + all + `]}, ` +
		list(`{"code": "one", "checks": [%q]}`, name) + `],
		"findings": [` + list(`{"check": %q, "cause": "same"}`, name) + `, ` + list(`{"check": %q, "cause": "one"}`, name) + `],
		"services": [` + list(`{"id": %q}`, func(i int) any { return fmt.Sprint("s", i) }) + `],
		"untested": [` + list(`{"service": %q}`, func(i int) any { return fmt.Sprint("s", i/2) }) + `]}`
	var r readiness.Report
	if err := json.Unmarshal([]byte(doc), &r); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if r.Findings[i].Cause != &r.Causes[1] || r.Findings[n+i].Cause != &r.Causes[3+i] {
			t.Fatalf("host %d has the causes %p and %p, want %p and %p", i, r.Findings[i].Cause, r.Findings[n+i].Cause, &r.Causes[1], &r.Causes[3+i])
		}
		want := 2
		if i >= n/2 {
			want = 0
		}
		if got := r.Services[i].Untested; got != want {
			t.Fatalf("service %d has %d untested endpoints, want %d", i, got, want)
		}
	}
}

// A document without observations names its checks.
func TestNamesOfChecksAreReadBack(t *testing.T) {
	for name, want := range map[string]probe.Target{
		"https a.example:443":        {Protocol: probe.HTTPS, Host: "a.example", Port: 443},
		"https a.example:443 direct": {Protocol: probe.HTTPS, Host: "a.example", Port: 443, Direct: true},
		"tcp [2001:db8::1]:65535":    {Protocol: probe.TCP, Host: "2001:db8::1", Port: 65535},
		"https a.example:65536":      {},
		"https a.example:x":          {},
		"https a.example":            {},
		"https :443:":                {},
	} {
		r := readBack(t, []byte(`{"schema":"netready/1","verdict":"ready","findings":[{"check":"`+name+`","status":"ok","impact":"fatal"}],
			"services":[{"id":"mail","status":"ok","impact":"fatal"}],"untested":[{"service":"mail","host":"*.example"},{"service":"calendar","host":"b.example"}]}`))
		if got := r.Findings[0].Check.Target; got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if got := r.Services[0].Untested; got != 1 {
			t.Errorf("%d endpoints of the service are untested, want 1", got)
		}
	}
}
