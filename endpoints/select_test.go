package endpoints_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

func hosts(eps []endpoints.Endpoint) []string {
	var out []string
	for _, e := range eps {
		out = append(out, e.Host.String())
	}
	return out
}

func pairs(eps []endpoints.Endpoint) []string {
	var out []string
	for _, e := range eps {
		out = append(out, fmt.Sprintf("%s %s", e.Service, e.Host))
	}
	return out
}

// TestSelectScenarioAndCloud has the number of current endpoints, and of those
// that are required, in each scenario and cloud. A change of the catalog
// changes them, which is to be seen in a review.
func TestSelectScenarioAndCloud(t *testing.T) {
	c := endpoints.Embedded()
	var got []string
	for _, s := range endpoints.Scenarios() {
		line := fmt.Sprintf("%-18s", s)
		for _, cloud := range endpoints.Clouds() {
			required := 0
			eps := choose(t, c, endpoints.Scope{Scenario: s, Cloud: cloud})
			for _, e := range eps {
				if !slices.Contains(e.Scenarios, s) || !slices.Contains(e.Clouds, cloud) || e.Status != endpoints.StatusCurrent {
					t.Errorf("%s in %s selects %s %s", s, cloud, e.Service, e.Host)
				}
				if e.NeedFor(s) == endpoints.Required {
					required++
				}
			}
			line += fmt.Sprintf(" %4d/%-3d", len(eps), required)
		}
		got = append(got, line)
	}
	want := []string{
		"autopilot           290/53    65/28    64/28    41/22 ",
		"hybrid-join         303/60    81/38    80/38    53/29 ",
		"self-deploying      297/54    65/28    64/28    41/22 ",
		"pre-provisioning    297/54    65/28    64/28    41/22 ",
		"device-preparation  290/52   137/34   142/34    89/23 ",
		"device-association  309/66   137/35   142/35    89/23 ",
		"autopatch           401/56    60/29    59/29    38/24 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("endpoints/required in worldwide, gcc-high, dod, china (-want +got):\n%s", diff)
	}
}

// TestSelectBaseline guards against plans that look complete and are not: every
// scenario that is documented needs these services.
func TestSelectBaseline(t *testing.T) {
	c := endpoints.Embedded()
	for _, s := range endpoints.Scenarios() {
		t.Run(string(s), func(t *testing.T) {
			have := make(map[endpoints.Service]bool)
			for _, e := range choose(t, c, endpoints.Scope{Scenario: s}) {
				have[e.Service] = true
			}
			want := []endpoints.Service{
				endpoints.ServiceDNS, endpoints.ServiceNCSI, endpoints.ServiceNTP, endpoints.ServiceCRL, endpoints.ServiceDeployment,
				endpoints.ServiceEntraID, endpoints.ServiceIntune, endpoints.ServiceWindowsUpdate, endpoints.ServiceDeliveryOptimization,
				endpoints.ServiceWNS, endpoints.ServiceDiagnosticsData, endpoints.ServiceMicrosoftStore, endpoints.ServiceProxy,
			}
			if s != endpoints.ScenarioAutopatch {
				want = append(want, endpoints.ServiceActivation)
			}
			for _, service := range want {
				if !have[service] {
					t.Errorf("no endpoint of %s", service)
				}
			}
			attested := []endpoints.Scenario{
				endpoints.ScenarioSelfDeploying, endpoints.ScenarioPreProvisioning, endpoints.ScenarioDeviceAssociation,
			}
			if got, want := have[endpoints.ServiceTPMAttestation], slices.Contains(attested, s); got != want {
				t.Errorf("TPM attestation selected: %v, want %v", got, want)
			}
			if got, want := have[endpoints.ServiceHybridDomainController], s == endpoints.ScenarioHybridJoin; got != want {
				t.Errorf("domain controller selected: %v, want %v", got, want)
			}
		})
	}
}

func TestSelectDeviceAssociationHasAllOfDevicePreparation(t *testing.T) {
	c := endpoints.Embedded()
	for _, cloud := range endpoints.Clouds() {
		association := pairs(choose(t, c, endpoints.Scope{Scenario: endpoints.ScenarioDeviceAssociation, Cloud: cloud}))
		for _, p := range pairs(choose(t, c, endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Cloud: cloud})) {
			if !slices.Contains(association, p) {
				t.Errorf("%s: device association lacks %s", cloud, p)
			}
		}
	}
}

