//go:build linux

package integration_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/readiness"
)

// annotates checks the annotated log of a run's proxy: every requested host, in
// its phase, and the denied one.
func (r *rig) annotates(denied traffic.Host) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		got, err := traffic.Annotate(strings.NewReader(r.accessLog(t)), traffic.Auto, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
		if err != nil {
			t.Fatal(err)
		}
		want := &traffic.Summary{
			Format:    traffic.Squid,
			Denied:    []traffic.Host{denied},
			Uncovered: []string{crlHost, ocspHost},
			Lines:     traffic.Lines{Read: got.Requests()},
		}
		ignored := cmp.Options{
			cmpopts.IgnoreFields(traffic.Summary{}, "Hosts", "Phases", "Required", "Told"),
			cmpopts.IgnoreFields(traffic.Host{}, "Phase", "Rule", "Status", "Ports", "First", "Last"),
		}
		if diff := cmp.Diff(want, got, ignored, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("summary (-want +got):\n%s", diff)
		}
		// A check that only connects leaves a tunnel through which nothing came.
		if n := got.Requests(); got.Told < n-n/20 {
			t.Errorf("%d of %d requests told", got.Told, n)
		}
		plan := newPlan(t, endpoints.ScenarioAutopilot)
		if diff := cmp.Diff(asked(plan, doc), hostsIn(t, plan, got), sorted()); diff != "" {
			t.Errorf("hosts and phases (-want +got):\n%s", diff)
		}
	}
}

// What a run requested from its proxy.
type requested struct {
	Hosts  []string
	Phases []endpoints.Phase
}

func sorted() cmp.Option {
	return cmp.Options{cmpopts.SortSlices(func(a, b string) bool { return a < b }), cmpopts.SortSlices(func(a, b endpoints.Phase) bool { return a < b })}
}

// asked returns what a run requested from its proxy, according to its report.
func asked(p *readiness.Plan, doc document) requested {
	out := requested{Hosts: []string{crlHost, ocspHost}}
	through := make(map[string]bool)
	for _, o := range doc.Observations {
		if o.Proxy.URL != "" {
			through[o.Target.Host] = true
		}
	}
	for host := range through {
		out.Hosts = append(out.Hosts, host)
	}
	type rule struct {
		service endpoints.Service
		host    endpoints.Host
	}
	used := make(map[rule]bool)
	for _, c := range p.Checks {
		for _, e := range c.Endpoints {
			used[rule{e.Service, e.Host}] = used[rule{e.Service, e.Host}] || through[c.Target.Host]
		}
	}
	for e := range p.Endpoints() {
		if used[rule{e.Service, e.Host}] && !slices.Contains(out.Phases, e.Phase) {
			out.Phases = append(out.Phases, e.Phase)
		}
	}
	return out
}

// hostsIn returns what a run requested from its proxy, according to the proxy's
// log. What the log shows of a host must be in the plan.
func hostsIn(t *testing.T, p *readiness.Plan, s *traffic.Summary) requested {
	t.Helper()
	var out requested
	for _, h := range s.Hosts {
		out.Hosts = append(out.Hosts, h.Host)
		if h.Rule != "" && !planned(p, h) {
			t.Errorf("%s, %s in phase %s for %s: not so in the plan", h.Host, h.Need, h.Phase, h.Service)
		}
	}
	for _, phase := range s.Phases {
		out.Phases = append(out.Phases, phase.Phase)
	}
	return out
}

// planned reports whether a plan has the rule for a host in the log, with the
// same phase and need, and a check of the host. The check may stand for another
// rule: the plan tests a port through hosts that a source gives it for, and a log
// is matched by name.
func planned(p *readiness.Plan, h traffic.Host) bool {
	checked := slices.ContainsFunc(p.Checks, func(c readiness.Check) bool { return c.Target.Host == h.Host })
	for e := range p.Endpoints() {
		if e.Service == h.Service && e.Host.String() == h.Rule && e.Phase == h.Phase && e.NeedFor(p.Scope.Scenario) == h.Need {
			return checked
		}
	}
	return false
}
