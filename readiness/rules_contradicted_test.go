package readiness_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// What the catalog contradicts costs nothing, and nothing else does.
func TestContradictedHosts(t *testing.T) {
	judgeAll(t, []rule{
		{
			"a CDN's certificate where there is one everywhere, and ports that never answer", endpoints.ScenarioAutopilot,
			[]probetest.Fault{
				atPort("m.manage.microsoft.com", 443, probetest.WrongName), atPort("2.dl.delivery.mp.microsoft.com", 443, probetest.WrongName),
				atPort("adl.windows.com", 443, probetest.WrongName), atPort("licensing.mp.microsoft.com", 80, probetest.Drop),
				atPort("tsfe.trafficshaping.dsp.mp.microsoft.com", 80, probetest.Drop),
			},
			ready,
			causes{readiness.CauseHostContradicted},
		},
		{
			"another port of one of these", endpoints.ScenarioAutopilot,
			[]probetest.Fault{atPort("licensing.mp.microsoft.com", 443, probetest.Drop)},
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"one of these fails in another way", endpoints.ScenarioAutopilot,
			[]probetest.Fault{atPort("m.manage.microsoft.com", 443, probetest.Drop)},
			ready,
			causes{readiness.CauseHostContradicted},
		},
		{
			"a stale override leads a core host to another CDN", endpoints.ScenarioAutopilot,
			[]probetest.Fault{atPort("enterpriseenrollment.manage.microsoft.com", 443, probetest.WrongName)},
			blocked,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a stale override leads a required host to another CDN", endpoints.ScenarioAutopilot,
			[]probetest.Fault{atPort("go.microsoft.com", 443, probetest.WrongName)},
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a stale override leads an optional host of which nothing is known to another CDN", endpoints.ScenarioAutopilot,
			[]probetest.Fault{atPort("settings-win.data.microsoft.com", 443, probetest.WrongName)},
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"TLS inspection meets one of these too", endpoints.ScenarioAutopilot,
			[]probetest.Fault{probetest.Inspect{}},
			blocked,
			causes{readiness.CauseTLSInspection},
		},
	})
}

// A certificate of another name on a genuine chain is another server's: whose it is,
// is said, and DNS is looked at first.
func TestCertificateOfAnotherServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := assess(t, autopilot(), &probetest.Internet{Faults: []probetest.Fault{atPort("login.live.com", 443, probetest.WrongName)}})
		c := r.Causes[0]
		if !strings.Contains(strings.Join(c.Evidence, " "), "The certificate is genuine and belongs to other.example") ||
			!strings.HasPrefix(c.Remedy, "Compare the DNS servers' answers for login.live.com with those of a public DNS server") {
			t.Errorf("%q: %q", c.Evidence, c.Remedy)
		}
	})
}

// A host that is known to have the certificate of another fails as elsewhere if that
// certificate is genuine and is why it fails.
func TestKnownCertificateOfAnother(t *testing.T) {
	h, err := endpoints.ParseHost("mail.contoso.com")
	if err != nil {
		t.Fatal(err)
	}
	c, err := new(endpoints.Catalog).With(endpoint(t, "mail", h.String(), nil, "tcp/443 https"), endpoint(t, "mail", "www.contoso.com", nil, "tcp/443 https"))
	if err != nil {
		t.Fatal(err)
	}
	if c, err = c.WithFacts(endpoints.Fact{
		Host: h, Port: 443, Known: endpoints.Contradicted, How: endpoints.HowForeignCertificate, Basis: endpoints.BasisSeen,
		Source: endpoints.Source{Title: "a capture", Ref: "here", Date: "2026-11-01"}, Date: "2026-11-01", Confidence: "several",
	}); err != nil {
		t.Fatal(err)
	}
	p := planOn(t, autopilot(), c, probe.Network{})
	for _, tt := range []struct {
		name      string
		code      probe.Code
		roots     string
		elsewhere bool
	}{
		{"the same", probe.TLSNameMismatch, "public", true},
		{"a certificate of this machine's CA", probe.TLSNameMismatch, "machine", false},
		{"a handshake that is cut off", probe.TLSReset, "public", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obs := fail(reached(p), probe.OpHandshake, tt.code, host(h.String()))
			for i := range obs {
				if !obs[i].OK() {
					obs[i].TLS = &probe.TLSFacts{VerifiedBy: tt.roots, Chain: []probe.Certificate{{Subject: "CN=other.example"}}}
				}
			}
			r := judge(t, p, obs, readiness.Policy{})
			if len(r.Causes) != 1 || r.Causes[0].Code != readiness.CauseHostContradicted || strings.Contains(strings.Join(r.Causes[0].Evidence, " "), "as elsewhere") != tt.elsewhere {
				t.Errorf("causes %+v, want as elsewhere: %t", r.Causes, tt.elsewhere)
			}
		})
	}
}

