package probe_test

import (
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// One HTTPS probe from name to body, both ends included: look-up, connection,
// handshake, verification, request.
func BenchmarkHTTPS(b *testing.B) {
	i := &probetest.Internet{Hosts: []string{host}}
	p := probe.HTTPS{Network: i.Network().Shared()}
	p.Probe(b.Context(), httpsTarget)
	b.ReportAllocs()
	for b.Loop() {
		if o := p.Probe(b.Context(), httpsTarget); !o.OK() {
			b.Fatal(o.Error)
		}
	}
}

// The same without TLS.
func BenchmarkHTTP(b *testing.B) {
	i := &probetest.Internet{Hosts: []string{host}}
	p := probe.HTTP{Network: i.Network().Shared()}
	p.Probe(b.Context(), httpTarget)
	b.ReportAllocs()
	for b.Loop() {
		if o := p.Probe(b.Context(), httpTarget); !o.OK() {
			b.Fatal(o.Error)
		}
	}
}

// What it costs to judge a chain that no root set knows, which asks all of them.
func BenchmarkHTTPSUntrusted(b *testing.B) {
	i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.Untrusted{})}
	p := probe.HTTPS{Network: i.Network().Shared()}
	p.Probe(b.Context(), httpsTarget)
	b.ReportAllocs()
	for b.Loop() {
		if o := p.Probe(b.Context(), httpsTarget); o.Code() != probe.TLSUntrusted {
			b.Fatal(o.Error)
		}
	}
}
