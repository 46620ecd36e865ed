package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A network without a search domain has nowhere to look for a proxy. Whoever has
// one, goes through a proxy, or cannot do without one is judged.
func TestWhatDoesNotApply(t *testing.T) {
	alone, domain, proxied := probe.Network{}, inDomain(), through()
	hybrid := endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin}
	for _, tt := range []struct {
		name    string
		scope   endpoints.Scope
		network probe.Network
		policy  readiness.Policy
		wpad    probe.Code
		service endpoints.Service
		want    readiness.Verdict
		verdict readiness.Verdict
	}{
		{"no search domain", autopilot(), alone, readiness.Policy{}, "", endpoints.ServiceProxy, readiness.NotApplicable, readiness.Ready},
		{"a search domain", autopilot(), domain, readiness.Policy{}, "", endpoints.ServiceProxy, readiness.Ready, readiness.Ready},
		{"a search domain in which the file is refused", autopilot(), domain, readiness.Policy{}, probe.HTTPStatus, endpoints.ServiceProxy, readiness.Degraded, readiness.Degraded},
		{"a proxy, and no search domain", autopilot(), proxied, readiness.Policy{}, "", endpoints.ServiceProxy, readiness.Unproven, readiness.Ready},
		{
			"no search domain, and a policy that needs a proxy", autopilot(), alone, readiness.Policy{}.With(readiness.Fatal, endpoints.ServiceProxy), "",
			endpoints.ServiceProxy, readiness.Unproven, readiness.Unproven,
		},
		{"no domain to join", hybrid, alone, readiness.Policy{}, "", endpoints.ServiceHybridDomainController, readiness.Unproven, readiness.Unproven},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := planOn(t, tt.scope, nil, tt.network)
			obs := reached(p)
			if tt.wpad != "" {
				obs = fail(obs, probe.OpRequest, tt.wpad, func(t probe.Target) bool { return t.Protocol == probe.WPAD })
			}
			r := judge(t, p, obs, tt.policy)
			if got := serviceOf(t, r, tt.service); got.Verdict != tt.want || r.Verdict != tt.verdict {
				t.Errorf("%s, %s; want %s, %s", got.Verdict, r.Verdict, tt.want, tt.verdict)
			}
		})
	}
}
