package traffic_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", path, diff)
	}
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func TestJSON(t *testing.T) {
	sum, err := traffic.Annotate(bytes.NewReader(sample(t, "squid.log")), traffic.Auto, small(t), autopilot())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "squid.json", indented(t, sum))
	if diff := cmp.Diff(string(indented(t, sum)), string(indented(t, *sum))); diff != "" {
		t.Errorf("by pointer and by value (-pointer +value):\n%s", diff)
	}
}

// TestJSONContract: all documented fields are present and no list is null,
// whatever the summary.
func TestJSONContract(t *testing.T) {
	empty := traffic.Summary{}
	full := traffic.Summary{
		Hosts: []traffic.Host{{}}, Phases: []traffic.Phase{{}}, Denied: []traffic.Host{{}},
		Missing: []traffic.Missing{{}}, Uncovered: []string{""}, Lines: traffic.Lines{Errors: []endpoints.Error{{}}},
	}
	for _, sum := range []traffic.Summary{empty, full} {
		var doc map[string]any
		if err := json.Unmarshal(indented(t, sum), &doc); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"hosts", "phases", "denied", "missing", "uncovered"} {
			if _, ok := doc[name].([]any); !ok {
				t.Errorf("%s is %v", name, doc[name])
			}
		}
		lines, ok := doc["lines"].(map[string]any)
		if _, isList := lines["errors"].([]any); !ok || !isList || lines["read"] == nil || lines["skipped"] == nil {
			t.Errorf("lines are %v", doc["lines"])
		}
		promised := map[string][]string{
			"hosts":   {"host", "service", "phase", "need", "requests", "denied", "first", "last"},
			"phases":  {"phase", "first", "last", "hosts"},
			"missing": {"service", "host"},
		}
		for name, fields := range promised {
			for _, entry := range doc[name].([]any) { //nolint:errcheck // it was seen above
				for _, f := range fields {
					v, ok := entry.(map[string]any)[f] //nolint:errcheck // nothing else is written
					isTime := slices.Contains([]string{"first", "last"}, f)
					if !ok || (v == nil) != isTime {
						t.Errorf("%s of %s is %v", f, name, v)
					}
				}
			}
		}
		for _, e := range lines["errors"].([]any) { //nolint:errcheck // it was seen above
			fields := e.(map[string]any) //nolint:errcheck // nothing else is written
			if fields["line"] == nil || fields["reason"] == nil {
				t.Errorf("an error is %v", e)
			}
		}
	}
}

// TestJSONTimes: a log's times are written unchanged.
func TestJSONTimes(t *testing.T) {
	at := time.Date(2019, 9, 14, 2, 0, 5, 20_000_000, time.UTC)
	data := indented(t, traffic.Summary{Hosts: []traffic.Host{{First: at, Last: at}}})
	var doc struct {
		Hosts []struct{ First, Last time.Time }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if !doc.Hosts[0].First.Equal(at) || !doc.Hosts[0].Last.Equal(at) {
		t.Errorf("%v", doc)
	}
}

// TestEqualFormats: a deployment looks the same in all logs with the same
// hosts.
func TestEqualFormats(t *testing.T) {
	logs := map[traffic.Format]string{
		traffic.Squid: "1568426410.000 9 192.0.2.10 TCP_TUNNEL/200 5120 CONNECT login.live.com:443 - HIER_DIRECT/203.0.113.5 -\n" +
			"1568426412.000 9 192.0.2.10 TCP_DENIED/403 1 CONNECT ztd.dds.microsoft.com:443 - HIER_NONE/- -\n",
		traffic.CLF: "192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] \"CONNECT login.live.com:443 HTTP/1.1\" 200 1\n" +
			"192.0.2.10 - - [14/Sep/2019:02:00:12 +0000] \"CONNECT ztd.dds.microsoft.com:443 HTTP/1.1\" 403 1\n",
		traffic.W3C: "#Fields: date time cs-method cs-uri sc-status\n2019-09-14 02:00:10 CONNECT login.live.com:443 200\n" +
			"2019-09-14 02:00:12 CONNECT ztd.dds.microsoft.com:443 403\n",
		traffic.HAR: `{"log": {"entries": [
			{"startedDateTime": "2019-09-14T02:00:10Z", "request": {"method": "CONNECT", "url": "login.live.com:443"}, "response": {"status": 200}},
			{"startedDateTime": "2019-09-14T02:00:12Z", "request": {"method": "CONNECT", "url": "ztd.dds.microsoft.com:443"}, "response": {"status": 403}}]}}`,
	}
	want := annotate(t, logs[traffic.Squid], traffic.Squid, small(t), autopilot())
	for f, log := range logs {
		got := annotate(t, log, traffic.Auto, small(t), autopilot())
		if got.Format != f {
			t.Errorf("%s was read as %s", f, got.Format)
		}
		got.Format, got.Lines = want.Format, want.Lines
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-squid +%s):\n%s", f, f, diff)
		}
	}
	if len(want.Denied) != 1 || want.Denied[0].Host != "ztd.dds.microsoft.com" || want.Denied[0].DeniedRequired != 1 {
		t.Errorf("denied: %v", want.Denied)
	}
}
