package probe_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// Handshakes that are made besides a probe's own, and what is learned of the path.
func TestHandshakes(t *testing.T) {
	const least = 1280
	tls13 := func(code probe.Code, packet int) probe.Handshake {
		h := probe.Handshake{Offered: "TLS 1.3", Packet: packet, Code: code}
		if code == "" {
			h.Version = "TLS 1.3"
		}
		return h
	}
	sized := func(most int) []probe.Handshake {
		var all []probe.Handshake
		for _, size := range []int{1500, 1492, 1400, least} {
			h := probe.Handshake{Offered: "TLS 1.2", Packet: size, Version: "TLS 1.2"}
			if size > most {
				h.Version, h.Code = "", probe.TLSTimeout
			}
			all = append(all, h)
		}
		return all
	}
	again := func(small, segments probe.Code) []probe.Handshake {
		large := tls13(probe.TLSTimeout, 0)
		return []probe.Handshake{large, large, tls13(small, 0), tls13(segments, least)}
	}
	refusals := func(large probe.Code) []probe.Handshake {
		return []probe.Handshake{{Offered: "TLS 1.2", Refusable: true, Code: probe.TLSAlert}, {Offered: "TLS 1.2", Refusable: true, Code: large}}
	}
	fine := []probe.Handshake{tls13("", 0)}
	tests := []struct {
		name    string
		faults  []probetest.Fault
		latency time.Duration
		change  func(*probe.Network)
		code    probe.Code
		want    []probe.Handshake
		took    time.Duration
	}{
		{name: "a healthy path", want: fine, took: 100 * time.Millisecond},
		{name: "a server that has no TLS 1.3", faults: fault(probetest.TLSVersions{Max: 0x0303}), want: []probe.Handshake{{Offered: "TLS 1.3", Version: "TLS 1.2"}}, took: 100 * time.Millisecond},
		{name: "a middlebox that stops TLS 1.3", faults: fault(probetest.NewHello{}), want: again(probe.TLSTimeout, probe.TLSTimeout), took: 6040 * time.Millisecond},
		{name: "a middlebox that stops large hellos", faults: fault(probetest.NewHello{Over: 1460}), want: again("", probe.TLSTimeout), took: 6040 * time.Millisecond},
		{name: "a path that loses large packets of uploads", faults: fault(probetest.PathMTU{Upload: true}), want: again("", ""), took: 6040 * time.Millisecond},
		{name: "a path that loses large packets", faults: fault(probetest.PathMTU{}), code: probe.TLSTimeout, want: sized(1400), took: 10 * time.Second},
		{name: "a path that loses large packets of downloads", faults: fault(probetest.PathMTU{Bytes: 1492, Download: true}), code: probe.TLSTimeout, want: sized(1492), took: 10 * time.Second},
		{name: "a path that no size fits", faults: fault(probetest.PathMTU{Bytes: 1200}), code: probe.TLSTimeout, want: sized(1200), took: 10 * time.Second},
		{name: "a host that accepts and never answers", faults: fault(probetest.At{Port: 443, Fault: probetest.Silence}), code: probe.TLSTimeout, want: sized(0), took: 10 * time.Second},
		{name: "a path that loses large packets, and connections whose size cannot be set", faults: fault(probetest.PathMTU{}), change: func(n *probe.Network) { n.ConnectMSS = nil }, code: probe.TLSTimeout, want: refusals(probe.TLSTimeout), took: 10 * time.Second},
		{name: "a path that loses large packets of downloads, and connections whose size cannot be set", faults: fault(probetest.PathMTU{Download: true}), change: func(n *probe.Network) { n.ConnectMSS = nil }, code: probe.TLSTimeout, want: refusals(probe.TLSAlert), took: 10 * time.Second},
		{name: "a path that loses large packets, and a dialer that is broken", faults: fault(probetest.PathMTU{}), change: func(n *probe.Network) {
			n.ConnectMSS = func(context.Context, string, int) (net.Conn, error) { return nil, nil }
		}, code: probe.TLSTimeout, want: []probe.Handshake{{Offered: "TLS 1.2", Packet: 1500, Code: probe.Panicked}, {Offered: "TLS 1.2", Packet: 1492, Code: probe.Panicked}, {Offered: "TLS 1.2", Packet: 1400, Code: probe.Panicked}, {Offered: "TLS 1.2", Packet: least, Code: probe.Panicked}}, took: 10 * time.Second},
		{name: "a host far away", latency: 600 * time.Millisecond, want: fine, took: 3000 * time.Millisecond},
		{name: "a host so far away that silence would prove nothing", latency: 900 * time.Millisecond, want: fine, took: 4500 * time.Millisecond},
		{name: "a host that resets handshakes", faults: fault(probetest.At{Port: 443, Fault: probetest.Reset}), code: probe.TLSReset, took: 100 * time.Millisecond},
		{name: "inspection", faults: fault(probetest.Inspect{}), code: probe.TLSInspected, took: 100 * time.Millisecond},
		{name: "time runs out", faults: fault(probetest.NewHello{}), latency: 1500 * time.Millisecond, took: 7500 * time.Millisecond},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: test.faults}
				if test.latency != 0 {
					i.Latency = test.latency
				}
				n := i.Network()
				if test.change != nil {
					test.change(&n)
				}
				start := time.Now()
				o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443, Handshakes: true, NoRevocation: true})
				took := time.Since(start)
				var got []probe.Handshake
				if o.TLS != nil {
					for _, h := range o.TLS.Handshakes {
						if large := len(o.TLS.Handshakes) == 1 && h.Offered == "TLS 1.3"; large && h.Hello < 1400 || h.Offered == "TLS 1.2" && !h.Refusable && h.Hello > 400 {
							t.Errorf("a hello of %d bytes: %+v", h.Hello, h)
						}
						h.Hello = 0
						got = append(got, h)
					}
				}
				if diff := cmp.Diff(test.want, got); diff != "" || o.Code() != test.code || took != test.took {
					t.Errorf("error %v, want %q; took %v, want %v (-want +got):\n%s", o.Error, test.code, took, test.took, diff)
				}
			})
		})
	}
}
