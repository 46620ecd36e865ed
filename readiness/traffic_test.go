package readiness_test

import (
	"encoding/json"
	"net"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A report counts what its own run cost, custom probers included, also on a
// network that runs share. It keeps that when it is saved and judged again.
func TestReportTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const greeting = "220 x"
		i := &probetest.Internet{Serve: map[string]func(net.Conn){"mail.contoso.com:25": says(greeting)}}
		r := readiness.Runner{
			Network: i.Network().Shared(), Catalog: mail(t, "tcp/25 smtp"),
			Probers: map[probe.Protocol]probe.Prober{"smtp": smtp},
		}
		for range 2 {
			report, err := r.Assess(t.Context(), autopilot())
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(report)
			if err != nil {
				t.Fatal(err)
			}
			var saved readiness.Report
			if err := json.Unmarshal(data, &saved); err != nil {
				t.Fatal(err)
			}
			r := readiness.Runner{Catalog: r.Catalog, Probers: r.Probers}
			again, err := r.Rejudge(&saved)
			if err != nil {
				t.Fatal(err)
			}
			for name, got := range map[string]probe.Traffic{"assessed": report.Traffic, "saved": saved.Traffic, "judged again": again.Traffic} {
				questions := got.Sent
				got.Sent, got.Received = 0, 0
				if diff := cmp.Diff(probe.Traffic{Connections: 1, Datagrams: 4}, got); diff != "" || questions == 0 {
					t.Errorf("%s, %d bytes sent (-want +got):\n%s", name, questions, diff)
				}
			}
		}
	})
}
