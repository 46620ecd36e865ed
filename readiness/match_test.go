package readiness_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// blockedHost is a host that decides alone.
const blockedHost = "login.live.com"

// blockedNetwork are the observations of a network that blocks one host.
func blockedNetwork(p *readiness.Plan) []probe.Observation {
	return fail(reached(p), probe.OpConnect, probe.TCPTimeout, host(blockedHost))
}

// matchedWell checks that each check has its own observation or none.
func matchedWell(t *testing.T, r *readiness.Report, obs []probe.Observation) {
	t.Helper()
	for i, c := range r.Plan.Checks {
		got := r.Observations[i]
		k := slices.IndexFunc(obs, func(o probe.Observation) bool { return alike(o.Target, c.Target) })
		var want probe.Observation
		if k >= 0 {
			want = obs[k]
		}
		if want.Target = c.Target; got.Target != want.Target || got.Code() != want.Code() || got.Attempts != want.Attempts {
			t.Errorf("%s has the observation of %s, %q; want %s, %q", c.ID(), got.Target, got.Code(), want.Target, want.Code())
		}
	}
	for _, f := range r.Findings {
		made := slices.ContainsFunc(obs, func(o probe.Observation) bool { return alike(o.Target, f.Check.Target) })
		if made == (f.Outcome == readiness.NotRun) {
			t.Errorf("%s is %s; measured: %t", f.Check.ID(), f.Outcome, made)
		}
	}
}

// alike reports whether targets differ at most in the handshakes that are tried
// beside the probe's own, which prove nothing about the host.
func alike(a, b probe.Target) bool {
	a.Handshakes = b.Handshakes
	return a == b
}

func TestTheOrderOfObservationsDoesNotMatter(t *testing.T) {
	p := plan(t, autopilot())
	obs := blockedNetwork(p)
	want, err := json.Marshal(judge(t, p, obs, readiness.Policy{}))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		rng.Shuffle(len(obs), func(i, k int) { obs[i], obs[k] = obs[k], obs[i] })
		got, err := json.Marshal(judge(t, p, obs, readiness.Policy{}))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("in another order (-in order +shuffled):\n%s", diff)
		}
	}
}

func TestACheckWithoutAnObservationWasNotRun(t *testing.T) {
	p := plan(t, autopilot())
	all := reached(p)
	if r := judge(t, p, all, readiness.Policy{}); r.Verdict != readiness.Ready || len(r.Notes) != len(p.Notes) {
		t.Fatalf("with all of them: %v, notes %q", r.Verdict, r.Notes)
	}
	for _, without := range []string{blockedHost, p.Checks[0].Target.Host, p.Checks[len(p.Checks)-1].Target.Host} {
		some := slices.DeleteFunc(slices.Clone(all), func(o probe.Observation) bool { return o.Target.Host == without })
		r := judge(t, p, some, readiness.Policy{})
		if r.Verdict != readiness.Unproven {
			t.Errorf("without %s: %v", without, r.Verdict)
		}
		matchedWell(t, r, some)
	}
}

