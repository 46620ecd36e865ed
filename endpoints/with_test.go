package endpoints_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// own returns a valid endpoint of an embedder.
func own(t *testing.T, service endpoints.Service, host string) endpoints.Endpoint {
	t.Helper()
	return endpoints.Endpoint{
		Service:   service,
		Host:      mustHost(t, host),
		Ports:     []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
		Scenarios: []endpoints.Scenario{endpoints.ScenarioAutopatch, endpoints.ScenarioAutopilot},
		Clouds:    []endpoints.Cloud{endpoints.CloudWorldwide},
		Source:    endpoints.Source{Title: "Contoso: network handbook"},
	}
}

func TestWithAdds(t *testing.T) {
	base := endpoints.Embedded()
	given := own(t, "contoso-vpn", "vpn.contoso.com")
	c, err := base.With(given)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Match("vpn.contoso.com", 443)
	want := given
	want.Scenarios = []endpoints.Scenario{endpoints.ScenarioAutopilot, endpoints.ScenarioAutopatch}
	want.Status, want.Basis = endpoints.StatusCurrent, endpoints.BasisInferred
	same := cmp.Comparer(func(a, b endpoints.Host) bool { return a == b })
	if diff := cmp.Diff([]endpoints.Endpoint{want}, got, same); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c.Len() != base.Len()+1 || len(base.Match("vpn.contoso.com", 0)) != 0 {
		t.Errorf("%d endpoints, want one more than %d, and the old catalog as it was", c.Len(), base.Len())
	}
	if all := c.Services(); all[len(all)-1] != "contoso-vpn" {
		t.Errorf("the new service does not come last: %v", all)
	}
	if c.Version() != base.Version()+"+local" || c.Date() != base.Date() {
		t.Errorf("version %q, date %q", c.Version(), c.Date())
	}
	given.Ports[0].Number = 1
	if got := c.Match("vpn.contoso.com", 443); len(got) != 1 {
		t.Error("the catalog keeps the caller's slice")
	}
	again, err := c.With(own(t, "contoso-vpn", "vpn2.contoso.com"))
	if err != nil || again.Version() != c.Version() {
		t.Errorf("With twice: version %q, %v", again.Version(), err)
	}
}

func TestWithReplaces(t *testing.T) {
	base := endpoints.Embedded()
	e := own(t, endpoints.ServiceNTP, "time.windows.com")
	e.Ports = []endpoints.Port{{Transport: "udp", Number: 123, Protocol: "ntp"}}
	e.Need = endpoints.Optional
	c, err := base.With(e)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Match("time.windows.com", 0)
	if c.Len() != base.Len() || len(got) != 1 || got[0].Need != endpoints.Optional {
		t.Errorf("%d endpoints, match %+v", c.Len(), got)
	}
	if got := base.Match("time.windows.com", 0); got[0].Need != endpoints.Required {
		t.Error("the old catalog changed")
	}
}

func TestWithNothing(t *testing.T) {
	base := endpoints.Embedded()
	c, err := base.With()
	if err != nil || c.Version() != base.Version() || c.Len() != base.Len() {
		t.Errorf("With() = version %q, %d endpoints, %v", c.Version(), c.Len(), err)
	}
	var zero endpoints.Catalog
	if c, err := zero.With(own(t, "contoso", "contoso.com")); err != nil || c.Len() != 1 {
		t.Errorf("With on the zero catalog: %v", err)
	}
	if zero.Len() != 0 || len(choose(t, &zero, endpoints.Scope{})) != 0 || zero.Match("contoso.com", 0) != nil || zero.Title("x") != "x" {
		t.Error("the zero catalog is not empty")
	}
}

