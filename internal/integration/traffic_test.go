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

// annotates checks what is told from the log of the proxy through which a run
// went: every host that was asked for, in its phase, and the one that was
// denied.
func (r *rig) annotates(denied traffic.Denial) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		got, err := traffic.Annotate(strings.NewReader(r.accessLog(t)), traffic.Auto,
			traffic.Scope{Query: endpoints.Query{Scenario: endpoints.ScenarioAutopilot}})
		if err != nil {
			t.Fatal(err)
		}
		want := &traffic.Summary{
			Format:    traffic.Squid,
			Denied:    []traffic.Denial{denied},
			Told:      got.Requests(),
			Uncovered: []string{crlHost, ocspHost},
			Lines:     traffic.Lines{Read: got.Requests()},
		}
		ignored := cmpopts.IgnoreFields(traffic.Summary{}, "Hosts", "Phases")
		if diff := cmp.Diff(want, got, ignored, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("summary (-want +got):\n%s", diff)
		}
		plan := newPlan(t, endpoints.ScenarioAutopilot)
		if diff := cmp.Diff(asked(plan, doc), hostsIn(t, plan, got), sorted()); diff != "" {
			t.Errorf("hosts and phases (-want +got):\n%s", diff)
		}
	}
}

// What a run asked its proxy for.
type requested struct {
	Hosts  []string
	Phases []endpoints.Phase
}

func sorted() cmp.Option {
	return cmp.Options{cmpopts.SortSlices(func(a, b string) bool { return a < b }), cmpopts.SortSlices(func(a, b endpoints.Phase) bool { return a < b })}
}

// asked returns what a run asked its proxy for by its report.
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
	for _, pl := range p.Endpoints {
		used := slices.ContainsFunc(pl.Checks, func(i int) bool { return through[p.Checks[i].Target.Host] })
		if phase := pl.Endpoint.Phase; used && !slices.Contains(out.Phases, phase) {
			out.Phases = append(out.Phases, phase)
		}
	}
	return out
}

// hostsIn returns what a run asked its proxy for by the proxy's log. What the
// log is said to show of a host has to be in the plan.
func hostsIn(t *testing.T, p *readiness.Plan, s *traffic.Summary) requested {
	t.Helper()
	var out requested
	for _, h := range s.Hosts {
		out.Hosts = append(out.Hosts, h.Host)
		if h.Need != traffic.Unknown && !planned(p, h) {
			t.Errorf("%s, %s in phase %s for %s: not so in the plan", h.Host, h.Need, h.Phase, h.Service)
		}
	}
	for _, phase := range s.Phases {
		out.Phases = append(out.Phases, phase.Phase)
	}
	return out
}

// planned reports whether a plan has the rule by which a log's host is known,
// with the same phase and need, and a check of the host for it.
func planned(p *readiness.Plan, h traffic.Host) bool {
	return slices.ContainsFunc(p.Endpoints, func(pl readiness.Planned) bool {
		e := pl.Endpoint
		return e.Service == h.Service && e.Host.String() == h.Rule && e.Phase == h.Phase &&
			e.NeedFor(p.Scope.Scenario).String() == string(h.Need) &&
			slices.ContainsFunc(pl.Checks, func(i int) bool { return p.Checks[i].Target.Host == h.Host })
	})
}
