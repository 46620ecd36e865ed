//go:build linux

package integration_test

import (
	"testing"

	"github.com/netready/netready/probe"
)

// TestNowhere runs the command on a machine without any connection.
func TestNowhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	none := r.client + "-alone"
	makeNamespace(t, none)
	tests := []struct {
		name       string
		resolvConf string
		cause      string
		code       probe.Code
	}{
		{"a resolver without a route", "nameserver " + resolverAddr + "\n", "network.down", probe.DNSNoRoute},
		{"no resolver", "# none\n", "dns.unreachable", probe.DNSUnreachable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resolvConf(t, none, tt.resolvConf)
			doc := r.checkIn(t, none, "-scenario", "autopilot")
			doc.expect(t, blocked(tt.cause))
			nothingElse(1000, tt.code)(t, doc)
		})
	}
	t.Run("too little time to know", func(t *testing.T) {
		r.firewall(t, noDirectWeb())
		r.check(t, "-deadline", "2s").nothingOfTheWeb(t)
	})
	t.Run("a user who has seen enough", func(t *testing.T) {
		waiting := func() bool { return run(t, "", inside(r.client, "ss", "-Hnt", "state", "syn-sent")...) != "" }
		doc := r.checkUntil(t, waiting, r.client, r.arguments()...)
		doc.nothingOfTheWeb(t)
		if doc.DurationMS > 10_000 {
			t.Errorf("took %.0f ms, which is the timeout of a check", doc.DurationMS)
		}
	})
	t.Run("a resolver on this machine that is stopped", func(t *testing.T) {
		doc := r.checkIn(t, none, "-scenario", "autopilot", "-resolver", "127.0.0.1:53")
		doc.expect(t, blocked("dns.unreachable"))
		nothingElse(10000, probe.DNSNotListening)(t, doc)
	})
}

// nothingOfTheWeb checks that a run ended before it learned anything about the
// web, and says so.
func (d document) nothingOfTheWeb(t *testing.T) {
	t.Helper()
	if d.Verdict != "unproven" || d.exit != 2 || len(d.Causes) != 0 {
		t.Errorf("%s, exit status %d\n%s", d.Verdict, d.exit, d.describe())
	}
	for _, f := range d.Findings {
		p := probe.Protocol(f.Protocol)
		web := p == probe.HTTP || p == probe.HTTPS || p == probe.NCSI && f.Port == 80
		if web && (f.Status != "not_run" || f.Code != string(probe.Canceled)) {
			t.Errorf("%s: %s %s", f.Check, f.Status, f.Code)
		}
	}
}
