package allowlist_test

import (
	"errors"
	"slices"
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
	autopilot := endpoints.Query{Scenario: endpoints.ScenarioAutopilot}
	common := []string{
		"*.b.cdn.example", "*.cdn.example", "*.deep*.example", "*.files.example", "192.0.2.7", "2001:db8::7", "_ldap.contoso.com",
		"a.cdn.example", "cdn.example", "in.*.example", "login.contoso.com", "mail.contoso.com", "payload*.blob.example",
		"shared.contoso.com", "time.contoso.com",
	}
	const placeholder = "$wpad (web) on tcp/443 https: stands for what only this site knows"
	tests := []struct {
		name  string
		scope allowlist.Scope
		hosts []string
		gaps  []string
	}{
		{
			name:  "a scenario without a tenant",
			scope: allowlist.Scope{Query: autopilot},
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
			scope: allowlist.Scope{Query: autopilot, Tenants: []string{"Contoso"}},
			hosts: append(slices.Clone(common), "contoso-my.other.example", "contoso.files.example"),
			gaps:  []string{placeholder, "enroll.{domain} (web) on tcp/443 https: needs a verified domain of the tenant"},
		},
		{
			name:  "name and domains of the tenant",
			scope: allowlist.Scope{Query: autopilot, Tenants: []string{"contoso", "contoso.com", "contoso.net", "contoso.onmicrosoft.com"}},
			hosts: append(slices.Clone(common), "contoso-my.other.example", "contoso.files.example", "enroll.contoso.com", "enroll.contoso.net"),
			gaps:  []string{placeholder},
		},
		{
			name:  "retired names asked for",
			scope: allowlist.Scope{Query: endpoints.Query{Services: []endpoints.Service{"web"}, Cloud: endpoints.CloudGCCHigh, AllStatuses: true}},
			hosts: []string{"us.contoso.com"},
		},
		{
			name:  "nothing in the scope",
			scope: allowlist.Scope{Query: endpoints.Query{Cloud: endpoints.CloudChina}},
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

func TestNewRefuses(t *testing.T) {
	for name, s := range map[string]allowlist.Scope{
		"an unknown scenario":     {Query: endpoints.Query{Scenario: "moon"}},
		"an unknown cloud":        {Query: endpoints.Query{Cloud: "moon"}},
		"an unknown region":       {Query: endpoints.Query{Region: "moon"}},
		"an unknown TPM vendor":   {Query: endpoints.Query{TPM: "moon"}},
		"an unknown generation":   {Query: endpoints.Query{Windows: "95"}},
		"an unknown feature":      {Query: endpoints.Query{Features: []endpoints.Feature{"moon"}}},
		"an empty tenant":         {Tenants: []string{""}},
		"a pattern for a tenant":  {Tenants: []string{"*.contoso.com"}},
		"an address for a tenant": {Tenants: []string{"192.0.2.1"}},
		"a line for a tenant":     {Tenants: []string{"contoso\nhttp_access allow all"}},
	} {
		if l, err := allowlist.New(nil, s); !errors.Is(err, endpoints.BadValue) || l != nil {
			t.Errorf("%s: list %v, error %v", name, l != nil, err)
		}
	}
}

// TestNothingIsLost holds each dialect to say each host of each scope, or to
// say that it does not.
func TestNothingIsLost(t *testing.T) {
	for _, s := range scopes() {
		l := newList(t, nil, s)
		selected := endpoints.Embedded().Select(s.Query)
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

// TestDeterministic writes each list again, and from many at once.
func TestDeterministic(t *testing.T) {
	s := allowlist.Scope{Query: endpoints.Query{Scenario: endpoints.ScenarioAutopatch}}
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

func TestScopeString(t *testing.T) {
	tests := []struct {
		name  string
		scope allowlist.Scope
		want  string
	}{
		{"the zero scope", allowlist.Scope{}, "all scenarios, worldwide"},
		{"no features", allowlist.Scope{Query: endpoints.Query{Scenario: endpoints.ScenarioAutopatch, Features: []endpoints.Feature{}}}, "autopatch, worldwide, no features"},
		{
			"all that there is",
			allowlist.Scope{
				Query: endpoints.Query{
					Scenario: endpoints.ScenarioHybridJoin, Cloud: endpoints.CloudDoD, Region: endpoints.RegionEurope, TPM: endpoints.TPMAMD, Windows: endpoints.Windows11,
					Features: []endpoints.Feature{endpoints.FeatureScripts, endpoints.FeatureWin32Apps}, Services: []endpoints.Service{endpoints.ServiceIntune},
				},
				Tenants: []string{"contoso", "contoso.com"},
			},
			"hybrid-join, dod, tenant contoso, tenant contoso.com, region europe, TPM amd, Windows 11, features scripts win32-apps, services intune",
		},
	}
	for _, tt := range tests {
		if got := tt.scope.String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
