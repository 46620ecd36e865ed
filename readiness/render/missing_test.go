package render_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// Missing checks are named whatever the verdict; long lists are cut short.
func TestTextNamesWhatIsMissing(t *testing.T) {
	p, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	blocked := probe.Target{Protocol: probe.HTTPS, Host: "ztd.dds.microsoft.com", Port: 443}
	tests := []struct {
		name    string
		missing func(probe.Target) bool
		code    probe.Code
		failed  bool
		want    []string
	}{
		{"nothing", func(probe.Target) bool { return false }, probe.Canceled, false, []string{"READY: "}},
		{
			"one check that was cut off", func(t probe.Target) bool { return t.String() == "https login.live.com:443" }, probe.Canceled, false,
			[]string{
				"UNPROVEN: the run was cut off before every check was completed.",
				"(1 check was not completed)",
				"Missing: 1 check was not completed, because the run was cut off: https login.live.com:443.",
			},
		},
		{
			"one check for which there was no socket", func(t probe.Target) bool { return t.String() == "https login.live.com:443" }, probe.LocalResource, false,
			[]string{
				"UNPROVEN: not everything that provisioning needs was measured.",
				"Missing: 1 check was not completed: https login.live.com:443.",
			},
		},
		{
			"all but what blocks", func(t probe.Target) bool { return t.String() != blocked.String() }, probe.Canceled, true,
			[]string{"BLOCKED: ", " checks were not completed, because the run was cut off: ", " more. ", "Stops at: Deployment profile download, if not earlier "},
		},
		{
			"nothing, and something blocks", func(probe.Target) bool { return false }, probe.Canceled, true,
			[]string{"BLOCKED: ", "Stops at: Deployment profile download Causes: "},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var obs []probe.Observation
			missing := 0
			for _, c := range p.Checks {
				o := probe.Observation{Target: c.Target, Attempts: 1}
				switch target := c.Target; {
				case tt.missing(target):
					missing++
					o.Error = &probe.Error{Op: probe.OpConnect, Code: tt.code}
				case tt.failed && target.Host == blocked.Host && target.Port == blocked.Port:
					o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
				}
				obs = append(obs, o)
			}
			var b strings.Builder
			if err := render.Text(&b, judge(t, p, obs), render.TextOptions{}); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(strings.Fields(b.String()), " ")
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in:\n%s", want, b.String())
				}
			}
			if strings.Contains(got, "Missing:") != (missing > 0) {
				t.Errorf("%d missing:\n%s", missing, b.String())
			}
		})
	}
}
