package readiness_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// TestPlanGolden keeps the plan of every scenario in every cloud in a file, so
// that a change of the data or of the choice shows what it changes.
func TestPlanGolden(t *testing.T) {
	for _, s := range endpoints.Scenarios() {
		for _, c := range endpoints.Clouds() {
			t.Run(string(s)+"-"+string(c), func(t *testing.T) {
				p := plan(t, readiness.Scope{Scenario: s, Cloud: c})
				golden(t, fmt.Sprintf("plan/%s-%s.txt", s, c), compact(p))
			})
		}
	}
}

// compact is a plan in a compact form: the notes, the counts, each host with
// what is sent to it, and what nothing tests, by reason.
func compact(p *readiness.Plan) string {
	var b strings.Builder
	untested := make(map[string][]string)
	var reasons []string
	for _, e := range p.Endpoints {
		if e.Untested == "" {
			continue
		}
		if untested[e.Untested] == nil {
			reasons = append(reasons, e.Untested)
		}
		untested[e.Untested] = append(untested[e.Untested], fmt.Sprintf("%s %s", e.Endpoint.Service, e.Endpoint.Host))
	}
	slices.Sort(reasons)
	fmt.Fprintf(&b, "%d endpoints, %d checks of %d hosts\n", len(p.Endpoints), len(p.Checks), len(p.Hosts()))
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	fmt.Fprintf(&b, "\nchecks, by host\n")
	sent := make(map[string][]string)
	for _, c := range p.Checks {
		what := fmt.Sprintf("%s/%d", c.Target.Protocol, c.Target.Port)
		for _, mark := range []struct {
			set  bool
			word string
		}{{c.Target.Families, "+families"}, {c.Target.Range, "+range"}, {c.Target.Direct, "+direct"}} {
			if mark.set {
				what += mark.word
			}
		}
		sent[c.Target.Host] = append(sent[c.Target.Host], what)
	}
	for _, h := range slices.Sorted(maps.Keys(sent)) {
		fmt.Fprintf(&b, "  %s  %s\n", h, strings.Join(sent[h], " "))
	}
	for _, reason := range reasons {
		fmt.Fprintf(&b, "\nnot tested: %s\n", reason)
		for _, e := range untested[reason] {
			fmt.Fprintf(&b, "  %s\n", e)
		}
	}
	return b.String()
}

// targets returns the checks of a plan that match keep.
func targets(p *readiness.Plan, keep func(endpoints.Endpoint) bool) []string {
	var out []string
	for _, c := range p.Checks {
		if slices.ContainsFunc(c.Endpoints, func(i int) bool { return keep(p.Endpoints[i].Endpoint) }) {
			out = append(out, c.ID())
		}
	}
	slices.Sort(out)
	return out
}

func ofService(s endpoints.Service) func(endpoints.Endpoint) bool {
	return func(e endpoints.Endpoint) bool { return e.Service == s }
}

func ofTenant(e endpoints.Endpoint) bool { return e.Host.Kind() == endpoints.Tenant }

func ofRegion(s endpoints.Service) func(endpoints.Endpoint) bool {
	return func(e endpoints.Endpoint) bool { return e.Service == s && e.Region != "" }
}

