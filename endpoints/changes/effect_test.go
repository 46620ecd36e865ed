package changes_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
)

// TestEffects checks what each kind of change means for Autopatch.
func TestEffects(t *testing.T) {
	with := func(change func(*endpoints.Endpoint)) endpoints.Endpoint {
		e := own(t, "contoso", "a.contoso.com")
		change(&e)
		return e
	}
	base := with(func(*endpoints.Endpoint) {})
	tests := []struct {
		name          string
		before, after []endpoints.Endpoint
		want          []string
	}{
		{"nothing", []endpoints.Endpoint{base}, []endpoints.Endpoint{base}, nil},
		{
			"new names of different need",
			nil,
			[]endpoints.Endpoint{
				base, own(t, "contoso", "c.contoso.com"), own(t, "fabrikam", "b.contoso.com"),
				with(func(e *endpoints.Endpoint) {
					e.Host, e.Need = mustHost(t, "d.contoso.com"), endpoints.Optional
				}),
			},
			[]string{
				"3 new required names for autopatch: a.contoso.com b.contoso.com c.contoso.com",
				"1 new optional name for autopatch: d.contoso.com",
			},
		},
		{
			"a name that another service needs already",
			[]endpoints.Endpoint{base},
			[]endpoints.Endpoint{base, own(t, "fabrikam", "a.contoso.com")},
			[]string{"1 required name with other facts for autopatch: a.contoso.com"},
		},
		{
			"a name that another service goes on needing less, on another port",
			[]endpoints.Endpoint{base, with(func(e *endpoints.Endpoint) {
				e.Service, e.Need, e.Ports[0].Number = "fabrikam", endpoints.Optional, 80
			})},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) {
				e.Service, e.Need, e.Ports[0].Number = "fabrikam", endpoints.Optional, 80
			})},
			[]string{
				"1 now only optional name for autopatch: a.contoso.com",
				"1 optional name with fewer ports for autopatch: a.contoso.com",
			},
		},
		{
			"a name that is no longer needed",
			[]endpoints.Endpoint{base},
			nil,
			[]string{"1 required name fewer for autopatch: a.contoso.com"},
		},
		{
			"a name that was retired",
			[]endpoints.Endpoint{base},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) { e.Status = endpoints.StatusRetired })},
			[]string{"1 required name fewer for autopatch: a.contoso.com"},
		},
		{
			"a name that another scenario needs now",
			[]endpoints.Endpoint{base},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) { e.Scenarios = []endpoints.Scenario{endpoints.ScenarioAutopilot} })},
			[]string{"1 required name fewer for autopatch: a.contoso.com"},
		},
		{
			"a need in this scenario",
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) { e.Need = endpoints.Optional })},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) {
				e.Need, e.NeedIn = endpoints.Optional, map[endpoints.Scenario]endpoints.Need{endpoints.ScenarioAutopatch: endpoints.Required}
			})},
			[]string{"1 now required name for autopatch: a.contoso.com"},
		},
		{
			"a need in another scenario",
			[]endpoints.Endpoint{base},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) {
				e.NeedIn = map[endpoints.Scenario]endpoints.Need{endpoints.ScenarioAutopilot: endpoints.Optional}
			})},
			[]string{"1 required name with other facts for autopatch: a.contoso.com"},
		},
		{
			"ports and inspection",
			[]endpoints.Endpoint{base},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) {
				e.Ports = append(e.Ports, endpoints.Port{Transport: "tcp", Number: 80, Protocol: "http"})
				e.Traits = []endpoints.Trait{endpoints.TraitNoInspection}
			})},
			[]string{
				"1 required name with more ports for autopatch: a.contoso.com",
				"1 required name newly exempt from TLS inspection for autopatch: a.contoso.com",
			},
		},
		{
			"no more exemption",
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) { e.Traits = []endpoints.Trait{endpoints.TraitNoInspection} })},
			[]endpoints.Endpoint{base},
			[]string{"1 required name no longer exempt from TLS inspection for autopatch: a.contoso.com"},
		},
		{
			"a protocol by another word",
			[]endpoints.Endpoint{base},
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) { e.Ports[0].Protocol = "tls" })},
			[]string{"1 required name with other facts for autopatch: a.contoso.com"},
		},
		{
			"what is of another cloud",
			nil,
			[]endpoints.Endpoint{with(func(e *endpoints.Endpoint) { e.Clouds = []endpoints.Cloud{endpoints.CloudChina} })},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := effects(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}, tt.before, tt.after)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestEffectsOfScope: effects depend on the scope.
