package readiness_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// came returns how a check of the first host came out.
func came(t *testing.T, r *readiness.Report, p probe.Protocol) (readiness.Outcome, probe.Code) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Check.Target.Host == "owner0.example" && f.Check.Target.Protocol == p {
			return f.Outcome, f.Code
		}
	}
	t.Fatalf("no finding by %s", p)
	return readiness.NotRun, ""
}

// Some codes say nothing of the network.
func TestCodesThatSayNothing(t *testing.T) {
	for code, want := range map[probe.Code]readiness.Outcome{
		probe.Canceled: readiness.NotRun, probe.Skipped: readiness.NotRun, probe.NotTestable: readiness.NotRun, probe.TLSIncomplete: readiness.NotRun,
		probe.Panicked: readiness.NotRun, probe.LocalResource: readiness.NotRun, probe.LocalDenied: readiness.NotRun, probe.LocalSocket: readiness.NotRun,
		probe.Timeout: readiness.Failed, probe.TLSUntrusted: readiness.Failed, probe.Unknown: readiness.Failed,
	} {
		r := reportOf(t, each(2), over(probe.HTTPS, 1, failed(probe.OpConnect, code)))
		if got, as := came(t, r, probe.HTTPS); got != want || as != code {
			t.Errorf("%s is %s (%s), want %s", code, got, as, want)
		}
	}
}

// A host is reached although its page did not arrive whole, if it is known who sent
// it.
func TestIncompletePages(t *testing.T) {
	const note = "1 port answered, but the body of the response did not arrive whole: owner0.example:443 (http.timeout). Only its status line was needed, so this counts as reached."
	for _, tt := range []struct {
		name   string
		proto  probe.Protocol
		change func(o *probe.Observation)
		want   readiness.Outcome
	}{
		{"over HTTPS", probe.HTTPS, func(*probe.Observation) {}, readiness.OK},
		{"over plain HTTP", probe.HTTP, func(*probe.Observation) {}, readiness.OK},
		{"without a status", probe.HTTP, func(o *probe.Observation) { o.HTTP.Status = 0 }, readiness.Failed},
		{"without a response", probe.HTTP, func(o *probe.Observation) { o.HTTP = nil }, readiness.Failed},
		{"while the request was sent", probe.HTTP, func(o *probe.Observation) { o.Error.Op = probe.OpRequest }, readiness.Failed},
		{"it is the wrong page", probe.HTTP, func(o *probe.Observation) { o.Error.Code = probe.HTTPStatus }, readiness.Failed},
		{"from a stranger", probe.HTTPS, func(o *probe.Observation) { o.TLS.VerifiedBy = "machine" }, readiness.Failed},
		{"from another host", probe.HTTPS, func(o *probe.Observation) { o.TLS.NameMatches = false }, readiness.Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, each(2), over(tt.proto, 1, func(_ int, o *probe.Observation) {
				o.Error = &probe.Error{Op: probe.OpBody, Code: probe.HTTPTimeout}
				tt.change(o)
			}))
			if got, _ := came(t, r, tt.proto); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if tt.name == "over HTTPS" && !slices.Contains(r.Notes, note) {
				t.Errorf("notes %q", r.Notes)
			}
			if told := strings.Contains(strings.Join(r.Notes, " "), "arrive whole"); told != (tt.want == readiness.OK) {
				t.Errorf("notes %q", r.Notes)
			}
		})
	}
}

