package readiness_test

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestSingleFaults: whoever reads of one fault reads of at most two causes,
// whatever the fault and wherever it is.
func TestSingleFaults(t *testing.T) {
	const day = 24 * time.Hour
	faults := []probetest.Fault{
		probetest.Drop, probetest.Refuse, probetest.Silence, probetest.Close, probetest.Reset,
		probetest.ServFail, probetest.NXDomain, probetest.Refused, probetest.NoData, probetest.Sinkhole, probetest.Truncate, probetest.Unanswered,
		probetest.Malformed, probetest.OtherQuestion,
		probetest.Untrusted, probetest.WrongName, probetest.Expired, probetest.LeafOnly, probetest.LeafOrphan, probetest.CrossSignMissing, probetest.OldIntermediate,
		probetest.Revoke, probetest.NoRevocation, probetest.StaleRevocation, probetest.ForgedRevocation, probetest.GarbledRevocation, probetest.UnknownRevocation,
		probetest.RedirectLoop, probetest.IgnoreRange, probetest.KissOfDeath, probetest.Unsynchronized,
		probetest.Rewrite{},
		probetest.DNSAnswer{Extended: 17, RCode: 3},
		probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr("203.0.113.66")}},
		probetest.DNSAnswer{Raw: []byte{1}},
		probetest.Page{Status: 503},
		probetest.Portal{},
		probetest.Portal{TLS: true},
		probetest.BlockPage{},
		probetest.LargeHeader{Bytes: 100 << 10},
		probetest.Unreachable{},
		probetest.Unreachable{ICMP: true},
		probetest.Delay{By: 11 * time.Second},
		probetest.Garbage{},
		probetest.Once{Fault: probetest.Drop},
		probetest.NTPAnswer{Ahead: day},
		probetest.Inspect{},
		probetest.Inspect{Unknown: true},
		probetest.TLSVersions{Max: 0x302},
		probetest.Alert{},
		probetest.ClientCertificate{Require: true},
		probetest.Revocation{Status: 1},
	}
	closing := faults[:3] // these matter on ports and at stages of a connection
	tests := []struct {
		place  probetest.At
		faults []probetest.Fault
	}{
		{probetest.At{}, faults},
		{probetest.At{Host: "login.live.com"}, faults},
		{probetest.At{Host: "*.manage.microsoft.com"}, faults[:22]},
		{probetest.At{Port: 53}, closing},
		{probetest.At{Network: "tcp", Port: 53}, closing},
		{probetest.At{Network: "tcp", Port: 80}, closing},
		{probetest.At{Network: "tcp", Port: 443}, closing},
		{probetest.At{Network: "udp", Port: 123}, closing},
		{probetest.At{Port: 443, Stage: probetest.AfterHello}, closing},
		{probetest.At{Network: "tcp", Stage: probetest.AfterRequest}, closing},
	}
	c := core(t)
	for _, tt := range tests {
		for _, fault := range sampletest.Of(tt.faults) {
			place := tt.place
			place.Fault = fault
			t.Run(fmt.Sprintf("%s %s %d %d %T %v", place.Host, place.Network, place.Port, place.Stage, fault, fault), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					p := planOn(t, autopilot(), c, probe.Network{})
					r, err := assessPlan(t.Context(), readiness.Runner{Network: asItIs(p, &probetest.Internet{Faults: []probetest.Fault{place}}).Network()}, p)
					if err != nil {
						t.Fatal(err)
					}
					if got := summarize(r).inAnyWorld().Causes; len(got) > 2 {
						t.Errorf("%d causes", len(got))
						for _, c := range r.Causes {
							t.Log(c.Code, c.Impact, c.Title, c.Evidence)
						}
					}
				})
			})
		}
	}
}
