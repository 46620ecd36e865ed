package readiness_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// checksOf matches what stands for endpoints of a service.
func checksOf(p *readiness.Plan, s endpoints.Service) func(probe.Target) bool {
	return func(t probe.Target) bool {
		i := slices.IndexFunc(p.Checks, func(c readiness.Check) bool { return c.Target == t })
		return slices.ContainsFunc(p.Checks[i].Endpoints, ofService(s))
	}
}

// whenFailed answers with an impact for each failure of Windows Update.
func whenFailed(i readiness.Impact) func(endpoints.Scope, endpoints.Endpoint, readiness.Finding, readiness.Ruling) readiness.Ruling {
	return func(_ endpoints.Scope, e endpoints.Endpoint, f readiness.Finding, soFar readiness.Ruling) readiness.Ruling {
		if e.Service == endpoints.ServiceWindowsUpdate && f.Outcome == readiness.Failed {
			soFar.Impact = i
		}
		return soFar
	}
}

// TestFatalServiceThatDoesNotWorkBlocks is the recipe for a service without
// which nobody wants to be ready: whichever of its checks is the one that
// still works.
func TestFatalServiceThatDoesNotWorkBlocks(t *testing.T) {
	p := plan(t, autopilot())
	update := checksOf(p, endpoints.ServiceWindowsUpdate)
	strict := readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceWindowsUpdate)
	checks := 0
	for _, c := range p.Checks {
		if !update(c.Target) {
			continue
		}
		checks++
		obs := fail(reached(p), probe.OpConnect, probe.TCPRefused, func(t probe.Target) bool { return update(t) && t != c.Target })
		r := judge(t, p, obs, strict)
		if s := serviceOf(t, r, endpoints.ServiceWindowsUpdate); r.Verdict != readiness.Blocked || r.Err() == nil || s.Verdict != readiness.Blocked || s.Impact != readiness.Fatal {
			t.Errorf("all but %s are refused: %s, %v, the service is %s, %s", c.ID(), r.Verdict, r.Err(), s.Verdict, s.Impact)
		}
		if !slices.ContainsFunc(r.Causes, func(c readiness.Cause) bool { return c.Impact == readiness.Fatal }) || r.StopsAt == "" {
			t.Errorf("all but %s are refused: no cause is fatal, or provisioning stops nowhere (%q)", c.ID(), r.StopsAt)
		}
		if r := judge(t, p, obs, readiness.FieldPolicy()); r.Verdict != readiness.Degraded || r.Err() != nil {
			t.Errorf("all but %s are refused, as documents have it: %s, %v", c.ID(), r.Verdict, r.Err())
		}
	}
	if checks < 15 {
		t.Errorf("Windows Update has %d checks", checks)
	}
}

