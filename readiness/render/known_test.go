package render_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A report counts the names that did not answer and that no record shows to
// answer on any network.
func TestTextCountsWhatNothingConfirms(t *testing.T) {
	p, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope})
	if err != nil {
		t.Fatal(err)
	}
	failed := func(hosts ...string) *readiness.Report {
		var obs []probe.Observation
		for _, c := range p.Checks {
			o := probe.Observation{Target: c.Target, Attempts: 1}
			for _, h := range hosts {
				if h == c.Target.Host {
					o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
				}
			}
			obs = append(obs, o)
		}
		return judge(t, p, obs)
	}
	tests := []struct {
		name        string
		hosts       []string
		first, last string
	}{
		{"none", nil, "READY: everything that provisioning needs was reached. ", " READY."},
		{
			"one",
			[]string{"settings-win.data.microsoft.com"},
			"READY: everything that provisioning needs was reached; 1 documented name did not answer, and no record shows that it answers on any network. ",
			" READY; 1 documented name did not answer.",
		},
		{
			"two",
			[]string{"settings-win.data.microsoft.com", "catalog.update.microsoft.com"},
			"READY: everything that provisioning needs was reached; 2 documented names did not answer, and no record shows that they answer on any network. ",
			" READY; 2 documented names did not answer.",
		},
		{
			"one that is known to answer",
			[]string{"licensing.mp.microsoft.com"},
			"DEGRADED: ", " DEGRADED. Cause: licensing.mp.microsoft.com cannot be reached (tcp.timeout).",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := failed(tt.hosts...)
			checkText(t, r)
			got := strings.Join(strings.Fields(text(t, r)), " ")
			if !strings.HasPrefix(got, tt.first) || !strings.HasSuffix(got, tt.last) {
				t.Errorf("want %q … %q:\n%s", tt.first, tt.last, text(t, r))
			}
		})
	}
}
