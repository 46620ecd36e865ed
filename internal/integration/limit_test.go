//go:build linux

package integration_test

import "testing"

// TestRateLimit has a gateway that limits new connections.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const syn = "tcp flags & (syn | ack) == syn "
	r.faults(t, []fault{{
		name:  "rejects what is too much",
		apply: r.firewalling(syn + "limit rate over 60/second burst 60 packets reject with tcp reset"),
		want:  degraded("egress.rate_limited"),
	}, {
		name:  "drops what is too much",
		apply: r.firewalling(syn + "limit rate over 40/second burst 40 packets drop"),
		want:  degraded("egress.rate_limited"),
	}, {
		name:  "allows more than a device needs",
		apply: r.firewalling(syn + "limit rate over 2000/second burst 2000 packets drop"),
		want:  outcome{Verdict: "ready"},
	}})
}