// One host may stay silent after the handshake, if nobody knows that it answers.
func TestLimitsOfSilentHosts(t *testing.T) {
	const note = "owner0.example:443 completed a TLS handshake with a genuine certificate and then sent no HTTP response. " +
		"It counts as reached, because no record shows that it sends one on any network."
	silence := func(o *probe.Observation) {
		o.HTTP, o.Error = nil, &probe.Error{Op: probe.OpRequest, Code: probe.HTTPTimeout}
	}
	for _, tt := range []struct {
		name              string
		silent            int // hosts
		proto             probe.Protocol
		decisive, answers bool // what is known of the first
		change            func(o *probe.Observation)
		want              readiness.Outcome
	}{
		{"one", 1, probe.HTTPS, false, false, silence, readiness.OK},
		{"two", 2, probe.HTTPS, false, false, silence, readiness.Failed},
		{"one that decides", 1, probe.HTTPS, true, false, silence, readiness.Failed},
		{"one that is known to answer", 1, probe.HTTPS, false, true, silence, readiness.Failed},
		{"one over plain HTTP", 1, probe.HTTP, false, false, silence, readiness.Failed},
		{"in the body", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.Error.Op = probe.OpBody }, readiness.OK},
		{"in the handshake", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.Error.Op = probe.OpHandshake }, readiness.Failed},
		{"a status", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.HTTP = &probe.HTTPFacts{Status: 200} }, readiness.Failed},
		{"no status", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.HTTP = &probe.HTTPFacts{} }, readiness.OK},
		{"a stranger", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.TLS.VerifiedBy = "" }, readiness.Failed},
		{"without a handshake", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.TLS.Version = "" }, readiness.Failed},
		{"it was not measured", 1, probe.HTTPS, false, false, func(o *probe.Observation) { silence(o); o.Error.Code = probe.Canceled }, readiness.NotRun},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, names := planOfHosts(t, each(3))
			var list []endpoints.Endpoint
			var facts []endpoints.Fact
			for e := range p.Endpoints() {
				if e.Host.String() == names[0] {
					e.Decisive = tt.decisive
					if tt.answers {
						facts = append(facts, known(e, 443, endpoints.Confirmed, endpoints.HowAnswers))
					}
				}
				list = append(list, e)
			}
			p = planOn(t, autopilot(), dated(t, list, facts...), probe.Network{})
			obs := reached(p)
			for i := range obs {
				k := slices.Index(names, obs[i].Target.Host)
				if answer(&obs[i], k); k < tt.silent && obs[i].Target.Protocol == tt.proto {
					tt.change(&obs[i])
				}
			}
			r := judge(t, p, obs, fatal())
			if got, _ := came(t, r, tt.proto); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if slices.Contains(r.Notes, note) != (tt.want == readiness.OK) {
				t.Errorf("notes %q", r.Notes)
			}
		})
	}
}

// A portal redirects plain HTTP to a host of an owner that the plan does not know.
func TestLimitsOfRedirects(t *testing.T) {
	to := func(location string) func(int, *probe.Observation) {
		return over(probe.HTTP, everyHost, func(_ int, o *probe.Observation) {
			o.HTTP.Status, o.HTTP.Location = 302, location
		})
	}
	portal := to("http://portal.hotel.test/sign-in")
	first := func(change func(o *probe.Observation)) func(int, *probe.Observation) {
		return all(portal, over(probe.HTTP, 1, func(_ int, o *probe.Observation) { change(o) }))
	}
	code := func(o *probe.Observation, c probe.Code) { o.Error = &probe.Error{Op: probe.OpRequest, Code: c} }
	judgeSeen(t, []seen{
		{"to one host", each(3), portal, readiness.CauseCaptivePortal, true},
		{"to one host, for two owners", []int{2, 2}, portal, readiness.CauseCaptivePortal, false},
		{"to a host of the plan", each(3), to("http://owner1.example/"), readiness.CauseCaptivePortal, false},
		{"to another host", each(4), first(func(o *probe.Observation) { o.HTTP.Location = "http://www.hotel.test/" }), readiness.CauseCaptivePortal, false},
		{"to no host", each(4), first(func(o *probe.Observation) { o.HTTP.Location = "" }), readiness.CauseCaptivePortal, false},
		{"of another status", each(3), first(func(o *probe.Observation) { o.HTTP.Status = 307 }), readiness.CauseCaptivePortal, true},
		{"and one host did not answer", each(4), first(func(o *probe.Observation) { o.HTTP.Status = 0 }), readiness.CauseCaptivePortal, true},
		{"and one answered otherwise, cut off", each(4), first(func(o *probe.Observation) {
			o.HTTP.Location = ""
			code(o, probe.Canceled)
		}), readiness.CauseCaptivePortal, false},
		{"for two owners and one that was cut off", each(3), first(func(o *probe.Observation) { code(o, probe.Canceled) }), readiness.CauseCaptivePortal, false},
		{"of one by a proxy", each(4), first(func(o *probe.Observation) {
			o.HTTP.Location, o.Proxy = "", &probe.ProxyFacts{URL: "http://proxy.example:3128"}
		}), readiness.CauseCaptivePortal, true},
	})
	r := reportOf(t, each(4), first(func(o *probe.Observation) {
		o.HTTP.Location = ""
		code(o, probe.HTTPBlockPage)
	}))
	if !slices.Contains(codes(r), readiness.CauseCaptivePortal) {
		t.Errorf("and one host is blocked: causes %v", codes(r))
	}
}