func TestObservationsOfNoCheckAreNoted(t *testing.T) {
	p := plan(t, autopilot())
	other := func(host string) probe.Observation {
		return probe.Observation{Target: probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443}, Attempts: 1}
	}
	twice := reached(p)[0]
	tests := []struct {
		name string
		more []probe.Observation
		want []string
	}{
		{"none", nil, nil},
		{"one", []probe.Observation{other("a.example")}, []string{"1 observation is of no check of the plan, and counted for nothing: https a.example:443."}},
		{"two", []probe.Observation{other("a.example"), other("b.example")}, []string{"2 observations are of no check of the plan, and counted for nothing: https a.example:443, https b.example:443."}},
		{"one that is there twice", []probe.Observation{twice}, []string{"1 observation is of no check of the plan, and counted for nothing: " + twice.Target.String() + "."}},
		{"an empty one", []probe.Observation{{}}, []string{"1 observation is of no check of the plan, and counted for nothing: one without a target."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := judge(t, p, append(tt.more, blockedNetwork(p)...), readiness.Policy{})
			got := r.Notes[len(p.Notes):]
			if diff := cmp.Diff(tt.want, slices.Clip(got), cmp.Transformer("", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			if r.Verdict != readiness.Blocked || len(r.Observations) != len(p.Checks) {
				t.Errorf("%v with %d observations of %d checks", r.Verdict, len(r.Observations), len(p.Checks))
			}
		})
	}
}

func TestObservationsOfNothingInThePlanAreAnError(t *testing.T) {
	p := plan(t, autopilot())
	obs := []probe.Observation{{Target: probe.Target{Protocol: probe.HTTPS, Host: "a.example", Port: 443}}, {}}
	for _, obs := range [][]probe.Observation{obs, obs[:1], obs[1:]} {
		if r, err := (readiness.Runner{}).Judge(p, obs); err == nil {
			t.Errorf("no error for %d observations, and %v", len(obs), r.Verdict)
		}
	}
	if r, err := (readiness.Runner{}).Judge(p, nil); err != nil || r.Verdict != readiness.Unproven {
		t.Errorf("no observations at all: %v", err)
	}
}

// Observations of one plan say nothing wrong of another.
func TestObservationsOfAnotherPlan(t *testing.T) {
	region := func(r endpoints.Region) *readiness.Plan {
		return plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: r})
	}
	newer, err := endpoints.New("mail", "a.contoso.com", "tcp/443 https")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := endpoints.Embedded().With(newer)
	if err != nil {
		t.Fatal(err)
	}
	here := plan(t, autopilot())
	tests := []struct {
		name     string
		measured *readiness.Plan
		judged   *readiness.Plan
	}{
		{"another region", region(endpoints.RegionEurope), region(endpoints.RegionAsiaPacific)},
		{"a newer catalog", here, planOn(t, autopilot(), catalog, probe.Network{})},
		{"an older catalog", planOn(t, autopilot(), catalog, probe.Network{}), here},
		{"another scenario", here, plan(t, endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying})},
		{"behind a proxy", here, planOn(t, autopilot(), nil, through())},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obs := blockedNetwork(tt.measured)
			r := judge(t, tt.judged, obs, readiness.Policy{})
			if r.Verdict != readiness.Blocked {
				t.Errorf("a host that is blocked: %v", r.Verdict)
			}
			matchedWell(t, r, obs)
			obs = reached(tt.measured)
			r = judge(t, tt.judged, obs, readiness.Policy{})
			complete := len(r.Missing) == 0
			if complete != (r.Verdict == readiness.Ready) || len(r.Causes) > 0 {
				t.Errorf("all that was measured is open: %v, %d checks missing, causes %v", r.Verdict, len(r.Missing), codes(r))
			}
			matchedWell(t, r, obs)
		})
	}
}

// No plan measures a target twice, or two checks would want one observation.
func TestAPlanHasEachTargetOnce(t *testing.T) {
	for _, s := range endpoints.Scenarios() {
		for _, c := range endpoints.Clouds() {
			if known, _, _ := endpoints.Embedded().Support(s, c); known == endpoints.Contradicted {
				continue
			}
			for _, n := range []probe.Network{inDomain(), through()} {
				seen := make(map[probe.Target]bool)
				for _, target := range planOn(t, endpoints.Scope{
					Scenario: s, Cloud: c, Tenant: "contoso", Domains: []string{"contoso.com"}, ADDomain: "corp.contoso.com",
				}, nil, n).Targets() {
					if seen[target] {
						t.Errorf("%s, %s: %s twice", s, c, target)
					}
					seen[target] = true
				}
			}
		}
	}
}

// A plan by hand may have a target twice; each check takes one observation.
func TestATargetTwice(t *testing.T) {
	p := *plan(t, autopilot())
	p.Checks = append(slices.Clone(p.Checks), readiness.Check{Target: p.Checks[0].Target})
	if r := judge(t, &p, reached(&p), readiness.Policy{}); r.Verdict != readiness.Ready || len(r.Notes) != len(p.Notes) {
		t.Errorf("%v, notes %q", r.Verdict, r.Notes)
	}
}