func TestEffectsOfScope(t *testing.T) {
	gone := own(t, "contoso", "a.contoso.com")
	gone.Status = endpoints.StatusRetired
	after := []endpoints.Endpoint{gone, own(t, "fabrikam", "b.contoso.com")}
	tests := []struct {
		scope    endpoints.Scope
		services []endpoints.Service
		want     []string
	}{
		{endpoints.Scope{}, nil, []string{"1 new required name for any scenario: b.contoso.com"}},
		{endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin}, nil, nil},
		{endpoints.Scope{}, []endpoints.Service{"contoso"}, nil},
		{endpoints.Scope{}, []endpoints.Service{"fabrikam"}, []string{"1 new required name for any scenario: b.contoso.com"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, effects(t, tt.scope, nil, after, tt.services...)); diff != "" {
			t.Errorf("%v %v (-want +got):\n%s", tt.scope, tt.services, diff)
		}
	}
}

// TestEffectsRefuse: unknown words are errors and do not mean "no effects".
func TestEffectsRefuse(t *testing.T) {
	c := catalog(t, []endpoints.Endpoint{own(t, "contoso", "a.contoso.com")})
	for _, tt := range []struct {
		scope   endpoints.Scope
		service endpoints.Service
		want    string
	}{
		{endpoints.Scope{Scenario: "Autopilot"}, "contoso", `scenario "Autopilot": unknown (known: autopilot, hybrid-join, self-deploying, pre-provisioning, device-preparation, device-association, autopatch)`},
		{endpoints.Scope{}, "foo", `service "foo": unknown (known: contoso)`},
	} {
		got, err := changes.Effects(tt.scope, new(endpoints.Catalog), c, tt.service)
		if got != nil || err == nil || err.Error() != tt.want {
			t.Errorf("%v, %s: %v, %v, want %s", tt.scope, tt.service, got, err, tt.want)
		}
	}
}

func catalog(t *testing.T, eps []endpoints.Endpoint) *endpoints.Catalog {
	t.Helper()
	c, err := new(endpoints.Catalog).With(eps...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func effects(t *testing.T, s endpoints.Scope, before, after []endpoints.Endpoint, services ...endpoints.Service) []string {
	t.Helper()
	found, err := changes.Effects(s, catalog(t, before), catalog(t, after), services...)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range found {
		line := e.String() + ":"
		for _, h := range e.Hosts {
			line += " " + h.String()
		}
		out = append(out, line)
	}
	return out
}

// TestEffectsOfEmbedded compares the effects of the whole catalog with Select.
func TestEffectsOfEmbedded(t *testing.T) {
	c := endpoints.Embedded()
	for _, scenario := range endpoints.Scenarios() {
		s := endpoints.Scope{Scenario: scenario}
		count := func(before, after *endpoints.Catalog) (n int) {
			effects, err := changes.Effects(s, before, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range effects {
				n += len(e.Hosts)
			}
			return n
		}
		if n := count(c, c); n != 0 {
			t.Errorf("%s: no change has effects on %d names", scenario, n)
		}
		selected, err := c.Select(s)
		if err != nil {
			t.Fatal(err)
		}
		want := make(map[endpoints.Host]bool)
		for _, e := range selected {
			want[e.Host] = true
		}
		var empty endpoints.Catalog
		for _, n := range []int{count(&empty, c), count(c, &empty)} {
			if n != len(want) || n == 0 {
				t.Errorf("%s: effects on %d names, want %d", scenario, n, len(want))
			}
		}
	}
}

// A change of the data, and its effects for one scenario.
func ExampleEffects() {
	before := endpoints.Embedded()
	var buf bytes.Buffer
	if err := before.Encode(&buf); err != nil {
		fmt.Println(err)
		return
	}
	edited := strings.Replace(buf.String(), "mmdcustomer.microsoft.com", "mmdclient.microsoft.com", 1)
	after, err := endpoints.Decode(strings.NewReader(edited))
	if err != nil {
		fmt.Println(err)
		return
	}
	effects, err := changes.Effects(endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}, before, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range effects {
		fmt.Println(e, e.Hosts)
	}
	// Output:
	// 1 new required name for autopatch [mmdclient.microsoft.com]
	// 1 required name fewer for autopatch [mmdcustomer.microsoft.com]
}
