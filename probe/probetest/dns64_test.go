package probetest_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// TestDNS64: names that have only IPv4 addresses get others made from them, which
// answer as the names do.
func TestDNS64(t *testing.T) {
	i := &probetest.Internet{
		IPv6: true, Aliases: map[string]string{"alias.example": "old.example"},
		Addresses: map[string][]netip.Addr{
			"old.example": {netip.MustParseAddr("203.0.113.7")},
			"new.example": {netip.MustParseAddr("203.0.113.8"), netip.MustParseAddr("2001:db8::8")},
		},
		Faults: []probetest.Fault{
			probetest.DNS64{},
			probetest.At{Addrs: netip.MustParsePrefix("203.0.113.0/24"), Fault: probetest.Unreachable{}},
		},
	}
	n := i.Network()
	for name, want := range map[string][]netip.Addr{
		"old.example":   {netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("64:ff9b::cb00:7107")},
		"alias.example": {netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("64:ff9b::cb00:7107")},
		"new.example":   {netip.MustParseAddr("203.0.113.8"), netip.MustParseAddr("2001:db8::8")},
		"no.example":    nil,
	} {
		got, err := n.LookupNetIP(t.Context(), "ip", name)
		if (err == nil) != (want != nil) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "old.example", NoRevocation: true}); !o.OK() {
		t.Errorf("through NAT64: %v", o.Error)
	}
}
