package readiness_test

import (
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestCausesInTime(t *testing.T) {
	const day = 24 * time.Hour
	diagnoseAll(t, []outage{
		{
			"a time server that has lost its own time",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Unsynchronized}},
			summary{blocked, causes{readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that denies service",
			&probetest.Internet{Faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "DENY"}}},
			summary{blocked, causes{readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that is a day ahead of everyone",
			&probetest.Internet{Faults: []probetest.Fault{probetest.NTPAnswer{Ahead: day}}},
			summary{blocked, causes{readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"the local clock is an hour behind",
			&probetest.Internet{Skew: time.Hour},
			summary{ready, causes{readiness.CauseClockWrong}, ""},
		},
		{
			"the local clock is years behind",
			&probetest.Internet{Skew: 5 * 365 * day},
			summary{blocked, causes{readiness.CauseClockWrong}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that is three hours ahead of everyone",
			&probetest.Internet{Faults: []probetest.Fault{probetest.NTPAnswer{Ahead: 3 * time.Hour}}},
			summary{blocked, causes{readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"inspection and a blocked time server",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{}, onPort("udp", 123, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseNTPBlocked, readiness.CauseTLSInspection}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a clock that is a little behind, and revocation lists that are out of date",
			&probetest.Internet{Skew: 2 * time.Hour, Faults: []probetest.Fault{probetest.StaleRevocation}},
			summary{blocked, causes{readiness.CauseRevocation, readiness.CauseClockWrong}, endpoints.PhaseNetworkBringUp},
		},
	})
}
