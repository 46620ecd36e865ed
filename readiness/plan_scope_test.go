package readiness_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// TestPlanByScope shows what each parameter of a scope changes.
func TestPlanByScope(t *testing.T) {
	tests := []struct {
		name  string
		scope endpoints.Scope
		keep  func(endpoints.Endpoint) bool
		want  []string
	}{
		{"no tenant", autopilot(), ofTenant, nil},
		{
			"a verified domain",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso.com"},
			ofTenant,
			[]string{"cname enterpriseenrollment.contoso.com:53", "cname enterpriseregistration.contoso.com:53"},
		},
		{
			"a tenant's name in a scenario without SharePoint",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"},
			ofTenant,
			nil,
		},
		{
			"a tenant's name",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Tenant: "contoso.onmicrosoft.com"},
			ofTenant,
			[]string{
				"http autodiscover.contoso.onmicrosoft.com:80", "http contoso-my.sharepoint.com:80", "http contoso.sharepoint.com:80",
				"https autodiscover.contoso.onmicrosoft.com:443", "https contoso-my.sharepoint.com:443", "https contoso.sharepoint.com:443",
			},
		},
		{
			"a tenant's name and its domains, one of them twice",
			endpoints.Scope{
				Scenario: endpoints.ScenarioDevicePreparation, Cloud: endpoints.CloudGCCHigh,
				Tenant: "contoso", Domains: []string{"contoso.com", "contoso.us", "contoso.com"},
			},
			func(e endpoints.Endpoint) bool {
				return ofTenant(e) && e.Service != endpoints.ServiceMicrosoft365Exchange
			},
			[]string{
				"cname enterpriseenrollment.contoso.com:53", "cname enterpriseenrollment.contoso.us:53",
				"cname enterpriseregistration.contoso.com:53", "cname enterpriseregistration.contoso.us:53",
				"http contoso-my.sharepoint.us:80", "http contoso.sharepoint.us:80",
				"https contoso-my.sharepoint.us:443", "https contoso.sharepoint.us:443",
			},
		},
		{
			"a region",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope},
			ofRegion(endpoints.ServiceIntuneContent),
			[]string{
				"http swdb01-mscdn.manage.microsoft.com:80", "http swdb02-mscdn.manage.microsoft.com:80",
				"https go-eu.trouter.communications.svc.cloud.microsoft:443",
				"https imeswdb-afd-hotfix.manage.microsoft.com:443", "https imeswdb-afd-primary.manage.microsoft.com:443",
				"https imeswdb-afd-secondary.manage.microsoft.com:443",
				"https swdb01-mscdn.manage.microsoft.com:443", "https swdb02-mscdn.manage.microsoft.com:443",
				"soa swdb01.manage.microsoft.com:0", "soa swdb02.manage.microsoft.com:0",
			},
		},
		{
			"no region", autopilot(), ofRegion(endpoints.ServiceIntuneContent),
			[]string{
				"http swda01-mscdn.manage.microsoft.com:80", "http swdb01-mscdn.manage.microsoft.com:80",
				"http swdc01-mscdn.manage.microsoft.com:80", "http swdin01-mscdn.manage.microsoft.com:80",
				"https go-amer.trouter.communications.svc.cloud.microsoft:443",
				"https go-apac.trouter.communications.svc.cloud.microsoft:443",
				"https go-eu.trouter.communications.svc.cloud.microsoft:443",
				"https imeswda-afd-hotfix.manage.microsoft.com:443", "https imeswdb-afd-hotfix.manage.microsoft.com:443",
				"https imeswdc-afd-hotfix.manage.microsoft.com:443",
				"https swda01-mscdn.manage.microsoft.com:443", "https swdb01-mscdn.manage.microsoft.com:443",
				"https swdc01-mscdn.manage.microsoft.com:443", "https swdin01-mscdn.manage.microsoft.com:443",
				"soa swda01.manage.microsoft.com:0", "soa swda02.manage.microsoft.com:0", "soa swdb01.manage.microsoft.com:0",
				"soa swdb02.manage.microsoft.com:0", "soa swdc01.manage.microsoft.com:0", "soa swdc02.manage.microsoft.com:0",
			},
		},
		{
			"no region, of a service with one name for each", autopilot(), ofRegion(endpoints.ServiceDiagnosticsCollection),
			[]string{
				"https amsua0101lmsas.blob.core.windows.net:443", "https amsub0101lmsas.blob.core.windows.net:443",
				"https amsuc0101lmsas.blob.core.windows.net:443", "https amsuin01lmsas.blob.core.windows.net:443",
			},
		},
		{
			"attestation of Windows 10",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows10},
			ofService(endpoints.ServiceHealthAttestation),
			[]string{"https has.spserv.microsoft.com:443"},
		},
		{
			"attestation of Windows 11 in a region",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows11, Region: endpoints.RegionAsiaPacific},
			ofService(endpoints.ServiceHealthAttestation),
			[]string{
				"https intunemaape13.jpe.attest.azure.net:443", "https intunemaape17.jpe.attest.azure.net:443",
				"https intunemaape18.jpe.attest.azure.net:443", "https intunemaape19.jpe.attest.azure.net:443",
			},
		},
		{
			"attestation of any Windows, in no region", autopilot(), ofService(endpoints.ServiceHealthAttestation),
			[]string{
				"https has.spserv.microsoft.com:443", "https intunemaape1.eus.attest.azure.net:443",
				"https intunemaape10.weu.attest.azure.net:443", "https intunemaape13.jpe.attest.azure.net:443",
			},
		},
		{
			"a scenario for Windows 11 alone",
			endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Region: endpoints.RegionEurope},
			func(e endpoints.Endpoint) bool {
				return e.Host.String() == "has.spserv.microsoft.com" || e.Host.String() == "dns.msftncsi.com"
			},
			nil,
		},
		{
			"the NCSI of Windows 11",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows11},
			ofService(endpoints.ServiceNCSI),
			[]string{"ncsi www.msftconnecttest.com:80"},
		},
		{
			"an AMD TPM",
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMAMD},
			func(e endpoints.Endpoint) bool { return e.TPM != "" },
			[]string{"https ftpm.amd.com:443"},
		},
		{
			"a discrete TPM",
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMDiscrete},
			func(e endpoints.Endpoint) bool { return e.TPM != "" }, nil,
		},
		{"Remote Help, not used", autopilot(), ofService(endpoints.ServiceRemoteHelp), nil},
		{
			"a domain to join",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, ADDomain: "corp.contoso.com"},
			ofService(endpoints.ServiceHybridDomainController),
			[]string{
				"srv _ldap._tcp.dc._msdcs.corp.contoso.com:135", "srv _ldap._tcp.dc._msdcs.corp.contoso.com:389",
				"srv _ldap._tcp.dc._msdcs.corp.contoso.com:445", "srv _ldap._tcp.dc._msdcs.corp.contoso.com:53",
				"srv _ldap._tcp.dc._msdcs.corp.contoso.com:88",
			},
		},
		{"a domain to join, and none given", endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin}, ofService(endpoints.ServiceHybridDomainController), nil},
		{
			"a domain in a scenario that joins none",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, ADDomain: "corp.contoso.com"},
			ofService(endpoints.ServiceHybridDomainController), nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, tt.scope)
			if diff := cmp.Diff(tt.want, targets(p, tt.keep)); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
			checkTied(t, p)
		})
	}
}