// TestPlanByScope shows what each parameter of a scope changes.
func TestPlanByScope(t *testing.T) {
	tests := []struct {
		name  string
		scope readiness.Scope
		keep  func(endpoints.Endpoint) bool
		want  []string
	}{
		{"no tenant", autopilot(), ofTenant, nil},
		{
			"a verified domain",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso.com"},
			ofTenant,
			[]string{"cname enterpriseenrollment.contoso.com:53", "cname enterpriseregistration.contoso.com:53"},
		},
		{
			"a tenant's name in a scenario without SharePoint",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"},
			ofTenant,
			nil,
		},
		{
			"a tenant's name",
			readiness.Scope{Scenario: endpoints.ScenarioAutopatch, Tenant: "contoso.onmicrosoft.com"},
			ofTenant,
			[]string{
				"http autodiscover.contoso.onmicrosoft.com:80", "http contoso-my.sharepoint.com:80", "http contoso.sharepoint.com:80",
				"https autodiscover.contoso.onmicrosoft.com:443", "https contoso-my.sharepoint.com:443", "https contoso.sharepoint.com:443",
			},
		},
		{
			"a tenant's name and its domains, one of them twice",
			readiness.Scope{
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
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope},
			ofRegion(endpoints.ServiceIntuneContent),
			[]string{
				"http swdb01-mscdn.manage.microsoft.com:80", "http swdb02-mscdn.manage.microsoft.com:80",
				"https imeswdb-afd-hotfix.manage.microsoft.com:443", "https imeswdb-afd-primary.manage.microsoft.com:443",
				"https imeswdb-afd-secondary.manage.microsoft.com:443",
				"https swdb01-mscdn.manage.microsoft.com:443", "https swdb02-mscdn.manage.microsoft.com:443",
			},
		},
		{
			"no region", autopilot(), ofRegion(endpoints.ServiceIntuneContent),
			[]string{
				"http swda01-mscdn.manage.microsoft.com:80", "http swdb01-mscdn.manage.microsoft.com:80",
				"http swdc01-mscdn.manage.microsoft.com:80", "http swdin01-mscdn.manage.microsoft.com:80",
				"https imeswda-afd-hotfix.manage.microsoft.com:443", "https imeswdb-afd-hotfix.manage.microsoft.com:443",
				"https imeswdc-afd-hotfix.manage.microsoft.com:443",
				"https swda01-mscdn.manage.microsoft.com:443", "https swdb01-mscdn.manage.microsoft.com:443",
				"https swdc01-mscdn.manage.microsoft.com:443", "https swdin01-mscdn.manage.microsoft.com:443",
			},
		},
		{
			"no region, of a service with one name for each", autopilot(), ofRegion(endpoints.ServiceDiagnosticsCollection),
			[]string{
				"https lgmsapeaus.blob.core.windows.net:443", "https lgmsapeind.blob.core.windows.net:443",
				"https lgmsapesea.blob.core.windows.net:443", "https lgmsapeswiss.blob.core.windows.net:443",
				"https lgmsapeweu.blob.core.windows.net:443", "https lgmsapewus2.blob.core.windows.net:443",
			},
		},
		{
			"attestation of Windows 10",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows10},
			ofService(endpoints.ServiceHealthAttestation),
			[]string{"https has.spserv.microsoft.com:443"},
		},
		{
			"attestation of Windows 11 in a region",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows11, Region: endpoints.RegionAsiaPacific},
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
			readiness.Scope{Scenario: endpoints.ScenarioDevicePreparation, Region: endpoints.RegionEurope},
			func(e endpoints.Endpoint) bool {
				return e.Host.String() == "has.spserv.microsoft.com" || e.Host.String() == "dns.msftncsi.com"
			},
			nil,
		},
		{
			"the NCSI of Windows 11",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows11},
			ofService(endpoints.ServiceNCSI),
			[]string{"ncsi www.msftconnecttest.com:80"},
		},
		{
			"an AMD TPM",
			readiness.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMAMD},
			func(e endpoints.Endpoint) bool { return e.TPM != "" },
			[]string{"https ftpm.amd.com:443"},
		},
		{
			"a discrete TPM",
			readiness.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMDiscrete},
			func(e endpoints.Endpoint) bool { return e.TPM != "" }, nil,
		},
		{"Remote Help, not used", autopilot(), ofService(endpoints.ServiceRemoteHelp), nil},
		{
			"a domain to join",
			readiness.Scope{Scenario: endpoints.ScenarioHybridJoin, ADDomain: "corp.contoso.com"},
			ofService(endpoints.ServiceHybridDomainController),
			[]string{
				"srv _ldap._tcp.dc._msdcs.corp.contoso.com:135", "srv _ldap._tcp.dc._msdcs.corp.contoso.com:389",
				"srv _ldap._tcp.dc._msdcs.corp.contoso.com:445", "srv _ldap._tcp.dc._msdcs.corp.contoso.com:53",
				"srv _ldap._tcp.dc._msdcs.corp.contoso.com:88",
			},
		},
		{"a domain to join, and none given", readiness.Scope{Scenario: endpoints.ScenarioHybridJoin}, ofService(endpoints.ServiceHybridDomainController), nil},
		{
			"a domain in a scenario that joins none",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, ADDomain: "corp.contoso.com"},
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

