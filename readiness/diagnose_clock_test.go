package readiness_test

import (
	"testing"
	"testing/synctest"
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

// TestOneOfTwoTimeServers: a time server that is rejected or silent while another
// answers is at fault itself, and not the port.
func TestOneOfTwoTimeServers(t *testing.T) {
	second, err := endpoints.New(endpoints.ServiceNTP, "ntp.contoso.com", "udp/123 ntp")
	if err != nil {
		t.Fatal(err)
	}
	c, err := core(t).With(second)
	if err != nil {
		t.Fatal(err)
	}
	at := func(host string, f probetest.Fault) *probetest.Internet {
		return &probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: host, Network: "udp", Port: 123, Fault: f}}}
	}
	first := summary{blocked, causes{readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp}
	port := summary{blocked, causes{readiness.CauseNTPBlocked}, endpoints.PhaseNetworkBringUp}
	for _, tt := range []spot{
		{"one is rejected", at("time.windows.com", probetest.Refuse), first, []string{"time.windows.com:123: the network reports no listener or no route"}, []string{"ntp.contoso.com"}, ""},
		{"one is unreachable, says a router", at("time.windows.com", probetest.Unreachable{ICMP: true}), first, []string{"time.windows.com:123"}, []string{"ntp.contoso.com"}, ""},
		{"one is silent", at("time.windows.com", probetest.Drop), first, []string{"while another time server answers"}, []string{"ntp.contoso.com"}, ""},
		{"both are rejected", at("", probetest.Refuse), port, []string{"rejected", "time.windows.com", "ntp.contoso.com"}, nil, ""},
		{"both answer", &probetest.Internet{}, summary{ready, nil, ""}, nil, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { tt.run(t, c) }) })
	}
}
