package readiness_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// TestPlanNotes shows what a plan says of its scope as a whole.
func TestPlanNotes(t *testing.T) {
	const open = "Not given: the tenant's region (one name per region is tested, N more are not); "
	tests := []struct {
		name  string
		scope endpoints.Scope
		want  []string
	}{
		{
			"a scope that leaves all open", autopilot(),
			[]string{open + "the Windows version (everything that Windows 10 or 11 needs is tested)."},
		},
		{
			"a scope that leaves nothing open",
			endpoints.Scope{
				Scenario: endpoints.ScenarioSelfDeploying, Region: endpoints.RegionEurope, TPM: endpoints.TPMIntel, Windows: endpoints.Windows10,
			},
			nil,
		},
		{
			"the maker of the TPMs",
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, Region: endpoints.RegionEurope, Windows: endpoints.Windows11},
			[]string{"Not given: the TPM vendor (the hosts of all vendors are tested)."},
		},
		{
			"Windows 10 where 11 is needed",
			endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Region: endpoints.RegionEurope, Windows: endpoints.Windows10},
			[]string{"Microsoft offers device-preparation only for Windows 11 (Windows Autopilot device preparation requirements, 2025-06-11)."},
		},
		{
			"a scenario for Windows 11 alone, which is as good as given",
			endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Region: endpoints.RegionEurope},
			nil,
		},
		{
			"a scenario of which no document speaks",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Cloud: endpoints.CloudChina},
			[]string{"No document says whether Microsoft offers autopatch in the china cloud."},
		},
		{
			"a domain to join",
			endpoints.Scope{
				Scenario: endpoints.ScenarioHybridJoin, Region: endpoints.RegionEurope, Windows: endpoints.Windows11, ADDomain: "corp.contoso.com",
			},
			[]string{"The checks also contact the domain controllers that DNS lists as _ldap._tcp.dc._msdcs.corp.contoso.com, on TCP ports 53, 88, 135, 389, 445."},
		},
		{
			"no domain to join",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Region: endpoints.RegionEurope, Windows: endpoints.Windows11},
			[]string{"No Active Directory domain was given, so whether devices can join the domain was not tested."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := slices.DeleteFunc(plan(t, tt.scope).Notes, func(n string) bool { return strings.Contains(n, "the newest source is more than") })
			if len(got) == 0 {
				got = nil
			}
			for i := range got {
				got[i] = regexp.MustCompile(`\d+ more are`).ReplaceAllString(got[i], "N more are")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
