package readiness_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// assess runs the plan of a scope over an internet with faults, in which all else
// is as the lists say. It belongs into a bubble.
func assess(t *testing.T, s endpoints.Scope, net *probetest.Internet) *readiness.Report {
	t.Helper()
	return assessIn(t, ideal, s, net)
}

// assessIn does the same in a world.
func assessIn(t *testing.T, w world, s endpoints.Scope, net *probetest.Internet) *readiness.Report {
	t.Helper()
	p := plan(t, s)
	r, err := assessPlan(t.Context(), readiness.Runner{Network: w(p, net).Network()}, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, rejected := range readiness.Rejected(p, r.Observations, false) {
		t.Error(rejected)
	}
	return r
}

func at(host string, f probetest.Fault) probetest.Fault { return probetest.At{Host: host, Fault: f} }

func onPort(network string, port uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Network: network, Port: port, Fault: f}
}

// summary is what a situation comes to.
type summary struct {
	Verdict readiness.Verdict
	Causes  []readiness.CauseCode
	StopsAt endpoints.Phase
}

func summarize(r *readiness.Report) summary {
	return summary{r.Verdict, codes(r), r.StopsAt}
}

// inAnyWorld leaves out of a summary what is known of hosts and for information:
// in the ideal world there is nothing of it.
func (s summary) inAnyWorld() summary {
	s.Causes = slices.DeleteFunc(s.Causes, func(c readiness.CauseCode) bool {
		return c == readiness.CauseHostContradicted || c == readiness.CauseNameGone
	})
	if len(s.Causes) == 0 {
		s.Causes = nil
	}
	return s
}

// Verdicts and causes as tables write them.
const (
	ready    = readiness.Ready
	degraded = readiness.Degraded
	blocked  = readiness.Blocked
)

type causes = []readiness.CauseCode

// An outage is a network and what it comes to in every world.
type outage struct {
	name string
	net  *probetest.Internet
	want summary
}

// diagnoseAll runs each network in each world.
func diagnoseAll(t *testing.T, tests []outage) {
	t.Helper()
	for _, tt := range sampletest.Of(tests) {
		for name, w := range worlds() {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r := assessIn(t, w, autopilot(), tt.net)
					if diff := cmp.Diff(tt.want, summarize(r).inAnyWorld()); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
						for _, c := range r.Causes {
							t.Log(c.Code, c.Title, c.Evidence)
						}
					}
				})
			})
		}
	}
}

func TestHealthyNetworks(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"a healthy network", &probetest.Internet{},
			summary{ready, nil, ""},
		},
		{
			"a healthy network over both families, with some latency",
			&probetest.Internet{IPv6: true, Latency: 50 * time.Millisecond},
			summary{ready, nil, ""},
		},
		{
			"a healthy network in which a packet in fifty is lost",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Network: "udp", Fault: probetest.Loss{Rate: 0.02}}}},
			summary{ready, nil, ""},
		},
	})
}
