package readiness_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// fewHosts returns a catalog of a few fatal hosts of unrelated owners.
func fewHosts(t *testing.T) *endpoints.Catalog {
	t.Helper()
	var list []endpoints.Endpoint
	for _, name := range theFew() {
		e, err := endpoints.New("mail", name, "tcp/443 https", "tcp/80 http")
		if err != nil {
			t.Fatal(err)
		}
		e.Decisive, e.Traits = true, []endpoints.Trait{endpoints.TraitByteRange}
		list = append(list, e)
	}
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func theFew() []string {
	return []string{"www.contoso.com", "api.contoso.com", "www.fabrikam.com", "www.tailspin.example", "www.wingtip.example"}
}

// onAll makes a fault of every host of the plan, and of no other.
func onAll(f probetest.Fault) []probetest.Fault {
	var out []probetest.Fault
	for _, name := range theFew() {
		out = append(out, probetest.At{Host: name, Fault: f})
	}
	return out
}

// What breaks inside connections, and healthy networks that resemble it.
func TestPaths(t *testing.T) {
	none := []probetest.Fault(nil)
	on443 := func(f ...probetest.Fault) []probetest.Fault {
		var all []probetest.Fault
		for _, f := range f {
			all = append(all, onPort("tcp", 443, f))
		}
		return all
	}
	tests := []struct {
		name    string
		faults  []probetest.Fault
		verdict readiness.Verdict
		causes  causes
		says    []string // of the first cause
		notes   string   // part of the notes
		change  func(*probe.Network)
	}{
		{name: "a healthy path", faults: none, verdict: ready},
		{name: "a tunnel that hosts know of", faults: []probetest.Fault{probetest.PathMTU{Bytes: 1500}}, verdict: ready},
		{
			name: "a tunnel that loses large packets", faults: []probetest.Fault{probetest.PathMTU{}}, verdict: blocked, causes: causes{readiness.CausePathMTU},
			says: []string{"1400 bytes pass, 1492 do not", "fragmentation needed", "packet too big", "MSS to 1360 for IPv4 and 1340 for IPv6", "Small responses arrive"},
		},
		{
			name: "a tunnel that loses large packets of downloads", faults: []probetest.Fault{probetest.PathMTU{Bytes: 1280, Download: true}}, verdict: blocked, causes: causes{readiness.CausePathMTU},
			says: []string{"1280 bytes pass, 1400 do not"},
		},
		{
			name: "a tunnel that loses large packets of uploads", faults: []probetest.Fault{probetest.PathMTU{Upload: true}}, verdict: degraded, causes: causes{readiness.CausePathMTU},
			says: []string{"from this network are lost (1280 bytes pass)"},
		},
		{
			name: "a tunnel that loses large packets, and nobody can send smaller ones", faults: []probetest.Fault{probetest.PathMTU{}}, verdict: blocked, causes: causes{readiness.CausePathMTU},
			says: []string{"Large packets are lost on the path ", "refuses a TLS ClientHello", "clamp the TCP MSS at the gateway"}, change: func(n *probe.Network) { n.ConnectMSS = nil },
		},
		{
			name: "downloads lose large packets or a filter drops certificates, and nobody can tell", faults: []probetest.Fault{probetest.PathMTU{Download: true}}, verdict: blocked, causes: causes{readiness.CauseHTTPSBlocked},
			says: []string{"either a filter stops the others, or the path loses large packets"}, change: func(n *probe.Network) { n.ConnectMSS = nil },
		},
		{
			name: "a box that drops every ClientHello, and nobody can send smaller packets", faults: on443(probetest.NewHello{Over: 1}), verdict: blocked, causes: causes{readiness.CauseHTTPSBlocked},
			change: func(n *probe.Network) { n.ConnectMSS = nil },
		},
		{
			name: "a tunnel to one host that loses large packets", faults: []probetest.Fault{at("www.fabrikam.com", probetest.PathMTU{})}, verdict: blocked, causes: causes{readiness.CauseHostUnreachable},
		},
		{name: "TCP port 443 is dropped", faults: on443(probetest.Drop), verdict: blocked, causes: causes{readiness.CauseHTTPSBlocked}},
		{name: "a box that drops every ClientHello", faults: on443(probetest.NewHello{Over: 1}), verdict: blocked, causes: causes{readiness.CauseHTTPSBlocked}},
		{name: "hosts accept and never answer", faults: on443(probetest.Silence), verdict: blocked, causes: causes{readiness.CauseHTTPSBlocked}},
		{name: "hosts are silent at first", faults: on443(probetest.Once{Fault: probetest.Silence}), verdict: ready},
		{name: "one host accepts and never answers", faults: []probetest.Fault{at("www.fabrikam.com", onPort("tcp", 443, probetest.Silence))}, verdict: blocked, causes: causes{readiness.CauseHostUnreachable}},
		{name: "hosts far away", faults: []probetest.Fault{probetest.Delay{By: time.Second}}, verdict: ready},

		{name: "a box that does not know TLS 1.3", faults: on443(probetest.NewHello{}), verdict: ready, causes: causes{readiness.CauseTLS13Blocked}, says: []string{"TLS 1.3 is blocked", "tls.timeout"}},
		{
			name: "a box that does not know TLS 1.3, where nobody can send smaller packets", faults: on443(probetest.NewHello{}), verdict: ready, causes: causes{readiness.CauseTLS13Blocked},
			change: func(n *probe.Network) { n.ConnectMSS = nil },
		},
		{name: "a box that reads one packet of a ClientHello", faults: on443(probetest.NewHello{Over: 1400}), verdict: ready, causes: causes{readiness.CauseLargeHelloBlocked}, says: []string{"does not fit into one packet"}},
		{name: "hosts that have no TLS 1.3", faults: on443(probetest.TLSVersions{Max: 0x0303}), verdict: ready},
		{name: "one host fails at TLS 1.3", faults: []probetest.Fault{at("www.fabrikam.com", probetest.NewHello{})}, verdict: ready},
		{name: "a filter that takes Content-Range out of partial responses", faults: []probetest.Fault{probetest.BareRange}, verdict: degraded, causes: causes{readiness.CauseRangeStripped}, says: []string{"status 206 with the Content-Range \"\"", "No host returned a partial response over HTTPS"}},
		{name: "a filter that resets range requests", faults: []probetest.Fault{probetest.ResetRange}, verdict: degraded, causes: causes{readiness.CauseRangeStripped}, says: []string{"connection reset", "A request for the whole file gets status 200"}},
		{name: "a filter that leaves range requests unanswered", faults: []probetest.Fault{probetest.SilentRange}, verdict: degraded, causes: causes{readiness.CauseRangeStripped}, says: []string{"connected, then no answer (http.timeout)"}},
		{
			name: "a filter that takes ranges out for two owners", faults: []probetest.Fault{at("www.fabrikam.com", probetest.IgnoreRange), at("www.contoso.com", probetest.IgnoreRange)}, verdict: degraded,
			causes: causes{readiness.CauseRangeStripped}, says: []string{"over HTTP for 2 hosts and HTTPS for 2 hosts"},
		},
		{
			name: "two owners whose pages cannot be divided", faults: []probetest.Fault{at("www.fabrikam.com", probetest.Page{Body: "page"}), at("www.contoso.com", probetest.Page{Body: "page"})}, verdict: ready,
		},
		{name: "one host resets range requests", faults: []probetest.Fault{at("www.fabrikam.com", probetest.ResetRange)}, verdict: ready},
		{name: "hosts that have nothing at their root", faults: onAll(probetest.Page{Status: 403, Body: "no"}), verdict: ready, notes: "Byte ranges were not tested for 10 ports"},
		{name: "a host whose bodies are cut short", faults: []probetest.Fault{at("www.fabrikam.com", probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Close})}, verdict: ready, notes: "Only its status line was needed"},
		{name: "one host fails at large hellos", faults: []probetest.Fault{at("www.fabrikam.com", probetest.NewHello{Over: 1400})}, verdict: ready},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := fewHosts(t)
				p := planOn(t, autopilot(), c, probe.Network{})
				n := ideal(p, &probetest.Internet{Latency: 20 * time.Millisecond, Faults: tt.faults}).Network()
				if tt.change != nil {
					tt.change(&n)
				}
				r, err := assessPlan(t.Context(), readiness.Runner{Network: n, Catalog: c, Policy: fatal()}, p)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" || r.Verdict != tt.verdict {
					t.Errorf("%v, want %v; causes (-want +got):\n%s", r.Verdict, tt.verdict, diff)
				}
				for _, c := range r.Causes {
					t.Log(c.Code, c.Impact, c.Title, c.Evidence, c.Remedy)
				}
				if notes := strings.Join(r.Notes, " "); !strings.Contains(notes, tt.notes) {
					t.Errorf("%q does not say %q", notes, tt.notes)
				}
				if len(r.Causes) == 0 {
					return
				}
				first := r.Causes[0]
				told := first.Title + " " + strings.Join(first.Evidence, " ") + " " + first.Remedy
				for _, words := range tt.says {
					if !strings.Contains(told, words) {
						t.Errorf("%q does not say %q", told, words)
					}
				}
			})
		})
	}
}

