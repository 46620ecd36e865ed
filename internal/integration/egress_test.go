//go:build linux

package integration_test

import (
	"testing"

	"github.com/netready/netready/probe"
)

// firstData matches the segments that carry data: the connection is
// established, and the client has begun to speak.
const firstData = "tcp flags & (fin | syn | rst | psh | ack) == (psh | ack)"

// manyAtOnce are the arguments for faults that let many checks wait in vain,
// while others have to get through on a busy machine.
func manyAtOnce() []string { return []string{"-timeout", "5s", "-concurrency", "256"} }

// TestHTTPS has a firewall on TCP port 443.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	want := blocked("egress.https_blocked")
	more := blamesPort("egress.https_blocked", probe.HTTPS)
	patient := manyAtOnce()
	r.faults(t, []fault{{
		name:  "dropped",
		apply: r.firewalling("tcp dport 443 drop"),
		args:  []string{"-timeout", "2s"},
		want:  want,
		code:  probe.TCPTimeout,
		more:  more,
	}, {
		name:  "reset",
		apply: r.firewalling("tcp dport 443 reject with tcp reset"),
		want:  want,
		code:  probe.TCPRefused,
		more:  more,
	}, {
		name:  "rejected with ICMP",
		apply: r.firewalling("tcp dport 443 reject with icmpx admin-prohibited"),
		want:  want,
		code:  probe.TCPUnreachable,
		more:  more,
	}, {
		name:  "reset once the client speaks",
		apply: r.firewalling("tcp dport 443 " + firstData + " reject with tcp reset"),
		want:  want,
		code:  probe.TLSReset,
		more:  more,
	}, {
		name:  "silent once the client speaks",
		apply: r.firewalling("tcp dport 443 " + firstData + " drop"),
		args:  patient,
		want:  want,
		code:  probe.TLSTimeout,
		more:  more,
	}})
}

// TestHTTP has a firewall or a portal on TCP port 80.
func TestHTTP(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	patient := manyAtOnce()
	blockedPort := blamesPort("egress.http_blocked", probe.HTTP)
	const page = `location / { default_type text/html; return 200 "<html><title>Welcome to the guest network</title>Please sign in.</html>"; }`
	const redirect = `location / { return 302 http://portal.example/login?to=$host; }`
	r.faults(t, []fault{{
		name:  "dropped",
		apply: r.firewalling("tcp dport 80 drop"),
		args:  patient,
		want:  blocked("egress.http_blocked"),
		code:  probe.TCPTimeout,
		more:  blockedPort,
	}, {
		name:  "reset",
		apply: r.firewalling("tcp dport 80 reject with tcp reset"),
		want:  blocked("egress.http_blocked"),
		code:  probe.TCPRefused,
		more:  blockedPort,
	}, {
		name:  "silent once the client speaks",
		apply: r.firewalling("tcp dport 80 " + firstData + " drop"),
		args:  patient,
		want:  blocked("egress.http_blocked"),
		code:  probe.HTTPTimeout,
		more:  blockedPort,
	}, {
		name:  "a portal that redirects",
		apply: r.siting(site{portal: redirect}),
		want:  blocked("captive_portal"),
		code:  probe.HTTPCaptivePortal,
		more:  blamesPort("captive_portal", probe.HTTP),
	}, {
		name:  "a portal with its own page",
		apply: r.siting(site{portal: page}),
		want:  blocked("captive_portal"),
		code:  probe.HTTPCaptivePortal,
		more:  blamesPort("captive_portal", probe.HTTP),
	}, {
		name:  "a portal that says what it is",
		apply: r.siting(site{portal: "location / { return 511; }"}),
		want:  blocked("captive_portal"),
		code:  probe.HTTPCaptivePortal,
		more:  blamesPort("captive_portal", probe.HTTP),
	}, {
		name: "a portal that lets nothing else pass",
		apply: func(t *testing.T) {
			t.Helper()
			r.serveSite(t, site{portal: redirect})
			r.firewall(t, "tcp dport 443 reject with tcp reset", "udp dport 123 drop")
		},
		args: patient,
		want: blocked("captive_portal"),
	}})
}

