package traffic_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints/traffic"
)

// TestVerdict shows which logs are calm, and which cannot tell.
func TestVerdict(t *testing.T) {
	squid := func(requests ...string) string {
		var b strings.Builder
		for i, r := range requests {
			result, host, _ := strings.Cut(r, " ")
			fmt.Fprintf(&b, "%d.000 9 192.0.2.10 %s 5120 CONNECT %s:443 - HIER_DIRECT/203.0.113.5 -\n", 1568426410+i, result, host)
		}
		return b.String()
	}
	firewall := func(lines ...string) string {
		return "#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n" +
			"#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\n" +
			"2019-09-14 02:00:09 ALLOW TCP 192.0.2.10 203.0.113.5 50000 443 0 - 0 0 0 - - - SEND\n" + strings.Join(lines, "\n") + "\n"
	}
	out := func(seconds ...int) string { // negative ones worked
		var b strings.Builder
		for _, s := range seconds {
			result := "TCP_TUNNEL/503"
			if s < 0 {
				s, result = -s, "TCP_TUNNEL/200"
			}
			fmt.Fprintf(&b, "%d.000 9 192.0.2.10 %s 5120 CONNECT login.live.com:443 - HIER_DIRECT/203.0.113.5 -\n", 1568426400+s, result)
		}
		return b.String()
	}
	tests := []struct {
		name, log string
		want      traffic.Verdict
		hosts     string // denied; failed; untold; unmatched
	}{
		{"all went well", squid("TCP_TUNNEL/200 login.live.com"), traffic.VerdictClear, ";;;"},
		{"a server was down for a moment", squid("TCP_TUNNEL/503 login.live.com", "TCP_TUNNEL/200 login.live.com"), traffic.VerdictClear, ";;;"},
		{"a server of nobody was down", squid("TCP_TUNNEL/200 login.live.com", "TCP_TUNNEL/503 a.example"), traffic.VerdictClear, ";;;"},
		{"an address was denied at a port that nothing needs", squid("TCP_TUNNEL/200 login.live.com") + strings.ReplaceAll(squid("TCP_DENIED/403 203.0.113.9"), ":443", ":5228"), traffic.VerdictClear, ";;;"},
		{"a client gave up once", squid("TCP_MISS_ABORTED/000 login.live.com", "TCP_TUNNEL/200 login.live.com"), traffic.VerdictClear, ";;;"},

		{"a look into a tunnel, and then its request", squid("NONE_NONE/200 login.live.com", "TCP_MISS/200 login.live.com"), traffic.VerdictClear, ";;;"},
		{"an old copy, because the server failed", squid("TCP_REFRESH_FAIL_OLD/200 login.live.com"), traffic.VerdictClear, ";;;"},

		{"nothing but 503", squid("TCP_TUNNEL/503 login.live.com", "TCP_TUNNEL/503 ztd.dds.microsoft.com"), traffic.VerdictDenied, ";login.live.com,ztd.dds.microsoft.com;;"},
		{"nothing but 504", squid("TCP_MISS/504 login.live.com"), traffic.VerdictDenied, ";login.live.com;;"},
		{"a tunnel that Squid could not make", squid("NONE_NONE/500 login.live.com"), traffic.VerdictDenied, ";login.live.com;;"},
		{"it failed twice, in the order of the ends, and worked between", out(10, 5, -7), traffic.VerdictDenied, ";login.live.com;;"},
		{"it worked twice, in the order of the ends, and failed between", out(-10, -5, 7), traffic.VerdictClear, ";;;"},
		{"it worked, and then no more", squid("TCP_TUNNEL/200 login.live.com", "TCP_TUNNEL/503 login.live.com"), traffic.VerdictDenied, ";login.live.com;;"},
		{"a portal wants a login", squid("TCP_MISS/511 login.live.com"), traffic.VerdictDenied, "login.live.com;;;"},
		{"denied once, and let through later", squid("TCP_DENIED/403 login.live.com", "TCP_TUNNEL/200 login.live.com"), traffic.VerdictDenied, "login.live.com;;;"},

		{"nothing but looks into tunnels", squid("NONE_NONE/200 login.live.com", "TAG_NONE/200 ztd.dds.microsoft.com", "TCP_TUNNEL/200 a.example"), traffic.VerdictUnknown, ";;login.live.com,ztd.dds.microsoft.com;"},
		{"a tunnel through which nothing came", strings.Replace(squid("TCP_TUNNEL/200 login.live.com", "TCP_TUNNEL/200 a.example"), "5120", "39", 1), traffic.VerdictUnknown, ";;login.live.com;"},
		{"the same in the Combined Log Format", `192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] "CONNECT login.live.com:443 HTTP/1.1" 200 39 "-" "-" TCP_TUNNEL:HIER_DIRECT` + "\n" + `192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] "CONNECT a.example:443 HTTP/1.1" 200 5120 "-" "-" TCP_TUNNEL:HIER_DIRECT` + "\n", traffic.VerdictUnknown, ";;login.live.com;"},
		{"the same in the W3C format", "#Fields: date time cs-method cs-host sc-status sc-bytes s-action\n2019-09-14 02:00:10 CONNECT login.live.com 200 39 TCP_TUNNELED\n2019-09-14 02:00:11 CONNECT a.example 200 5120 TCP_TUNNELED\n", traffic.VerdictUnknown, ";;login.live.com;"},
		{"lookups of IPv4 addresses that get no answer", "Sep 14 02:00:10 dnsmasq[7]: query[A] login.live.com from 192.0.2.10\nSep 14 02:00:10 dnsmasq[7]: query[AAAA] login.live.com from 192.0.2.10\n" +
			"Sep 14 02:00:10 dnsmasq[7]: reply login.live.com is NODATA-IPv6\nSep 14 02:00:11 dnsmasq[7]: query[A] a.example from 192.0.2.10\nSep 14 02:00:11 dnsmasq[7]: reply a.example is 203.0.113.5\n", traffic.VerdictUnknown, ";;login.live.com;"},
		{"the same in Unbound's log", "[1568426410] unbound[7:0] info: 192.0.2.10 login.live.com. A IN\n[1568426410] unbound[7:0] info: 192.0.2.10 login.live.com. AAAA IN\n" +
			"[1568426410] unbound[7:0] info: 192.0.2.10 login.live.com. AAAA IN NOERROR 0.025000 0 120\n[1568426411] unbound[7:0] info: 192.0.2.10 a.example. A IN NOERROR 0.025000 0 120\n", traffic.VerdictUnknown, ";;login.live.com;"},
		{"a session in which nothing came back", `date=2019-09-14 eventtime=1568426410 type="traffic" subtype="forward" dstip=203.0.113.5 dstport=443 proto=6 action="accept" sentbyte=180 rcvdbyte=0 sentpkt=3 rcvdpkt=0 hostname="login.live.com"` + "\n" +
			`date=2019-09-14 eventtime=1568426410 type="traffic" subtype="forward" dstip=203.0.113.6 dstport=443 proto=6 action="close" sentbyte=900 rcvdbyte=4000 hostname="a.example"` + "\n", traffic.VerdictDenied, ";login.live.com;;"},
		{"a session that began, of which nothing more is known", `date=2019-09-14 eventtime=1568426410 type="traffic" subtype="forward" dstip=203.0.113.5 dstport=443 proto=6 action="start" hostname="login.live.com"` + "\n" +
			`date=2019-09-14 eventtime=1568426410 type="traffic" subtype="forward" dstip=203.0.113.6 dstport=443 proto=6 action="close" hostname="a.example"` + "\n", traffic.VerdictUnknown, ";;login.live.com;"},
		{"a certificate that the device did not accept", `{"ts":1568426410,"uid":"b","id.resp_h":"203.0.113.5","id.resp_p":443,"server_name":"login.live.com","resumed":false,"last_alert":"unknown_ca","established":true}` + "\n" +
			`{"ts":1568426411,"uid":"c","id.resp_h":"203.0.113.6","id.resp_p":443,"server_name":"a.example","resumed":false,"established":true}` + "\n", traffic.VerdictUnknown, ";;login.live.com;"},
		{"the client gave up", squid("TCP_MISS_ABORTED/000 login.live.com", "TCP_TUNNEL/200 a.example"), traffic.VerdictUnknown, ";;login.live.com;"},
		{"redirected, as filters do", squid("TCP_REDIRECT/302 login.live.com"), traffic.VerdictUnknown, ";;login.live.com;"},
		{"a result that is not known", squid("TCP_CENSORED/200 login.live.com", "TCP_TUNNEL/200 ztd.dds.microsoft.com"), traffic.VerdictUnknown, ";;login.live.com;"},
		{"nothing that is required", squid("TCP_TUNNEL/200 a.example"), traffic.VerdictUnknown, ";;;"},
		{"a denied address", squid("TCP_TUNNEL/200 login.live.com", "TCP_DENIED/403 203.0.113.9"), traffic.VerdictUnknown, ";;;203.0.113.9"},
		{"mostly other lines", squid("TCP_TUNNEL/200 login.live.com") + "x\ny\n", traffic.VerdictUnknown, ";;;"},
		{"too many other lines", strings.Repeat(squid("TCP_TUNNEL/200 login.live.com"), 19) + "x\ny\n", traffic.VerdictUnknown, ";;;"},
		{"a few other lines", strings.Repeat(squid("TCP_TUNNEL/200 login.live.com"), 20) + "x\ny\n", traffic.VerdictClear, ";;;"},
		{"health checks of the proxy", squid("TCP_TUNNEL/200 login.live.com") + strings.Repeat("1568426410.000 0 192.0.2.11 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -\n", 3), traffic.VerdictClear, ";;;"},
		{"names alone", "login.live.com\n", traffic.VerdictUnknown, ";;login.live.com;"},

		{"time dropped by Windows Firewall", firewall("2019-09-14 02:00:10 DROP UDP 192.0.2.10 203.0.113.9 50001 123 76 - - - - - - - SEND"), traffic.VerdictUnknown, ";;;203.0.113.9"},
		{"something else dropped by Windows Firewall", firewall("2019-09-14 02:00:10 DROP UDP 192.0.2.10 203.0.113.9 50001 3478 76 - - - - - - - SEND"), traffic.VerdictUnknown, ";;;"},
		{"an action of Windows Firewall that is not known", firewall("2019-09-14 02:00:10 FROB UDP 192.0.2.10 203.0.113.9 50001 123 76 - - - - - - - SEND"), traffic.VerdictUnknown, ";;;"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sum := annotate(t, tt.log, traffic.Auto, small(t), autopilot())
			if got := sum.Verdict(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			hosts := strings.Join([]string{names(sum.Denied), names(sum.Failed), strings.Join(sum.Untold, ","), strings.Join(sum.Unmatched, ",")}, ";")
			if diff := cmp.Diff(tt.hosts, hosts); diff != "" {
				t.Errorf("denied; failed; untold; unmatched (-want +got):\n%s", diff)
			}
		})
	}
	// The end of a request may be logged long after its beginning.
	for first, want := range map[string]traffic.Verdict{"TUNNEL/503": traffic.VerdictClear, "TUNNEL/200": traffic.VerdictDenied} {
		second := map[string]string{"TUNNEL/503": "TUNNEL/200", "TUNNEL/200": "TUNNEL/503"}[first]
		lines := strings.SplitAfter(squid("TCP_"+first+" login.live.com", "TCP_"+second+" login.live.com"), "\n")
		if got := annotate(t, lines[1]+lines[0], traffic.Squid, small(t), autopilot()).Verdict(); got != want {
			t.Errorf("%s, then %s, in the other order: %s, want %s", first, second, got, want)
		}
	}
	if got := (traffic.Summary{}).Verdict(); got != traffic.VerdictUnknown {
		t.Errorf("the verdict of nothing is %s", got)
	}
}

func names(hosts []traffic.Host) string {
	var out []string
	for _, h := range hosts {
		out = append(out, h.Host)
	}
	return strings.Join(out, ",")
}
