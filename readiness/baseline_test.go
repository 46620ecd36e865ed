package readiness_test

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// compared is what a report comes to beside a baseline.
type compared struct {
	Verdict readiness.Verdict
	Causes  []readiness.CauseCode
}

func comparedIn(r *readiness.Report) compared { return compared{r.Verdict, codes(r)} }

// breakage makes checks fail.
type breakage func([]probe.Observation) []probe.Observation

func failing(op string, code probe.Code, match func(probe.Target) bool) breakage {
	return func(obs []probe.Observation) []probe.Observation { return fail(obs, op, code, match) }
}

// certified makes checks fail after a certificate under one of the root sets.
func certified(code probe.Code, roots string, match func(probe.Target) bool) breakage {
	return func(obs []probe.Observation) []probe.Observation {
		for i := range obs {
			if match(obs[i].Target) {
				obs[i].TLS = &probe.TLSFacts{ServerName: obs[i].Target.Host, Version: "TLS 1.2", VerifiedBy: roots, Chain: []probe.Certificate{{Subject: "CN=x", Issuer: "CN=y"}}}
			}
		}
		return fail(obs, probe.OpHandshake, code, match)
	}
}

func ported(name string, port uint16) func(probe.Target) bool {
	return func(t probe.Target) bool { return t.Host == name && t.Port == port }
}

func spoken(protocol probe.Protocol) func(probe.Target) bool {
	return func(t probe.Target) bool { return t.Protocol == protocol }
}