func TestSelectNarrows(t *testing.T) {
	c := endpoints.Embedded()
	tests := []struct {
		name  string
		scope endpoints.Scope
		of    endpoints.Service // if not all
		want  []string
	}{
		{
			"a device with an Intel TPM",
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMIntel},
			endpoints.ServiceTPMAttestation,
			[]string{
				"*.aikcertaia.microsoft.com", "*.microsoftaik.azure.net", "azcsprodeusaikpublish.blob.core.windows.net",
				"ekop.intel.com", "tsci.intel.com",
			},
		},
		{
			"a discrete TPM brings its certificate",
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMDiscrete},
			endpoints.ServiceTPMAttestation,
			[]string{"*.aikcertaia.microsoft.com", "*.microsoftaik.azure.net", "azcsprodeusaikpublish.blob.core.windows.net"},
		},
		{
			"diagnostics of a tenant in India",
			endpoints.Scope{Region: endpoints.RegionIndia},
			endpoints.ServiceDiagnosticsCollection,
			[]string{
				"amsuc0101lmsas.blob.core.windows.net", "amsuc0201lmsas.blob.core.windows.net", "amsuc0301lmsas.blob.core.windows.net",
				"amsuc0501lmsas.blob.core.windows.net", "amsuc0601lmsas.blob.core.windows.net",
				"amsud0101lmsas.blob.core.windows.net", "amsuin01lmsas.blob.core.windows.net",
			},
		},
		{
			"scripts of the Americas come from North America",
			endpoints.Scope{Region: endpoints.RegionAmericas, Scenario: endpoints.ScenarioAutopilot, Features: []endpoints.Feature{endpoints.FeatureScripts}},
			endpoints.ServiceIntuneContent,
			[]string{
				"go-amer.trouter.communications.svc.cloud.microsoft", "imeswda-afd-hotfix.manage.microsoft.com",
				"imeswda-afd-primary.manage.microsoft.com", "imeswda-afd-secondary.manage.microsoft.com",
			},
		},
		{
			"attestation of Windows 10",
			endpoints.Scope{Windows: endpoints.Windows10},
			endpoints.ServiceHealthAttestation,
			[]string{"has.spserv.microsoft.com"},
		},
		{
			"attestation of Windows 11 in a region",
			endpoints.Scope{Windows: endpoints.Windows11, Region: endpoints.RegionEurope},
			endpoints.ServiceHealthAttestation,
			[]string{
				"intunemaape10.weu.attest.azure.net", "intunemaape11.weu.attest.azure.net", "intunemaape12.weu.attest.azure.net",
				"intunemaape7.neu.attest.azure.net", "intunemaape8.neu.attest.azure.net", "intunemaape9.neu.attest.azure.net",
			},
		},
		{
			"attestation of Windows 11 where the old service goes on",
			endpoints.Scope{Windows: endpoints.Windows11, Cloud: endpoints.CloudGCCHigh},
			endpoints.ServiceHealthAttestation,
			[]string{"has.spserv.microsoft.com"},
		},
		{
			"the DNS probe of NCSI, which Windows 11 does not send",
			endpoints.Scope{Windows: endpoints.Windows11},
			endpoints.ServiceNCSI,
			[]string{"*.msftconnecttest.com", "ipv6.msftconnecttest.com", "www.msftconnecttest.com"},
		},
		{
			"no features used",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{endpoints.FeatureNone}},
			endpoints.ServiceOneDrive,
			nil,
		},
		{
			"Office apps assigned",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{endpoints.FeatureOfficeApps}},
			endpoints.ServiceOneDrive,
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"features not known",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin},
			endpoints.ServiceOneDrive,
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"Autopatch asks for its lists whatever the features",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Features: []endpoints.Feature{endpoints.FeatureNone}},
			endpoints.ServiceOneDrive,
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"what is required stays, whatever the features",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Features: []endpoints.Feature{endpoints.FeatureScripts}},
			endpoints.ServiceDeliveryOptimization,
			[]string{
				"$peers", "*.dl.delivery.mp.microsoft.com", "*.do.dsp.mp.microsoft.com", "*.emdl.ws.microsoft.com",
				"*.prod.do.dsp.mp.microsoft.com", "dl.delivery.mp.microsoft.com", "emdl.ws.microsoft.com", "win1910.ipv6.microsoft.com",
			},
		},
		{
			"the zero cloud is the worldwide one",
			endpoints.Scope{Cloud: endpoints.CloudChina},
			endpoints.ServiceOneDrive,
			nil,
		},
		{
			"retired names are left out",
			endpoints.Scope{},
			endpoints.ServiceNCSI,
			[]string{"*.msftconnecttest.com", "dns.msftncsi.com", "ipv6.msftconnecttest.com", "www.msftconnecttest.com"},
		},
		{
			"Remote Help in a scenario that has none",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudGCCHigh},
			endpoints.ServiceRemoteHelp,
			nil,
		},
		{
			"Remote Help beside a scenario",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudGCCHigh, Features: []endpoints.Feature{endpoints.FeatureRemoteHelp}},
			endpoints.ServiceRemoteHelp,
			[]string{"*.gov.teams.microsoft.us"},
		},
		{
			"an empty list of features is one that is not known",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{}},
			endpoints.ServiceOneDrive,
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"Remote Help alone",
			endpoints.Scope{Cloud: endpoints.CloudGCCHigh},
			endpoints.ServiceRemoteHelp,
			[]string{"*.gov.teams.microsoft.us"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, hosts(choose(t, c, tt.scope, tt.of))); diff != "" {
				t.Errorf("Select(%v) (-want +got):\n%s", tt.scope, diff)
			}
		})
	}
}