// A host that is known not to work fails as elsewhere only if it fails the same way.
func TestKnownFailures(t *testing.T) {
	h, err := endpoints.ParseHost("mail.contoso.com")
	if err != nil {
		t.Fatal(err)
	}
	genuine := func(o *probe.Observation) { o.TLS = &probe.TLSFacts{VerifiedBy: "public", Version: "TLS 1.2"} }
	answered := func(o *probe.Observation) { genuine(o); o.HTTP = &probe.HTTPFacts{Status: 404} }
	for _, tt := range []struct {
		how       string
		op        string
		code      probe.Code
		change    func(*probe.Observation)
		elsewhere bool
	}{
		{endpoints.HowNoSuchName, probe.OpResolve, probe.DNSServFail, nil, false},
		{endpoints.HowSilent, probe.OpConnect, probe.TCPTimeout, nil, true},
		{endpoints.HowSilent, probe.OpConnect, probe.TCPRefused, nil, false},
		{endpoints.HowRefused, probe.OpConnect, probe.TCPRefused, nil, true},
		{endpoints.HowRefused, probe.OpConnect, probe.TCPTimeout, nil, false},
		{endpoints.HowNoHTTP, probe.OpRequest, probe.HTTPTimeout, genuine, true},
		{endpoints.HowNoHTTP, probe.OpRequest, probe.HTTPStatus, answered, false},
		{endpoints.HowUntrusted, probe.OpHandshake, probe.TLSUntrusted, nil, true},
		{endpoints.HowUntrusted, probe.OpHandshake, probe.TLSExpired, nil, false},
	} {
		t.Run(tt.how+", "+string(tt.code), func(t *testing.T) {
			c, err := new(endpoints.Catalog).With(endpoint(t, "mail", h.String(), nil, "tcp/443 https"), endpoint(t, "mail", "www.contoso.com", nil, "tcp/443 https"))
			if err != nil {
				t.Fatal(err)
			}
			port := uint16(443)
			if tt.how == endpoints.HowNoSuchName {
				port = 0
			}
			if c, err = c.WithFacts(endpoints.Fact{
				Host: h, Port: port, Known: endpoints.Contradicted, How: tt.how, Basis: endpoints.BasisSeen,
				Source: endpoints.Source{Title: "a capture", Ref: "here", Date: "2026-11-01"}, Date: "2026-11-01", Confidence: "several",
			}); err != nil {
				t.Fatal(err)
			}
			p := planOn(t, autopilot(), c, probe.Network{})
			obs := fail(reached(p), tt.op, tt.code, func(t probe.Target) bool { return t.Protocol == probe.HTTPS && t.Host == h.String() })
			for i := range obs {
				if !obs[i].OK() && tt.change != nil {
					tt.change(&obs[i])
				}
			}
			r := judge(t, p, obs, readiness.Policy{})
			if len(r.Causes) != 1 || r.Causes[0].Code != readiness.CauseHostContradicted || strings.Contains(strings.Join(r.Causes[0].Evidence, " "), "as elsewhere") != tt.elsewhere {
				t.Errorf("causes %+v, want as elsewhere: %t", r.Causes, tt.elsewhere)
			}
		})
	}
}