func TestCausesOfPaths(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"a tunnel that loses large packets",
			&probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{probetest.PathMTU{}}},
			summary{blocked, causes{readiness.CausePathMTU}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a tunnel that loses large packets over both families",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{probetest.PathMTU{Bytes: 1280}}},
			summary{blocked, causes{readiness.CausePathMTU}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a box that does not know TLS 1.3",
			&probetest.Internet{Faults: []probetest.Fault{probetest.NewHello{}}},
			summary{ready, causes{readiness.CauseTLS13Blocked}, ""},
		},
	})
}

// Observations may come from anywhere: one without TLS facts proves nothing
// about the path, and shares the fate of those that do.
func TestPathMTUWithoutTLSFacts(t *testing.T) {
	p := planOn(t, autopilot(), fewHosts(t), probe.Network{})
	obs := reached(p)
	bare := 0
	for i := len(obs) - 1; i >= 0; i-- {
		if obs[i].Target.Protocol != probe.HTTPS {
			continue
		}
		obs[i].Error = &probe.Error{Op: probe.OpHandshake, Code: probe.TLSTimeout}
		obs[i].TCP = &probe.TCPFacts{Remote: netip.MustParseAddrPort("192.0.2.1:443")}
		if bare++; bare <= 2 {
			obs[i].TLS = nil
			continue
		}
		obs[i].TLS = &probe.TLSFacts{Handshakes: []probe.Handshake{{Code: probe.TLSTimeout, Packet: 1492}, {Packet: 1400}}}
	}
	r := judge(t, p, obs, readiness.Policy{})
	for _, c := range r.Causes {
		if c.Code == readiness.CausePathMTU && len(c.Checks) == bare {
			return
		}
	}
	t.Errorf("causes %v, want %s for all %d", codes(r), readiness.CausePathMTU, bare)
}
