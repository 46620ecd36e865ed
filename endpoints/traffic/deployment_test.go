package traffic_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// TestDeployment annotates the log of a user-driven deployment captured in
// 2019. The phases appear in the order in which the device went through them.
func TestDeployment(t *testing.T) {
	start := time.Date(2019, 9, 14, 2, 0, 0, 0, time.UTC)
	sum, err := traffic.Annotate(bytes.NewReader(sample(t, "deployment.log")), traffic.Auto, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range sum.Phases {
		got = append(got, fmt.Sprintf("%s %.0f to %.0f", p.Phase, p.First.Sub(start).Seconds(), p.Last.Sub(start).Seconds()))
	}
	want := []string{
		"network-bring-up 0 to 699",
		"device-identity 10 to 10",
		"profile-download 12 to 12",
		"activation 18 to 18",
		"oobe-updates 19 to 20",
		"telemetry 62 to 62",
		"delivery-optimization 80 to 246",
		"entra-sign-in 88 to 104",
		"defender-and-terms-of-use 116 to 116",
		"device-registration 118 to 118",
		"mdm-enrollment 120 to 130",
		"mdm-sync 130 to 130",
		"office-install 176 to 231",
		"device-esp-apps 178 to 281",
		"push-notifications 202 to 202",
		"user-esp 1005 to 1213",
		"post-provisioning 1048 to 1048",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("phases (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"update.example.com"}, sum.Uncovered); diff != "" {
		t.Errorf("uncovered (-want +got):\n%s", diff)
	}
	if len(sum.Denied) > 0 || sum.Told != 35 || sum.Lines.Skipped > 0 {
		t.Errorf("denied %v, %d told, %+v", sum.Denied, sum.Told, sum.Lines)
	}
}
