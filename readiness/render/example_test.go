package render_test

import (
	"fmt"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// report returns the report of a network on which one host is blocked.
func report() *readiness.Report {
	host, err := endpoints.ParseHost("time.windows.com")
	if err != nil {
		panic(err)
	}
	c, err := new(endpoints.Catalog).With(endpoints.Endpoint{
		Service: endpoints.ServiceNTP, Host: host, Core: true,
		Ports:            []endpoints.Port{{Transport: "udp", Number: 123, Protocol: "ntp"}},
		Scenarios:        []endpoints.Scenario{endpoints.ScenarioAutopilot},
		Clouds:           []endpoints.Cloud{endpoints.CloudWorldwide},
		Phase:            endpoints.PhaseNetworkBringUp,
		Consequence:      "The clock is not corrected.",
		ConsequenceBasis: endpoints.Inferred,
		Source:           endpoints.Source{Title: "Windows Autopilot requirements", Ref: "learn.microsoft.com", Date: "2024-11-25"},
	})
	if err != nil {
		panic(err)
	}
	plan, err := readiness.NewPlan(readiness.Scope{Scenario: endpoints.ScenarioAutopilot}, c)
	if err != nil {
		panic(err)
	}
	return readiness.NewReport(plan, []probe.Observation{{
		Target: plan.Checks[0].Target, Attempts: 1,
		Error: &probe.Error{Op: probe.OpClock, Addr: "time.windows.com", Code: probe.NTPTimeout},
	}}, readiness.Field)
}

func ExampleText() {
	if err := render.Text(os.Stdout, report()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// DEGRADED: provisioning will finish, but something is lost or may be.
	//
	// Scope:    autopilot, worldwide
	// Checks:   1: 0 ok, 1 failed, 0 not run, in 0.0 s
	// Data:     catalogue +local
	//
	// CAUSES
	//
	// 1. No answer on UDP port 123 (NTP)  [egress.ntp_blocked, degrading]
	//    Seen:  time.windows.com:123 did not answer (ntp.timeout). An NTP server answers every request, so
	//           silence means that a packet was dropped on the way, or that the server is down.
	//    Do:    Allow UDP port 123 outbound to time.windows.com, from any source port. NTP cannot go
	//           through a proxy.
	//    Hits:  ntp
	//    Loss:  The clock is not corrected.
	//    Says:  Windows Autopilot networking requirements (2018) (2018-10-02)
	//    Says:  Windows Autopilot device preparation requirements (draft of 2024) (2024-04-26)
	//    Says:  Network endpoints for Microsoft Intune (2026-03-24)
	//
	// SERVICES
	//
	//   degraded  ntp  degrading  0 ok, 1 failed
	//
	// DEVICES
	//
	//   not checked  Windows edition, Windows build, Licence for Microsoft Entra ID, Licence for device
	//                management, Licence for Microsoft 365 Apps, Licence for Windows Enterprise
}

func ExampleJSON() {
	r := report()
	r.Plan, r.Services, r.Causes, r.Findings, r.Device, r.Observations = nil, nil, nil, nil, nil, nil // to keep it short
	if err := render.JSON(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "schema": "netready/1",
	//   "verdict": "degraded",
	//   "scope": {
	//     "scenario": "",
	//     "cloud": "",
	//     "tenant": "",
	//     "region": "",
	//     "tpm": "",
	//     "features": []
	//   },
	//   "catalog": {
	//     "version": "",
	//     "date": ""
	//   },
	//   "duration_ms": 0,
	//   "services": [],
	//   "causes": [],
	//   "findings": [],
	//   "untested": [],
	//   "device": [],
	//   "observations": []
	// }
}
