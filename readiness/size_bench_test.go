package readiness_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

var large = flag.Bool("large", false, "also judge and encode 100,000 checks")

// sizes returns the numbers of hosts of the benchmarks that show how a step grows.
func sizes() []int {
	if *large {
		return []int{1_000, 10_000, 100_000}
	}
	return []int{1_000, 10_000}
}

// sized returns a plan of n hosts of an embedder's own, each on TCP 443, and what
// a healthy network shows of them: one host's observation, under every name.
func sized(b *testing.B, n int) (*readiness.Plan, []probe.Observation) {
	b.Helper()
	one := []endpoints.Endpoint{endpoint(b, "intranet", "host-0.contoso.com", nil, "tcp/443 https")}
	all := make([]endpoints.Endpoint, n)
	for i := range all {
		all[i] = endpoint(b, "intranet", fmt.Sprintf("host-%d.contoso-%d.com", i, i%100), nil, "tcp/443 https")
	}
	planned := func(e []endpoints.Endpoint) *readiness.Plan {
		c, err := new(endpoints.Catalog).With(e...)
		if err != nil {
			b.Fatal(err)
		}
		return planOn(b, autopilot(), c, probe.Network{})
	}
	p := planned(one)
	net := &probetest.Internet{Hosts: p.Hosts()}
	obs, err := (readiness.Runner{Network: net.Network()}).Run(b.Context(), p)
	if err != nil {
		b.Fatal(err)
	}
	seen, err := json.Marshal(obs[len(obs)-1])
	if err != nil {
		b.Fatal(err)
	}
	p = planned(all)
	out := make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		data := strings.ReplaceAll(string(seen), "host-0.contoso.com", c.Target.Host)
		if err := json.Unmarshal([]byte(data), &out[i]); err != nil {
			b.Fatal(err)
		}
		out[i].Target = c.Target
	}
	return p, out
}

// BenchmarkJudgeHealthy judges and diagnoses a network on which everything works,
// as a run does with what it measured, and as stored observations are judged.
func BenchmarkJudgeHealthy(b *testing.B) {
	for _, n := range sizes() {
		b.Run(fmt.Sprintf("run/%d", n), func(b *testing.B) {
			p, obs := sized(b, n)
			for b.Loop() {
				readiness.Runner{}.JudgeRun(p, obs)
			}
		})
		b.Run(fmt.Sprintf("stored/%d", n), func(b *testing.B) {
			p, obs := sized(b, n)
			for b.Loop() {
				judge(b, p, obs, readiness.DocumentedPolicy())
			}
		})
	}
}

// BenchmarkJudgeBroken judges and diagnoses networks on which every second host
// fails.
func BenchmarkJudgeBroken(b *testing.B) {
	connect := func(o *probe.Observation) {
		o.Error = &probe.Error{Op: probe.OpConnect, Addr: o.Target.Addr(), Code: probe.TCPTimeout}
		o.TLS, o.HTTP, o.Revocation = nil, nil, nil
	}
	resolve := func(o *probe.Observation) {
		connect(o)
		o.Error.Op, o.Error.Code = probe.OpResolve, probe.DNSNXDomain
		o.TCP, o.DNS.Addresses = nil, nil
	}
	revoke := func(o *probe.Observation) {
		o.Revocation.Code = probe.RevocationUnreachable
		for i := range o.Revocation.Sources {
			s := &o.Revocation.Sources[i]
			s.Status, s.Code = "", probe.TCPTimeout
		}
	}
	for name, fail := range map[string]func(*probe.Observation){"connect": connect, "resolve": resolve, "revocation": revoke} {
		for _, n := range sizes() {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				p, obs := sized(b, n)
				for i := range obs {
					if obs[i].Target.Protocol == probe.HTTPS && i%2 == 0 {
						fail(&obs[i])
					}
				}
				for b.Loop() {
					judge(b, p, obs, readiness.DocumentedPolicy())
				}
			})
		}
	}
}

// BenchmarkReportJSON writes a whole report.
func BenchmarkReportJSON(b *testing.B) {
	for _, n := range sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, obs := sized(b, n)
			r := judge(b, p, obs, readiness.DocumentedPolicy())
			for b.Loop() {
				if err := render.JSON(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
