//go:build linux

package integration_test

import (
	"testing"

	"github.com/netready/netready/probe"
)

// TestRevocation has certificates revoked, and what says so out of reach.
func TestRevocation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	r.faults(t, []fault{{
		name: "one that is revoked",
		apply: func(t *testing.T) {
			t.Helper()
			r.replace(t, host, r.pki.genuine, leaf{revoked: true})
		},
		want: blocked("host.unreachable"),
		code: probe.TLSRevoked,
		more: blames("host.unreachable", "https "+host+":443"),
	}, {
		name: "a responder that is stopped, beside lists",
		apply: func(t *testing.T) {
			t.Helper()
			r.status.stop()
			r.status = nil
		},
		want: outcome{Verdict: "ready"},
	}, {
		name:  "lists and a responder out of reach",
		apply: r.firewalling("ip daddr "+authorityV4+" reject with tcp reset", "ip6 daddr "+authorityV6+" reject with tcp reset"),
		want:  blocked("revocation.unreachable"),
	}, {
		name:  "lists and a responder that do not answer",
		apply: r.firewalling("ip daddr "+authorityV4+" drop", "ip6 daddr "+authorityV6+" drop"),
		want:  blocked("revocation.unreachable"),
	}})
}
