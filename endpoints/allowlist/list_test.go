package allowlist_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
)

func hostsOf(l *allowlist.List) []string {
	var out []string
	for _, e := range l.Entries {
		out = append(out, e.Host.String())
	}
	return out
}

func TestNew(t *testing.T) {
	autopilot := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	with := func(tenant string, domains ...string) endpoints.Scope {
		s := autopilot
		s.Tenant, s.Domains = tenant, domains
		return s
	}
	common := []string{
		"*.b.cdn.example", "*.cdn.example", "*.deep*.example", "*.files.example", "192.0.2.7", "2001:db8::7", "_ldap.contoso.com",
		"a.cdn.example", "cdn.example", "in.*.example", "legacy.contoso.com", "login.contoso.com", "mail.contoso.com", "payload*.blob.example",
		"shared.contoso.com", "time.contoso.com",
	}
	const placeholder = "$wpad (web) on tcp/443 https: is specific to this network"
	tests := []struct {
		name  string
		scope endpoints.Scope
		hosts []string
		gaps  []string
	}{
		{
			name:  "a scenario without a tenant",
			scope: autopilot,
			hosts: common,
			gaps: []string{
				placeholder,
				"enroll.{domain} (web) on tcp/443 https: needs a verified domain of the tenant",
				"{tenant}-my.other.example (web) on tcp/443 https: needs the tenant's name",
				"{tenant}.files.example (web) on tcp/443 https: needs the tenant's name; *.files.example covers it",
			},
		},
		{
			name:  "the tenant's name alone",
			scope: with("Contoso"),
			hosts: append(slices.Clone(common), "contoso-my.other.example", "contoso.files.example"),
			gaps:  []string{placeholder, "enroll.{domain} (web) on tcp/443 https: needs a verified domain of the tenant"},
		},
		{
			name:  "name and domains of the tenant",
			scope: with("contoso", "contoso.com", "contoso.net", "contoso.onmicrosoft.com"),
			hosts: append(slices.Clone(common), "contoso-my.other.example", "contoso.files.example", "enroll.contoso.com", "enroll.contoso.net"),
			gaps:  []string{placeholder},
		},
		{
			name:  "retired names are not needed",
			scope: endpoints.Scope{Cloud: endpoints.CloudGCCHigh},
			hosts: []string{"us.contoso.com"},
		},
		{
			name:  "nothing in the scope",
			scope: endpoints.Scope{Cloud: endpoints.CloudChina},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newList(t, small(t), tt.scope)
			slices.Sort(tt.hosts)
			if diff := cmp.Diff(tt.hosts, hostsOf(l)); diff != "" {
				t.Errorf("hosts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.gaps, lines(l.Gaps)); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNewRefuses: a typo never gives an empty list.
func TestNewRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		scope    endpoints.Scope
		services []endpoints.Service
		field    string
	}{
		"an unknown scenario":           {scope: endpoints.Scope{Scenario: "moon"}, field: "scenario"},
		"an unknown cloud":              {scope: endpoints.Scope{Cloud: "moon"}, field: "cloud"},
		"an unknown region":             {scope: endpoints.Scope{Region: "moon"}, field: "region"},
		"an unknown TPM vendor":         {scope: endpoints.Scope{TPM: "moon"}, field: "tpm"},
		"an unknown generation":         {scope: endpoints.Scope{Windows: "95"}, field: "windows"},
		"an unknown feature":            {scope: endpoints.Scope{Features: []endpoints.Feature{"moon"}}, field: "features"},
		"an empty domain":               {scope: endpoints.Scope{Domains: []string{""}}, field: "domains"},
		"a pattern instead of a tenant": {scope: endpoints.Scope{Tenant: "*.contoso.com"}, field: "tenant"},
		"an address for a tenant":       {scope: endpoints.Scope{Tenant: "192.0.2.1"}, field: "tenant"},
		"a line for a tenant":           {scope: endpoints.Scope{Tenant: "contoso\nhttp_access allow all"}, field: "tenant"},
		"an unknown service":            {services: []endpoints.Service{"intune", "foo"}, field: "service"},
	} {
		l, err := allowlist.New(nil, tt.scope, tt.services...)
		bad, ok := errors.AsType[*endpoints.Error](err)
		if !ok || bad.Code != endpoints.BadValue || bad.Field != tt.field || l != nil {
			t.Errorf("%s: list %v, error %v", name, l != nil, err)
		}
	}
}

// TestServices restricts a list to services, which its header names.
func TestServices(t *testing.T) {
	l, err := allowlist.New(nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}, endpoints.ServiceNTP, endpoints.ServiceNCSI)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := written(t, allowlist.Hosts, l)
	if want := "# Scope: autopilot, worldwide, services ntp ncsi\n"; !strings.Contains(text, want) {
		t.Errorf("no line %q in\n%s", want, text)
	}
	if got := hostsOf(l); !slices.Contains(got, "time.windows.com") || slices.Contains(got, "login.live.com") {
		t.Errorf("hosts %v", got)
	}
}

// TestNeedOfFeatures: what a feature needs is required if the feature is used,
// and absent if it is known not to be.
func TestNeedOfFeatures(t *testing.T) {
	for _, tt := range []struct {
		features []endpoints.Feature
		want     string // how the row of Office's content begins, or empty
	}{
		{nil, "conditional"},
		{[]endpoints.Feature{endpoints.FeatureOfficeApps}, "required"},
		{[]endpoints.Feature{endpoints.FeatureNone}, ""},
	} {
		l := newList(t, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Features: tt.features})
		text, _ := written(t, allowlist.CSV, l)
		got := ""
		for row := range strings.Lines(text) {
			if strings.Contains(row, ",officecdn.microsoft.com,") {
				for _, need := range []string{"required", "conditional", "optional"} {
					if strings.Contains(row, ","+need+",") {
						got = need
					}
				}
			}
		}
		if got != tt.want {
			t.Errorf("%v: need %q, want %q", tt.features, got, tt.want)
		}
	}
}

// TestNothingIsLost: each format has each host of each scope, as an entry or as
// a gap.
func TestNothingIsLost(t *testing.T) {
	for _, s := range scopes() {
		l := newList(t, nil, s)
		selected, err := endpoints.Embedded().Select(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range selected {
			if e.Status != endpoints.StatusCurrent {
				t.Errorf("%s: %s is %s", s, e.Host, e.Status)
			}
			found := slices.ContainsFunc(l.Gaps, func(g allowlist.Gap) bool { return g.Host == e.Host && slices.Contains(g.Services, e.Service) })
			for _, entry := range l.Entries {
				found = found || slices.ContainsFunc(entry.Endpoints, func(f endpoints.Endpoint) bool { return f.Host == e.Host && f.Service == e.Service })
			}
			if !found {
				t.Errorf("%s: %s of %s is neither an entry nor a gap", s, e.Host, e.Service)
			}
		}
		for name, d := range dialects() {
			_, gaps := written(t, d, l)
			for _, g := range l.Gaps {
				if name != "sets.nft" && !slices.ContainsFunc(gaps, func(h allowlist.Gap) bool { return h.Host == g.Host && h.Reason == g.Reason }) {
					t.Errorf("%s of %s says nothing of %s", name, s, g)
				}
			}
			if !slices.IsSortedFunc(gaps, func(a, b allowlist.Gap) int { return cmpHosts(a.Host, b.Host) }) {
				t.Errorf("%s of %s: gaps are not sorted", name, s)
			}
		}
	}
}

func cmpHosts(a, b endpoints.Host) int {
	if a.String() < b.String() {
		return -1
	}
	return 1
}

// TestDeterministic writes each list again, and concurrently.
func TestDeterministic(t *testing.T) {
	s := endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}
	for name, d := range dialects() {
		t.Run(name, func(t *testing.T) {
			l := newList(t, nil, s)
			want, _ := written(t, d, l)
			for range 4 {
				t.Run("", func(t *testing.T) {
					t.Parallel()
					if got, _ := written(t, d, l); got != want {
						t.Error("the same list came out differently")
					}
					if got, _ := written(t, d, newList(t, nil, s)); got != want {
						t.Error("another list of the same scope came out differently")
					}
				})
			}
		})
	}
}
