package readiness_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// TestPlanGolden keeps the plan of every scenario in every cloud that supports it in a file, so
// that a change of the data or of the choice shows what it changes.
func TestPlanGolden(t *testing.T) {
	for _, s := range endpoints.Scenarios() {
		for _, c := range endpoints.Clouds() {
			if known, _, _ := endpoints.Embedded().Support(s, c); known == endpoints.Contradicted {
				continue
			}
			t.Run(string(s)+"-"+string(c), func(t *testing.T) {
				p := plan(t, endpoints.Scope{Scenario: s, Cloud: c})
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
	all := 0
	for e, reason := range p.Endpoints() {
		all++
		if reason == "" {
			continue
		}
		if untested[reason] == nil {
			reasons = append(reasons, reason)
		}
		untested[reason] = append(untested[reason], fmt.Sprintf("%s %s", e.Service, e.Host))
	}
	slices.Sort(reasons)
	fmt.Fprintf(&b, "%d endpoints, %d checks of %d hosts\n", all, len(p.Checks), len(p.Hosts()))
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
		}{{c.Target.Families, "+families"}, {c.Target.Handshakes, "+handshakes"}, {c.Target.Range, "+range"}, {c.Target.Direct, "+direct"}} {
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
		if slices.ContainsFunc(c.Endpoints, keep) {
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

// checkTied shows that each endpoint has checks or a reason, and not both.
func checkTied(t *testing.T, p *readiness.Plan) {
	t.Helper()
	type entry struct {
		service endpoints.Service
		host    endpoints.Host
	}
	checked := make(map[entry]bool)
	for _, c := range p.Checks {
		if c.Target.Protocol == probe.SOA {
			continue // of the zone, and of no port
		}
		for _, e := range c.Endpoints {
			checked[entry{e.Service, e.Host}] = true
		}
	}
	all := make(map[entry]bool)
	for e, reason := range p.Endpoints() {
		all[entry{e.Service, e.Host}] = true
		if checked[entry{e.Service, e.Host}] == (reason != "") {
			t.Errorf("%s %s: checked %t, untested %q", e.Service, e.Host, reason == "", reason)
		}
	}
	for e := range checked {
		if !all[e] {
			t.Errorf("%s %s has checks, and is not in the plan", e.service, e.host)
		}
	}
}

// TestPlanMembers shows that a pattern is not tested through names of other
// regions than the tenant's.
func TestPlanMembers(t *testing.T) {
	p := plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope, Windows: endpoints.Windows11})
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

// TestPlanRefuses shows that values that are not known are refused by name.
func TestPlanRefuses(t *testing.T) {
	with := func(change func(*endpoints.Scope)) endpoints.Scope {
		s := autopilot()
		change(&s)
		return s
	}
	const wantAD = ": want the DNS name of an Active Directory domain, as in corp.contoso.com"
	tests := []struct {
		name  string
		scope endpoints.Scope
		want  string
	}{
		{"no scenario", endpoints.Scope{}, "scenario: must be given (known: autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch)"},
		{"another generation of Windows", with(func(s *endpoints.Scope) { s.Windows = "7" }), `windows "7": unknown (known: 10, 11)`},
		{"a domain without a dot", with(func(s *endpoints.Scope) { s.Domains = []string{"contoso.com", "contoso"} }), `domains "contoso": want a verified domain, as in contoso.com`},
		{"a pattern of domains", with(func(s *endpoints.Scope) { s.Domains = []string{"*.contoso.com"} }), `domains "*.contoso.com": want a verified domain, as in contoso.com`},
		{"an Active Directory domain that is none", with(func(s *endpoints.Scope) { s.ADDomain = "corp contoso" }), `ad_domain "corp contoso"` + wantAD},
		{"an Active Directory domain that is an address", with(func(s *endpoints.Scope) { s.ADDomain = "10.0.0.1" }), `ad_domain "10.0.0.1"` + wantAD},
		{"a domain that is too long", with(func(s *endpoints.Scope) { s.ADDomain = strings.Repeat("a.", 120) + "com" }), `ad_domain "` + strings.Repeat("a.", 120) + `com"` + wantAD},
		{"an Active Directory domain of one label", with(func(s *endpoints.Scope) { s.ADDomain = "corp" }), ""},
	}
	for _, tt := range tests {
		got := ""
		plan, err := readiness.Runner{Network: inDomain()}.Plan(tt.scope)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want || (plan != nil) != (tt.want == "") {
			t.Errorf("%s: %v, %q, want %q", tt.name, plan, got, tt.want)
		}
	}
	pattern := readiness.Runner{Network: probe.Network{SearchDomains: []string{"*.contoso.com"}}}
	if _, err := pattern.Plan(autopilot()); err == nil || err.Error() != `search_domains "*.contoso.com": want a DNS domain, as in corp.contoso.com` {
		t.Errorf("a search domain that is a pattern: %v", err)
	}
}

// TestPlanListsWhatIsAsked shows that the names of SRV records and aliases are
// among the hosts.
func TestPlanListsWhatIsAsked(t *testing.T) {
	p := plan(t, endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Tenant: "contoso.com", ADDomain: "Corp.Contoso.com."})
	for _, h := range []string{"_ldap._tcp.dc._msdcs.corp.contoso.com", "enterpriseenrollment.contoso.com", "enterpriseregistration.contoso.com"} {
		if !slices.Contains(p.Hosts(), h) {
			t.Errorf("%s is not among the hosts", h)
		}
	}
	for _, c := range p.Checks {
		if c.Target.Host == "enterpriseenrollment.contoso.com" && c.Target.Protocol != probe.CNAME {
			t.Errorf("%s: nobody there has a certificate for the name", c.ID())
		}
	}
}