// Someone may answer for hosts over one family alone.
func TestInterceptionOverOneFamily(t *testing.T) {
	const over4, over6 = "Over IPv6, genuine certificates come from owner0.example.", "Over IPv4, genuine certificates come from owner0.example, owner1.example, owner2.example. Windows prefers IPv6 (RFC 6724)."
	chain := []probe.Certificate{{Issuer: "CN=Filter", SHA256: "00"}}
	besides := func(verified string, c probe.Code) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{
				Addr: netip.AddrPortFrom(address6(k), o.Target.Port), TLS: &probe.TLSFacts{VerifiedBy: verified, Chain: chain}, TLSCode: c,
			})
		}
	}
	inspected := all(failed(probe.OpHandshake, probe.TLSInspected), func(_ int, o *probe.Observation) {
		o.TLS, o.HTTP = &probe.TLSFacts{VerifiedBy: "machine", Chain: chain}, nil
	})
	for _, tt := range []struct {
		name   string
		change func(int, *probe.Observation)
		title  string
		says   string
	}{
		{"IPv6", over(probe.HTTPS, 3, besides("machine", probe.TLSInspected)), "TLS inspection by Filter over IPv6 on 3 hosts", over6},
		{"IPv4", all(over(probe.HTTPS, 3, inspected), over(probe.HTTPS, 1, besides("public", ""))), "TLS inspection by Filter over IPv4 on 3 hosts", over4},
		{"both", all(over(probe.HTTPS, 3, inspected), over(probe.HTTPS, 3, besides("machine", probe.TLSInspected))), "TLS inspection by Filter on 3 hosts", ""},
		{"one that is known", over(probe.HTTPS, 3, inspected), "TLS inspection by Filter on 3 hosts", ""},
		{"both, of which one is in part", all(over(probe.HTTPS, 3, inspected), over(probe.HTTPS, 1, besides("public", "")), func(k int, o *probe.Observation) {
			if k == 1 && o.Target.Protocol == probe.HTTPS {
				besides("machine", probe.TLSInspected)(k, o)
			}
		}), "TLS inspection by Filter on 3 hosts", ""},
		{"IPv6, of an observation through a proxy", over(probe.HTTPS, 3, all(besides("machine", probe.TLSInspected), func(_ int, o *probe.Observation) {
			o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"}
		})), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, each(3), tt.change)
			if tt.title == "" {
				if len(r.Causes) > 0 {
					t.Errorf("causes %+v", r.Causes)
				}
				return
			}
			if len(r.Causes) != 1 || r.Causes[0].Title != tt.title {
				t.Fatalf("causes %+v, want %q", r.Causes, tt.title)
			}
			for _, s := range []string{over4, over6} {
				if slices.Contains(r.Causes[0].Evidence, s) != (s == tt.says) {
					t.Errorf("evidence %q", r.Causes[0].Evidence)
				}
			}
		})
	}
}
