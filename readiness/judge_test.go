package readiness_test

import (
	"slices"
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
	var documented readiness.Policy
	tests := []struct {
		name    string
		scope   endpoints.Scope
		policy  readiness.Policy
		seen    func(*readiness.Plan) []probe.Observation
		service endpoints.Service
		status  readiness.Verdict
		want    readiness.Verdict
	}{
		{
			"everything was reached", autopilot(), documented, reached,
			endpoints.ServiceIntune, readiness.Ready, readiness.Ready,
		},
		{
			"nothing was measured", autopilot(), documented, func(*readiness.Plan) []probe.Observation { return nil },
			endpoints.ServiceIntune, readiness.Unproven, readiness.Unproven,
		},
		{
			"one endpoint decides alone", autopilot(), documented, drop(host("login.live.com")),
			endpoints.ServiceDeployment, readiness.Blocked, readiness.Blocked,
		},
		{
			"a service without which provisioning continues", autopilot(), documented, drop(host("client.wns.windows.com")),
			endpoints.ServiceWNS, readiness.Degraded, readiness.Degraded,
		},
		{
			"an endpoint of a fatal service that does not decide", autopilot(), documented, drop(host("crl4.digicert.com")),
			endpoints.ServiceCRL, readiness.Degraded, readiness.Degraded,
		},
		{
			"one of several names of activation", autopilot(), documented, drop(host("licensing.mp.microsoft.com")),
			endpoints.ServiceActivation, readiness.Degraded, readiness.Degraded,
		},
		{
			"the plain port of a host whose secure port answers", autopilot(), documented, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool {
					return t.Host == "login.microsoftonline.com" && t.Port == 80
				})
			},
			endpoints.ServiceEntraID, readiness.Degraded, readiness.Degraded,
		},
		{
			"the secure port of a host whose plain port answers", autopilot(), documented, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool {
					return t.Host == "login.microsoftonline.com" && t.Port == 443
				})
			},
			endpoints.ServiceEntraID, readiness.Blocked, readiness.Blocked,
		},
		{
			"the time server, strictly", autopilot(), readiness.DocumentedPolicy(), drop(host("time.windows.com")),
			endpoints.ServiceNTP, readiness.Blocked, readiness.Blocked,
		},
		{
			"the time server, in the field", autopilot(), readiness.FieldPolicy(), drop(host("time.windows.com")),
			endpoints.ServiceNTP, readiness.Degraded, readiness.Degraded,
		},
		{
			"a time server that was not asked", autopilot(), documented, func(p *readiness.Plan) []probe.Observation {
				obs := reached(p)
				for i := range obs {
					if obs[i].Target.Host == "time.windows.com" {
						obs[i] = probe.Observation{Target: obs[i].Target}
					}
				}
				return obs
			},
			endpoints.ServiceNTP, readiness.Unproven, readiness.Unproven,
		},
		{
			"a check was cut off, and another is blocked", autopilot(), documented, func(p *readiness.Plan) []probe.Observation {
				obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("login.live.com"))
				return fail(obs, probe.OpConnect, probe.Canceled, host("time.windows.com"))
			},
			endpoints.ServiceDeployment, readiness.Blocked, readiness.Blocked,
		},
		{
			"some members of a pattern that decides", autopilot(), documented, drop(host("fef.msua01.manage.microsoft.com", "i.manage.microsoft.com")),
			endpoints.ServiceIntune, readiness.Degraded, readiness.Degraded,
		},
		{
			"every secure port of a pattern that decides, whose plain ports answer",
			endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying},
			documented, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool {
					return t.Port == 443 && strings.HasSuffix(t.Host, ".microsoftaik.azure.net")
				})
			},
			endpoints.ServiceTPMAttestation, readiness.Blocked, readiness.Blocked,
		},
		{
			"a part that nothing depends on, of a service that matters",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			documented, drop(host("account.live.com")),
			endpoints.ServiceDeployment, readiness.Ready, readiness.Ready,
		},
		{
			"a member of a pattern whose members differ does not resolve", autopilot(), documented, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpResolve, probe.DNSNXDomain, host("fe2cr.update.microsoft.com"))
			},
			endpoints.ServiceWindowsUpdate, readiness.Degraded, readiness.Degraded,
		},
		{
			"the DNS probe of NCSI, which Windows 11 does not send", autopilot(), documented, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpResolve, probe.NCSIDNSMismatch, host("dns.msftncsi.com"))
			},
			endpoints.ServiceNCSI, readiness.Ready, readiness.Ready,
		},
		{
			"a domain controller cannot be tested",
			endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin},
			documented, reached,
			endpoints.ServiceHybridDomainController, readiness.Unproven, readiness.Unproven,
		},
		{
			"a domain controller need not be tested",
			endpoints.Scope{
				Scenario: endpoints.ScenarioHybridJoin, Features: []endpoints.Feature{endpoints.FeatureSkipDomainCheck},
			},
			documented, reached,
			endpoints.ServiceHybridDomainController, readiness.Unproven, readiness.Ready,
		},
		{
			"Windows Update matters to Autopatch",
			endpoints.Scope{Scenario: endpoints.ScenarioAutopatch},
			documented, func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(target probe.Target) bool {
					return slices.ContainsFunc(p.Checks, func(c readiness.Check) bool {
						return c.Target == target && slices.ContainsFunc(c.Endpoints, ofService(endpoints.ServiceWindowsUpdate))
					})
				})
			},
			endpoints.ServiceWindowsUpdate, readiness.Blocked, readiness.Blocked,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, tt.scope)
			r := judge(t, p, tt.seen(p), tt.policy)
			if got := serviceOf(t, r, tt.service); got.Verdict != tt.status {
				t.Errorf("%s is %s, want %s", tt.service, got.Verdict, tt.status)
			}
			if r.Verdict != tt.want {
				t.Errorf("verdict %s, want %s", r.Verdict, tt.want)
			}
			if ready := tt.want == readiness.Ready || tt.want == readiness.Degraded; (r.Err() == nil) != ready {
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
	var s readiness.Outcome
	if s != readiness.NotRun {
		t.Errorf("the zero Outcome is %s", s)
	}
	p := plan(t, autopilot())
	silent := readiness.DocumentedPolicy().OnService(func(endpoints.Scope, endpoints.Endpoint, readiness.Ruling) readiness.Ruling {
		return readiness.Ruling{}
	})
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(probe.Target) bool { return true })
	if got := judge(t, p, obs, silent).Verdict; got != readiness.Blocked {
		t.Errorf("a policy that forgets everything gives %s", got)
	}
}

