package probe_test

import (
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// BenchmarkHTTPS measures one probe from name to body, both ends included:
// lookup, connection, handshake, verification, request.
func BenchmarkHTTPS(b *testing.B) {
	i := &probetest.Internet{Hosts: []string{host}}
	p := bound{protocol: probe.HTTPS, network: i.Network().Shared()}
	p.Probe(b.Context(), httpsTarget)
	b.ReportAllocs()
	for b.Loop() {
		if o := p.Probe(b.Context(), httpsTarget); !o.OK() {
			b.Fatal(o.Error)
		}
	}
}

// BenchmarkHTTP measures the same without TLS.
func BenchmarkHTTP(b *testing.B) {
	i := &probetest.Internet{Hosts: []string{host}}
	p := bound{protocol: probe.HTTP, network: i.Network().Shared()}
	p.Probe(b.Context(), httpTarget)
	b.ReportAllocs()
	for b.Loop() {
		if o := p.Probe(b.Context(), httpTarget); !o.OK() {
			b.Fatal(o.Error)
		}
	}
}

// BenchmarkHTTPSUntrusted measures judging a chain that no root set knows,
// which checks all of them.
func BenchmarkHTTPSUntrusted(b *testing.B) {
	i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.Untrusted)}
	p := bound{protocol: probe.HTTPS, network: i.Network().Shared()}
	p.Probe(b.Context(), httpsTarget)
	b.ReportAllocs()
	for b.Loop() {
		if o := p.Probe(b.Context(), httpsTarget); o.Code() != probe.TLSUntrusted {
			b.Fatal(o.Error)
		}
	}
}
