package readiness_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
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

// TestPlanNotesOfMachine shows what a plan says of how this machine finds a
// proxy otherwise than a new device.
func TestPlanNotesOfMachine(t *testing.T) {
	const (
		all  = "A policy sets a proxy for all users of this machine: "
		rest = ". Devices without this policy, such as new ones, do not use it, and neither do the checks."
		wpad = "This machine does not look for a proxy by WPAD ("
		do   = "). Devices without this setting, such as new ones, do, and so do the checks."
	)
	proxy := map[string]string{"ProxyServer": "proxy.contoso.com:8080"}
	domains := []string{"corp.contoso.com"}
	tests := []struct {
		name    string
		network probe.Network
		want    []string
	}{
		{"a proxy by policy", probe.Network{Settings: proxy}, []string{all + "ProxyServer = proxy.contoso.com:8080" + rest}},
		{"a proxy by policy, with an odd password", probe.Network{Settings: map[string]string{"ProxyServer": "http://alice:s3c?ret@proxy.contoso.com:8080"}}, []string{all + "ProxyServer = ***@proxy.contoso.com:8080" + rest}},
		{"a script by policy, with what is secret", probe.Network{Settings: map[string]string{"AutoConfigURL": "http://alice:s3c@ret@contoso.com/a.pac?key=1"}}, []string{all + "AutoConfigURL = ***@contoso.com/a.pac" + rest}},
		{"a proxy by policy, with an empty user", probe.Network{Settings: map[string]string{"ProxyServer": "@proxy.contoso.com:8080"}}, []string{all + "ProxyServer = ***@proxy.contoso.com:8080" + rest}},
		{"a proxy by policy, and checks through one", probe.Network{Settings: proxy, Proxy: through().Proxy}, nil},
		{"WPAD turned off", probe.Network{Settings: map[string]string{"DisableWpad": "1"}, SearchDomains: domains}, []string{wpad + "DisableWpad is 1" + do}},
		{"its service disabled", probe.Network{Settings: map[string]string{"WinHttpAutoProxySvc": "4"}, SearchDomains: domains}, []string{wpad + "the service WinHttpAutoProxySvc is disabled" + do}},
		{"WPAD turned off, and no domain to look in", probe.Network{Settings: map[string]string{"DisableWpad": "1"}}, nil},
		{"the values of a new device", probe.Network{Settings: map[string]string{"DisableWpad": "0", "WinHttpAutoProxySvc": "3"}, SearchDomains: domains}, nil},
		{"a setting of another purpose", probe.Network{Settings: map[string]string{"ActiveWebProbeHost": "ncsi.contoso.com"}, SearchDomains: domains}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			known := tt.network
			known.Settings = nil
			usual := planOn(t, autopilot(), nil, known).Notes
			if slices.ContainsFunc(usual, func(n string) bool { return strings.HasPrefix(n, all) || strings.HasPrefix(n, wpad) }) {
				t.Errorf("notes without a setting: %q", usual)
			}
			got := slices.DeleteFunc(planOn(t, autopilot(), nil, tt.network).Notes, func(n string) bool { return slices.Contains(usual, n) })
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