// What fails alike in a baseline is excused only where it is a single host's doing.
func TestBaseline(t *testing.T) {
	const (
		ready    = readiness.Ready
		degraded = readiness.Degraded
		blocked  = readiness.Blocked
	)
	type causes = []readiness.CauseCode
	unreachable, alike := causes{readiness.CauseHostUnreachable}, causes{readiness.CauseHostBaseline}
	dropped := func(match func(probe.Target) bool) breakage { return failing(probe.OpConnect, probe.TCPTimeout, match) }
	firmware := host("go.microsoft.com")
	servfail := func(authoritative bool) breakage {
		return func(obs []probe.Observation) []probe.Observation {
			for i := range obs {
				if firmware(obs[i].Target) {
					obs[i].DNS = &probe.DNSFacts{Queries: []probe.DNSQuery{{Code: probe.DNSServFail, Authoritative: authoritative}}}
				}
			}
			return fail(obs, probe.OpResolve, probe.DNSServFail, firmware)
		}
	}
	activation := func(except string) func(probe.Target) bool {
		return func(t probe.Target) bool {
			return t.Port == 443 && t.Host != except && slices.Contains([]string{
				"activation-v2.sls.microsoft.com", "activation.sls.microsoft.com", "displaycatalog.md.mp.microsoft.com", "displaycatalog.mp.microsoft.com",
				"licensing.md.mp.microsoft.com", "licensing.mp.microsoft.com", "purchase.md.mp.microsoft.com", "purchase.mp.microsoft.com",
				"validation-v2.sls.microsoft.com", "validation.sls.microsoft.com",
			}, t.Host)
		}
	}
	tests := []struct {
		name        string
		here, there breakage // nil for nothing
		want        compared
	}{
		{"a required host is silent here and there", dropped(firmware), dropped(firmware), compared{ready, alike}},
		{"it is silent here alone", dropped(firmware), nil, compared{degraded, unreachable}},
		{"another host is silent there", dropped(firmware), dropped(host("settings-win.data.microsoft.com")), compared{degraded, unreachable}},
		{"it fails with another code there", dropped(firmware), failing(probe.OpConnect, probe.TCPRefused, firmware), compared{degraded, unreachable}},
		{"it fails at another step there", dropped(firmware), failing(probe.OpResolve, probe.DNSTimeout, firmware), compared{degraded, unreachable}},
		{"it fails with this code at another step there", dropped(firmware), failing(probe.OpHandshake, probe.TCPTimeout, firmware), compared{degraded, unreachable}},
		{
			"it fails on another port there", dropped(ported("go.microsoft.com", 443)), dropped(ported("go.microsoft.com", 80)),
			compared{degraded, unreachable},
		},
		{"two hosts of different kinds", dropped(host("go.microsoft.com", "v10.events.data.microsoft.com")), dropped(host("go.microsoft.com", "v10.events.data.microsoft.com")), compared{ready, alike}},
		{
			"one of two", dropped(host("go.microsoft.com", "v10.events.data.microsoft.com")), dropped(firmware),
			compared{degraded, causes{readiness.CauseHostUnreachable, readiness.CauseHostBaseline}},
		},
		{
			"two of three doubts", dropped(host("settings-win.data.microsoft.com", "catalog.update.microsoft.com", "geover-prod.do.dsp.mp.microsoft.com")),
			dropped(host("settings-win.data.microsoft.com", "catalog.update.microsoft.com")),
			compared{ready, causes{readiness.CauseHostBaseline, readiness.CauseHostDoubtful}},
		},

		// Certificates.
		{
			"another server's genuine certificate", certified(probe.TLSNameMismatch, "public", firmware), certified(probe.TLSNameMismatch, "public", firmware),
			compared{ready, alike},
		},
		{
			"a certificate for another name from this machine's own agent", certified(probe.TLSNameMismatch, "machine", firmware), certified(probe.TLSNameMismatch, "machine", firmware),
			compared{degraded, unreachable},
		},
		{"an expired certificate", certified(probe.TLSExpired, "public", firmware), certified(probe.TLSExpired, "public", firmware), compared{ready, alike}},
		{
			"this machine's agent inspects everything", certified(probe.TLSInspected, "machine", spoken(probe.HTTPS)), certified(probe.TLSInspected, "machine", firmware),
			compared{blocked, causes{readiness.CauseTLSInspection}},
		},
		{
			"an unknown root", certified(probe.TLSUntrusted, "", firmware), certified(probe.TLSUntrusted, "", firmware),
			compared{degraded, causes{readiness.CauseTLSUntrusted}},
		},
		{
			"a reset after the ClientHello, as an agent or a filter sends", failing(probe.OpHandshake, probe.TLSReset, firmware), failing(probe.OpHandshake, probe.TLSReset, firmware),
			compared{degraded, unreachable},
		},

		// Endpoints and services.
		{
			"a core host", dropped(host("login.live.com")), dropped(host("login.live.com")), compared{blocked, unreachable},
		},
		{
			"a member of a core pattern", dropped(host("fef.msua01.manage.microsoft.com")), dropped(host("fef.msua01.manage.microsoft.com")), compared{degraded, unreachable},
		},
		{
			"all but one of the required hosts of a fatal service", dropped(activation("purchase.mp.microsoft.com")), dropped(activation("purchase.mp.microsoft.com")), compared{ready, alike},
		},
		{
			"all of them", dropped(activation("")), dropped(activation("")), compared{blocked, unreachable},
		},
		{
			"all of them, one here alone", dropped(activation("")), dropped(activation("purchase.mp.microsoft.com")), compared{blocked, unreachable},
		},

		// What is wider than a host.
		{
			"TCP 443 is blocked here, and one host is silent there", dropped(spoken(probe.HTTPS)), dropped(firmware),
			compared{blocked, causes{readiness.CauseHTTPSBlocked}},
		},
		{
			"NTP is blocked here and there", failing(probe.OpClock, probe.NTPTimeout, spoken(probe.NTP)), failing(probe.OpClock, probe.NTPTimeout, spoken(probe.NTP)),
			compared{blocked, causes{readiness.CauseNTPBlocked}},
		},
		{
			"TCP 80 is blocked there, and a host is silent on it here", dropped(ported("go.microsoft.com", 80)), dropped(func(t probe.Target) bool { return t.Port == 80 }),
			compared{degraded, unreachable},
		},
		{
			"a resolver denies a name", failing(probe.OpResolve, probe.DNSNXDomain, firmware), failing(probe.OpResolve, probe.DNSNXDomain, firmware),
			compared{degraded, causes{readiness.CauseDNSFiltered}},
		},
		{"servers of a zone fail", servfail(false), servfail(false), compared{ready, alike}},
		{"a resolver fails by its own authority", servfail(true), servfail(true), compared{degraded, unreachable}},
		{
			"a proxy cannot reach a host", failing(probe.OpProxy, probe.ProxyTargetUnreachable, firmware), failing(probe.OpProxy, probe.ProxyTargetUnreachable, firmware),
			compared{degraded, unreachable},
		},
		{
			"a proxy refuses a host", failing(probe.OpProxy, probe.ProxyDenied, firmware), failing(probe.OpProxy, probe.ProxyDenied, firmware),
			compared{degraded, causes{readiness.CauseProxyDenied}},
		},
		{
			"a block page", failing(probe.OpRequest, probe.HTTPBlockPage, firmware), failing(probe.OpRequest, probe.HTTPBlockPage, firmware),
			compared{degraded, causes{readiness.CauseBlockPage}},
		},
	}
	p := plan(t, autopilot())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			here, there := reached(p), reached(p)
			if tt.here != nil {
				here = tt.here(here)
			}
			if tt.there != nil {
				there = tt.there(there)
			}
			baseline := judge(t, p, there, readiness.Policy{})
			if baseline.Verdict == readiness.Blocked {
				baseline.Verdict = readiness.Degraded // as if the policy of that network were milder
			}
			alone, got := judge(t, p, here, readiness.Policy{}), judge(t, p, here, readiness.Policy{}.Against(baseline))
			if diff := cmp.Diff(tt.want, comparedIn(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if alone.Verdict == readiness.Ready {
				t.Error("ready without a baseline")
			}
			stored := judge(t, p, here, readiness.Policy{}.Against(readBack(t, encoded(t, baseline))))
			if diff := cmp.Diff(comparedIn(got), comparedIn(stored)); diff != "" {
				t.Errorf("read back (-want +got):\n%s", diff)
			}
		})
	}
}

