package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/clitest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// TestList checks what -list prints, and that it contacts nothing.
func TestList(t *testing.T) {
	tests := []struct {
		name string
		args []string
	}{
		{"list.txt", nil},
		{"list.json", []string{"-format", "json"}},
		{"list-proxy.txt", []string{
			"-tenant", "contoso.com", "-proxy", "http://user:secret@proxy.example:3128", "-resolver", "10.0.0.53:53,10.0.0.54:53",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call(t.Context(), isolated(t), append(tt.args, "-catalog", small, "-list")...)
			if diff := cmp.Diff(clitest.Outcome{Stdout: got.Stdout}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			golden(t, tt.name, got.Stdout)
		})
	}
}

// TestListPlans compares every scenario's list with its plan.
func TestListPlans(t *testing.T) {
	for _, scenario := range endpoints.Scenarios() {
		t.Run(string(scenario), func(t *testing.T) {
			plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: scenario, Cloud: endpoints.CloudWorldwide})
			if err != nil {
				t.Fatal(err)
			}
			text := call(t.Context(), isolated(t), "-scenario", string(scenario), "-list").Stdout
			head := fmt.Sprintf("PLAN: %d checks of %d hosts; nothing was contacted.\n", len(plan.Checks), len(plan.Hosts()))
			if !strings.HasPrefix(text, head) {
				t.Errorf("text begins with %.100q, want %q", text, head)
			}
			_, hosts, _ := strings.Cut(text, "\nEvery name that will be looked up or contacted\n")
			if diff := cmp.Diff(plan.Hosts(), strings.Fields(hosts)); diff != "" {
				t.Errorf("hosts in text (-want +got):\n%s", diff)
			}
			if n := strings.Count(text, "\n    dns ") + strings.Count(text, "\n    http ") + strings.Count(text, "\n    https ") +
				strings.Count(text, "\n    ntp ") + strings.Count(text, "\n    ncsi ") + strings.Count(text, "\n    tcp ") +
				strings.Count(text, "\n    nxdomain ") + strings.Count(text, "\n    soa "); n != len(plan.Checks) {
				t.Errorf("%d checks in text, want %d", n, len(plan.Checks))
			}

			var doc struct {
				Checks []struct {
					Protocol   probe.Protocol
					Host, Path string
					Port       uint16
				}
				Untested []struct{ Host string }
			}
			stdout := call(t.Context(), isolated(t), "-scenario", string(scenario), "-list", "-format", "json").Stdout
			if err := json.Unmarshal([]byte(stdout), &doc); err != nil {
				t.Fatal(err)
			}
			var targets []probe.Target
			for _, c := range doc.Checks {
				targets = append(targets, probe.Target{Protocol: c.Protocol, Host: c.Host, Port: c.Port, Path: c.Path})
			}
			want := plan.Targets()
			for i := range want {
				want[i].Families, want[i].Handshakes, want[i].Range, want[i].Direct = false, false, false, false // these say how to measure, not what
			}
			if diff := cmp.Diff(want, targets); diff != "" {
				t.Errorf("checks in JSON (-want +got):\n%s", diff)
			}
			untested := 0
			for _, reason := range plan.Endpoints() {
				if reason != "" {
					untested++
				}
			}
			if len(doc.Untested) != untested {
				t.Errorf("%d endpoints that nothing tests in JSON, want %d", len(doc.Untested), untested)
			}
		})
	}
}

// TestListDomain: the list shows what is resolved and contacted in a domain.
func TestListDomain(t *testing.T) {
	args := []string{"-list", "-scenario", "hybrid-join", "-tenant", "contoso.com", "-ad-domain", "corp.contoso.com", "-region", "europe", "-windows", "11"}
	text := call(t.Context(), isolated(t), args...).Stdout
	for _, line := range []string{
		"Note:         The checks also contact the domain controllers that DNS lists as\n" +
			"              _ldap._tcp.dc._msdcs.corp.contoso.com, on TCP ports 53, 88, 135,\n" +
			"              389, 445.",
		"  Active Directory domain controller\n" +
			"    srv       _ldap._tcp.dc._msdcs.corp.contoso.com, TCP port 53 of each",
		"    cname     enterpriseenrollment.contoso.com",
		"  _ldap._tcp.dc._msdcs.corp.contoso.com",
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("%q is not in\n%s", line, text)
		}
	}
	var doc struct {
		Scope struct {
			Tenant, Windows string
			ADDomain        string `json:"ad_domain"`
		}
	}
	if err := json.Unmarshal([]byte(call(t.Context(), isolated(t), append(args, "-format", "json")...).Stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if s := doc.Scope; s.ADDomain != "corp.contoso.com" || s.Windows != string(endpoints.Windows11) || s.Tenant != "contoso.com" {
		t.Errorf("scope %+v", s)
	}
}

// TestListFields checks the field names of the document.
func TestListFields(t *testing.T) {
	got := call(t.Context(), isolated(t), "-catalog", small, "-list", "-format", "json")
	want := []string{"catalog", "checks", "hosts", "notes", "proxy", "resolvers", "schema", "scope", "untested"}
	if diff := cmp.Diff(want, fields(t, got.Stdout)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// TestListHoldsThePlan shows that the document has all that a plan encodes to.
func TestListHoldsThePlan(t *testing.T) {
	plan, err := smallPlan(t).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	list := fields(t, call(t.Context(), isolated(t), "-catalog", small, "-list", "-format", "json").Stdout)
	for _, name := range fields(t, string(plan)) {
		if !slices.Contains(list, name) {
			t.Errorf("%q is not in the document", name)
		}
	}
}

// TestListNoResolver shows that a machine without DNS servers is said to be one.
func TestListNoResolver(t *testing.T) {
	env := isolated(t)
	env.system = func() ([]netip.AddrPort, error) { return nil, nil }
	got := call(t.Context(), env, "-catalog", small, "-list")
	if want := "\nDNS servers:  none: this machine has no DNS server configured\n"; !strings.Contains(got.Stdout, want) {
		t.Errorf("no %q in\n%s", want, got.Stdout)
	}
}

// fields returns the sorted names of the fields of a JSON object.
func fields(t *testing.T, doc string) []string {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(doc), &m); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestListUnusedTenant shows that a tenant's name of which nothing depends is
// said to be one.
func TestListUnusedTenant(t *testing.T) {
	for tenant, want := range map[string]bool{"contoso": true, "contoso.com": false} {
		got := call(t.Context(), isolated(t), "-list", "-format", "json", "-scenario", "autopilot", "-tenant", tenant)
		if strings.Contains(got.Stdout, "-tenant changes nothing") != want {
			t.Errorf("-tenant %s: the note is there: %t", tenant, !want)
		}
	}
}
