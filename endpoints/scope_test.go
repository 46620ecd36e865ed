package endpoints_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

const (
	knownScenarios = "autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch"
	knownFeatures  = "office-apps, store-apps, win32-apps, scripts, compliance-health, remote-help, seamless-sso, skip-domain-check, mail, none"
	wantTenant     = "want a tenant's name, as in contoso, or a verified domain, as in contoso.com"
)

// TestScopeRefuses shows that what is unknown or malformed is an error that lists
// what is known, of Validate and of Select alike.
func TestScopeRefuses(t *testing.T) {
	long := strings.Repeat("a.", 117) + "contoso.com"
	tests := []struct {
		name  string
		scope endpoints.Scope
		want  string
	}{
		{"a scenario by its title", endpoints.Scope{Scenario: "Autopilot"}, `scenario "Autopilot": unknown (known: ` + knownScenarios + `)`},
		{"Remote Help, which is no scenario", endpoints.Scope{Scenario: endpoints.ScenarioRemoteHelp}, `scenario "remote-help": unknown (known: ` + knownScenarios + `)`},
		{"a cloud", endpoints.Scope{Cloud: "gcc"}, `cloud "gcc": unknown (known: worldwide, gcc-high, dod, china)`},
		{"a region", endpoints.Scope{Region: "EU"}, `region "EU": unknown (known: north-america, europe, asia-pacific, india, australia, east-asia, switzerland, americas, eu-data-boundary)`},
		{"a TPM vendor", endpoints.Scope{TPM: "infineon"}, `tpm "infineon": unknown (known: intel, amd, qualcomm, discrete)`},
		{"a generation of Windows", endpoints.Scope{Windows: "12"}, `windows "12": unknown (known: 10, 11)`},
		{"a feature", endpoints.Scope{Features: []endpoints.Feature{"scripts", "magic"}}, `features "magic": unknown (known: ` + knownFeatures + `)`},
		{"no features, and one", endpoints.Scope{Features: []endpoints.Feature{"none", "scripts"}}, `features "none": cannot be combined with other features`},
		{"a tenant with a space", endpoints.Scope{Tenant: "con toso"}, `tenant "con toso": ` + wantTenant},
		{"a tenant that is an address", endpoints.Scope{Tenant: "192.0.2.1"}, `tenant "192.0.2.1": ` + wantTenant},
		{"a tenant that is a pattern", endpoints.Scope{Tenant: "*.contoso.com"}, `tenant "*.contoso.com": ` + wantTenant},
		{"a domain that is a name", endpoints.Scope{Domains: []string{"contoso"}}, `domains "contoso": want a verified domain, as in contoso.com`},
		{"a domain without room for names below it", endpoints.Scope{Domains: []string{long}}, `domains "` + long + `": want a verified domain, as in contoso.com`},
		{"an AD domain that is a URL", endpoints.Scope{ADDomain: "ldap://corp"}, `ad_domain "ldap://corp": want the DNS name of an Active Directory domain, as in corp.contoso.com`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, selected := endpoints.Embedded().Select(tt.scope)
			for what, err := range map[string]error{"Validate": tt.scope.Validate(), "Select": selected} {
				bad, ok := errors.AsType[*endpoints.Error](err)
				if !ok || bad.Code != endpoints.BadValue || bad.Field == "" || bad.Value == "" {
					t.Fatalf("%s: %#v", what, err)
				}
				if err.Error() != tt.want {
					t.Errorf("%s: %s\nwant %s", what, err, tt.want)
				}
			}
		})
	}
}

