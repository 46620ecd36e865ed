package readiness_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
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

// few is a catalog of a few endpoints, one of each kind of check.
func few(t *testing.T) *endpoints.Catalog {
	t.Helper()
	all := endpoints.Embedded()
	var keep []endpoints.Endpoint
	for _, e := range all.Endpoints() {
		if slices.Contains([]string{
			"$resolver", "www.msftconnecttest.com", "time.windows.com", "crl3.digicert.com",
			"login.live.com", "manage.microsoft.com", "client.wns.windows.com", "*.lync.com",
		}, e.Host.String()) {
			keep = append(keep, e)
		}
	}
	c, err := new(endpoints.Catalog).With(keep...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fewReport assesses a few endpoints of which one is blocked and one degraded.
func fewReport(t *testing.T) *readiness.Report {
	t.Helper()
	p, err := readiness.Runner{Catalog: few(t), Network: probe.Network{SearchDomains: []string{}}}.Plan(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	net := &probetest.Internet{
		Hosts:   p.Hosts(),
		Latency: 20 * time.Millisecond,
		Faults: []probetest.Fault{
			probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop},
			probetest.At{Host: "client.wns.windows.com", Network: "tcp", Fault: probetest.Refuse},
		},
	}
	r, err := assessPlan(t.Context(), readiness.Runner{Network: net.Network(), Device: device.Facts{}.Check}, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReportGolden keeps one report in both forms. Certificates are made anew
// each time, so their hashes and numbers are left out, as are names that are
// made up to find out whether resolvers make up addresses. Each system has its
// own words for a connection that fails, and its own precision of the clock.
func TestReportGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := fewReport(t)
		var text, doc bytes.Buffer
		if err := render.Text(&text, r, render.TextOptions{Untested: true}); err != nil {
			t.Fatal(err)
		}
		if err := render.JSON(&doc, r); err != nil {
			t.Fatal(err)
		}
		golden(t, "report.txt", text.String())
		random := regexp.MustCompile(`("(?:sha256|serial)": )"[0-9a-f]+"`)
		madeUp := regexp.MustCompile(`[a-z]{20}(\.(?:com|net|org))`)
		words := regexp.MustCompile(`("text": "dial \S+ \S+: )connect(?:ex)?: [^"]*"`)
		precision := regexp.MustCompile(`("bound_ms": )[0-9.]+`)
		got := madeUp.ReplaceAllString(random.ReplaceAllString(doc.String(), `$1"…"`), "madeup$1")
		golden(t, "report.json", precision.ReplaceAllString(words.ReplaceAllString(got, `$1…"`), `$1"…"`))
	})
}

// The names of the document are a contract: they are only ever added to.
func TestJSONContract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, err := json.Marshal(fewReport(t))
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]json.RawMessage
		if err := json.Unmarshal(out, &doc); err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{
			"scope":        {"cloud", "features", "region", "scenario", "tenant", "tpm"},
			"catalog":      {"date", "version"},
			"services":     {"basis", "checks", "consequence", "id", "impact", "sources", "status", "title"},
			"causes":       {"checks", "code", "evidence", "impact", "names", "remedy", "services", "sources", "title"},
			"findings":     {"basis", "cause", "cause_index", "check", "code", "consequence", "host", "impact", "note", "observation", "phase", "port", "protocol", "published", "service", "status"},
			"untested":     {"host", "reason", "service"},
			"device":       {"basis", "consequence", "found", "impact", "prerequisite", "reason", "sources", "status", "title", "wanted"},
			"observations": {"attempts", "dns", "duration_ms", "error", "http", "ncsi", "ntp", "revocation", "start", "steps", "target", "tcp", "tls"},
		}
		got := make(map[string][]string)
		for name, raw := range doc {
			if keys := keysOf(t, raw); keys != nil {
				got[name] = keys
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		var rest struct {
			Schema, Verdict, Started string
			StopsAt                  string   `json:"stops_at"`
			DurationMS               *float64 `json:"duration_ms"`
		}
		if err := json.Unmarshal(out, &rest); err != nil {
			t.Fatal(err)
		}
		if rest.Schema != readiness.Schema || rest.Verdict != "blocked" || rest.StopsAt != "device-identity" || rest.DurationMS == nil {
			t.Errorf("unexpected head %+v", rest)
		}
	})
}

// keysOf returns the names of an object's fields, or those of the objects of a list.
func keysOf(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var list []map[string]json.RawMessage
	if raw[0] == '{' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	if raw[0] != '[' {
		return nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil
	}
	var out []string
	for _, o := range list {
		for k := range o {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Stored observations can be judged again under another policy, without a network.
func TestStoredObservationsAreJudgedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, autopilot())
		net := &probetest.Internet{Hosts: p.Hosts(), Faults: []probetest.Fault{onPort("udp", 123, probetest.Drop)}}
		obs, err := readiness.Runner{Network: net.Network()}.Run(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := json.Marshal(obs)
		if err != nil {
			t.Fatal(err)
		}
		var again []probe.Observation
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			policy readiness.Policy
			want   summary
		}{
			{readiness.DocumentedPolicy(), summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseNTPBlocked}, endpoints.PhaseNetworkBringUp}},
			{readiness.FieldPolicy(), summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseNTPBlocked}, ""}},
		} {
			fresh, later := judge(t, p, obs, tt.policy), judge(t, p, again, tt.policy)
			if diff := cmp.Diff(tt.want, summarize(later)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(fresh.Causes, later.Causes, cmp.Comparer(func(a, b endpoints.Host) bool { return a == b })); diff != "" {
				t.Errorf("(-fresh +stored):\n%s", diff)
			}
		}
	})
}

func TestEveryFailureHasExactlyOneCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := assess(t, autopilot(), &probetest.Internet{Faults: []probetest.Fault{
			probetest.At{Host: "*.manage.microsoft.com", Fault: probetest.Inspect{}},
			probetest.At{Host: "login.live.com", Fault: probetest.DNSAnswer{RCode: 3}},
			probetest.At{Host: "graph.microsoft.com", Network: "tcp", Fault: probetest.Refuse},
			onPort("udp", 123, probetest.Drop),
		}})
		owners := make(map[string]int)
		for _, c := range r.Causes {
			for _, check := range c.Checks {
				owners[check.ID()]++
			}
		}
		for _, f := range r.Findings {
			switch {
			case f.Outcome == readiness.Failed && (owners[f.Check.ID()] != 1 || f.Cause == nil):
				t.Errorf("%s has %d causes, finding %v", f.Check.ID(), owners[f.Check.ID()], f.Cause)
			case f.Outcome == readiness.OK && f.Cause != nil:
				t.Errorf("%s is ok and has a cause", f.Check.ID())
			}
		}
	})
}

// Stored observations may say of a revocation list itself what is only said of
// chains.
func TestRevocationCodeWithoutFacts(t *testing.T) {
	p := plan(t, autopilot())
	for _, code := range []probe.Code{probe.RevocationUnreachable, probe.RevocationStale, probe.RevocationMalformed} {
		obs := fail(reached(p), probe.OpRevocation, code, host("crl3.digicert.com"))
		if r := judge(t, p, obs, readiness.Policy{}); r.Err() == nil {
			t.Errorf("%s: verdict %v", code, r.Verdict)
		}
	}
}

// What is written by hand is what the tags say.
func TestFindingJSON(t *testing.T) {
	got, want, err := readiness.FindingJSON()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
