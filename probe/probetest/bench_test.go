package probetest_test

import (
	"fmt"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// BenchmarkHTTPS measures a whole check, both ends of it, in real time.
func BenchmarkHTTPS(b *testing.B) {
	var hosts []string
	for n := range 100 {
		hosts = append(hosts, fmt.Sprintf("host%d.example", n))
	}
	i := &probetest.Internet{Hosts: hosts}
	network := i.Network()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		o := network.Probe(b.Context(), probe.Target{Protocol: probe.HTTPS, Host: hosts[n%100], Port: 443, NoRevocation: true})
		if !o.OK() {
			b.Fatal(o.Error)
		}
		n++
	}
}
