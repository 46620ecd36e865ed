package traffic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// TestAddresses matches requests that have only an address, through the log's own
// lookups and through published ranges.
func TestAddresses(t *testing.T) {
	lookup := func(name string, addresses ...string) string {
		return `{"ts":1568426400,"uid":"a","id.resp_h":"198.51.100.53","id.resp_p":53,"query":"` + name +
			`","qtype_name":"A","rcode_name":"NOERROR","answers":["` + strings.Join(addresses, `","`) + "\"]}\n"
	}
	connect := func(addr, established string) string {
		alert := map[string]string{"true": "close_notify", "false": "unknown_ca"}[established]
		return `{"ts":1568426410,"uid":"b","id.resp_h":"` + addr + `","id.resp_p":443,"resumed":false,"last_alert":"` + alert + `","established":` + established + "}\n"
	}
	const sign = "20.190.130.7" // in a range of Microsoft Entra ID
	tests := []struct {
		name, log string
		verdict   traffic.Verdict
		want      string // the host, the rule; unmatched
	}{
		{"of a name", lookup("login.live.com", "203.0.113.5", "203.0.113.6") + connect("203.0.113.6", "false"), traffic.VerdictDenied, "login.live.com login.live.com;"},
		{"of a name, and well", lookup("login.live.com", "203.0.113.5") + connect("203.0.113.5", "true"), traffic.VerdictClear, "login.live.com login.live.com;"},
		{"of two names of one rule", lookup("a.manage.microsoft.com", "203.0.113.5") + lookup("b.manage.microsoft.com", "203.0.113.5") + connect("203.0.113.5", "false"), traffic.VerdictDenied, "a.manage.microsoft.com *.manage.microsoft.com;"},
		{"of two names of different rules, as of a CDN", lookup("login.live.com", "203.0.113.5") + lookup("a.example", "203.0.113.5") + connect("203.0.113.5", "false"), traffic.VerdictUnknown, ";203.0.113.5"},
		{"in a published range", connect(sign, "false"), traffic.VerdictDenied, sign + " 20.190.128.0/18;"},
		{"in a published range, and well", connect(sign, "true"), traffic.VerdictClear, ";"},
		{"in a published range, at a port that it is not for", strings.ReplaceAll(connect(sign, "false"), ":443", ":8443"), traffic.VerdictUnknown, ";"},
		{"of three names", lookup("login.live.com", "203.0.113.5") + lookup("a.example", "203.0.113.5") + lookup("login.live.com", "203.0.113.5") + connect("203.0.113.5", "false"), traffic.VerdictUnknown, ";203.0.113.5"},
		{"of a name that is looked up again", lookup("login.live.com", "203.0.113.5") + connect("203.0.113.5", "false") + lookup("login.live.com", "203.0.113.5"), traffic.VerdictDenied, "login.live.com login.live.com;"},
		{"in no range", connect("203.0.113.5", "false"), traffic.VerdictUnknown, ";203.0.113.5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sum := annotate(t, tt.log, traffic.Zeek, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
			got := ""
			for _, h := range sum.Hosts {
				if h.FailedRequired > 0 || h.Host == "login.live.com" && sum.Verdict() == traffic.VerdictClear {
					got = h.Host + " " + h.Rule
				}
			}
			if diff := cmp.Diff(tt.want, got+";"+strings.Join(sum.Unmatched, ",")); diff != "" || sum.Verdict() != tt.verdict {
				t.Errorf("%s, want %s (-want +got):\n%s", sum.Verdict(), tt.verdict, diff)
			}
			if named := strings.Contains(tt.log, "query"); named != (len(sum.Missing) > 0) {
				t.Errorf("%d missing", len(sum.Missing))
			}
		})
	}
}