func TestOwnPolicyBySituation(t *testing.T) {
	const service = endpoints.ServiceWindowsUpdate
	refuse := func(match func(*readiness.Plan, probe.Target) bool) func(*readiness.Plan) []probe.Observation {
		return func(p *readiness.Plan) []probe.Observation {
			return fail(reached(p), probe.OpConnect, probe.TCPRefused, func(t probe.Target) bool { return match(p, t) })
		}
	}
	named := func(names ...string) func(*readiness.Plan) []probe.Observation {
		return refuse(func(_ *readiness.Plan, t probe.Target) bool { return host(names...)(t) })
	}
	all := refuse(func(p *readiness.Plan, t probe.Target) bool { return checksOf(p, service)(t) })
	ntp := func(t probe.Target) bool { return t.Protocol == probe.NTP }
	field := readiness.FieldPolicy()
	autopatch := endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}
	tests := []struct {
		name   string
		scope  endpoints.Scope
		policy readiness.Policy
		seen   func(*readiness.Plan) []probe.Observation
		want   readiness.Verdict
	}{
		{"fatal, and all works", autopilot(), field.With(readiness.Fatal, service), reached, readiness.Ready},
		{
			"fatal, and two of six endpoints are refused", autopilot(), field.With(readiness.Fatal, service),
			named("adl.windows.com", "tsfe.trafficshaping.dsp.mp.microsoft.com"), readiness.Degraded,
		},
		{
			"fatal, and four of six endpoints are refused", autopilot(), field.With(readiness.Fatal, service),
			named("adl.windows.com", "tsfe.trafficshaping.dsp.mp.microsoft.com", "fe3.delivery.mp.microsoft.com", "tas02.sls.update.microsoft.com"), readiness.Blocked,
		},
		{
			"fatal, and one member of a pattern is refused", autopilot(), field.With(readiness.Fatal, service),
			named("fe2.update.microsoft.com"), readiness.Degraded,
		},
		{
			"fatal, and most members of three patterns and another host are refused", autopilot(), field.With(readiness.Fatal, service),
			named("fe1.update.microsoft.com", "fe2.update.microsoft.com", "fe2cr.update.microsoft.com", "sls.update.microsoft.com",
				"au.download.windowsupdate.com", "b1.download.windowsupdate.com", "download.windowsupdate.com", "fe3.delivery.mp.microsoft.com", "tas02.sls.update.microsoft.com"),
			readiness.Blocked,
		},
		{
			"fatal, and two of six endpoints and the plain ports of another one are refused", autopilot(), field.With(readiness.Fatal, service),
			refuse(func(_ *readiness.Plan, t probe.Target) bool {
				return t.Port == 80 && strings.HasSuffix(t.Host, ".update.microsoft.com") ||
					host("adl.windows.com", "tsfe.trafficshaping.dsp.mp.microsoft.com", "fe2.update.microsoft.com")(t)
			}), readiness.Degraded,
		},
		{
			"fatal, and what is refused is the least, the rest was not measured", autopilot(), field.With(readiness.Fatal, service),
			func(p *readiness.Plan) []probe.Observation {
				obs := fail(reached(p), probe.OpConnect, probe.Canceled, checksOf(p, service))
				return fail(obs, probe.OpConnect, probe.TCPRefused, host("adl.windows.com"))
			}, readiness.Unproven,
		},
		{"informational, and all is refused", autopilot(), field.With(readiness.Informational, service), all, readiness.Degraded},
		{
			"each failure fatal, and one host is refused", autopilot(), field.OnFailure(whenFailed(readiness.Fatal)),
			named("adl.windows.com"), readiness.Blocked,
		},
		{
			"each failure fatal, and one member of a pattern is refused", autopilot(), field.OnFailure(whenFailed(readiness.Fatal)),
			named("fe2.update.microsoft.com"), readiness.Blocked,
		},
		{
			"each failure fatal, of a service that is so anyway", autopatch, field.OnFailure(whenFailed(readiness.Fatal)),
			named("fe2.update.microsoft.com"), readiness.Blocked,
		},
		{"the same without the rule", autopatch, field, named("fe2.update.microsoft.com"), readiness.Degraded},
		{"each failure fatal, and all works", autopilot(), field.OnFailure(whenFailed(readiness.Fatal)), reached, readiness.Ready},
		{
			"each failure fatal, and another service fails", autopilot(), field.OnFailure(whenFailed(readiness.Fatal)),
			named("client.wns.windows.com"), readiness.Degraded,
		},
		{
			"each failure fatal, and an example of a pattern does not resolve", autopilot(), field.OnFailure(whenFailed(readiness.Fatal)),
			func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpResolve, probe.DNSNXDomain, host("fe2.update.microsoft.com"))
			}, readiness.Blocked,
		},
		{
			"each failure excused", autopilot(), field.OnFailure(whenFailed(readiness.Informational)),
			named("adl.windows.com", "fe2.update.microsoft.com"), readiness.Ready,
		},
		{
			"each failure but a loss, and the service is lost", autopatch, field.OnFailure(whenFailed(readiness.Degrading)),
			all, readiness.Degraded,
		},
		{"the service is lost", autopatch, field, all, readiness.Blocked},
		{
			"a failure that was left unjudged", autopilot(), field.OnFailure(whenFailed(readiness.Unjudged)),
			named("adl.windows.com"), readiness.Blocked,
		},
		{
			"a clock beyond correction, of a service that means nothing", autopilot(), field.With(readiness.Informational, endpoints.ServiceNTP),
			func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpClock, probe.NTPOffset, ntp)
			}, readiness.Blocked,
		},
		{
			"a time server that does not answer, of a service that means nothing", autopilot(),
			readiness.DocumentedPolicy().With(readiness.Informational, endpoints.ServiceNTP),
			func(p *readiness.Plan) []probe.Observation {
				return fail(reached(p), probe.OpClock, probe.NTPTimeout, ntp)
			}, readiness.Ready,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, tt.scope)
			r := judge(t, p, tt.seen(p), tt.policy)
			if r.Verdict != tt.want {
				t.Errorf("%s, want %s", r.Verdict, tt.want)
			}
			fatal := slices.ContainsFunc(r.Findings, func(f readiness.Finding) bool { return f.Outcome == readiness.Failed && f.Impact.Blocks() })
			if fatal != (tt.want == readiness.Blocked) {
				t.Errorf("%s, and a failure that blocks: %t", r.Verdict, fatal)
			}
		})
	}
}