func TestWithRoundTrip(t *testing.T) {
	first := own(t, "contoso", "a.contoso.com")
	second := own(t, "contoso", "b.contoso.com")
	second.Source.Ref = "page 2" // another source whose title makes the same key
	second.Also = []endpoints.Source{{Title: "数"}}
	second.Notes = "with \"quotes\", \\ and\nlines"
	c, err := endpoints.Embedded().With(first, second)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := c.Encode(&b); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"contoso-network-handbook":`, `"contoso-network-handbook-2":`} {
		if !strings.Contains(b.String(), key) {
			t.Errorf("no source %s", key)
		}
	}
	again, err := endpoints.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(c.Endpoints(), again.Endpoints(), same) {
		t.Error("decoded again, endpoints differ")
	}
	if again.Version() != c.Version() {
		t.Errorf("version %q, want %q", again.Version(), c.Version())
	}
}

func TestWithRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*endpoints.Endpoint)
		code  string
		field string
	}{
		{"no service", func(e *endpoints.Endpoint) { e.Service = "" }, endpoints.MissingField, "service"},
		{"a service that is no word", func(e *endpoints.Endpoint) { e.Service = "Contoso VPN" }, endpoints.BadValue, "service"},
		{"no host", func(e *endpoints.Endpoint) { e.Host = endpoints.Host{} }, endpoints.MissingField, "host"},
		{"a part that is no word", func(e *endpoints.Endpoint) { e.Part = "a b" }, endpoints.BadValue, "part"},
		{"no ports", func(e *endpoints.Endpoint) { e.Ports = nil }, endpoints.MissingField, "ports"},
		{"a zero port", func(e *endpoints.Endpoint) { e.Ports[0] = endpoints.Port{} }, endpoints.BadValue, "ports[0]"},
		{"a falling range", func(e *endpoints.Endpoint) { e.Ports[0].Last = 80 }, endpoints.BadValue, "ports[0]"},
		{"a consequence of two lines", func(e *endpoints.Endpoint) { e.Loss = "a\nREADY" }, endpoints.BadValue, "consequence"},
		{"notes with a control character", func(e *endpoints.Endpoint) { e.Notes = "a\n\x1bb" }, endpoints.BadValue, "notes"},
		{"a category with a control character", func(e *endpoints.Endpoint) { e.Category = "\u009b31m" }, endpoints.BadValue, "category"},
		{"a source that runs backwards", func(e *endpoints.Endpoint) { e.Source.Title = "\u202ea" }, endpoints.BadValue, "source"},
		{"another source that runs backwards", func(e *endpoints.Endpoint) { e.Also = []endpoints.Source{{Title: "\u202ea"}} }, endpoints.BadValue, "also[0]"},
		{"a set that runs backwards", func(e *endpoints.Endpoint) {
			e.Sets = []string{"worldwide 1 \u202e Allow/Required"}
		}, endpoints.BadValue, "sets[0]"},
		{"no scenarios", func(e *endpoints.Endpoint) { e.Scenarios = nil }, endpoints.MissingField, "scenarios"},
		{"an unknown scenario", func(e *endpoints.Endpoint) { e.Scenarios[1] = "x" }, endpoints.BadValue, "scenarios[1]"},
		{"no clouds", func(e *endpoints.Endpoint) { e.Clouds = nil }, endpoints.MissingField, "clouds"},
		{"an unknown cloud", func(e *endpoints.Endpoint) { e.Clouds[0] = "x" }, endpoints.BadValue, "clouds[0]"},
		{"an unknown need", func(e *endpoints.Endpoint) { e.Need = 7 }, endpoints.BadValue, "need"},
		{
			"an unknown need in a scenario",
			func(e *endpoints.Endpoint) {
				e.NeedIn = map[endpoints.Scenario]endpoints.Need{endpoints.ScenarioAutopilot: 7}
			},
			endpoints.BadValue, "need_in.autopilot",
		},
		{
			"a document that dropped what is required",
			func(e *endpoints.Endpoint) {
				e.DroppedBy = map[endpoints.Scenario]endpoints.Source{endpoints.ScenarioAutopilot: {Title: "Book"}}
			},
			endpoints.BadValue, "dropped_by.autopilot",
		},
		{
			"a document without a title that dropped it",
			func(e *endpoints.Endpoint) {
				e.Need = endpoints.FormerlyRequired
				e.DroppedBy = map[endpoints.Scenario]endpoints.Source{endpoints.ScenarioAutopilot: {Date: "2026"}}
			},
			endpoints.MissingField, "dropped_by.autopilot",
		},
		{
			"a document that dropped it in an unknown scenario",
			func(e *endpoints.Endpoint) {
				e.Need, e.DroppedBy = endpoints.FormerlyRequired, map[endpoints.Scenario]endpoints.Source{"x": {Title: "Book"}}
			},
			endpoints.BadValue, "dropped_by.x",
		},
		{
			"a core endpoint that only older documents require",
			func(e *endpoints.Endpoint) { e.Need, e.Decisive = endpoints.FormerlyRequired, true },
			endpoints.BadValue, "core",
		},
		{
			"another port in a cloud",
			func(e *endpoints.Endpoint) {
				e.PortsIn = map[endpoints.Cloud][]endpoints.Port{e.Clouds[0]: {{Transport: "tcp", Number: 9, Protocol: "discard"}}}
			},
			endpoints.BadValue, "ports_in.worldwide[0]",
		},
		{
			"ports in another cloud",
			func(e *endpoints.Endpoint) { e.PortsIn = map[endpoints.Cloud][]endpoints.Port{"x": e.Ports} },
			endpoints.BadValue, "ports_in.x",
		},
		{
			"no ports in a cloud",
			func(e *endpoints.Endpoint) { e.PortsIn = map[endpoints.Cloud][]endpoints.Port{e.Clouds[0]: {}} },
			endpoints.MissingField, "ports_in.worldwide",
		},
		{
			"another port of a feature",
			func(e *endpoints.Endpoint) {
				e.PortsOf = map[endpoints.Feature][]endpoints.Port{endpoints.FeatureMail: {{Transport: "tcp", Number: 25, Protocol: "smtp"}}}
			},
			endpoints.BadValue, "ports_of.mail[0]",
		},
		{
			"ports of an unknown feature",
			func(e *endpoints.Endpoint) { e.PortsOf = map[endpoints.Feature][]endpoints.Port{"x": e.Ports} },
			endpoints.BadValue, "ports_of.x",
		},
		{
			"a successor that is no host",
			func(e *endpoints.Endpoint) { e.ReplacedBy = []string{"A.contoso.com"} },
			endpoints.BadValue, "replaced_by[0]",
		},
		{"an unknown region", func(e *endpoints.Endpoint) { e.Region = "x" }, endpoints.BadValue, "region"},
		{"an unknown TPM vendor", func(e *endpoints.Endpoint) { e.TPM = "x" }, endpoints.BadValue, "tpm"},
		{"an unknown feature", func(e *endpoints.Endpoint) { e.Features = []endpoints.Feature{"x"} }, endpoints.BadValue, "features[0]"},
		{
			"an unknown generation of Windows",
			func(e *endpoints.Endpoint) {
				e.Windows = map[endpoints.Cloud]endpoints.Windows{endpoints.CloudWorldwide: "7"}
			},
			endpoints.BadValue, "windows.worldwide",
		},
		{
			"an alias in an unknown cloud",
			func(e *endpoints.Endpoint) { e.CNAMEs = map[endpoints.Cloud][]string{"x": {"a.contoso.com"}} },
			endpoints.BadValue, "cnames.x",
		},
		{
			"an alias of no name",
			func(e *endpoints.Endpoint) {
				e.CNAMEs = map[endpoints.Cloud][]string{endpoints.CloudWorldwide: {"A.contoso.com"}}
			},
			endpoints.BadValue, "cnames.worldwide[0]",
		},
		{"an unknown trait", func(e *endpoints.Endpoint) { e.Traits = []endpoints.Trait{"x"} }, endpoints.BadValue, "traits[0]"},
		{"an unknown phase", func(e *endpoints.Endpoint) { e.Phase = "x" }, endpoints.BadValue, "phase"},
		{"an unknown status", func(e *endpoints.Endpoint) { e.Status = "x" }, endpoints.BadValue, "status"},
		{"an unknown confidence", func(e *endpoints.Endpoint) { e.Basis = "x" }, endpoints.BadValue, "confidence"},
		{"an unknown basis", func(e *endpoints.Endpoint) { e.LossBasis = "x" }, endpoints.BadValue, "consequence_basis"},
		{"a member of an exact host", func(e *endpoints.Endpoint) { e.Members = []string{"b.contoso.com"} }, endpoints.BadValue, "members[0]"},
		{"a path host elsewhere", func(e *endpoints.Endpoint) { e.PathHost = "fabrikam.com" }, endpoints.BadValue, "path_host"},
		{"a path that is none", func(e *endpoints.Endpoint) { e.Path = "/a b" }, endpoints.BadValue, "path"},
		{"no source", func(e *endpoints.Endpoint) { e.Source = endpoints.Source{} }, endpoints.MissingField, "source"},
		{"another source without a title", func(e *endpoints.Endpoint) { e.Also = make([]endpoints.Source, 1) }, endpoints.MissingField, "also[0]"},
		{"a zero set", func(e *endpoints.Endpoint) { e.Sets = make([]string, 1) }, endpoints.BadValue, "sets[0]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := own(t, "contoso", "a.contoso.com")
			tt.spoil(&bad)
			_, err := endpoints.Embedded().With(own(t, "contoso", "b.contoso.com"), bad)
			var given *endpoints.Error
			if !errors.As(err, &given) {
				t.Fatalf("With = %v, want an Error", err)
			}
			if given.Code != tt.code || given.Field != tt.field || given.Entry != 2 || given.Service != bad.Service {
				t.Errorf("With = %+v, want %s of %s in entry 2", given, tt.code, tt.field)
			}
			if got := bad.Validate(); code(got) != tt.code {
				t.Errorf("Validate = %v, want %s", got, tt.code)
			}
		})
	}
	t.Run("an endpoint twice", func(t *testing.T) {
		e := own(t, "contoso", "a.contoso.com")
		_, err := endpoints.Embedded().With(e, e)
		want := `entry 2 (contoso "a.contoso.com"): host: duplicate service and host`
		if code(err) != endpoints.Duplicate || err.Error() != want {
			t.Errorf("With = %v, want %s", err, want)
		}
	})
}
