package cli_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

func TestUnusedTenant(t *testing.T) {
	var eps []endpoints.Endpoint
	for _, name := range []string{"{tenant}.sharepoint.com", "enterpriseenrollment.{domain}", "login.contoso.com"} {
		h, err := endpoints.ParseHost(name)
		if err != nil {
			t.Fatal(err)
		}
		scenario := endpoints.ScenarioAutopatch
		if strings.Contains(name, "{domain}") {
			scenario = endpoints.ScenarioAutopilot
		}
		eps = append(eps, endpoints.Endpoint{
			Service: "contoso", Host: h, Ports: []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
			Scenarios: []endpoints.Scenario{scenario}, Clouds: []endpoints.Cloud{endpoints.CloudWorldwide}, Source: endpoints.Source{Title: "Contoso"},
		})
	}
	var empty endpoints.Catalog
	catalog, err := empty.With(eps...)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		scope endpoints.Scope
		want  string // what is named as unused; empty for no note
	}{
		{"none given", endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}, ""},
		{"a name that is used", endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Tenant: "contoso"}, ""},
		{"a name where only domains are", endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"}, "-tenant changes nothing: no name that autopilot needs in the worldwide cloud holds what was given. Some hold a verified domain, as in contoso.com."},
		{"a domain where only names are", endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Tenant: "contoso.com"}, "-tenant changes nothing: no name that autopatch needs in the worldwide cloud holds what was given. Some hold the tenant's name, as in contoso."},
		{"a domain that is used", endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso.com"}, ""},
		{"both, one of them used", endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso", Domains: []string{"contoso.com"}}, ""},
		{"a cloud without names", endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Cloud: endpoints.CloudChina, Tenant: "contoso"}, "-tenant changes nothing: no name that autopatch needs in the china cloud holds what was given."},
		{"an invalid scope", endpoints.Scope{Scenario: "moon", Tenant: "contoso"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cli.UnusedTenant(catalog, tt.scope)
			if (got == "") != (tt.want == "") || !strings.HasPrefix(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
