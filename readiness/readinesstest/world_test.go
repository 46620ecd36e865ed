package readinesstest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
)

// planOf returns the plan of a scope, for a network without domains of its own.
func planOf(tb testing.TB, s endpoints.Scope) *readiness.Plan {
	tb.Helper()
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(s)
	if err != nil {
		tb.Fatal(err)
	}
	return plan
}

// assess runs a plan over an internet and judges what it saw.
func assess(ctx context.Context, plan *readiness.Plan, i *probetest.Internet) (*readiness.Report, error) {
	r := readiness.Runner{Network: i.Network()}
	obs, err := r.Run(ctx, plan)
	if err != nil {
		return nil, err
	}
	return r.Judge(plan, obs)
}

// scopes returns a scope for each scenario in each cloud that supports it. Each
// has a tenant, a verified domain and, if devices join one, a domain.
func scopes() []endpoints.Scope {
	var out []endpoints.Scope
	for _, scenario := range endpoints.Scenarios() {
		for _, cloud := range endpoints.Clouds() {
			if known, _, _ := endpoints.Embedded().Support(scenario, cloud); known == endpoints.Contradicted {
				continue
			}
			s := endpoints.Scope{Scenario: scenario, Cloud: cloud, Tenant: "contoso", Domains: []string{"contoso.com"}}
			if scenario == endpoints.ScenarioHybridJoin {
				s.ADDomain = "corp.contoso.com"
			}
			out = append(out, s)
		}
	}
	return out
}

// A healthy network is ready, however its servers deviate from the lists.
func TestWorldIsReady(t *testing.T) {
	for _, s := range sampletest.Of(scopes()) {
		for _, machine := range []struct {
			name   string
			bundle bool
		}{{"Windows", false}, {"public bundle", true}} {
			for _, families := range []struct {
				name string
				ipv6 bool
			}{{"IPv4", false}, {"both families", true}} {
				name := fmt.Sprintf("%s %s, %s, %s", s.Scenario, s.Cloud, machine.name, families.name)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						plan := planOf(t, s)
						i := readinesstest.World(plan)
						i.PublicBundle, i.IPv6, i.Latency = machine.bundle, families.ipv6, 20*time.Millisecond
						r, err := assess(t.Context(), plan, i)
						if err != nil {
							t.Fatal(err)
						}
						for _, policy := range []readiness.Policy{readiness.DocumentedPolicy(), readiness.FieldPolicy()} {
							r, err := readiness.Runner{Policy: policy}.Judge(plan, r.Observations)
							if err != nil {
								t.Fatal(err)
							}
							if r.Verdict != readiness.Ready || slices.ContainsFunc(r.Causes, func(c readiness.Cause) bool { return c.Impact != readiness.Informational }) {
								t.Errorf("%s: %v\n%s", policy.Name(), r.Verdict, describe(r))
							}
						}
					})
				})
			}
		}
	}
}

// describe lists what a report holds against a network.
func describe(r *readiness.Report) string {
	var b strings.Builder
	for _, c := range r.Causes {
		fmt.Fprintf(&b, "cause %s (%v): %s\n", c.Code, c.Impact, c.Title)
	}
	var lines []string
	for _, f := range r.Findings {
		if f.Outcome != readiness.OK && f.Impact != readiness.Informational {
			lines = append(lines, fmt.Sprintf("%s: %v %s, %v for %s\n", f.Check.Target, f.Outcome, f.Code, f.Impact, f.Service))
		}
	}
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		b.WriteString(line)
	}
	for _, s := range r.Services {
		if s.Verdict != readiness.Ready && s.Verdict != readiness.NotApplicable {
			fmt.Fprintf(&b, "service %s: %v\n", s.Name, s.Verdict)
		}
	}
	return b.String()
}
