package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// One server in the place of unrelated owners is told from servers that answer alike.
func TestOneResponder(t *testing.T) {
	saying := func(body string, status int, hosts ...string) []probetest.Fault {
		var out []probetest.Fault
		for _, h := range hosts {
			out = append(out, atPort(h, 80, probetest.Page{Status: status, Body: body}))
		}
		return out
	}
	page := func(status int, hosts ...string) []probetest.Fault {
		return saying("This is not the page that you are looking for.", status, hosts...)
	}
	empty := func(status int, hosts ...string) []probetest.Fault { return saying("", status, hosts...) }
	judgeAll(t, []rule{
		{
			"one page for unrelated owners whose own answers differ", endpoints.ScenarioAutopilot,
			page(403, "dl.delivery.mp.microsoft.com", "graph.windows.net", "oneocsp.microsoft.com", "crl3.digicert.com"),
			blocked,
			causes{readiness.CauseOneResponder},
		},
		{
			"two owners answer alike", endpoints.ScenarioAutopilot,
			page(404, "enterpriseregistration.windows.net", "certauth.enterpriseregistration.windows.net", "dl.delivery.mp.microsoft.com"),
			ready, nil,
		},
		{
			"unrelated owners answer alike, as they are known to", endpoints.ScenarioAutopilot,
			page(200, "crl3.digicert.com", "www.microsoft.com", "ctldl.windowsupdate.com"),
			ready, nil,
		},
		{
			"no body for three unrelated owners whose own answers differ", endpoints.ScenarioAutopilot,
			empty(403, "graph.windows.net", "oneocsp.microsoft.com", "crl3.digicert.com"),
			blocked,
			causes{readiness.CauseOneResponder},
		},
		{
			"no body for three unrelated owners, and two have changed their answers", endpoints.ScenarioAutopilot,
			empty(404, "enterpriseregistration.windows.net", "oneocsp.microsoft.com", "crl3.digicert.com"),
			ready, nil,
		},
	})
}