// TestSelectRegion guards the reading of which regions serve which tenants:
// nobody may end up without Intune's content.
func TestSelectRegion(t *testing.T) {
	c := endpoints.Embedded()
	for _, r := range endpoints.Regions() {
		t.Run(string(r), func(t *testing.T) {
			var scripts, attestation int
			for _, e := range choose(t, c, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: r}) {
				if strings.HasPrefix(e.Host.String(), "imeswd") {
					scripts++
				}
				if strings.HasPrefix(e.Host.String(), "intunemaape") {
					attestation++
				}
			}
			if scripts != 3 || attestation == 0 || attestation > 6 {
				t.Errorf("%d hosts for scripts, want 3; %d for attestation, want 1 to 6", scripts, attestation)
			}
		})
	}
}

func TestResultsAreTheCallers(t *testing.T) {
	var before, after bytes.Buffer
	if err := endpoints.Embedded().Encode(&before); err != nil {
		t.Fatal(err)
	}
	c, err := endpoints.Decode(bytes.NewReader(before.Bytes())) // its own, in case it gets spoilt
	if err != nil {
		t.Fatal(err)
	}
	spoil(c.Endpoints())
	spoil(choose(t, c, endpoints.Scope{}))
	spoil(c.Match("dns.msftncsi.com", 0))
	spoil(c.Match("enterpriseenrollment.contoso.example", 0))
	spoil(c.Match("go.microsoft.com", 0))
	clear(c.Services())
	clear(c.Sources())
	clear(c.Notes())
	if err := c.Encode(&after); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.String(), after.String()); diff != "" {
		t.Errorf("the catalog changed (-want +got):\n%s", diff)
	}
}

// spoil changes everything that endpoints refer to.
func spoil(eps []endpoints.Endpoint) {
	for i := range eps {
		e := &eps[i]
		for s := range e.NeedIn {
			e.NeedIn[s] = endpoints.Optional
		}
		clear(e.Ports)
		clear(e.Scenarios)
		clear(e.Clouds)
		clear(e.Features)
		clear(e.Windows)
		for _, names := range e.CNAMEs {
			clear(names)
		}
		clear(e.CNAMEs)
		clear(e.Traits)
		clear(e.Members)
		clear(e.Answer.Statuses)
		clear(e.Answer.Addresses)
		clear(e.Also)
		clear(e.Sets)
	}
}
