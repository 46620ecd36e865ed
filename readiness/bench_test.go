package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func benchmarkPlan(b *testing.B) *readiness.Plan {
	b.Helper()
	return plan(b, autopilot())
}

func BenchmarkPlan(b *testing.B) {
	endpoints.Embedded() // decoded once, and not measured
	for b.Loop() {
		benchmarkPlan(b)
	}
}

// BenchmarkRun runs the whole plan over an internet in memory: both ends of
// every connection are measured.
func BenchmarkRun(b *testing.B) {
	p := benchmarkPlan(b)
	net := &probetest.Internet{Hosts: p.Hosts()}
	b.ReportMetric(float64(len(p.Checks)), "checks/op")
	for b.Loop() {
		if _, err := (readiness.Runner{Network: net.Network()}).Run(b.Context(), p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJudge judges and diagnoses a network on which all of TCP 443 is
// blocked, which is about the most that can be wrong at once.
func BenchmarkJudge(b *testing.B) {
	p := benchmarkPlan(b)
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool { return t.Port == 443 })
	for b.Loop() {
		judge(b, p, obs, readiness.DocumentedPolicy())
	}
}
