package probe_test

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// TestFamiliesHandshake: HTTPS makes a handshake over IPv6 too.
func TestFamiliesHandshake(t *testing.T) {
	hello := func(f probetest.Fault) probetest.Fault { return probetest.At{Stage: probetest.AfterHello, Fault: f} }
	type result struct {
		Code, Over6 probe.Code
		VerifiedBy  string // over IPv6
		Took        time.Duration
	}
	const tick = 20 * time.Millisecond
	for _, tt := range []struct {
		name   string
		faults []probetest.Fault
		all    bool
		want   result
	}{
		{"both work", nil, false, result{"", "", "public", 4 * tick}},
		{"both work, and all addresses are tried", nil, true, result{"", "", "public", 4 * tick}},
		{"IPv6 is silent after the hello", fault(over6(hello(probetest.Silence))), false, result{"", probe.TLSTimeout, "", 8*tick + 2*time.Second}},
		{"and all addresses are tried", fault(over6(hello(probetest.Silence))), true, result{"", probe.TLSTimeout, "", 8*tick + 2*time.Second}},
		{"IPv6 is slow", fault(over6(probetest.Delay{By: 1480 * time.Millisecond})), false, result{"", "", "public", tick + 4500*time.Millisecond}},
		{"IPv6 is reset after the hello", fault(over6(hello(probetest.Reset))), false, result{"", probe.TLSReset, "", 4 * tick}},
		{"IPv6 is inspected", fault(over6(probetest.Inspect{})), false, result{"", probe.TLSInspected, "machine", 4 * tick}},
		{"IPv4 is inspected", fault(over4(probetest.Inspect{})), false, result{probe.TLSInspected, "", "public", 4 * tick}},
		{"IPv4 is reset after the hello", fault(over4(hello(probetest.Reset))), false, result{probe.TLSReset, "", "public", 6 * tick}},
		{"the intermediate certificate is missing", fault(probetest.LeafOnly), false, result{"", "", "public", 7 * tick}},
		{"the server wants a client certificate", fault(over6(probetest.ClientCertificate{Require: true})), false, result{"", "", "public", 4 * tick}},
		{"IPv6 is refused", fault(over6(probetest.Refuse)), false, result{"", "", "", 4 * tick}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, IPv6: true, Latency: tick, Faults: tt.faults}
				n := i.Network().Shared()
				if _, err := n.Lookup(t.Context(), host); err != nil { // so that the lookup takes no time below
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), probe.DefaultTimeout)
				defer cancel()
				o := secure(n).Probe(ctx, probe.Target{Host: host, Families: true, AllAddresses: tt.all, NoRevocation: true})
				last := o.TCP.Dials[len(o.TCP.Dials)-1]
				got := result{o.Code(), last.TLSCode, "", o.Duration}
				if last.TLS != nil {
					got.VerifiedBy = last.TLS.VerifiedBy
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if len(o.TCP.Dials) != 2 || !last.Addr.Addr().Is6() {
					t.Errorf("dials %v, want one of each family", o.TCP.Dials)
				}
				checkSteps(t, o)
			})
		})
	}
}

// TestNoRoute: what this machine cannot send is told from what the network
// rejects.
func TestNoRoute(t *testing.T) {
	for name, tt := range map[string]struct {
		fault probetest.Fault
		want  probe.Dial
	}{
		"no route":            {probetest.Unreachable{}, probe.Dial{Code: probe.TCPUnreachable, NoRoute: true}},
		"rejected on its way": {probetest.Unreachable{ICMP: true}, probe.Dial{Code: probe.TCPUnreachable}},
		"refused":             {probetest.Refuse, probe.Dial{Code: probe.TCPRefused}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(over4(tt.fault), over6(tt.fault))}
				if _, ok := tt.fault.(probetest.Unreachable); ok {
					i.Faults = fault(probetest.At{Host: host, Fault: tt.fault})
				}
				o := tcp(i.Network()).Probe(t.Context(), probe.Target{Host: host, Port: 443})
				if len(o.TCP.Dials) != 1 {
					t.Fatalf("dials %v", o.TCP.Dials)
				}
				got := o.TCP.Dials[0]
				if got.Code != tt.want.Code || got.NoRoute != tt.want.NoRoute {
					t.Errorf("%+v, want %+v", got, tt.want)
				}
			})
		})
	}
}

// TestDocumentsOverIPv6: where IPv4 is a black hole, documents are fetched over
// IPv6, in the time that is left.
func TestDocumentsOverIPv6(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, IPv6: true, Latency: 20 * time.Millisecond, Faults: fault(over4(probetest.Drop))}
		o := revocation(i.Network().Shared()).Probe(t.Context(), probe.Target{Host: host, Port: 443})
		if !o.OK() || o.Revocation == nil || o.Revocation.Code != "" {
			t.Errorf("error %v, revocation %+v", o.Error, o.Revocation)
		}
		if want := 5*time.Second + 300*time.Millisecond; o.Duration > want {
			t.Errorf("took %v, want at most %v", o.Duration, want)
		}
	})
}

// TestDocumentsOverLostIPv4: documents are fetched over IPv6 only while the last host
// that was reached was reached over IPv6, after IPv4 failed.
func TestDocumentsOverLostIPv4(t *testing.T) {
	const dead4, only6, dead6, alive = "dead4.example.com", "only6.example.com", "dead6.example.com", "alive.example.com"
	addresses := map[string][]netip.Addr{
		dead4: addrs("203.0.113.4", "2001:db8::4"),
		only6: addrs("2001:db8::6"),
		dead6: addrs("2001:db8::7", "2001:db8::6"),
		alive: addrs("203.0.113.8", "2001:db8::8"),
	}
	for name, tt := range map[string]struct {
		hosts []string // the last one's documents count
		want  string
	}{
		"IPv4 works":                           {[]string{alive}, "IPv4"},
		"IPv4 failed":                          {[]string{dead4}, "IPv6"},
		"IPv4 failed for a host":               {[]string{dead4, alive}, "IPv4"},
		"IPv4 failed for the last host":        {[]string{alive, dead4}, "IPv6"},
		"the host has only IPv6":               {[]string{only6}, "IPv4"},
		"the host has only IPv6, IPv4 is dead": {[]string{dead4, only6}, "IPv6"},
		"an IPv6 address failed":               {[]string{dead6}, "IPv4"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Addresses: addresses, IPv6: true, Faults: fault(at("203.0.113.4", probetest.Refuse), at("2001:db8::7", probetest.Refuse))}
				n := i.Network().Shared()
				for k, host := range tt.hosts {
					p := revocation(n)
					p.revocation = k == len(tt.hosts)-1
					if o := p.Probe(t.Context(), probe.Target{Host: host, Port: 443}); !o.OK() {
						t.Errorf("%s: %v", host, o.Error)
					}
				}
				for _, e := range i.Log() {
					if e.Kind == probetest.EventConnect && e.Addr.Port() == 80 {
						if got := map[bool]string{true: "IPv4", false: "IPv6"}[e.Addr.Addr().Is4()]; got != tt.want {
							t.Errorf("documents are fetched over %s first, want %s", got, tt.want)
						}
						return
					}
				}
				t.Error("no documents were fetched")
			})
		})
	}
}
