package readiness_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A claim that rests on two signals names both, and one that has a single one
// says that nothing confirms it.
func TestEvidenceNamesTheSecondSignal(t *testing.T) {
	const name = "host.owner0.example"
	for _, tt := range []struct {
		name  string
		ports []string
		net   *probetest.Internet
		cause readiness.CauseCode
		says  string
	}{
		{
			"a required name is denied",
			[]string{"tcp/443 https"},
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: name, Fault: probetest.NXDomain}}},
			readiness.CauseDNSFiltered, "The catalog requires " + name + ", so it should exist.",
		},
		{
			"time servers alone say that the clock is wrong",
			[]string{"udp/123 ntp"},
			&probetest.Internet{Skew: time.Hour},
			readiness.CauseClockWrong, "Too few web servers",
		},
		{
			"time servers and web servers say that the clock is wrong",
			[]string{"udp/123 ntp", "tcp/443 https"},
			&probetest.Internet{Skew: time.Hour},
			readiness.CauseClockWrong, "The Date headers of genuine web servers say it is 60 minutes behind.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 4, false, tt.ports...), tt.net)
				for _, c := range r.Causes {
					if c.Code != tt.cause {
						t.Errorf("%s: %s", c.Code, c.Title)
					} else if all := strings.Join(c.Evidence, "\n"); !strings.Contains(all, tt.says) {
						t.Errorf("%q does not say %q", all, tt.says)
					}
				}
				if len(r.Causes) != 1 {
					t.Errorf("%d causes", len(r.Causes))
				}
			})
		})
	}
}
