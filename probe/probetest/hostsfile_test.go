package probetest_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/probe/probetest"
)

// The machine has the given hosts file, and never the real one.
func TestHostsFile(t *testing.T) {
	own := addrs("10.0.0.1", "fd00::1")
	for _, test := range []struct {
		name        string
		given, want map[string][]netip.Addr
	}{
		{"none", nil, map[string][]netip.Addr{}},
		{"names in any spelling", map[string][]netip.Addr{"Login.Live.com.": own}, map[string][]netip.Addr{"login.live.com": own}},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := &probetest.Internet{HostsFile: test.given}
			first := i.Network().HostsFile
			if diff := cmp.Diff(test.want, first, cmpopts.EquateComparable(netip.Addr{})); diff != "" || first == nil {
				t.Errorf("hosts file (-want +got):\n%s", diff)
			}
			for _, list := range first {
				clear(list) // it belongs to the network
			}
			if diff := cmp.Diff(test.want, i.Network().HostsFile, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
				t.Errorf("hosts file of the next network (-want +got):\n%s", diff)
			}
		})
	}
}