// blamesPort checks that a cause has exactly the checks of a protocol. NCSI
// speaks HTTP.
func blamesPort(code string, protocol probe.Protocol) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		for _, f := range doc.direct() {
			spoken := probe.Protocol(f.Protocol)
			if f.Protocol == string(probe.NCSI) && f.Port == 80 {
				spoken = probe.HTTP
			}
			if hit := spoken == protocol && !f.pastProxy(); hit != (f.Cause == code) {
				t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
			}
		}
	}
}

// TestHosts has a firewall that drops single hosts.
func TestHosts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.faults(t, []fault{{
		name:  "one that decides",
		apply: r.firewalling(r.dropped(t, "login.live.com")...),
		args:  []string{"-timeout", "5s"},
		want:  blocked("host.unreachable"),
		code:  probe.TCPTimeout,
		more:  blames("host.unreachable", "https login.live.com:443"),
	}, {
		name:  "one that decides, with two ports",
		apply: r.firewalling(r.dropped(t, "login.microsoftonline.com")...),
		args:  []string{"-timeout", "5s"},
		want:  blocked("host.unreachable"),
		code:  probe.TCPTimeout,
		more:  blames("host.unreachable", "http login.microsoftonline.com:80", "https login.microsoftonline.com:443"),
	}, {
		name:  "one that provisioning survives",
		apply: r.firewalling(r.dropped(t, "client.wns.windows.com")...),
		args:  []string{"-timeout", "5s"},
		want:  degraded("host.unreachable"),
		code:  probe.TCPTimeout,
		more:  blames("host.unreachable", "https client.wns.windows.com:443"),
	}, {
		name:  "one that decides, reset",
		apply: r.firewalling(r.refused(t, "login.live.com")...),
		want:  blocked("host.unreachable"),
		code:  probe.TCPRefused,
		more:  blames("host.unreachable", "https login.live.com:443"),
	}, {
		name:  "one that decides, reset once the client speaks",
		apply: r.firewalling(r.refused(t, "login.live.com", firstData)...),
		want:  blocked("host.unreachable"),
		code:  probe.TLSReset,
		more:  blames("host.unreachable", "https login.live.com:443"),
	}, {
		name:  "one address of many",
		apply: r.firewalling("ip daddr 10.99.200.7 drop"),
		args:  []string{"-timeout", "5s", "-all-addresses"},
		want:  outcome{Verdict: "degraded", Causes: []string{"address.partial"}},
	}, {
		name:  "one that provisioning survives, where a loss is too much",
		apply: r.firewalling(r.dropped(t, "client.wns.windows.com")...),
		args:  []string{"-timeout", "5s", "-fail-on", "degraded"},
		want:  outcome{Verdict: "degraded", Exit: 1, Causes: []string{"host.unreachable"}},
	}})
}

// TestIPv6 has unreachable IPv6 addresses.
func TestIPv6(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.faults(t, []fault{{
		name:  "dropped",
		apply: r.firewalling("meta nfproto ipv6 meta l4proto { tcp, udp } drop"),
		want:  degraded("ipv6.broken"),
	}, {
		name:  "dropped, and every address tried",
		apply: r.firewalling("meta nfproto ipv6 meta l4proto { tcp, udp } drop"),
		args:  []string{"-all-addresses", "-timeout", "5s"},
		want:  degraded("ipv6.broken"),
	}, {
		name:  "connected, and every packet of a ClientHello lost",
		apply: r.firewalling("meta nfproto ipv6 tcp dport 443 meta length > 150 drop"),
		want:  degraded("ipv6.broken_above_tcp"),
	}, {
		name:  "port 443 dropped over IPv4 alone",
		apply: r.firewalling(`iifname "lan" ip protocol tcp tcp dport 443 drop`),
		args:  []string{"-timeout", "5s"},
		want:  degraded("egress.https_blocked"),
	}})
}
