package probetest_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// Once applies to the first connection to each address and port.
func TestOnce(t *testing.T) {
	refuse := probetest.Once{Fault: probetest.Refuse}
	for _, test := range []struct {
		name  string
		fault probetest.Fault
		want  []probe.Code // connections to one host, another, another port of that one, and the first again
	}{
		{"everywhere", refuse, []probe.Code{probe.TCPRefused, probe.TCPRefused, probe.TCPRefused, ""}},
		{"at a host", probetest.At{Host: "a.example", Fault: refuse}, []probe.Code{probe.TCPRefused, "", "", ""}},
		{"at a host, the other way around", probetest.Once{Fault: probetest.At{Host: "a.example", Fault: probetest.Refuse}}, []probe.Code{probe.TCPRefused, "", "", ""}},
		{"at a port", probetest.At{Port: 443, Fault: refuse}, []probe.Code{"", "", probe.TCPRefused, ""}},
		{"nothing", probetest.Once{}, []probe.Code{"", "", "", ""}},
		{"always", probetest.Refuse, []probe.Code{probe.DNSNotListening, probe.DNSNotListening, probe.DNSNotListening, probe.DNSNotListening}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"a.example", "b.example"}, Faults: []probetest.Fault{test.fault}}
				var got []probe.Code
				for _, target := range []probe.Target{{Protocol: probe.TCP, Host: "a.example", Port: 80}, {Protocol: probe.TCP, Host: "b.example", Port: 80}, {Protocol: probe.TCP, Host: "b.example", Port: 443}, {Protocol: probe.TCP, Host: "a.example", Port: 80}} {
					got = append(got, i.Network().Probe(t.Context(), target).Code())
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("codes (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The machine trusts an inspecting CA even if it inspects only once.
func TestInspectOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"a.example"}, Faults: []probetest.Fault{probetest.Once{Fault: probetest.At{Port: 443, Fault: probetest.Inspect{}}}}}
		for _, want := range []probe.Code{probe.TLSInspected, ""} {
			if o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "a.example", NoRevocation: true}); o.Code() != want {
				t.Errorf("%v, want %q", o.Error, want)
			}
		}
	})
}

// A portal that answers over TLS has an unknown CA's certificate, except for
// its own page.
func TestPortalOverTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"a.example"}, Faults: []probetest.Fault{probetest.Portal{TLS: true, Location: "https://hotel.example/"}}}
		o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "a.example", NoRevocation: true})
		if o.Code() != probe.TLSUntrusted || o.HTTP.Status != http.StatusFound || o.HTTP.Location != "https://hotel.example/" {
			t.Errorf("error %v, %+v", o.Error, o.HTTP)
		}
		o = i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "hotel.example", NoRevocation: true})
		if !o.OK() || o.HTTP.Status != http.StatusOK {
			t.Errorf("the page itself: error %v, %+v", o.Error, o.HTTP)
		}
	})
}
