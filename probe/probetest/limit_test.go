package probetest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A limit allows a burst, and then as many connections as its rate.
func TestLimit(t *testing.T) {
	limit := func(f probetest.Fault) probetest.Fault { return probetest.Limit{Rate: 2, Burst: 2, Fault: f} }
	tests := []struct {
		name  string
		fault probetest.Fault
		code  probe.Code
		took  time.Duration // by the third connection
	}{
		{"refused", limit(probetest.Refuse), probe.TCPRefused, 0},
		{"refused at a host", probetest.At{Host: "a.example", Fault: limit(probetest.Refuse)}, probe.TCPRefused, 0},
		{"an alert", limit(probetest.Alert{Description: 80}), probe.TLSAlert, 0},
		{"dropped, and sent again by the client", limit(nil), "", time.Second},
		{"another host", probetest.At{Host: "b.example", Fault: limit(probetest.Refuse)}, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"a.example", "b.example"}, Faults: []probetest.Fault{probetest.At{Port: 443, Fault: tt.fault}}}
				n := i.Network().Shared()
				var got []probe.Code
				var last probe.Observation
				connect := func() {
					last = n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "a.example", NoRevocation: true})
					got = append(got, last.Code())
				}
				connect()
				connect()
				connect()
				took := last.Duration
				time.Sleep(time.Second)
				connect()
				if diff := cmp.Diff([]probe.Code{"", "", tt.code, ""}, got); diff != "" || took != tt.took {
					t.Errorf("took %v, want %v; codes (-want +got):\n%s", took, tt.took, diff)
				}
			})
		})
	}
}

// Lost connection requests depend on the seed alone.
func TestLossOfConnections(t *testing.T) {
	lost := func(seed uint64) (n int) {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{"a.example"}, Seed: seed, Faults: []probetest.Fault{probetest.Loss{Connections: 0.2}}}
			for range 100 {
				if o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: "a.example", Port: 443}); o.Code() == probe.TCPTimeout {
					n++
				}
			}
		})
		return n
	}
	if a, b := lost(1), lost(1); a != b || a < 10 || a > 30 {
		t.Errorf("%d and %d of 100 lost, want about 20 twice", a, b)
	}
}

// An agent accepts at once, whether or not the host can be reached.
func TestAccept(t *testing.T) {
	accept := probetest.Fault(probetest.Accept)
	tests := []struct {
		name   string
		faults []probetest.Fault
		code   probe.Code
		took   time.Duration
	}{
		{"no agent", nil, "", 2 * time.Second}, // to connect, and to answer
		{"an agent", []probetest.Fault{accept}, "", time.Second},
		{"a host that refuses", []probetest.Fault{accept, probetest.Refuse}, probe.HTTPReset, 2 * time.Second},
		{"a host that is silent", []probetest.Fault{accept, probetest.Drop}, probe.HTTPTimeout, 10 * time.Second},
		{"no route", []probetest.Fault{accept, probetest.Unreachable{}}, probe.HTTPReset, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Latency: time.Second, Faults: tt.faults}
				o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTP, Host: "198.18.0.1"})
				if o.Code() != tt.code || o.Duration != tt.took || !o.TCP.Remote.IsValid() {
					t.Errorf("%v after %v, want %q after %v", o.Error, o.Duration, tt.code, tt.took)
				}
			})
		})
	}
}