// checkTied shows that each endpoint has checks or a reason, and not both.
func checkTied(t *testing.T, p *readiness.Plan) {
	t.Helper()
	for i, e := range p.Endpoints {
		if (len(e.Checks) == 0) == (e.Untested == "") {
			t.Errorf("%s %s: checks %v, untested %q", e.Endpoint.Service, e.Endpoint.Host, e.Checks, e.Untested)
		}
		for _, c := range e.Checks {
			if !slices.Contains(p.Checks[c].Endpoints, i) {
				t.Errorf("%s does not know of %s", p.Checks[c].ID(), e.Endpoint.Host)
			}
		}
	}
}

// TestPlanOfRemoteHelp shows that the feature adds names and takes none away.
func TestPlanOfRemoteHelp(t *testing.T) {
	without := plan(t, autopilot())
	with := plan(t, readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Features: []endpoints.Feature{endpoints.FeatureRemoteHelp}})
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
	for _, e := range all.Endpoints {
		if e.Endpoint.Region != "" && len(e.Checks) > 0 {
			sampled[fmt.Sprintf("%s in %s", e.Endpoint.Service, e.Endpoint.Region)] = true
		}
	}
	for _, e := range endpoints.Embedded().Select(endpoints.Query{Scenario: endpoints.ScenarioAutopilot}) {
		if e.Region != "" && !sampled[fmt.Sprintf("%s in %s", e.Service, e.Region)] {
			t.Errorf("%s in %s is not sampled", e.Service, e.Region)
		}
	}
	for _, r := range endpoints.Regions() {
		p := plan(t, readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Region: r})
		for _, e := range p.Endpoints {
			if strings.Contains(e.Untested, "region") {
				t.Errorf("%s: %s is not tested: %s", r, e.Endpoint.Host, e.Untested)
			}
		}
		if strings.Contains(strings.Join(p.Notes, " "), "region") {
			t.Errorf("%s: notes %q", r, p.Notes)
		}
	}
}

// TestPlanMembers shows that a pattern is not tested through names of other
// regions than the tenant's.
func TestPlanMembers(t *testing.T) {
	p := plan(t, readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope, Windows: endpoints.Windows11})
	for _, foreign := range []string{"swda01-mscdn.manage.microsoft.com", "swdc01-mscdn.manage.microsoft.com", "has.spserv.microsoft.com"} {
		if slices.Contains(p.Hosts(), foreign) {
			t.Errorf("%s is tested, which is for others", foreign)
		}
	}
	for _, own := range []string{"swdb01-mscdn.manage.microsoft.com", "fef.msua01.manage.microsoft.com"} {
		if !slices.Contains(p.Hosts(), own) {
			t.Errorf("%s is not tested", own)
		}
	}
}

