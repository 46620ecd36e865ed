package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestWatch: run after run is compared with the one before, until an interrupt.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := isolated(t)
		hosts := smallPlan(t).Hosts()
		healthy := &probetest.Internet{Hosts: hosts}
		broken := &probetest.Internet{Hosts: hosts, Faults: []probetest.Fault{probetest.At{Network: "udp", Port: 123, Fault: probetest.Drop}}}
		start := time.Now()
		env.network = healthy.Network()
		env.network.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			since := time.Since(start)
			if strings.HasSuffix(address, ":123") && since > 30*time.Second && since < 150*time.Second { // in the second and third of five runs
				return broken.Network().Connect(ctx, network, address)
			}
			return healthy.Network().Connect(ctx, network, address)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 260*time.Second)
		defer cancel()
		got := call(ctx, env, "-catalog", small, "-watch", "1m")
		first, rest, found := strings.Cut(got.Stdout, "\n\n2000-01-01 ")
		if !found || !strings.HasPrefix(first, "READY: ") || got.Status != 0 || got.Stderr != "" {
			t.Fatalf("status %d, stderr %q, stdout:\n%s", got.Status, got.Stderr, got.Stdout)
		}
		golden(t, "watch.txt", "2000-01-01 "+rest)
	})
}

// A check that fails now and then flaps, and one that fails on and on is down.
func TestHistory(t *testing.T) {
	run := func(failed string) *readiness.Report {
		r := new(readiness.Report)
		for _, host := range []string{"a", "b", "c", "d"} {
			f := readiness.Finding{Outcome: readiness.OK, Ruling: readiness.Ruling{Impact: readiness.Fatal}}
			f.Check.Target = probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443}
			if strings.Contains(failed, host) {
				f.Outcome = readiness.Failed
			}
			if host == "d" {
				f.Impact = readiness.Informational
			}
			r.Findings = append(r.Findings, f)
		}
		return r
	}
	for _, tt := range []struct {
		name, runs, want string
	}{
		{"all works", " , , ", ""},
		{"once", "a", ""},
		{"down", "a ab", "Down:        https a:443 (failed in the last 2 runs)\n"},
		{"up again", "a a -", ""},
		{"flapping", "a - a -", "Flapping:    https a:443 (failed in 2 of the last 4 runs)\n"},
		{"both", "ab b ab b", "Flapping:    https a:443 (failed in 2 of the last 4 runs)\nDown:        https b:443 (failed in the last 4 runs)\n"},
		{"without consequences", "d d - d", ""},
		{"flapped long ago", "a - a - - - - - - - - - -", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h history
			for failed := range strings.SplitSeq(tt.runs, " ") {
				h.add(run(failed))
			}
			var b strings.Builder
			if err := h.write(&b); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
