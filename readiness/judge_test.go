package readiness_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

func TestVerdictBySituation(t *testing.T) {
	drop := func(match func(probe.Target) bool) func(*readiness.Plan) []probe.Observation {
		return func(p *readiness.Plan) []probe.Observation {
			return fail(reached(p), probe.OpConnect, probe.TCPTimeout, match)
		}
	}
	tests := []struct {
		name    string
		scope   readiness.Scope
		policy  readiness.Policy
		seen    func(*readiness.Plan) []probe.Observation
		service endpoints.Service
		status  readiness.ServiceStatus
		want    readiness.ReportVerdict
	}{
		{
			"everything was reached", autopilot(), nil, reached,
			endpoints.ServiceIntune, readiness.ServiceOK, readiness.Ready,
		},
		{
			"nothing was measured", autopilot(), nil, func(*readiness.Plan) []probe.Observation { return nil },
			endpoints.ServiceIntune, readiness.ServiceUnproven, readiness.Unproven,
		},
		{
			"one endpoint decides alone", autopilot(), nil, drop(host("login.live.com")),
			endpoints.ServiceDeployment, readiness.ServiceBlocked, readiness.Blocked,
		},
		{
			"a service without which provisioning continues", autopilot(), nil, drop(host("client.wns.windows.com")),
			endpoints.ServiceWNS, readiness.ServiceDegraded, readiness.ReadyDegraded,
		},
		{
			"an endpoint of a fatal service that does not decide", autopilot(), nil, drop(host("crl4.digicert.com")),
			endpoints.ServiceCRL, readiness.ServiceDegraded, readiness.ReadyDegraded,
		},
		{
			"one of several names of activation", autopilot(), nil, drop(host("licensing.mp.microsoft.com")),
			endpoints.ServiceActivation, readiness.ServiceDegraded, readiness.ReadyDegraded,
		},
		{
			"the plain port of a host whose secure port answers", autopilot(), nil, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool {
					return t.Host == "login.microsoftonline.com" && t.Port == 80
				})
			},
			endpoints.ServiceEntraID, readiness.ServiceDegraded, readiness.ReadyDegraded,
		},
		{
			"the secure port of a host whose plain port answers", autopilot(), nil, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool {
					return t.Host == "login.microsoftonline.com" && t.Port == 443
				})
			},
			endpoints.ServiceEntraID, readiness.ServiceBlocked, readiness.Blocked,
		},
		{
			"the time server, strictly", autopilot(), readiness.Documented, drop(host("time.windows.com")),
			endpoints.ServiceNTP, readiness.ServiceBlocked, readiness.Blocked,
		},
		{
			"the time server, in the field", autopilot(), readiness.Field, drop(host("time.windows.com")),
			endpoints.ServiceNTP, readiness.ServiceDegraded, readiness.ReadyDegraded,
		},
		{
			"a time server that was not asked", autopilot(), nil, func(p *readiness.Plan) []probe.Observation {
				obs := reached(p)
				for i := range obs {
					if obs[i].Target.Host == "time.windows.com" {
						obs[i] = probe.Observation{Target: obs[i].Target}
					}
				}
				return obs
			},
			endpoints.ServiceNTP, readiness.ServiceUnproven, readiness.Unproven,
		},
		{
			"a check was cut off, and another is blocked", autopilot(), nil, func(p *readiness.Plan) []probe.Observation {
				obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("login.live.com"))
				return fail(obs, probe.OpConnect, probe.Canceled, host("time.windows.com"))
			},
			endpoints.ServiceDeployment, readiness.ServiceBlocked, readiness.Blocked,
		},
		{
			"some members of a pattern that decides", autopilot(), nil, drop(host("fef.msua01.manage.microsoft.com", "i.manage.microsoft.com")),
			endpoints.ServiceIntune, readiness.ServiceDegraded, readiness.ReadyDegraded,
		},
		{
			"every secure port of a pattern that decides, whose plain ports answer",
			readiness.Scope{Scenario: endpoints.ScenarioSelfDeploying},
			nil, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool {
					return t.Port == 443 && strings.HasSuffix(t.Host, ".microsoftaik.azure.net")
				})
			},
			endpoints.ServiceTPMAttestation, readiness.ServiceBlocked, readiness.Blocked,
		},
		{
			"a part that nothing depends on, of a service that matters",
			readiness.Scope{Scenario: endpoints.ScenarioAutopatch},
			nil, drop(host("account.live.com")),
			endpoints.ServiceDeployment, readiness.ServiceOK, readiness.Ready,
		},
		{
			"a member of a pattern that no longer exists", autopilot(), nil, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpResolve, probe.DNSNXDomain, host("fe2cr.update.microsoft.com"))
			},
			endpoints.ServiceWindowsUpdate, readiness.ServiceOK, readiness.Ready,
		},
		{
			"the DNS probe of NCSI, which Windows 11 does not send", autopilot(), nil, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpResolve, probe.NCSIDNSMismatch, host("dns.msftncsi.com"))
			},
			endpoints.ServiceNCSI, readiness.ServiceOK, readiness.Ready,
		},
		{
			"a domain controller cannot be tested",
			readiness.Scope{Scenario: endpoints.ScenarioHybridJoin},
			nil, reached,
			endpoints.ServiceHybridDomainController, readiness.ServiceUnproven, readiness.Unproven,
		},
		{
			"a domain controller need not be tested",
			readiness.Scope{
				Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{endpoints.FeatureSkipDomainCheck},
			},
			nil, reached,
			endpoints.ServiceHybridDomainController, readiness.ServiceUnproven, readiness.Ready,
		},
		{
			"Windows Update matters to Autopatch",
			readiness.Scope{Scenario: endpoints.ScenarioAutopatch},
			nil, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(target probe.Target) bool {
					for _, pl := range p.Endpoints {
						if pl.Endpoint.Service == endpoints.ServiceWindowsUpdate {
							for _, c := range pl.Checks {
								if p.Checks[c].Target == target {
									return true
								}
							}
						}
					}
					return false
				})
			},
			endpoints.ServiceWindowsUpdate, readiness.ServiceBlocked, readiness.Blocked,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, tt.scope)
			r := readiness.NewReport(p, tt.seen(p), tt.policy)
			if got := serviceOf(t, r, tt.service); got.Status != tt.status {
				t.Errorf("%s is %s, want %s", tt.service, got.Status, tt.status)
			}
			if r.Verdict != tt.want {
				t.Errorf("verdict %s, want %s", r.Verdict, tt.want)
			}
			if ready := tt.want == readiness.Ready || tt.want == readiness.ReadyDegraded; (r.Err() == nil) != ready {
				t.Errorf("Err() = %v", r.Err())
			}
		})
	}
}

