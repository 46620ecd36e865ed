package readiness_test

import (
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestPublishedAddresses: where an address is published, findings say whether the
// check went there, and nothing else follows from it.
func TestPublishedAddresses(t *testing.T) {
	tests := []struct {
		name, host, addr string
		want             endpoints.Known
	}{
		{"an address that is published", "login.microsoftonline.com", "20.190.160.14", endpoints.Confirmed},
		{"an address that is not", "login.microsoftonline.com", "203.0.113.7", endpoints.Contradicted},
		{"a host of which nothing is published", "ztd.dds.microsoft.com", "203.0.113.7", endpoints.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := assess(t, autopilot(), &probetest.Internet{Addresses: map[string][]netip.Addr{tt.host: {netip.MustParseAddr(tt.addr)}}})
				if diff := cmp.Diff(summary{Verdict: readiness.Ready}, summarize(r)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				seen := false
				for _, f := range r.Findings {
					if target := f.Check.Target; target.Host == tt.host && target.Protocol == probe.HTTPS {
						seen = true
						if f.Published != tt.want {
							t.Errorf("%s: %v, want %v", target, f.Published, tt.want)
						}
					}
				}
				if !seen {
					t.Error("no finding of the host")
				}
			})
		})
	}
}