// TestPlanNotes shows what a plan says of its scope as a whole.
func TestPlanNotes(t *testing.T) {
	const open = "Not given: the tenant's region (each region is sampled; N more names are not tested); "
	tests := []struct {
		name  string
		scope readiness.Scope
		want  []string
	}{
		{
			"a scope that leaves all open", autopilot(),
			[]string{open + "the generation of Windows (what Windows 10 or Windows 11 needs is tested)."},
		},
		{
			"a scope that leaves nothing open",
			readiness.Scope{
				Scenario: endpoints.ScenarioSelfDeploying, Region: endpoints.RegionEurope, TPM: endpoints.TPMIntel, Windows: endpoints.Windows10,
			},
			nil,
		},
		{
			"the maker of the TPMs",
			readiness.Scope{Scenario: endpoints.ScenarioSelfDeploying, Region: endpoints.RegionEurope, Windows: endpoints.Windows11},
			[]string{"Not given: the maker of the TPMs (the hosts of all makers are tested)."},
		},
		{
			"Windows 10 where 11 is needed",
			readiness.Scope{Scenario: endpoints.ScenarioDevicePreparation, Region: endpoints.RegionEurope, Windows: endpoints.Windows10},
			[]string{"Microsoft offers device-preparation for Windows 11 alone (Windows Autopilot device preparation requirements, 2025-01-24)."},
		},
		{
			"a scenario for Windows 11 alone, which is as good as given",
			readiness.Scope{Scenario: endpoints.ScenarioDevicePreparation, Region: endpoints.RegionEurope},
			nil,
		},
		{
			"a scenario that is not offered in the cloud",
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudDoD},
			[]string{"Microsoft does not offer autopilot in the cloud dod (Compare Autopilot device preparation and Autopilot, 2024-06-26)."},
		},
		{
			"a scenario of which no document speaks",
			readiness.Scope{Scenario: endpoints.ScenarioAutopatch, Cloud: endpoints.CloudChina},
			[]string{"No document read says that autopatch is offered in the cloud china."},
		},
		{
			"a domain to join",
			readiness.Scope{
				Scenario: endpoints.ScenarioHybridJoin, Region: endpoints.RegionEurope, Windows: endpoints.Windows11, ADDomain: "corp.contoso.com",
			},
			[]string{"Contacted besides: the domain controllers that DNS lists as _ldap._tcp.dc._msdcs.corp.contoso.com, on the TCP ports 53, 88, 135, 389, 445."},
		},
		{
			"no domain to join",
			readiness.Scope{Scenario: endpoints.ScenarioHybridJoin, Region: endpoints.RegionEurope, Windows: endpoints.Windows11},
			[]string{"No Active Directory domain was given, so no domain controller is looked for, and that a device can join the domain is not shown."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := plan(t, tt.scope).Notes
			for i := range got {
				got[i] = regexp.MustCompile(`\d+ more names`).ReplaceAllString(got[i], "N more names")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestScopeRefuses shows that values that are not known are refused by name.
func TestScopeRefuses(t *testing.T) {
	with := func(change func(*readiness.Scope)) readiness.Scope {
		s := autopilot()
		change(&s)
		return s
	}
	tests := []struct {
		name  string
		scope readiness.Scope
		want  string
	}{
		{"another generation of Windows", with(func(s *readiness.Scope) { s.Windows = "7" }), `readiness: unknown windows "7" (known: 10, 11)`},
		{"a domain without a dot", with(func(s *readiness.Scope) { s.Domains = []string{"contoso.com", "contoso"} }), `readiness: unknown domain "contoso"`},
		{"a pattern of domains", with(func(s *readiness.Scope) { s.Domains = []string{"*.contoso.com"} }), `readiness: unknown domain "*.contoso.com"`},
		{"an Active Directory domain that is none", with(func(s *readiness.Scope) { s.ADDomain = "corp contoso" }), `readiness: unknown ad domain "corp contoso"`},
		{"an Active Directory domain that is an address", with(func(s *readiness.Scope) { s.ADDomain = "10.0.0.1" }), `readiness: unknown ad domain "10.0.0.1"`},
		{"a domain that is too long", with(func(s *readiness.Scope) { s.ADDomain = strings.Repeat("a.", 120) + "com" }), `readiness: unknown ad domain "` + strings.Repeat("a.", 120) + `com"`},
		{"an Active Directory domain of one label", with(func(s *readiness.Scope) { s.ADDomain = "corp" }), ""},
	}
	for _, tt := range tests {
		got := ""
		if err := tt.scope.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestPlanListsWhatIsAsked shows that the names of SRV records and aliases are
// among the hosts.
func TestPlanListsWhatIsAsked(t *testing.T) {
	p := plan(t, readiness.Scope{Scenario: endpoints.ScenarioHybridJoin, Tenant: "contoso.com", ADDomain: "Corp.Contoso.com."})
	for _, h := range []string{"_ldap._tcp.dc._msdcs.corp.contoso.com", "enterpriseenrollment.contoso.com", "enterpriseregistration.contoso.com"} {
		if !slices.Contains(p.Hosts(), h) {
			t.Errorf("%s is not among the hosts", h)
		}
	}
	for _, c := range p.Checks {
		if c.Target.Host == "enterpriseenrollment.contoso.com" && c.Target.Protocol != probe.ProtocolCNAME {
			t.Errorf("%s: nobody there has a certificate for the name", c.ID())
		}
	}
}
