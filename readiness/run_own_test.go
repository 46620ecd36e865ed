package readiness_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// Hosts of an embedder's own, under one zone or many, without a service for DNS
// or revocation, show the same causes as Microsoft's.
func TestOwnHosts(t *testing.T) {
	faults := func(f ...probetest.Fault) []probetest.Fault { return f }
	one := func(c readiness.CauseCode) []readiness.CauseCode { return []readiness.CauseCode{c} }
	tests := []struct {
		name   string
		ports  []string
		faults []probetest.Fault
		causes []readiness.CauseCode
		says   string // in the first cause
	}{
		{"nothing", []string{"tcp/443 https", "tcp/80 http"}, nil, nil, ""},
		{"443 is dropped", []string{"tcp/443 https"}, faults(onPort("tcp", 443, probetest.Drop)), one(readiness.CauseHTTPSBlocked), "TCP port 443 is blocked"},
		{"443 is refused, 80 is open", []string{"tcp/443 https", "tcp/80 http"}, faults(onPort("tcp", 443, probetest.Refuse)), one(readiness.CauseHTTPSBlocked), "TCP port 443"},
		{"80 is dropped, and no check is of 80", []string{"tcp/443 https"}, faults(onPort("tcp", 80, probetest.Drop)), one(readiness.CauseRevocation), "TCP 80"},
		{"80 is dropped", []string{"tcp/443 https", "tcp/80 http"}, faults(onPort("tcp", 80, probetest.Drop)), one(readiness.CauseHTTPBlocked), "TCP port 80"},
		{"revocation hosts answer nonsense", []string{"tcp/443 https"}, faults(probetest.GarbledRevocation), one(readiness.CauseRevocation), "Revocation"},
		{"the resolver is rejected", []string{"tcp/443 https"}, faults(onPort("udp", 53, probetest.Refuse)), one(readiness.CauseDNSUnreachable), "No DNS server"},
		{"no route", []string{"tcp/443 https"}, faults(probetest.Unreachable{}), one(readiness.CauseNetworkDown), "no route"},
	}
	for _, tt := range tests {
		for _, oneZone := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, "/one zone: ", oneZone), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					net := &probetest.Internet{Latency: 20 * time.Millisecond, Faults: tt.faults}
					r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 5, oneZone, tt.ports...), net)
					if diff := cmp.Diff(tt.causes, codes(r)); diff != "" {
						t.Fatalf("%s; causes (-want +got):\n%s", r.Verdict, diff)
					}
					if len(r.Causes) == 0 {
						return
					}
					c := r.Causes[0]
					if told := c.Title + " " + strings.Join(c.Evidence, " ") + " " + c.Remedy; !strings.Contains(told, tt.says) {
						t.Errorf("%q does not say %q", told, tt.says)
					}
				})
			})
		}
	}
}

// A few hosts of one zone may be down while the port is open.
func TestSilentHostsOfOneZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "host0.contoso.com", Network: "tcp", Fault: probetest.Drop}}}
		r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 5, true, "tcp/443 https"), net)
		if diff := cmp.Diff([]readiness.CauseCode{readiness.CauseHostUnreachable}, codes(r)); diff != "" {
			t.Errorf("causes (-want +got):\n%s", diff)
		}
	})
}
