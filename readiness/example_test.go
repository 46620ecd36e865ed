package readiness_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A network is assessed in one call. Here it is an internet in memory that
// rejects NTP; without a Network it is the machine's own.
func ExampleRunner_Assess() {
	plan, err := readiness.NewPlan(readiness.Scope{Scenario: endpoints.ScenarioAutopilot}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	internet := &probetest.Internet{
		Hosts:  plan.Hosts(),
		Faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Refuse{}}},
	}
	runner := readiness.Runner{Network: internet.Network()}
	report, err := runner.Assess(context.Background(), plan, readiness.Documented)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict, "at", report.StopsAt)
	for _, c := range report.Causes {
		fmt.Println(c.Code, "-", c.Title)
	}
	// Output:
	// blocked at network-bring-up
	// ntp.unusable - The time server gives no usable time
}

// A plan lists what would be contacted, and contacts nothing.
func ExampleNewPlan() {
	plan, err := readiness.NewPlan(readiness.Scope{
		Scenario: endpoints.ScenarioSelfDeploying,
		TPM:      endpoints.TPMAMD,
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Checks {
		for _, e := range c.Endpoints {
			if plan.Endpoints[e].Endpoint.Service == endpoints.ServiceTPMAttestation {
				fmt.Println(c.ID())
			}
		}
	}
	// Output:
	// http azcsprodeusaikpublish.blob.core.windows.net:80
	// http eus.aikcertaia.microsoft.com:80
	// http eusaikpublish.microsoftaik.azure.net:80
	// https eusaikpublish.microsoftaik.azure.net:443
	// https ftpm.amd.com:443
	// http tpmtesturl.microsoftaik.azure.net:80
	// https tpmtesturl.microsoftaik.azure.net:443
}

// An unknown value comes back with those that are known.
func ExampleScope_Validate() {
	err := readiness.Scope{Scenario: "autopilot", Cloud: "moon"}.Validate()
	if bad, ok := errors.AsType[*readiness.ScopeError](err); ok {
		fmt.Println(bad.Field, bad.Value, bad.Known)
	}
	// Output: cloud moon [worldwide gcc-high dod china]
}

// Observations, stored or made otherwise, are judged without a network.
func ExampleNewReport() {
	plan, err := readiness.NewPlan(readiness.Scope{Scenario: endpoints.ScenarioAutopilot}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	observations := make([]probe.Observation, len(plan.Checks))
	for i, c := range plan.Checks {
		observations[i] = probe.Observation{Target: c.Target, Attempts: 1}
		if c.Target.Protocol == probe.ProtocolNTP {
			observations[i].Error = &probe.Error{Op: probe.OpClock, Code: probe.NTPTimeout}
		}
	}
	fmt.Println(readiness.NewReport(plan, observations, readiness.Documented).Verdict)
	fmt.Println(readiness.NewReport(plan, observations, readiness.Field).Verdict)
	fmt.Println(readiness.NewReport(plan, nil, nil).Verdict)
	// Output:
	// blocked
	// degraded
	// unproven
}

// A policy of one's own calls another one and changes what it has to say.
func ExamplePolicy() {
	strict := func(c readiness.Case) readiness.Verdict {
		v := readiness.Documented(c)
		if c.Endpoint.Service == endpoints.ServiceWNS {
			v.Impact, v.Consequence = readiness.Fatal, "Our kiosks are useless without notifications."
		}
		return v
	}
	c := readiness.Case{
		Scope:    readiness.Scope{Scenario: endpoints.ScenarioAutopilot},
		Endpoint: endpoints.Endpoint{Service: endpoints.ServiceWNS},
	}
	fmt.Println(readiness.Documented(c).Impact, strict(c).Impact)
	// Output: degrading fatal
}

// Judge says what each check means for each service, and Diagnose what is
// behind the failures.
func ExampleDiagnose() {
	plan, err := readiness.NewPlan(readiness.Scope{Scenario: endpoints.ScenarioAutopilot}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	observations := make([]probe.Observation, len(plan.Checks))
	for i, c := range plan.Checks {
		observations[i] = probe.Observation{Target: c.Target, Attempts: 1}
		if c.Target.Port == 443 {
			observations[i].Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
		}
	}
	findings := readiness.Judge(plan, observations, readiness.Documented)
	for _, f := range findings {
		if f.Service == endpoints.ServiceDeployment && f.Status == readiness.Failed {
			fmt.Println(plan.Checks[f.Check].ID(), f.Code, f.Impact)
		}
	}
	for _, c := range readiness.Diagnose(plan, observations, findings) {
		fmt.Println(c.Code, c.Impact)
	}
	// Output:
	// https account.live.com:443 tcp.timeout degrading
	// https login.live.com:443 tcp.timeout fatal
	// https cs.dds.microsoft.com:443 tcp.timeout fatal
	// https ztd.dds.microsoft.com:443 tcp.timeout fatal
	// egress.https_blocked fatal
}

// Err makes a verdict an error, for scripts and tests.
func ExampleReport_Err() {
	fmt.Println(new(readiness.Report).Err())
	// Output: readiness: unproven: not everything that provisioning needs was measured
}
