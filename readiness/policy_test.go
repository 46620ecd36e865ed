package readiness_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// scenarios are the columns of the policy table.
func scenarios() []endpoints.Scenario {
	return []endpoints.Scenario{
		endpoints.ScenarioAutopilot, endpoints.ScenarioHybridJoin, endpoints.ScenarioSelfDeploying,
		endpoints.ScenarioPreProvisioning, endpoints.ScenarioDevicePreparation,
		endpoints.ScenarioDeviceAssociation, endpoints.ScenarioAutopatch,
	}
}

// TestPolicyTable keeps the whole of both policies in a file, so that a change
// of any verdict is seen in review.
func TestPolicyTable(t *testing.T) {
	policies := []struct {
		name   string
		policy readiness.Policy
	}{{"documented", readiness.DocumentedPolicy()}, {"field", readiness.FieldPolicy()}}
	var b strings.Builder
	for _, p := range policies {
		fmt.Fprintf(&b, "%s\n", p.name)
		for _, e := range oneOfEach() {
			name := string(e.Service)
			if e.Part != "" {
				name += ":" + e.Part
			}
			fmt.Fprintf(&b, "  %-32s", name)
			var first readiness.Ruling
			var others string // the bases that differ
			for i, s := range scenarios() {
				v := p.policy.Service(endpoints.Scope{Scenario: s}, e)
				if i == 0 {
					first = v
				} else if v.Basis != first.Basis {
					others += fmt.Sprintf(", %s in %s", v.Basis, s)
				}
				fmt.Fprintf(&b, " %-13s", v.Impact)
			}
			fmt.Fprintf(&b, " %s%s\n", first.Basis, others)
			for _, src := range first.Sources {
				fmt.Fprintf(&b, "      %s (%s)\n", src.Title, src.Date)
			}
		}
	}
	golden(t, "policy.txt", b.String())
}

// oneOfEach returns an endpoint for each service and part of the catalog,
// without what only concerns the single endpoint.
func oneOfEach() []endpoints.Endpoint {
	type key struct {
		s endpoints.Service
		p string
	}
	seen := make(map[key]bool)
	var out []endpoints.Endpoint
	for _, s := range endpoints.Embedded().Services() {
		for _, e := range endpoints.Embedded().Endpoints() {
			if e.Service == s && !seen[key{s, e.Part}] {
				seen[key{s, e.Part}] = true
				out = append(out, endpoints.Endpoint{Service: s, Part: e.Part, Source: e.Source, Loss: "x"})
			}
		}
	}
	return out
}

func TestEveryRulingHasASourceAndALoss(t *testing.T) {
	for _, policy := range []readiness.Policy{readiness.DocumentedPolicy(), readiness.FieldPolicy()} {
		for _, s := range scenarios() {
			for _, e := range endpoints.Embedded().Endpoints() {
				v := policy.Service(endpoints.Scope{Scenario: s}, e)
				if v.Impact == readiness.Unjudged || v.Basis == "" || v.Loss == "" || len(v.Sources) == 0 {
					t.Errorf("%s %s in %s: incomplete ruling %+v", e.Service, e.Host, s, v)
				}
				for _, src := range v.Sources {
					if src.Title == "" || src.Ref == "" || src.Date == "" {
						t.Errorf("%s %s in %s: incomplete source %+v", e.Service, e.Host, s, src)
					}
				}
			}
		}
	}
}

// What an endpoint says is lost counts, and otherwise what the table says.
func TestPolicyTellsTheEndpointsOwnLoss(t *testing.T) {
	of := func(loss string) string {
		return readiness.DocumentedPolicy().Service(autopilot(), endpoints.Endpoint{Service: endpoints.ServiceIntune, Loss: loss}).Loss
	}
	if own, usual := of("No mail."), of(""); own != "No mail." || usual == "" {
		t.Errorf("own %q, usual %q", own, usual)
	}
}