func TestZeroValuesAreNotReady(t *testing.T) {
	var r readiness.Report
	if r.Verdict != readiness.Unproven || r.Err() == nil {
		t.Errorf("the zero Report is %s", r.Verdict)
	}
	var i readiness.Impact
	if !i.Blocks() {
		t.Error("the zero Impact does not block")
	}
	var s readiness.Status
	if s != readiness.NotRun {
		t.Errorf("the zero Status is %s", s)
	}
	p := plan(t, autopilot())
	silent := func(readiness.Case) readiness.Verdict { return readiness.Verdict{} }
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(probe.Target) bool { return true })
	if got := readiness.NewReport(p, obs, silent).Verdict; got != readiness.Blocked {
		t.Errorf("a policy that forgets everything gives %s", got)
	}
}

func TestEveryCheckHasAFindingForEachOfItsServices(t *testing.T) {
	p := plan(t, autopilot())
	type key struct {
		Check   int
		Service endpoints.Service
	}
	want := make(map[key]bool)
	for i, c := range p.Checks {
		for _, e := range c.Endpoints {
			want[key{i, p.Endpoints[e].Endpoint.Service}] = true
		}
	}
	got := make(map[key]bool)
	for _, f := range readiness.Judge(p, reached(p), nil) {
		if got[key{f.Check, f.Service}] {
			t.Errorf("two findings for %s and %s", p.Checks[f.Check].ID(), f.Service)
		}
		got[key{f.Check, f.Service}] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
