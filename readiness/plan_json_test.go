package readiness_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// The document of a plan has its hosts, its checks, and each endpoint: in a
// check or among those that nothing tests.
func TestPlanJSON(t *testing.T) {
	p := planOn(t, autopilot(), nil, through())
	data, err := json.Marshal(*p) // a value as a pointer
	if err != nil {
		t.Fatal(err)
	}
	type entry struct{ Service, Host string }
	var doc struct {
		Schema string
		Scope  struct {
			Scenario, Cloud string
			Proxied         bool
		}
		Catalog struct{ Version, Date string }
		Notes   []string
		Checks  []struct {
			Check     string
			Services  []string
			Endpoints []entry
		}
		Hosts    []string
		Untested []entry
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != readiness.PlanSchema || doc.Scope.Scenario != "autopilot" || doc.Scope.Cloud != "worldwide" || !doc.Scope.Proxied ||
		doc.Catalog.Version != p.Catalog.Version() || doc.Catalog.Date != p.Catalog.Date() {
		t.Errorf("%s, %+v, %+v", doc.Schema, doc.Scope, doc.Catalog)
	}
	if diff := cmp.Diff(p.Notes, doc.Notes); diff != "" {
		t.Errorf("notes (-plan +document):\n%s", diff)
	}
	if diff := cmp.Diff(p.Hosts(), doc.Hosts); diff != "" {
		t.Errorf("hosts (-plan +document):\n%s", diff)
	}
	want, got := make(map[entry]bool), make(map[entry]bool)
	for e := range p.Endpoints() {
		want[entry{string(e.Service), e.Host.String()}] = true
	}
	var checks []string
	for _, c := range doc.Checks {
		checks = append(checks, c.Check)
		if c.Services == nil || c.Endpoints == nil || (len(c.Services) == 0) != (len(c.Endpoints) == 0) {
			t.Errorf("%s: services %q, endpoints %v", c.Check, c.Services, c.Endpoints)
		}
		for _, e := range c.Endpoints {
			got[e] = true
		}
	}
	for _, e := range doc.Untested {
		got[e] = true
	}
	if diff := cmp.Diff(ids(p.Checks), checks); diff != "" {
		t.Errorf("checks (-plan +document):\n%s", diff)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("endpoints (-plan +document):\n%s", diff)
	}
	if data, err = json.Marshal(readiness.Plan{}); err != nil || !json.Valid(data) {
		t.Errorf("the zero Plan: %s, %v", data, err)
	}
}

// Of several endpoints at one port, the first that has a path decides what is
// requested there.
func TestPathOfACheck(t *testing.T) {
	for _, tt := range []struct {
		name  string
		paths []string // by endpoint
		want  string
	}{
		{"no path", []string{"", ""}, ""},
		{"the second one's", []string{"", "/b"}, "/b"},
		{"the first one's", []string{"/a", "/b"}, "/a"},
		{"the first one's, and no other", []string{"/a", ""}, "/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var list []endpoints.Endpoint
			for i, path := range tt.paths {
				list = append(list, endpoint(t, endpoints.Service([]string{"calendar", "mail"}[i]), "mail.contoso.com", func(e *endpoints.Endpoint) { e.Path = path }, "tcp/443 https"))
			}
			c, err := new(endpoints.Catalog).With(list...)
			if err != nil {
				t.Fatal(err)
			}
			p := planOn(t, autopilot(), c, probe.Network{})
			if len(p.Checks) != 1 || p.Checks[0].Target.Path != tt.want {
				t.Errorf("checks %+v, want one with the path %q", p.Checks, tt.want)
			}
		})
	}
}

// The paths of a plan stay as they are.
func TestPlanJSONKeepsPaths(t *testing.T) {
	e := endpoint(t, "mail", "mail.contoso.com", func(e *endpoints.Endpoint) { e.Path = "/ready?a=1&b=<2>" }, "tcp/443 https")
	data, err := planOn(t, autopilot(), own(t, e), probe.Network{}).MarshalJSON()
	if err != nil || !strings.Contains(string(data), e.Path) {
		t.Errorf("%v, and no %s", err, e.Path)
	}
}
