package render_test

import (
	"fmt"
	"os"
	"strings"

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

func ExampleBrief() {
	r := report()
	r.Services, r.Causes, r.Findings, r.Device = nil, nil, nil, nil // for brevity
	if err := render.Brief(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "schema": "netready/1",
	//   "verdict": "degraded",
	//   "scope": {
	//     "scenario": "autopilot",
	//     "cloud": "worldwide",
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

func ExampleLine() {
	r := report()
	if err := render.Line(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"schema":"netready-line/1","verdict":"degraded","cut_off":false,"checks":{"ok":0,"failed":1,"not_run":0},"causes":[{"code":"egress.ntp_blocked","impact":"degrading","checks":1,"names":["time.windows.com"]}],"scenario":"autopilot","cloud":"worldwide","catalog":"+local","policy":"field","duration_ms":0}
}

func ExampleMarkdown() {
	r := report()
	if err := render.Markdown(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ## DEGRADED: provisioning will finish, but not everything will work.
	//
	// - **Checks:** 1: 0 ok, 1 failed, in 0.0 s
	// - **Scope:** autopilot, worldwide
	// - **Devices:** not checked; no edition, build or license is known
	// - **Catalog:** `+local`
	// - **Policy:** field
	//
	// ### 1. UDP port 123 (NTP) gets no answer
	//
	// Degrading, code `egress.ntp_blocked`
	//
	// **Seen:**
	//
	// - `time.windows.com:123` did not answer (`ntp.timeout`). NTP servers normally answer every request, so the network dropped a packet or the server is down.
	//
	// **Do:** Allow outbound UDP 123, from any source port and without a proxy, to `time.windows.com`.
	//
	// **Affects:** ntp
	//
	// **Impact:** Degrading. The clock is not corrected.
	//
	// **Source:** Windows Autopilot requirements, 2025-07-08
	//
	// ### Services
	//
	// | service | state | impact | checks |
	// | --- | --- | --- | --- |
	// | ntp | degraded | degrading | 0 ok, 1 failed |
}

func ExampleJUnit() {
	r := report()
	if err := render.JUnit(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <testsuites name="netready" tests="2" failures="1" errors="0" time="0.000">
	//   <testsuite name="Report" id="report" tests="1" failures="0" errors="0" skipped="0">
	//     <properties>
	//       <property name="scope" value="autopilot, worldwide"></property>
	//       <property name="catalog" value="+local"></property>
	//       <property name="policy" value="field"></property>
	//     </properties>
	//     <testcase name="verdict" classname="report">
	//       <system-out>DEGRADED. Cause: UDP port 123 (NTP) gets no answer.</system-out>
	//     </testcase>
	//   </testsuite>
	//   <testsuite name="ntp" id="ntp" tests="1" failures="1" errors="0" skipped="0">
	//     <testcase name="ntp time.windows.com:123" classname="ntp" time="0.000">
	//       <failure type="ntp.timeout" message="UDP port 123 (NTP) gets no answer (degrading)">Cause: egress.ntp_blocked&#xA;Seen: time.windows.com:123 did not answer (ntp.timeout). NTP servers normally answer every request, so the network dropped a packet or the server is down.&#xA;Do: Allow outbound UDP 123, from any source port and without a proxy, to time.windows.com.&#xA;Impact: The clock is not corrected.</failure>
	//     </testcase>
	//   </testsuite>
	// </testsuites>
}

func ExampleOpenMetrics() {
	r := report()
	r.Services, r.Causes, r.Findings, r.Device = nil, nil, nil, nil // for brevity
	if err := render.OpenMetrics(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # TYPE netready_report info
	// # HELP netready_report What the report is about.
	// netready_report_info{catalog="+local",policy="field",scenario="autopilot",cloud="worldwide"} 1
	// # TYPE netready_verdict stateset
	// # HELP netready_verdict Whether provisioning will finish.
	// netready_verdict{netready_verdict="ready"} 0
	// netready_verdict{netready_verdict="degraded"} 1
	// netready_verdict{netready_verdict="blocked"} 0
	// netready_verdict{netready_verdict="unproven"} 0
	// # TYPE netready_cut_off gauge
	// # HELP netready_cut_off Whether the run ended before every check was completed.
	// netready_cut_off 0
	// # TYPE netready_checks gauge
	// # HELP netready_checks The number of checks by outcome.
	// netready_checks{outcome="ok"} 0
	// netready_checks{outcome="failed"} 0
	// netready_checks{outcome="not_run"} 0
	// # TYPE netready_stops_at gauge
	// # HELP netready_stops_at The phase at which provisioning stops.
	// # TYPE netready_causes gauge
	// # HELP netready_causes The number of causes of failures.
	// # TYPE netready_service_verdict stateset
	// # HELP netready_service_verdict Whether a service works.
	// # TYPE netready_service_checks gauge
	// # HELP netready_service_checks The number of a service's checks by outcome.
	// # TYPE netready_check_success gauge
	// # HELP netready_check_success Whether a check succeeded.
	// # TYPE netready_check_duration_seconds gauge
	// # UNIT netready_check_duration_seconds seconds
	// # HELP netready_check_duration_seconds How long a check took.
	// # EOF
}

func ExampleHTML() {
	var page strings.Builder
	if err := render.HTML(&page, report()); err != nil {
		fmt.Println(err)
	}
	for line := range strings.Lines(page.String()) {
		if strings.HasPrefix(line, "<h") {
			fmt.Print(line)
		}
	}
	// Output:
	// <html lang="en">
	// <head>
	// <header class="degraded">
	// <h1>DEGRADED: provisioning will finish, but not everything will work.</h1>
	// <h2 id="phases">Phases of provisioning</h2>
	// <h2 id="causes">Causes</h2>
	// <h3>1. UDP port 123 (NTP) gets no answer</h3>
	// <h2 id="services">Services</h2>
	// <h2 id="checks">Checks</h2>
}

func ExampleDiff() {
	before, after := new(readiness.Report), report()
	if err := render.Diff(os.Stdout, before, after); err != nil {
		fmt.Println(err)
	}
	// Output:
	// UNPROVEN -> DEGRADED
	//
	// New cause:   UDP port 123 (NTP) gets no answer (degrading)
	//
	// added        ntp time.windows.com:123 (ntp): new -> failed, ntp.timeout
	//              (degrading)
}

func ExampleDiffJSON() {
	before, after := new(readiness.Report), report()
	if err := render.DiffJSON(os.Stdout, before, after); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "schema": "netready-diff/1",
	//   "before": {
	//     "verdict": "unproven",
	//     "catalog": "",
	//     "policy": ""
	//   },
	//   "after": {
	//     "verdict": "degraded",
	//     "catalog": "+local",
	//     "policy": "field"
	//   },
	//   "causes_added": [
	//     {
	//       "code": "egress.ntp_blocked",
	//       "title": "UDP port 123 (NTP) gets no answer",
	//       "impact": "degrading",
	//       "names": [
	//         "time.windows.com"
	//       ]
	//     }
	//   ],
	//   "causes_gone": [],
	//   "changes": [
	//     {
	//       "change": "added",
	//       "check": "ntp time.windows.com:123",
	//       "service": "ntp",
	//       "was": null,
	//       "is": {
	//         "status": "failed",
	//         "code": "ntp.timeout",
	//         "impact": "degrading"
	//       }
	//     }
	//   ]
	// }
}
