package readiness_test

import (
	"context"
	"flag"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// plan returns the plan of a scope with the built-in catalog, for a network
// without a proxy and without domains.
func plan(tb testing.TB, s endpoints.Scope) *readiness.Plan {
	tb.Helper()
	return planOn(tb, s, nil, probe.Network{})
}

// planOn returns the plan of a scope for a network. Nil domains are none, and nil
// settings those of a new device.
func planOn(tb testing.TB, s endpoints.Scope, c *endpoints.Catalog, n probe.Network) *readiness.Plan {
	tb.Helper()
	if n.SearchDomains == nil {
		n.SearchDomains = []string{}
	}
	if n.Settings == nil {
		n.Settings = map[string]string{}
	}
	p, err := readiness.Runner{Catalog: c, Network: n}.Plan(s)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// inDomain is a network in a domain, and through a network behind a proxy. They are
// for plans alone.
func inDomain() probe.Network { return probe.Network{SearchDomains: []string{"corp.contoso.com"}} }

func through() probe.Network {
	return probe.Network{Proxy: func(probe.Target) (*url.URL, error) { return nil, nil }}
}

// assessPlan runs a plan and judges what it saw. It is an error if a run that
// forgets would tell anything else.
func assessPlan(ctx context.Context, r readiness.Runner, p *readiness.Plan) (*readiness.Report, error) {
	obs, err := r.Run(ctx, p)
	if err != nil {
		return nil, err
	}
	out, err := r.Judge(p, obs)
	if err != nil {
		return nil, err
	}
	return out, sameWithLess(r, out)
}

// A world is an internet in which the faults of another happen, with whatever
// else it says. That one is not used itself.
type world func(*readiness.Plan, *probetest.Internet) *probetest.Internet

// worlds returns those in which situations are tried, by name: if fewer are, the
// ideal one alone.
func worlds() map[string]world {
	if sampletest.Fewer() {
		return map[string]world{"ideal": ideal}
	}
	return map[string]world{"ideal": ideal, "as it is": asItIs}
}

// ideal is the world as the lists have it: all names exist and all ports answer.
func ideal(p *readiness.Plan, net *probetest.Internet) *probetest.Internet {
	i := with(&probetest.Internet{Addresses: make(map[string][]netip.Addr), Aliases: make(map[string]string)}, net)
	i.Hosts = append(i.Hosts, p.Hosts()...)
	return i
}

func asItIs(p *readiness.Plan, net *probetest.Internet) *probetest.Internet {
	return with(readinesstest.World(p), net)
}

// with adds to an internet what another has.
func with(i, net *probetest.Internet) *probetest.Internet {
	i.Hosts = append(i.Hosts, net.Hosts...)
	i.IPv4Only = append(i.IPv4Only, net.IPv4Only...)
	maps.Copy(i.Addresses, net.Addresses)
	maps.Copy(i.Aliases, net.Aliases)
	i.IPv6, i.Latency, i.Skew, i.Seed = net.IPv6, net.Latency, net.Skew, net.Seed
	i.Resolvers, i.HostsFile, i.Faults = net.Resolvers, net.HostsFile, net.Faults
	return i
}

// autopilot is the scope of most tests.
func autopilot() endpoints.Scope {
	return endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
}

// reached returns observations in which every check of a plan succeeded.
func reached(p *readiness.Plan) []probe.Observation {
	obs := make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		obs[i] = probe.Observation{Target: c.Target, Attempts: 1}
	}
	return obs
}

// judge reports on observations under a policy.
func judge(tb testing.TB, p *readiness.Plan, obs []probe.Observation, policy readiness.Policy) *readiness.Report {
	tb.Helper()
	r, err := readiness.Runner{Policy: policy}.Judge(p, obs)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// fail makes the checks fail for which match is true.
func fail(obs []probe.Observation, op string, code probe.Code, match func(probe.Target) bool) []probe.Observation {
	for i := range obs {
		if match(obs[i].Target) {
			obs[i].Error = &probe.Error{Op: op, Addr: obs[i].Target.Addr(), Code: code}
		}
	}
	return obs
}

func host(names ...string) func(probe.Target) bool {
	return func(t probe.Target) bool {
		return slices.Contains(names, t.Host)
	}
}

// serviceOf returns the result of a service.
func serviceOf(t *testing.T, r *readiness.Report, s endpoints.Service) readiness.ServiceResult {
	t.Helper()
	for _, res := range r.Services {
		if res.Service == s {
			return res
		}
	}
	t.Fatalf("no service %q in the report", s)
	return readiness.ServiceResult{}
}

// codes returns the codes of the causes of a report, in order.
func codes(r *readiness.Report) []readiness.CauseCode {
	var out []readiness.CauseCode
	for _, c := range r.Causes {
		out = append(out, c.Code)
	}
	return out
}