// A family that does not work, or a socket that this machine does not open, is the
// same everywhere.
func TestBaselineExcusesNoFamilyAndNoMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &probetest.Internet{Hosts: plan(t, autopilot()).Hosts(), IPv6: true, Faults: []probetest.Fault{
			probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Network: "tcp", Fault: probetest.Drop},
		}}
		r, err := readiness.Runner{Network: net.Network()}.Assess(t.Context(), autopilot())
		if err != nil {
			t.Fatal(err)
		}
		got := judge(t, r.Plan, r.Observations, readiness.Policy{}.Against(r))
		if diff := cmp.Diff(compared{readiness.Degraded, []readiness.CauseCode{readiness.CauseIPv6Broken}}, comparedIn(got)); diff != "" {
			t.Errorf("IPv6 (-want +got):\n%s", diff)
		}
	})
	p := plan(t, autopilot())
	good := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("go.microsoft.com")), readiness.Policy{})
	r := judge(t, p, fail(reached(p), probe.OpConnect, probe.LocalSocket, host("go.microsoft.com")), readiness.Policy{}.Against(good))
	if diff := cmp.Diff(compared{readiness.Unproven, []readiness.CauseCode{readiness.CauseMachine}}, comparedIn(r)); diff != "" {
		t.Errorf("a socket (-want +got):\n%s", diff)
	}
}

// Whatever fails, a baseline lifts nothing that is blocked or unproven, and makes
// nothing worse.
func TestBaselineNeverMakesAReportWorse(t *testing.T) {
	for _, scenario := range []endpoints.Scenario{endpoints.ScenarioAutopilot, endpoints.ScenarioAutopatch} {
		p := plan(t, endpoints.Scope{Scenario: scenario})
		for seed := range uint64(sampletest.Count(100)) {
			random := rand.New(rand.NewPCG(seed, 1))
			share := random.Float64() / 3
			here, there := reached(p), reached(p)
			for i := range here {
				if random.Float64() < share {
					code := []probe.Code{probe.TCPTimeout, probe.TCPRefused, probe.TLSAlert, probe.TLSReset}[random.IntN(4)]
					here[i].Error = &probe.Error{Op: probe.OpConnect, Code: code}
					if random.IntN(3) > 0 {
						there[i].Error = here[i].Error
					}
				}
			}
			baseline := judge(t, p, there, readiness.Policy{})
			baseline.Verdict = readiness.Degraded // so that it is taken, whatever fails
			alone, beside := judge(t, p, here, readiness.Policy{}), judge(t, p, here, readiness.Policy{}.Against(baseline))
			if beside.Verdict != alone.Verdict && (alone.Verdict != readiness.Degraded || beside.Verdict != readiness.Ready) {
				t.Errorf("%s, seed %d: %v alone, and %v beside a baseline", scenario, seed, alone.Verdict, beside.Verdict)
			}
			for i, s := range alone.Services {
				if b := beside.Services[i]; b.Verdict != s.Verdict && s.Verdict != readiness.Degraded {
					t.Errorf("%s, seed %d: %s is %v alone, and %v beside a baseline", scenario, seed, s.Service, s.Verdict, b.Verdict)
				}
			}
		}
	}
}

// What a baseline excuses still counts among what a service has, so that one host
// that fails here alone is not all of it.
func TestBaselineLeavesExcusedHostsInTheirService(t *testing.T) {
	mild := readiness.Policy{}.OnFailure(func(_ endpoints.Scope, _ endpoints.Endpoint, f readiness.Finding, soFar readiness.Ruling) readiness.Ruling {
		if f.Code == probe.TCPRefused {
			soFar.Impact = readiness.Degrading
		}
		return soFar
	})
	p := plan(t, autopilot())
	refused := func(t probe.Target) bool {
		return t.Port == 443 && t.Host != "purchase.mp.microsoft.com" && slices.ContainsFunc(p.Checks, func(c readiness.Check) bool {
			return c.Target == t && slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool { return e.Service == endpoints.ServiceActivation })
		})
	}
	there := fail(reached(p), probe.OpConnect, probe.TCPRefused, refused)
	here := fail(fail(reached(p), probe.OpConnect, probe.TCPRefused, refused), probe.OpConnect, probe.TCPTimeout, host("purchase.mp.microsoft.com"))
	baseline := judge(t, p, there, mild)
	if alone, beside := judge(t, p, here, mild), judge(t, p, here, mild.Against(baseline)); alone.Verdict != readiness.Degraded || beside.Verdict != readiness.Degraded {
		t.Errorf("%v alone, and %v beside a baseline that is %v", alone.Verdict, beside.Verdict, baseline.Verdict)
	}
}