// An endpoint's own wording is cited, even if another one of the same day is in
// the catalog.
func TestPolicyCitesTheEndpointsOwnWording(t *testing.T) {
	own := endpoints.Source{Title: "Network requirements (own)", Ref: "https://own.example", Date: "2026-11-01"}
	other, newer := own, own
	other.Title, newer.Title = "Network requirements (other)", "Network requirements (newer)"
	newer.Date = "2026-11-02"
	for _, tt := range []struct {
		name string
		also []endpoints.Source
		want endpoints.Source
	}{
		{"alone", nil, own},
		{"another of the same day", []endpoints.Source{other}, own},
		{"a newer one", []endpoints.Source{other, newer}, newer},
	} {
		e := endpoints.Endpoint{Service: endpoints.ServiceIntune, Source: own, Also: tt.also}
		sources := readiness.DocumentedPolicy().Service(autopilot(), e).Sources
		if got := sources[len(sources)-1]; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestPolicyBySituation(t *testing.T) {
	e := func(s endpoints.Service, part string) endpoints.Endpoint {
		return endpoints.Endpoint{Service: s, Part: part, Decisive: true}
	}
	with := func(e endpoints.Endpoint, change func(*endpoints.Endpoint)) endpoints.Endpoint {
		change(&e)
		return e
	}
	inSets := func(sets ...string) endpoints.Endpoint {
		return endpoints.Endpoint{Service: endpoints.ServiceMicrosoft365, Need: endpoints.Conditional, Sets: sets}
	}
	exempt := func(e *endpoints.Endpoint) { e.Traits = []endpoints.Trait{endpoints.TraitNoInspection} }
	failed := func(c probe.Code) readiness.Finding {
		return readiness.Finding{Outcome: readiness.Failed, Code: c}
	}
	type got struct {
		Impact readiness.Impact
		Basis  endpoints.Basis
	}
	tests := []struct {
		name     string
		policy   readiness.Policy
		scope    endpoints.Scope
		endpoint endpoints.Endpoint
		seen     readiness.Finding
		want     got
	}{
		{
			"strictly, time is needed", readiness.DocumentedPolicy(), autopilot(),
			e(endpoints.ServiceNTP, ""),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"in the field, time is a loss", readiness.FieldPolicy(), autopilot(),
			e(endpoints.ServiceNTP, ""),
			readiness.Finding{},
			got{readiness.Degrading, endpoints.BasisInferred},
		},
		{
			"in the field, a clock beyond correction is fatal", readiness.FieldPolicy(), autopilot(),
			e(endpoints.ServiceNTP, ""), failed(probe.NTPOffset),
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"inspection where the documents rule it out", readiness.DocumentedPolicy(), autopilot(),
			with(e(endpoints.ServiceIntune, "core"), exempt), failed(probe.TLSInspected),
			got{readiness.Fatal, endpoints.BasisDocumented},
		},
		{
			"inspection elsewhere", readiness.DocumentedPolicy(), autopilot(),
			e(endpoints.ServiceDeployment, "account"), failed(probe.TLSInspected),
			got{readiness.Degrading, endpoints.BasisInferred},
		},
		{
			"inspection of a service that may fail anyway", readiness.DocumentedPolicy(), autopilot(),
			with(e(endpoints.ServiceDeliveryOptimization, ""), exempt), failed(probe.TLSInspected),
			got{readiness.Degrading, endpoints.BasisDocumented},
		},
		{
			"an app nobody named", readiness.DocumentedPolicy(), autopilot(),
			with(e(endpoints.ServiceMicrosoft365, ""), func(e *endpoints.Endpoint) {
				e.Features = []endpoints.Feature{endpoints.FeatureOfficeApps}
			}),
			readiness.Finding{},
			got{readiness.Conditional, endpoints.BasisInferred},
		},
		{
			"an app that is assigned", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Features: []endpoints.Feature{endpoints.FeatureOfficeApps}},
			with(e(endpoints.ServiceMicrosoft365, ""), func(e *endpoints.Endpoint) {
				e.Features = []endpoints.Feature{endpoints.FeatureOfficeApps}
			}),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"an impact that a document states", readiness.DocumentedPolicy(), autopilot(),
			e(endpoints.ServiceWindowsUpdate, ""),
			readiness.Finding{},
			got{readiness.Degrading, endpoints.BasisDocumented},
		},
		{
			"the same service where documents only require it", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			e(endpoints.ServiceWindowsUpdate, ""),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"a name of optional sets alone", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			inSets("worldwide 117 Common Default/Optional: Viva Engage", "worldwide 118 Common Default/Optional", "dod 12 Common Default/Required"),
			readiness.Finding{},
			got{readiness.Degrading, endpoints.BasisInferred},
		},
		{
			"a name of a required set too", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			inSets("worldwide 117 Common Default/Optional", "worldwide 64 Common Allow/Required: not x/Optional"),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"a name whose sets of this cloud are required", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Cloud: endpoints.CloudDoD},
			inSets("worldwide 117 Common Default/Optional", "dod 12 Common Default/Required"),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"a name that no set lists", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			inSets(),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"a name of an optional set that another document requires", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			with(inSets("worldwide 116 Common Default/Optional"), func(e *endpoints.Endpoint) { e.Need = endpoints.Required }),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"the maker of the TPM is known", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMIntel},
			with(e(endpoints.ServiceTPMAttestation, "ek"), func(e *endpoints.Endpoint) { e.TPM = endpoints.TPMIntel }),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"the domain check is skipped", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{endpoints.FeatureSkipDomainCheck}},
			e(endpoints.ServiceHybridDomainController, ""),
			readiness.Finding{},
			got{readiness.Informational, endpoints.BasisDocumented},
		},
		{
			"the DNS probe of NCSI", readiness.DocumentedPolicy(), autopilot(),
			e(endpoints.ServiceNCSI, ""),
			readiness.Finding{Observation: &probe.Observation{Target: probe.Target{Protocol: probe.NCSI, Port: 53}}},
			got{readiness.Informational, endpoints.BasisInferred},
		},
		{
			"a scenario that the table does not know", readiness.DocumentedPolicy(),
			endpoints.Scope{Scenario: "contoso"},
			e(endpoints.ServiceDNS, ""),
			readiness.Finding{},
			got{readiness.Unjudged, endpoints.BasisInferred},
		},
		{
			"an embedder's own required service", readiness.DocumentedPolicy(), autopilot(),
			e("contoso-vpn", ""),
			readiness.Finding{},
			got{readiness.Fatal, endpoints.BasisInferred},
		},
		{
			"an embedder's own optional service", readiness.DocumentedPolicy(), autopilot(),
			with(e("contoso-vpn", ""), func(e *endpoints.Endpoint) { e.Need = endpoints.Optional }),
			readiness.Finding{},
			got{readiness.Degrading, endpoints.BasisInferred},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.policy.Failure(tt.scope, tt.endpoint, tt.seen)
			if diff := cmp.Diff(tt.want, got{r.Impact, r.Basis}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