// TestPlanOfRemoteHelp shows that the feature adds names and takes none away.
func TestPlanOfRemoteHelp(t *testing.T) {
	without := plan(t, autopilot())
	with := plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Features: []endpoints.Feature{endpoints.FeatureRemoteHelp}})
	if len(targets(with, ofService(endpoints.ServiceRemoteHelp))) == 0 {
		t.Error("Remote Help is not tested")
	}
	for _, h := range without.Hosts() {
		if !slices.Contains(with.Hosts(), h) {
			t.Errorf("%s is not tested with Remote Help", h)
		}
	}
}

// TestPlanOfEveryRegion shows that a tenant's region leaves only what serves it,
// and that without one every service that differs by region is sampled in each.
func TestPlanOfEveryRegion(t *testing.T) {
	all := plan(t, autopilot())
	sampled := make(map[string]bool)
	for e, reason := range all.Endpoints() {
		if e.Region != "" && reason == "" {
			sampled[fmt.Sprintf("%s in %s", e.Service, e.Region)] = true
		}
	}
	needed, err := endpoints.Embedded().Select(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range needed {
		if e.Region != "" && !sampled[fmt.Sprintf("%s in %s", e.Service, e.Region)] {
			t.Errorf("%s in %s is not sampled", e.Service, e.Region)
		}
	}
	for _, r := range endpoints.Regions() {
		p := plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: r})
		for e, reason := range p.Endpoints() {
			if strings.Contains(reason, "region") {
				t.Errorf("%s: %s is not tested: %s", r, e.Host, reason)
			}
		}
		if strings.Contains(strings.Join(p.Notes, " "), "region") {
			t.Errorf("%s: notes %q", r, p.Notes)
		}
	}
}
