package endpoints_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// TestEffects shows what each kind of change means for Autopatch.
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
			got := effects(t, endpoints.Query{Scenario: endpoints.ScenarioAutopatch}, tt.before, tt.after)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestEffectsOfQuery shows that the effects are those for who asks.
func TestEffectsOfQuery(t *testing.T) {
	gone := own(t, "contoso", "a.contoso.com")
	gone.Status = endpoints.StatusRetired
	after := []endpoints.Endpoint{gone, own(t, "fabrikam", "b.contoso.com")}
	tests := []struct {
		query endpoints.Query
		want  []string
	}{
		{endpoints.Query{}, []string{"1 new required name for any scenario: b.contoso.com"}},
		{endpoints.Query{Scenario: endpoints.ScenarioHybridJoin}, nil},
		{endpoints.Query{Services: []endpoints.Service{"contoso"}}, nil},
		{endpoints.Query{AllStatuses: true}, []string{"2 new required names for any scenario: a.contoso.com b.contoso.com"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, effects(t, tt.query, nil, after)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.query, diff)
		}
	}
}

func effects(t *testing.T, q endpoints.Query, before, after []endpoints.Endpoint) []string {
	t.Helper()
	catalog := func(eps []endpoints.Endpoint) *endpoints.Catalog {
		c, err := new(endpoints.Catalog).With(eps...)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var out []string
	for _, e := range endpoints.Effects(q, catalog(before), catalog(after)) {
		line := e.String() + ":"
		for _, h := range e.Hosts {
			line += " " + h.String()
		}
		out = append(out, line)
	}
	return out
}

// TestEffectsOfEmbedded holds the effects of the whole catalogue to what Select returns.
func TestEffectsOfEmbedded(t *testing.T) {
	c := endpoints.Embedded()
	var empty endpoints.Catalog
	for _, s := range endpoints.Scenarios() {
		q := endpoints.Query{Scenario: s}
		if got := endpoints.Effects(q, c, c); got != nil {
			t.Errorf("%s: no change has the effects %v", s, got)
		}
		want := make(map[endpoints.Host]bool)
		for _, e := range c.Select(q) {
			want[e.Host] = true
		}
		for _, effects := range [][]endpoints.Effect{endpoints.Effects(q, &empty, c), endpoints.Effects(q, c, &empty)} {
			n := 0
			for _, e := range effects {
				n += len(e.Hosts)
			}
			if n != len(want) || n == 0 {
				t.Errorf("%s: effects on %d names, want %d", s, n, len(want))
			}
		}
	}
}

// A change of the data, and what it means for one scenario.
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
	for _, e := range endpoints.Effects(endpoints.Query{Scenario: endpoints.ScenarioAutopatch}, before, after) {
		fmt.Println(e, e.Hosts)
	}
	// Output:
	// 1 new required name for autopatch [mmdclient.microsoft.com]
	// 1 required name fewer for autopatch [mmdcustomer.microsoft.com]
}
