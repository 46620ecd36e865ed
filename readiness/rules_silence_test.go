package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// One host that says nothing after the handshake was reached, unless it is core
// or known to answer. One that is cut off before was not.
func TestSilentHosts(t *testing.T) {
	silentAfterHandshake := probetest.At{Network: "tcp", Port: 443, Stage: probetest.AfterHandshake, Fault: probetest.Silence}
	silent := func(hosts ...string) []probetest.Fault {
		var out []probetest.Fault
		for _, h := range hosts {
			f := silentAfterHandshake
			f.Host = h
			out = append(out, f)
		}
		return out
	}
	cut := func(hosts ...string) []probetest.Fault {
		var out []probetest.Fault
		for _, h := range hosts {
			out = append(out, probetest.At{Host: h, Network: "tcp", Port: 443, Stage: probetest.AfterCertificate, Fault: probetest.Reset})
		}
		return out
	}
	judgeAll(t, []rule{
		{
			"a host of which nothing is known says nothing", endpoints.ScenarioAutopilot,
			silent("settings-win.data.microsoft.com"), ready, nil,
		},
		{
			"a core host says nothing", endpoints.ScenarioAutopilot,
			silent("login.live.com"), blocked,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a core host of which nothing is known says nothing", endpoints.ScenarioAutopilot,
			silent("ztd.dds.microsoft.com"), blocked,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a host that is known to answer says nothing", endpoints.ScenarioAutopilot,
			silent("v10.events.data.microsoft.com"), degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a filter silences two hosts of one owner after the certificate", endpoints.ScenarioAutopilot,
			silent("settings-win.data.microsoft.com", "catalog.update.microsoft.com"), degraded,
			causes{readiness.CauseHTTPNoAnswer},
		},
		{
			"a filter resets every connection after the handshake", endpoints.ScenarioAutopilot,
			[]probetest.Fault{probetest.At{Network: "tcp", Port: 443, Stage: probetest.AfterHandshake, Fault: probetest.Reset}},
			blocked,
			causes{readiness.CauseHTTPNoAnswer, readiness.CauseHostContradicted},
		},
		{
			"a filter resets every connection after the certificate", endpoints.ScenarioAutopilot,
			cut(""), blocked,
			causes{readiness.CauseHTTPNoAnswer},
		},
		{
			"a filter resets two hosts of one owner after the certificate", endpoints.ScenarioAutopilot,
			cut("settings-win.data.microsoft.com", "catalog.update.microsoft.com"), degraded,
			causes{readiness.CauseHTTPNoAnswer},
		},
		{
			"a host of which nothing is known is reset after the certificate, and so not reached", endpoints.ScenarioAutopilot,
			cut("catalog.update.microsoft.com"), degraded,
			causes{readiness.CauseHostUnreachable},
		},
	})
}
