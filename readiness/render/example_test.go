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
		Service: endpoints.ServiceNTP, Host: host, Decisive: true,
		Ports:     []endpoints.Port{{Transport: "udp", Number: 123, Protocol: "ntp"}},
		Scenarios: []endpoints.Scenario{endpoints.ScenarioAutopilot},
		Clouds:    []endpoints.Cloud{endpoints.CloudWorldwide},
		Phase:     endpoints.PhaseNetworkBringUp,
		Loss:      "The clock is not corrected.",
		LossBasis: endpoints.BasisInferred,
		Source:    endpoints.Source{Title: "Windows Autopilot requirements", Ref: "learn.microsoft.com", Date: "2024-11-25"},
	})
	if err != nil {
		panic(err)
	}
	plan, err := readiness.Runner{Catalog: c, Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		panic(err)
	}
	r, err := readiness.Runner{Policy: readiness.FieldPolicy()}.Judge(plan, []probe.Observation{{
		Target: plan.Checks[0].Target, Attempts: 1,
		Error: &probe.Error{Op: probe.OpClock, Addr: "time.windows.com", Code: probe.NTPTimeout},
	}})
	if err != nil {
		panic(err)
	}
	return r
}

func ExampleText() {
	if err := render.Text(os.Stdout, report(), render.TextOptions{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// DEGRADED: provisioning will finish, but not everything will work.
	//
	// Causes:    1. degrading      UDP port 123 (NTP) gets no answer
	// Checks:   1: 0 ok, 1 failed, in 0.0 s
	// Scope:    autopilot, worldwide
	// Devices:  not checked; no edition, build or license is known
	// Catalog:  +local
	//
	// 1. UDP port 123 (NTP) gets no answer [egress.ntp_blocked]
	//    Seen:     time.windows.com:123 did not answer (ntp.timeout). NTP servers
	//              normally answer every request, so the network dropped a packet or
	//              the server is down.
	//    Do:       Allow outbound UDP 123, from any source port and without a proxy,
	//              to time.windows.com.
	//    Affects:  ntp
	//    Impact:   Degrading. The clock is not corrected.
	//    Source:   Windows Autopilot requirements, 2025-07-08
	//
	// SERVICES
	//
	//   degraded  ntp  degrading  0 ok, 1 failed
	//
	// DEGRADED. Cause: UDP port 123 (NTP) gets no answer.
}

func ExampleJSON() {
	r := report()
	r.Plan, r.Services, r.Causes, r.Findings, r.Device, r.Observations = nil, nil, nil, nil, nil, nil // for brevity
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
	//     "version": "+local",
	//     "date": ""
	//   },
	//   "policy": "field",
	//   "duration_ms": 0,
	//   "cut_off": false,
	//   "missing": [],
	//   "services": [],
	//   "causes": [],
	//   "findings": [],
	//   "untested": [],
	//   "unconfirmed": [],
	//   "device": [],
	//   "observations": []
	// }
}
