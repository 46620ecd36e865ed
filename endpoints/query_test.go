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
// that are required, in each scenario and cloud. A change of the catalogue
// changes them, which is to be seen in a review.
func TestSelectScenarioAndCloud(t *testing.T) {
	c := endpoints.Embedded()
	var got []string
	for _, s := range append(endpoints.Scenarios(), endpoints.ScenarioRemoteHelp) {
		line := fmt.Sprintf("%-18s", s)
		for _, cloud := range endpoints.Clouds() {
			required := 0
			eps := c.Select(endpoints.Query{Scenario: s, Cloud: cloud})
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
		"autopilot           264/54    60/25    59/25    36/18 ",
		"hybrid-join         277/61    76/35    75/35    48/25 ",
		"self-deploying      271/55    60/25    59/25    36/18 ",
		"pre-provisioning    271/55    60/25    59/25    36/18 ",
		"device-preparation  264/54   133/32   145/32    87/19 ",
		"device-association  271/55   133/32   145/32    87/19 ",
		"autopatch           412/55    55/25    54/25    33/20 ",
		"remote-help          25/0      1/0      0/0      0/0  ",
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
			for _, e := range c.Select(endpoints.Query{Scenario: s}) {
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
		association := pairs(c.Select(endpoints.Query{Scenario: endpoints.ScenarioDeviceAssociation, Cloud: cloud}))
		for _, p := range pairs(c.Select(endpoints.Query{Scenario: endpoints.ScenarioDevicePreparation, Cloud: cloud})) {
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
		query endpoints.Query
		want  []string
	}{
		{
			"a device with an Intel TPM",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceTPMAttestation}, TPM: endpoints.TPMIntel},
			[]string{
				"*.aikcertaia.microsoft.com", "*.microsoftaik.azure.net", "azcsprodeusaikpublish.blob.core.windows.net",
				"ekop.intel.com", "tsci.intel.com",
			},
		},
		{
			"a discrete TPM brings its certificate",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceTPMAttestation}, TPM: endpoints.TPMDiscrete},
			[]string{"*.aikcertaia.microsoft.com", "*.microsoftaik.azure.net", "azcsprodeusaikpublish.blob.core.windows.net"},
		},
		{
			"diagnostics of a tenant in Europe",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceDiagnosticsCollection}, Region: endpoints.RegionEurope},
			[]string{"amsu*lmsas.blob.core.windows.net", "lgmsapeweu.blob.core.windows.net"},
		},
		{
			"diagnostics of North America go to the Americas",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceDiagnosticsCollection}, Region: endpoints.RegionNorthAmerica},
			[]string{"amsu*lmsas.blob.core.windows.net", "lgmsapewus2.blob.core.windows.net"},
		},
		{
			"attestation of Windows 10",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceHealthAttestation}, Windows: endpoints.Windows10},
			[]string{"has.spserv.microsoft.com"},
		},
		{
			"attestation of Windows 11 in a region",
			endpoints.Query{
				Services: []endpoints.Service{endpoints.ServiceHealthAttestation}, Windows: endpoints.Windows11, Region: endpoints.RegionEurope,
			},
			[]string{
				"intunemaape10.weu.attest.azure.net", "intunemaape11.weu.attest.azure.net", "intunemaape12.weu.attest.azure.net",
				"intunemaape7.neu.attest.azure.net", "intunemaape8.neu.attest.azure.net", "intunemaape9.neu.attest.azure.net",
			},
		},
		{
			"attestation of Windows 11 where the old service goes on",
			endpoints.Query{
				Services: []endpoints.Service{endpoints.ServiceHealthAttestation}, Windows: endpoints.Windows11, Cloud: endpoints.CloudGCCHigh,
			},
			[]string{"has.spserv.microsoft.com"},
		},
		{
			"the DNS probe of NCSI, which Windows 11 does not send",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceNCSI}, Windows: endpoints.Windows11},
			[]string{"*.msftconnecttest.com", "ipv6.msftconnecttest.com", "www.msftconnecttest.com"},
		},
		{
			"no features used",
			endpoints.Query{
				Scenario: endpoints.ScenarioHybridJoin, Services: []endpoints.Service{endpoints.ServiceOneDrive},
				Features: []endpoints.Feature{},
			},
			nil,
		},
		{
			"Office apps assigned",
			endpoints.Query{
				Scenario: endpoints.ScenarioHybridJoin, Services: []endpoints.Service{endpoints.ServiceOneDrive},
				Features: []endpoints.Feature{endpoints.FeatureOfficeApps},
			},
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"features not known",
			endpoints.Query{Scenario: endpoints.ScenarioHybridJoin, Services: []endpoints.Service{endpoints.ServiceOneDrive}},
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"Autopatch asks for its lists whatever the features",
			endpoints.Query{
				Scenario: endpoints.ScenarioAutopatch, Services: []endpoints.Service{endpoints.ServiceOneDrive},
				Features: []endpoints.Feature{},
			},
			[]string{"g.live.com", "oneclient.sfx.ms"},
		},
		{
			"what is required stays, whatever the features",
			endpoints.Query{
				Scenario: endpoints.ScenarioAutopilot, Services: []endpoints.Service{endpoints.ServiceDeliveryOptimization},
				Features: []endpoints.Feature{endpoints.FeatureScripts},
			},
			[]string{
				"$peers", "*.dl.delivery.mp.microsoft.com", "*.do.dsp.mp.microsoft.com", "*.emdl.ws.microsoft.com",
				"*.prod.do.dsp.mp.microsoft.com", "dl.delivery.mp.microsoft.com", "emdl.ws.microsoft.com", "win1910.ipv6.microsoft.com",
			},
		},
		{
			"the zero cloud is the worldwide one",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceOneDrive}, Cloud: endpoints.CloudChina},
			nil,
		},
		{
			"retired names are left out",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceNCSI}},
			[]string{"*.msftconnecttest.com", "dns.msftncsi.com", "ipv6.msftconnecttest.com", "www.msftconnecttest.com"},
		},
		{
			"retired names on demand",
			endpoints.Query{Services: []endpoints.Service{endpoints.ServiceNCSI}, AllStatuses: true},
			[]string{"*.msftconnecttest.com", "dns.msftncsi.com", "ipv6.msftconnecttest.com", "www.msftconnecttest.com", "www.msftncsi.com"},
		},
		{
			"Remote Help in a scenario that has none",
			endpoints.Query{
				Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudGCCHigh,
				Services: []endpoints.Service{endpoints.ServiceRemoteHelp},
			},
			nil,
		},
		{
			"Remote Help beside a scenario",
			endpoints.Query{
				Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudGCCHigh,
				Services: []endpoints.Service{endpoints.ServiceRemoteHelp}, Features: []endpoints.Feature{endpoints.FeatureRemoteHelp},
			},
			[]string{"*.gov.teams.microsoft.us"},
		},
		{"an unknown service", endpoints.Query{Services: []endpoints.Service{"contoso"}}, nil},
		{"an unknown scenario", endpoints.Query{Scenario: "contoso"}, nil},
		{"an unknown cloud", endpoints.Query{Cloud: "moon"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, hosts(c.Select(tt.query))); diff != "" {
				t.Errorf("Select(%+v) (-want +got):\n%s", tt.query, diff)
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
			for _, e := range c.Select(endpoints.Query{Scenario: endpoints.ScenarioAutopilot, Region: r}) {
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
	spoil(c.Select(endpoints.Query{AllStatuses: true}))
	spoil(c.Match("dns.msftncsi.com", 0))
	spoil(c.Match("enterpriseenrollment.contoso.example", 0))
	spoil(c.Match("go.microsoft.com", 0))
	clear(c.Services())
	clear(c.Sources())
	clear(c.Notes())
	var empty endpoints.Catalog
	for _, change := range endpoints.Diff(&empty, c) {
		spoil([]endpoints.Endpoint{change.New})
	}
	if err := c.Encode(&after); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.String(), after.String()); diff != "" {
		t.Errorf("the catalogue changed (-want +got):\n%s", diff)
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