// TestPolicyIsImmutable shows that policies made from one do not mix.
func TestPolicyIsImmutable(t *testing.T) {
	scope := autopilot()
	wns := endpoints.Endpoint{Service: endpoints.ServiceWNS}
	base := readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceEdge)
	services := []endpoints.Service{endpoints.ServiceWNS}
	fatal := base.With(readiness.Fatal, services...)
	mild := base.With(readiness.Informational, services...)
	services[0] = "contoso" // is the caller's
	got := []readiness.Impact{base.Service(scope, wns).Impact, fatal.Service(scope, wns).Impact, mild.Service(scope, wns).Impact}
	if diff := cmp.Diff([]readiness.Impact{readiness.Degrading, readiness.Fatal, readiness.Informational}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r := base.Service(scope, wns)
	r.Sources[0].Title = "mine"
	if base.Service(scope, wns).Sources[0].Title == "mine" {
		t.Error("a ruling shares its sources with the policy")
	}
}

func TestPolicyName(t *testing.T) {
	own := func(_ endpoints.Scope, _ endpoints.Endpoint, r readiness.Ruling) readiness.Ruling { return r }
	failure := func(_ endpoints.Scope, _ endpoints.Endpoint, _ readiness.Finding, r readiness.Ruling) readiness.Ruling {
		return r
	}
	for _, changed := range []readiness.Policy{
		readiness.Policy{}.OnFailure(failure),
		readiness.Policy{}.Explain("contoso.other", "Other", "Nothing."),
		readiness.Policy{}.OnService(own).OnFailure(failure),
		readiness.Policy{}.OnService(own).Explain("contoso.other", "Other", "Nothing."),
		readiness.Policy{}.OnFailure(failure).Explain("contoso.other", "Other", "Nothing."),
	} {
		if got := changed.Name(); got != "documented+" {
			t.Errorf("a changed policy is called %q", got)
		}
	}
	for want, p := range map[string]readiness.Policy{
		"documented":    {},
		"documented+":   readiness.Policy{}.OnService(own),
		"field":         readiness.FieldPolicy(),
		"field+":        readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceWNS),
		"contoso":       readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceWNS).Named("contoso"),
		"contoso, then": readiness.FieldPolicy().Named("contoso, then").OnService(own),
	} {
		if got := p.Name(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestPolicyOfUnknownService shows that a misspelt service is no rule that says
// nothing, and that a catalog's own services are known.
func TestPolicyOfUnknownService(t *testing.T) {
	p := plan(t, autopilot())
	runner := readiness.Runner{Policy: readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceWNS, "windows-updates")}
	_, judging := runner.Judge(p, nil)
	_, running := runner.Run(t.Context(), p)
	for _, err := range []error{judging, running} {
		bad, ok := errors.AsType[*endpoints.Error](err)
		if !ok || bad.Value != "windows-updates" || !slices.Contains(bad.Want, "windows-update") {
			t.Errorf("%v", err)
		}
	}
	h, err := endpoints.ParseHost("mail.contoso.com")
	if err != nil {
		t.Fatal(err)
	}
	own, err := endpoints.Embedded().With(endpoints.Endpoint{
		Service: "mail", Host: h, Ports: []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
		Scenarios: endpoints.Scenarios(), Clouds: endpoints.Clouds(), Phase: endpoints.PhaseNetworkBringUp,
		Loss: "No mail.", LossBasis: endpoints.BasisInferred, Source: endpoints.Source{Title: "Contoso"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = (readiness.Runner{Catalog: own, Network: probe.Network{SearchDomains: []string{}}}).Plan(autopilot()); err != nil {
		t.Fatal(err)
	}
	if _, err := (readiness.Runner{Policy: readiness.FieldPolicy().With(readiness.Fatal, "mail")}).Judge(p, nil); err != nil {
		t.Error(err)
	}
}

// TestExplain shows that a code of one's own has one cause with its own words,
// that codes without words have a cause for each host, and that what is behind
// everything still explains everything.
func TestExplain(t *testing.T) {
	const noGreeting probe.Code = "contoso.no_greeting"
	some := host("login.live.com", "graph.microsoft.com")
	words := readiness.FieldPolicy().
		Explain(noGreeting, "Replaced", "Replaced.").
		Explain("contoso.other", "Not seen", "Nothing.").
		Explain(noGreeting, "The relay does not greet", "Restart the relay.")
	type cause struct {
		Code          readiness.CauseCode
		Title, Remedy string
		Impact        readiness.Impact
		Hosts         int
	}
	tests := []struct {
		name   string
		policy readiness.Policy
		seen   func([]probe.Observation) []probe.Observation
		want   []cause
	}{
		{
			"a code with words", words,
			func(obs []probe.Observation) []probe.Observation { return fail(obs, probe.OpRequest, noGreeting, some) },
			[]cause{{"contoso.no_greeting", "The relay does not greet", "Restart the relay.", readiness.Fatal, 2}},
		},
		{
			"a code without words", readiness.FieldPolicy(),
			func(obs []probe.Observation) []probe.Observation {
				return fail(obs, probe.OpRequest, noGreeting, host("login.live.com"))
			},
			[]cause{{
				readiness.CauseHostUnreachable, "login.live.com cannot be reached (contoso.no_greeting)",
				"Allow devices to reach login.live.com on TCP port 443.", readiness.Fatal, 1,
			}},
		},
		{
			"a code without a title", readiness.FieldPolicy().Explain(noGreeting, "", "Restart the relay."),
			func(obs []probe.Observation) []probe.Observation { return fail(obs, probe.OpRequest, noGreeting, some) },
			[]cause{{"contoso.no_greeting", "contoso.no_greeting", "Restart the relay.", readiness.Fatal, 2}},
		},
		{
			"words for a failure that all of TCP 443 has", words.Explain(probe.TCPTimeout, "Slow", "Wait."),
			func(obs []probe.Observation) []probe.Observation {
				return fail(obs, probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool { return t.Port == 443 })
			},
			[]cause{{Code: readiness.CauseHTTPSBlocked, Impact: readiness.Fatal}},
		},
		{"nothing fails", words, func(obs []probe.Observation) []probe.Observation { return obs }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, autopilot())
			obs := reached(p)
			for i := range obs { // DNS is asked for these names too
				if obs[i].Target.Protocol == probe.HTTPS {
					obs[i] = tt.seen(obs[i : i+1])[0]
				}
			}
			var got []cause
			for _, c := range judge(t, p, obs, tt.policy).Causes {
				hosts := make(map[string]bool)
				for _, check := range c.Checks {
					hosts[check.Target.Host] = true
				}
				if c.Code == readiness.CauseHTTPSBlocked {
					c.Title, c.Remedy, hosts = "", "", nil
				} else if len(c.Evidence) != len(c.Checks) || len(c.Services) == 0 {
					t.Errorf("%s has evidence %q and services %v", c.Code, c.Evidence, c.Services)
				}
				got = append(got, cause{c.Code, c.Title, c.Remedy, c.Impact, len(hosts)})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