func TestEveryCheckHasAFindingForEachOfItsServices(t *testing.T) {
	p := plan(t, autopilot())
	type key struct {
		Check   string
		Service endpoints.Service
	}
	want := make(map[key]bool)
	for _, c := range p.Checks {
		for _, e := range c.Endpoints {
			want[key{c.ID(), e.Service}] = true
		}
	}
	got := make(map[key]bool)
	for _, f := range judge(t, p, reached(p), readiness.Policy{}).Findings {
		if got[key{f.Check.ID(), f.Service}] {
			t.Errorf("two findings for %s and %s", f.Check.ID(), f.Service)
		}
		got[key{f.Check.ID(), f.Service}] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A service's parts that share a check are one finding: that of the graver part,
// or of the earlier phase if they are alike.
func TestPartsThatShareACheck(t *testing.T) {
	const early, late = endpoints.PhaseNetworkBringUp, endpoints.PhaseDeviceApps
	type part struct {
		Impact readiness.Impact
		Phase  endpoints.Phase
	}
	for _, tt := range []struct {
		name          string
		first, second part
		want          part
	}{
		{"alike, the second is earlier", part{readiness.Fatal, late}, part{readiness.Fatal, early}, part{readiness.Fatal, early}},
		{"alike, the first is earlier", part{readiness.Fatal, early}, part{readiness.Fatal, late}, part{readiness.Fatal, early}},
		{"the second is graver", part{readiness.Degrading, early}, part{readiness.Fatal, late}, part{readiness.Fatal, late}},
		{"the first is graver", part{readiness.Fatal, late}, part{readiness.Degrading, early}, part{readiness.Fatal, late}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exact, err := endpoints.New("mail", "mail.example", "tcp/443 https")
			if err != nil {
				t.Fatal(err)
			}
			pattern, err := endpoints.New("mail", "*.example", "tcp/443 https")
			if err != nil {
				t.Fatal(err)
			}
			exact.Part, exact.Phase = "first", tt.first.Phase
			pattern.Part, pattern.Phase, pattern.Members = "second", tt.second.Phase, []string{"mail.example"}
			c, err := new(endpoints.Catalog).With(exact, pattern)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]part{exact.Part: tt.first, pattern.Part: tt.second}
			p := planOn(t, autopilot(), c, probe.Network{SearchDomains: []string{}})
			policy := readiness.DocumentedPolicy().OnService(func(_ endpoints.Scope, e endpoints.Endpoint, r readiness.Ruling) readiness.Ruling {
				r.Impact = parts[e.Part].Impact
				return r
			})
			r := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("mail.example")), policy)
			var got []part
			for _, f := range r.Findings {
				got = append(got, part{f.Impact, f.Phase})
			}
			if diff := cmp.Diff([]part{tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