func TestScopeAccepts(t *testing.T) {
	for _, s := range []endpoints.Scope{
		{},
		{Scenario: "autopatch", Cloud: "dod", Region: "europe", TPM: "discrete", Windows: "10", Features: endpoints.Features()},
		{Tenant: "contoso", Domains: []string{"contoso.com", "CONTOSO.example."}, ADDomain: "corp"},
		{Tenant: "contoso.onmicrosoft.com", Features: []endpoints.Feature{endpoints.FeatureNone}},
	} {
		if err := s.Validate(); err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
}

func TestSelectService(t *testing.T) {
	c, err := new(endpoints.Catalog).With(own(t, "contoso", "a.contoso.com"), own(t, "fabrikam", "fabrikam.com"))
	if err != nil {
		t.Fatal(err)
	}
	if got := hosts(choose(t, c, endpoints.Scope{}, "fabrikam")); !cmp.Equal(got, []string{"fabrikam.com"}) {
		t.Errorf("a service that is there: %v", got)
	}
	if got := choose(t, c, endpoints.Scope{}, []endpoints.Service{}...); len(got) != 2 {
		t.Errorf("no service: %v", hosts(got))
	}
	const want = `service "foo": unknown (known: contoso, fabrikam)`
	if got, err := c.Select(endpoints.Scope{}, "contoso", "foo"); got != nil || err == nil || err.Error() != want {
		t.Errorf("a service that is not there: %v, %v, want %s", got, err, want)
	}
}

func TestScopeSet(t *testing.T) {
	type set struct{ field, value string }
	tests := []struct {
		name string
		sets []set
		want endpoints.Scope
		errs string // of the last one; the scope stays as it is
	}{
		{
			"every field",
			[]set{
				{"scenario", "hybrid-join"},
				{"cloud", "gcc-high"},
				{"tenant", "contoso"},
				{"domains", "contoso.com, contoso.example"},
				{"ad_domain", "corp.contoso.com"},
				{"region", "europe"},
				{"tpm", "amd"},
				{"windows", "11"},
				{"features", "scripts , win32-apps,scripts"},
			},
			endpoints.Scope{
				Scenario: "hybrid-join", Cloud: "gcc-high", Tenant: "contoso", Domains: []string{"contoso.com", "contoso.example"},
				ADDomain: "corp.contoso.com", Region: "europe", TPM: "amd", Windows: "11", Features: []endpoints.Feature{"scripts", "win32-apps"},
			},
			"",
		},
		{
			"a value again replaces the first",
			[]set{{"features", "scripts"}, {"features", "none"}, {"cloud", "dod"}, {"cloud", "china"}},
			endpoints.Scope{Cloud: "china", Features: []endpoints.Feature{"none"}},
			"",
		},
		{
			"a tenant with its domains, in any order",
			[]set{{"tenant", "contoso.com,contoso, contoso.example"}},
			endpoints.Scope{Tenant: "contoso", Domains: []string{"contoso.com", "contoso.example"}},
			"",
		},
		{
			"a tenant's name beside domains of their own",
			[]set{{"domains", "contoso.com"}, {"tenant", "contoso"}},
			endpoints.Scope{Tenant: "contoso", Domains: []string{"contoso.com"}},
			"",
		},
		{
			"domains alone",
			[]set{{"tenant", "contoso.com, contoso.example"}},
			endpoints.Scope{Tenant: "contoso.com", Domains: []string{"contoso.example"}},
			"",
		},
		{
			"two names of a tenant",
			[]set{{"tenant", "contoso,fabrikam"}},
			endpoints.Scope{},
			`tenant "fabrikam": a tenant has only one name, already given as contoso`,
		},
		{"an empty value", []set{{"tpm", "amd"}, {"tpm", ""}}, endpoints.Scope{TPM: "amd"}, `tpm: unknown (known: intel, amd, qualcomm, discrete)`},
		{"an empty tenant", []set{{"tenant", ""}}, endpoints.Scope{}, `tenant: ` + wantTenant + `, or both, separated by commas`},
		{"an empty part", []set{{"features", "scripts"}, {"features", "scripts,"}}, endpoints.Scope{Features: []endpoints.Feature{"scripts"}}, `features: unknown (known: ` + knownFeatures + `)`},
		{"a malformed domain", []set{{"ad_domain", "corp contoso"}}, endpoints.Scope{}, `ad_domain "corp contoso": want the DNS name of an Active Directory domain, as in corp.contoso.com`},
		{"a domain that is a name", []set{{"domains", "contoso"}}, endpoints.Scope{}, `domains "contoso": want a verified domain, as in contoso.com`},
		{"no features, and one", []set{{"features", "none,scripts"}}, endpoints.Scope{}, `features "none": cannot be combined with other features`},
		{"an empty domain", []set{{"ad_domain", " "}}, endpoints.Scope{}, `ad_domain: must be given`},
		{
			"a field by its Go name",
			[]set{{"Scenario", "autopilot"}},
			endpoints.Scope{},
			`scope "Scenario": unknown field (known: scenario, cloud, tenant, domains, ad_domain, region, tpm, windows, features)`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s endpoints.Scope
			for i, set := range tt.sets {
				want := ""
				if i == len(tt.sets)-1 {
					want = tt.errs
				}
				got := ""
				if err := s.Set(set.field, set.value); err != nil {
					got = err.Error()
				}
				if got != want {
					t.Errorf("Set(%q, %q) = %s, want %s", set.field, set.value, got, want)
				}
			}
			if diff := cmp.Diff(tt.want, s); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestScopeNeed(t *testing.T) {
	conditional := func(change func(*endpoints.Endpoint)) endpoints.Endpoint {
		e := own(t, "contoso", "a.contoso.com")
		e.Need = endpoints.Conditional
		change(&e)
		return e
	}
	scripts := conditional(func(e *endpoints.Endpoint) { e.Features = []endpoints.Feature{"scripts"} })
	amd := conditional(func(e *endpoints.Endpoint) { e.TPM = "amd" })
	tests := []struct {
		name  string
		scope endpoints.Scope
		of    endpoints.Endpoint
		want  endpoints.Need
	}{
		{"as documented", endpoints.Scope{}, own(t, "contoso", "a.contoso.com"), endpoints.Required},
		{"a feature that may be used", endpoints.Scope{}, scripts, endpoints.Conditional},
		{"a feature that is used", endpoints.Scope{Features: []endpoints.Feature{"scripts"}}, scripts, endpoints.Required},
		{"another feature is used", endpoints.Scope{Features: []endpoints.Feature{"win32-apps"}}, scripts, endpoints.NotNeeded},
		{"no feature is used", endpoints.Scope{Features: []endpoints.Feature{"none"}}, scripts, endpoints.NotNeeded},
		{"Autopatch asks for its lists as a whole", endpoints.Scope{Scenario: "autopatch", Features: []endpoints.Feature{"none"}}, scripts, endpoints.Conditional},
		{"any TPM", endpoints.Scope{}, amd, endpoints.Conditional},
		{"the vendor of the TPM", endpoints.Scope{TPM: "amd"}, amd, endpoints.Required},
		{"another vendor", endpoints.Scope{TPM: "intel"}, amd, endpoints.NotNeeded},
		{"another cloud", endpoints.Scope{Cloud: "china"}, scripts, endpoints.NotNeeded},
		{"another scenario", endpoints.Scope{Scenario: "hybrid-join"}, scripts, endpoints.NotNeeded},
		{"an optional name of a feature that is used", endpoints.Scope{Features: []endpoints.Feature{"scripts"}}, conditional(func(e *endpoints.Endpoint) {
			e.Need, e.Features = endpoints.Optional, []endpoints.Feature{"scripts"}
		}), endpoints.Optional},
		{"retired", endpoints.Scope{}, conditional(func(e *endpoints.Endpoint) { e.Status = endpoints.StatusRetired }), endpoints.NotNeeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.scope.Need(tt.of); got != tt.want {
				t.Errorf("%v needs it %v, want %v", tt.scope, got, tt.want)
			}
		})
	}
}

// TestNewRefuses shows what an endpoint of one's own has to have.
func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct {
		service endpoints.Service
		host    string
		ports   []string
		want    string
	}{
		{"mail", "mail contoso.com", []string{"tcp/25 smtp"}, `host "mail contoso.com": the character ' '`},
		{"mail", "mail.contoso.com", nil, `mail "mail.contoso.com": ports: must be given`},
		{"", "mail.contoso.com", []string{"tcp/25 smtp"}, `"mail.contoso.com": service: must be given`},
	} {
		e, err := endpoints.New(tt.service, tt.host, tt.ports...)
		if err == nil || err.Error() != tt.want || e.Service != "" {
			t.Errorf("New = %v, %v, want %s", e, err, tt.want)
		}
	}
}
