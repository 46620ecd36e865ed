package traffic_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// TestProgress shows where a device stopped, from its log alone.
func TestProgress(t *testing.T) {
	log := func(requests ...string) string {
		var b strings.Builder
		for i, r := range requests {
			result, host, _ := strings.Cut(r, " ")
			fmt.Fprintf(&b, "%d.000 9 192.0.2.10 TCP_%s 1 CONNECT %s:443 - HIER_DIRECT/203.0.113.5 -\n", 1568426410+i, result, host)
		}
		return b.String()
	}
	const well = "TUNNEL/200 "
	start := []string{well + "login.live.com", well + "ztd.dds.microsoft.com", well + "login.microsoftonline.com"}
	joined := append(start[:3:3], well+"enterpriseregistration.windows.net")
	tests := []struct {
		name, log string
		scenario  endpoints.Scenario
		want      string // the last request; the phase; what comes next
	}{
		{"after sign-in", log(start...), "", "login.microsoftonline.com ; entra-sign-in; device-registration device.login.microsoftonline.com"},
		{"denied at enrollment", log(append(joined, "DENIED/403 enrollment.manage.microsoft.com")...), "", "enrollment.manage.microsoft.com denied; device-registration; mdm-enrollment *.manage.microsoft.com"},
		{"failed at the start", log("TUNNEL/503 login.live.com"), "", "login.live.com failed; ; device-identity login.live.com"},
		{"a retry after a denial", log(append(joined, "DENIED/403 enrollment.manage.microsoft.com", well+"enrollment.manage.microsoft.com")...), "", "enrollment.manage.microsoft.com ; mdm-enrollment; mdm-sync r.manage.microsoft.com"},
		{"a self-deploying device attests first", log(start[:2]...), endpoints.ScenarioSelfDeploying, "ztd.dds.microsoft.com ; profile-download; tpm-attestation *.microsoftaik.azure.net"},
		{"background traffic goes on", log(append(start[:3:3], well+"activation.sls.microsoft.com")...), "", "activation.sls.microsoft.com ; entra-sign-in; device-registration device.login.microsoftonline.com"},

		{"all phases", log(append(joined, well+"enrollment.manage.microsoft.com", well+"r.manage.microsoft.com")...), "", ""},
		{"apps are being installed", log(append(joined, well+"officecdn.microsoft.com")...), "", ""},
		{"nothing that is required", log(well + "a.example"), "", ""},
		{"a device in use", log(start...), endpoints.ScenarioAutopatch, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
			if tt.scenario != "" {
				scope.Scenario = tt.scenario
			}
			got := ""
			if s := annotate(t, tt.log, traffic.Squid, nil, scope).Stop; s != nil {
				end := ""
				switch {
				case s.Denied:
					end = "denied"
				case s.Failed:
					end = "failed"
				}
				got = fmt.Sprintf("%s %s; %s; %s %s", s.Host, end, s.Phase, s.Next, s.Hosts[0])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestProgressOfLookups: a name that was found is not a host that was reached.
func TestProgressOfLookups(t *testing.T) {
	at := time.Date(2019, 9, 14, 2, 0, 0, 0, time.UTC)
	for failed, want := range map[bool]endpoints.Phase{false: endpoints.PhaseProfileDownload, true: endpoints.PhaseDeviceIdentity} {
		a, err := traffic.NewAnnotator(nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
		if err != nil {
			t.Fatal(err)
		}
		a.Add(traffic.Entry{Host: "login.live.com", Time: at, Told: true})
		if failed {
			a.Add(traffic.Entry{Host: "login.live.com", Port: 443, Time: at, Failed: true, Told: true, Reason: "no answer to SYN"})
		}
		sum := a.Summary()
		if sum.Stop == nil || sum.Stop.Next != want {
			t.Errorf("after a failure %t: %+v", failed, sum.Stop)
		}
		if failed && (len(sum.Failed) != 1 || len(sum.Failed[0].Reasons) != 1) {
			t.Errorf("failed: %+v", sum.Failed)
		}
	}
}
