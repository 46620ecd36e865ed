//go:build linux

package integration_test

import (
	"fmt"
	"testing"

	"github.com/netready/netready/probe"
)

// TestPathMTU has a tunnel that loses large packets, and tells nobody.
func TestPathMTU(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.faults(t, []fault{{
		name:  "both ways",
		apply: r.losing(1400, "input", "output"),
		args:  manyAtOnce(),
		want:  blocked("path.mtu"),
		code:  probe.TLSTimeout,
	}, {
		name:  "what hosts send",
		apply: r.losing(1280, "output"),
		args:  manyAtOnce(),
		want:  blocked("path.mtu"),
		code:  probe.TLSTimeout,
	}, {
		name:  "what devices send",
		apply: r.losing(1400, "input"),
		want:  degraded("path.mtu"),
	}, {
		name:  "packets that nobody sends",
		apply: r.losing(1500, "input", "output"),
		want:  outcome{Verdict: "ready"},
	}})
}

// losing returns a function that makes a fault: TCP packets of more bytes are lost
// where the internet receives or sends them.
func (r *rig) losing(most int, hooks ...string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		// The kernel would filter several segments at once, as one large packet.
		for ns, link := range map[string]string{r.client: "wan", r.internet: "lan"} {
			run(t, "", "ip", "-n", ns, "link", "set", link, "gso_max_segs", "1")
		}
		script := "table inet fault {\n"
		for _, hook := range hooks {
			script += fmt.Sprintf(" chain %s {\n  type filter hook %[1]s priority 0; policy accept;\n  meta l4proto tcp meta length > %d drop\n }\n", hook, most)
		}
		run(t, script+"}\n", inside(r.internet, "nft", "-f", "-")...)
		r.firewalled = true
	}
}
