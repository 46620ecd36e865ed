package readiness_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// differences writes what two reports have otherwise.
func differences(before, after *readiness.Report) []string {
	state := func(f readiness.Finding) string {
		if f.Check.ID() == "" {
			return "none"
		}
		return fmt.Sprintf("%s for %s %s %s", f.Check.ID(), f.Service, f.Outcome, f.Code)
	}
	var out []string
	for was, is := range readiness.Diff(before, after) {
		out = append(out, state(was)+" -> "+state(is))
	}
	return out
}

func TestDiff(t *testing.T) {
	p, proxied := plan(t, autopilot()), planOn(t, autopilot(), nil, through())
	report := func(p *readiness.Plan, blocked ...string) *readiness.Report {
		return judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host(blocked...)), readiness.Policy{})
	}
	const ztd = "https ztd.dds.microsoft.com:443 for deployment-service"
	var moved, direct []string // what does not go through a proxy, and what a proxy asks for itself
	for _, c := range p.Checks {
		switch {
		case c.Target.Protocol == probe.SOA:
			services := make(map[endpoints.Service]bool)
			for _, e := range c.Endpoints {
				services[e.Service] = true
			}
			for _, s := range slices.Sorted(maps.Keys(services)) {
				moved = append(moved, c.ID()+" for "+string(s)+" ok  -> none")
			}
		case c.Target.Protocol == probe.HTTPS && strings.HasSuffix(c.Target.Host, "windows.com") && strings.Contains(c.Target.Host, "notify") || strings.Contains(c.Target.Host, ".wns."):
			moved = append(moved, c.ID()+" for wns ok  -> none")
			direct = append(direct, "none -> "+c.ID()+" direct for wns ok ")
		}
	}
	moved = append(moved, direct...)
	tests := []struct {
		name          string
		before, after *readiness.Report
		want          []string
	}{
		{"the same", report(p, "ztd.dds.microsoft.com"), report(p, "ztd.dds.microsoft.com"), nil},
		{"a host that was blocked meanwhile", report(p), report(p, "ztd.dds.microsoft.com"), []string{ztd + " ok  -> " + ztd + " failed tcp.timeout"}},
		{"a host that was opened", report(p, "ztd.dds.microsoft.com"), report(p), []string{ztd + " failed tcp.timeout -> " + ztd + " ok "}},
		{"a host that another plan asks otherwise", report(p), report(proxied), moved},
		{"read back", readBack(t, encoded(t, report(p))), report(p, "ztd.dds.microsoft.com"), []string{ztd + " ok  -> " + ztd + " failed tcp.timeout"}},
		{"no reports", nil, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, differences(tt.before, tt.after)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	all := 0
	for range readiness.Diff(nil, report(p)) {
		all++
	}
	if want := len(report(p).Findings); all != want {
		t.Errorf("%d findings are new, want %d", all, want)
	}
	for range readiness.Diff(report(p), nil) {
		break // and it stops
	}
}

func TestSince(t *testing.T) {
	finding := func(o readiness.Outcome, c probe.Code, i readiness.Impact) readiness.Finding {
		return readiness.Finding{Outcome: o, Code: c, Ruling: readiness.Ruling{Impact: i}}
	}
	var none readiness.Finding
	ok := finding(readiness.OK, "", readiness.Fatal)
	failed := finding(readiness.Failed, probe.TCPTimeout, readiness.Degrading)
	for _, tt := range []struct {
		name    string
		was, is readiness.Finding
		want    readiness.Change
	}{
		{"works on", ok, ok, readiness.Unchanged},
		{"works, and another policy calls its failure milder", ok, finding(readiness.OK, "", readiness.Informational), readiness.Unchanged},
		{"fails on", failed, failed, readiness.Unchanged},
		{"fails now", ok, failed, readiness.Regressed},
		{"its failure is graver", failed, finding(readiness.Failed, probe.TCPTimeout, readiness.Fatal), readiness.Regressed},
		{"its failure is unjudged", failed, finding(readiness.Failed, probe.TCPTimeout, readiness.Unjudged), readiness.Regressed},
		{"works now", failed, ok, readiness.Fixed},
		{"fails in another way", failed, finding(readiness.Failed, probe.TCPRefused, readiness.Degrading), readiness.Altered},
		{"its failure is milder", failed, finding(readiness.Failed, probe.TCPTimeout, readiness.Informational), readiness.Altered},
		{"only the later report has it", none, ok, readiness.Added},
		{"only the later report has it, and it fails", none, failed, readiness.Added},
		{"only the earlier report has it", failed, none, readiness.Removed},
		{"was cut off", ok, finding(readiness.NotRun, probe.Canceled, readiness.Fatal), readiness.Removed},
		{"was cut off both times", finding(readiness.NotRun, probe.Canceled, readiness.Fatal), none, readiness.Unchanged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.is.Since(tt.was); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
