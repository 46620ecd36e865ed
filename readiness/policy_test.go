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
	}{{"documented", readiness.Documented}, {"field", readiness.Field}}
	var b strings.Builder
	for _, p := range policies {
		fmt.Fprintf(&b, "%s\n", p.name)
		for _, e := range oneOfEach() {
			name := string(e.Service)
			if e.Part != "" {
				name += ":" + string(e.Part)
			}
			fmt.Fprintf(&b, "  %-32s", name)
			var first readiness.Verdict
			for i, s := range scenarios() {
				v := p.policy(readiness.Case{Scope: readiness.Scope{Scenario: s}, Endpoint: e})
				if i == 0 {
					first = v
				}
				fmt.Fprintf(&b, " %-13s", v.Impact)
			}
			fmt.Fprintf(&b, " %s\n", first.Basis)
			for _, src := range first.Sources {
				fmt.Fprintf(&b, "      %s (%s)\n", src.Title, src.Date)
			}
		}
	}
	golden(t, "policy.txt", b.String())
}

// oneOfEach returns an endpoint for each service and part of the catalogue,
// without what only concerns the single endpoint.
func oneOfEach() []endpoints.Endpoint {
	type key struct {
		s endpoints.Service
		p endpoints.Part
	}
	seen := make(map[key]bool)
	var out []endpoints.Endpoint
	for _, s := range endpoints.Embedded().Services() {
		for _, e := range endpoints.Embedded().Endpoints() {
			if e.Service == s && !seen[key{s, e.Part}] {
				seen[key{s, e.Part}] = true
				out = append(out, endpoints.Endpoint{Service: s, Part: e.Part, Source: e.Source, Consequence: "x"})
			}
		}
	}
	return out
}

func TestEveryVerdictHasASourceAndAConsequence(t *testing.T) {
	for _, policy := range []readiness.Policy{readiness.Documented, readiness.Field} {
		for _, s := range scenarios() {
			for _, e := range endpoints.Embedded().Endpoints() {
				v := policy(readiness.Case{Scope: readiness.Scope{Scenario: s}, Endpoint: e})
				if v.Impact == readiness.Unjudged || v.Basis == "" || v.Consequence == "" || len(v.Sources) == 0 {
					t.Errorf("%s %s in %s: incomplete verdict %+v", e.Service, e.Host, s, v)
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

func TestPolicyBySituation(t *testing.T) {
	e := func(s endpoints.Service, part endpoints.Part) endpoints.Endpoint {
		return endpoints.Endpoint{Service: s, Part: part, Core: true}
	}
	with := func(e endpoints.Endpoint, change func(*endpoints.Endpoint)) endpoints.Endpoint {
		change(&e)
		return e
	}
	exempt := func(e *endpoints.Endpoint) { e.Traits = []endpoints.Trait{endpoints.TraitNoInspection} }
	failed := func(c probe.Code) readiness.Case {
		return readiness.Case{Status: readiness.Failed, Code: c}
	}
	type got struct {
		Impact   readiness.Impact
		Basis    readiness.Basis
		Decisive bool
	}
	tests := []struct {
		name     string
		policy   readiness.Policy
		scope    readiness.Scope
		endpoint endpoints.Endpoint
		seen     readiness.Case
		want     got
	}{
		{
			"strictly, time is needed", readiness.Documented, autopilot(),
			e(endpoints.ServiceNTP, ""),
			readiness.Case{},
			got{readiness.Fatal, readiness.BasisInferred, true},
		},
		{
			"in the field, time is a loss", readiness.Field, autopilot(),
			e(endpoints.ServiceNTP, ""),
			readiness.Case{},
			got{readiness.Degrading, readiness.BasisInferred, true},
		},
		{
			"in the field, a clock beyond correction is fatal", readiness.Field, autopilot(),
			e(endpoints.ServiceNTP, ""), failed(probe.NTPOffset),
			got{readiness.Fatal, readiness.BasisInferred, true},
		},
		{
			"inspection where the documents rule it out", readiness.Documented, autopilot(),
			with(e(endpoints.ServiceIntune, endpoints.PartCore), exempt), failed(probe.TLSInspected),
			got{readiness.Fatal, readiness.BasisDocumented, true},
		},
		{
			"inspection elsewhere", readiness.Documented, autopilot(),
			e(endpoints.ServiceDeployment, endpoints.PartAccount), failed(probe.TLSInspected),
			got{readiness.Degrading, readiness.BasisInferred, false},
		},
		{
			"inspection of a service that may fail anyway", readiness.Documented, autopilot(),
			with(e(endpoints.ServiceDeliveryOptimization, ""), exempt), failed(probe.TLSInspected),
			got{readiness.Degrading, readiness.BasisDocumented, true},
		},
		{
			"an app nobody named", readiness.Documented, autopilot(),
			with(e(endpoints.ServiceMicrosoft365, ""), func(e *endpoints.Endpoint) {
				e.Features = []endpoints.Feature{endpoints.FeatureOfficeApps}
			}),
			readiness.Case{},
			got{readiness.Conditional, readiness.BasisDocumented, true},
		},
		{
			"an app that is assigned", readiness.Documented,
			readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Features: []endpoints.Feature{endpoints.FeatureOfficeApps}},
			with(e(endpoints.ServiceMicrosoft365, ""), func(e *endpoints.Endpoint) {
				e.Features = []endpoints.Feature{endpoints.FeatureOfficeApps}
			}),
			readiness.Case{},
			got{readiness.Fatal, readiness.BasisInferred, true},
		},
		{
			"the maker of the TPM is known", readiness.Documented,
			readiness.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMIntel},
			with(e(endpoints.ServiceTPMAttestation, endpoints.PartEK), func(e *endpoints.Endpoint) { e.TPM = endpoints.TPMIntel }),
			readiness.Case{},
			got{readiness.Fatal, readiness.BasisInferred, true},
		},
		{
			"the domain check is skipped", readiness.Documented,
			readiness.Scope{Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{endpoints.FeatureSkipDomainCheck}},
			e(endpoints.ServiceHybridDomainController, ""),
			readiness.Case{},
			got{readiness.Informational, readiness.BasisDocumented, true},
		},
		{
			"the DNS probe of NCSI", readiness.Documented, autopilot(),
			e(endpoints.ServiceNCSI, ""),
			readiness.Case{Target: probe.Target{Protocol: probe.ProtocolNCSI, Port: 53}},
			got{readiness.Informational, readiness.BasisInferred, false},
		},
		{
			"a scenario that the table does not know", readiness.Documented,
			readiness.Scope{Scenario: "contoso"},
			e(endpoints.ServiceDNS, ""),
			readiness.Case{},
			got{readiness.Unjudged, readiness.BasisDocumented, true},
		},
		{
			"an embedder's own required service", readiness.Documented, autopilot(),
			e("contoso-vpn", ""),
			readiness.Case{},
			got{readiness.Fatal, readiness.BasisInferred, true},
		},
		{
			"an embedder's own optional service", readiness.Documented, autopilot(),
			with(e("contoso-vpn", ""), func(e *endpoints.Endpoint) { e.Need = endpoints.Optional }),
			readiness.Case{},
			got{readiness.Degrading, readiness.BasisInferred, true},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.seen
			c.Scope, c.Endpoint = tt.scope, tt.endpoint
			v := tt.policy(c)
			if diff := cmp.Diff(tt.want, got{v.Impact, v.Basis, v.Decisive}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
