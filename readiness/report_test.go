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
	"github.com/netready/netready/readiness/render"
)

// few is a catalogue of a few endpoints, one of each kind of check.
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
func fewReport(t *testing.T, policy readiness.Policy) *readiness.Report {
	t.Helper()
	p, err := readiness.NewPlan(autopilot(), few(t))
	if err != nil {
		t.Fatal(err)
	}
	net := &probetest.Internet{
		Hosts:   p.Hosts(),
		Latency: 20 * time.Millisecond,
		Faults: []probetest.Fault{
			probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop{}},
			probetest.At{Host: "client.wns.windows.com", Network: "tcp", Fault: probetest.Refuse{}},
		},
	}
	r, err := readiness.Runner{Network: net.Network()}.Assess(t.Context(), p, policy)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReportGolden keeps one report in both forms. Certificates are made anew
// each time, so their hashes and numbers are left out,
// as are names that are made up to find out whether resolvers make up addresses.
func TestReportGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := fewReport(t, nil)
		var text, doc bytes.Buffer
		if err := render.Text(&text, r); err != nil {
			t.Fatal(err)
		}
		if err := render.JSON(&doc, r); err != nil {
			t.Fatal(err)
		}
		golden(t, "report.txt", text.String())
		random := regexp.MustCompile(`("(?:sha256|serial)": )"[0-9a-f]+"`)
		madeUp := regexp.MustCompile(`[a-z]{20}(\.(?:com|net|org))`)
		golden(t, "report.json", madeUp.ReplaceAllString(random.ReplaceAllString(doc.String(), `$1"…"`), "madeup$1"))
	})
}

// The names of the document are a contract: they are only ever added to.
func TestJSONContract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, err := json.Marshal(fewReport(t, nil))
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
			"causes":       {"checks", "code", "evidence", "impact", "remedy", "services", "sources", "title"},
			"findings":     {"basis", "cause", "check", "code", "consequence", "host", "impact", "observation", "port", "protocol", "published", "service", "status"},
			"untested":     {"host", "reason", "service"},
			"device":       {"basis", "consequence", "found", "impact", "prerequisite", "reason", "sources", "status", "wanted"},
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
		net := &probetest.Internet{Hosts: p.Hosts(), Faults: []probetest.Fault{onPort("udp", 123, probetest.Drop{})}}
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
			{readiness.Documented, summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseNTPBlocked}, endpoints.PhaseNetworkBringUp}},
			{readiness.Field, summary{readiness.ReadyDegraded, []readiness.CauseCode{readiness.CauseNTPBlocked}, ""}},
		} {
			fresh, later := readiness.NewReport(p, obs, tt.policy), readiness.NewReport(p, again, tt.policy)
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
			probetest.At{Host: "login.live.com", Fault: probetest.RCode(3)},
			probetest.At{Host: "graph.microsoft.com", Network: "tcp", Fault: probetest.Refuse{}},
			onPort("udp", 123, probetest.Drop{}),
		}}, nil)
		owners := make(map[int]int)
		for _, c := range r.Causes {
			for _, check := range c.Checks {
				owners[check]++
			}
		}
		for _, f := range r.Findings {
			switch {
			case f.Status == readiness.Failed && (owners[f.Check] != 1 || f.Cause < 0):
				t.Errorf("%s has %d causes, finding %d", r.Plan.Checks[f.Check].ID(), owners[f.Check], f.Cause)
			case f.Status == readiness.OK && f.Cause >= 0:
				t.Errorf("%s is ok and has a cause", r.Plan.Checks[f.Check].ID())
			}
		}
	})
}
