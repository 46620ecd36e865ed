//go:build linux

package integration_test

import (
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// TestTime takes the time server away, or makes it wrong.
func TestTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const day = 24 * time.Hour
	drop := r.firewalling("udp dport 123 drop")
	noAnswer := blamesPort("egress.ntp_blocked", probe.NTP)
	unusable := blamesPort("ntp.unusable", probe.NTP)
	everyone := func(ahead time.Duration) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			r.serveTime(t, ticking{ahead: ahead})
			r.serveSite(t, site{ahead: ahead, lists: lists{ahead: ahead}})
			r.serveStatus(t, responding{ahead: ahead})
		}
	}
	r.faults(t, []fault{{
		name:  "dropped",
		apply: drop,
		args:  []string{"-timeout", "5s"},
		want:  blocked("egress.ntp_blocked"),
		code:  probe.NTPTimeout,
		more:  noAnswer,
	}, {
		name:  "dropped under the policy of practice",
		apply: drop,
		args:  []string{"-timeout", "5s", "-policy", "field"},
		want:  degraded("egress.ntp_blocked"),
		code:  probe.NTPTimeout,
		more:  noAnswer,
	}, {
		name:  "a server that is stopped",
		apply: r.timing(ticking{off: true}), // rejected with ICMP, as by a firewall
		want:  blocked("egress.ntp_blocked"),
		code:  probe.NTPUnreachable,
		more:  noAnswer,
	}, {
		name:  "a server without a source",
		apply: r.timing(ticking{unsure: true}),
		want:  blocked("ntp.unusable"),
		code:  probe.NTPUnsynchronized,
		more:  unusable,
	}, {
		name:  "a server that is wrong by more than Windows corrects",
		apply: r.timing(ticking{ahead: 20 * time.Hour}),
		want:  blocked("ntp.unusable"),
		code:  probe.NTPOffset,
		more:  unusable,
	}, {
		name:  "a server that is wrong by some hours",
		apply: r.timing(ticking{ahead: 3 * time.Hour}),
		want:  blocked("ntp.unusable"),
	}, {
		name:  "this machine is wrong by more than Windows corrects",
		apply: everyone(20 * time.Hour),
		want:  blocked("clock.wrong"),
		code:  probe.NTPOffset,
		more:  blamesPort("clock.wrong", probe.NTP),
	}, {
		name: "this machine is wrong by weeks, and no certificate is valid yet",
		apply: func(t *testing.T) {
			t.Helper()
			everyone(20 * day)(t)
			for _, host := range r.hosts {
				r.replace(t, host, r.pki.genuine, leaf{shift: 40 * day})
			}
		},
		want: blocked("clock.wrong"),
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, f := range doc.direct() {
				var want probe.Code
				switch probe.Protocol(f.Protocol) {
				case probe.HTTPS:
					want = probe.TLSNotYetValid
				case probe.NTP:
					want = probe.NTPOffset
				default:
				}
				if f.Code != string(want) || (want != "") != (f.Cause == "clock.wrong") {
					t.Errorf("%s: %s, want %s, cause %q", f.Check, f.Code, want, f.Cause)
				}
			}
		},
	}, {
		name:  "this machine is wrong by some hours",
		apply: everyone(-3 * time.Hour),
		want:  outcome{Verdict: "ready", Causes: []string{"clock.wrong"}}, // Windows corrects it
	}})
}
