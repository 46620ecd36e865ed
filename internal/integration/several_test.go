//go:build linux

package integration_test

import (
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// TestSeveral has networks with more than one fault. No fault may hide another,
// or be mistaken for one that is absent.
func TestSeveral(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	trusting := []string{"-roots", r.bothRoots(t)}
	withhold := names{zones: []string{`local-zone: "` + host + `." always_nxdomain`}}
	all := func(faults ...func(*testing.T)) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			for _, f := range faults {
				f(t)
			}
		}
	}
	r.faults(t, []fault{{
		name:  "inspection, and no time",
		apply: all(r.siting(site{corporate: true}), r.firewalling("udp dport 123 drop")),
		args:  append([]string{"-timeout", "5s"}, trusting...),
		want:  blocked("egress.ntp_blocked", "tls.inspection"),
		more: func(t *testing.T, doc document) {
			t.Helper()
			blamesPort("tls.inspection", probe.HTTPS)(t, doc)
			blamesPort("egress.ntp_blocked", probe.NTP)(t, doc)
		},
	}, {
		name:  "inspection, and no HTTP without TLS",
		apply: all(r.siting(site{corporate: true}), r.firewalling("tcp dport 80 reject with tcp reset")),
		args:  trusting,
		want:  blocked("egress.http_blocked", "tls.inspection"),
	}, {
		name:  "inspection, and a wrong clock",
		apply: all(r.siting(site{corporate: true}), r.timing(ticking{ahead: 20 * time.Hour})),
		args:  trusting,
		want:  blocked("clock.wrong", "tls.inspection"),
	}, {
		name: "a portal, and a resolver that makes names up",
		apply: all(r.naming(names{bind: true, search: true, policy: []string{"blocked.example CNAME ."}}),
			r.siting(site{portal: `location / { return 302 http://portal.example/login?to=$host; }`})),
		want: blocked("captive_portal", "dns.rewriting"),
	}, {
		name:  "the first resolver stopped, and a host reset",
		apply: r.firewalling(r.refused(t, host)...),
		args:  []string{"-resolver", closedAddr + ":53," + resolverAddr + ":53"},
		want:  blocked("host.unreachable"),
		code:  probe.TCPRefused,
		more:  blames("host.unreachable", "https "+host+":443"),
	}, {
		name:  "IPv6 in vain, and a name withheld",
		apply: all(r.naming(withhold), r.firewalling("meta nfproto ipv6 meta l4proto { tcp, udp } drop")),
		want:  blocked("dns.filtered", "ipv6.broken"),
		code:  probe.DNSNXDomain,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "ranges stripped, and lists out of date",
		apply: all(r.siting(site{files: "max_ranges 0;", lists: lists{stale: "root"}}), r.firewalling(r.refused(t, "client.wns.windows.com")...)),
		want:  blocked("host.unreachable", "range.stripped", "revocation.unreachable"),
	}})
}
