package readiness_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A network is assessed in one call. Here it is an internet in memory that
// rejects NTP; without a Network it is the machine's own.
func ExampleRunner_Assess() {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	internet := &probetest.Internet{
		Hosts:  plan.Hosts(),
		Faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Refuse}},
	}
	runner := readiness.Runner{Network: internet.Network()}
	report, err := runner.Assess(context.Background(), scope)
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
	// egress.ntp_blocked - UDP port 123 (NTP) is rejected
}

// A plan lists what would be contacted, and contacts nothing.
func ExampleRunner_Plan() {
	plan, err := readiness.Runner{}.Plan(endpoints.Scope{
		Scenario: endpoints.ScenarioSelfDeploying,
		TPM:      endpoints.TPMAMD,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Checks {
		for _, e := range c.Endpoints {
			if e.Service == endpoints.ServiceTPMAttestation {
				fmt.Println(c.ID())
			}
		}
	}
	// Output:
	// http azcsprodeusaikpublish.blob.core.windows.net:80
	// http eus.aikcertaia.microsoft.com:80
	// http eusaikpublish.microsoftaik.azure.net:80
	// https ftpm.amd.com:443
	// https tpmtesturl.microsoftaik.azure.net:443
}

// An unknown value comes back with those that are known.
func ExampleRunner_Plan_unknown() {
	_, err := readiness.Runner{}.Plan(endpoints.Scope{Scenario: "autopilot", Cloud: "moon"})
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		fmt.Println(bad.Field, bad.Value, bad.Want)
	}
	// Output: cloud moon [worldwide gcc-high dod china]
}

// Observations, stored or made otherwise, are judged without a network.
func ExampleRunner_Judge() {
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	observations := make([]probe.Observation, len(plan.Checks))
	for i, c := range plan.Checks {
		observations[i] = probe.Observation{Target: c.Target, Attempts: 1}
		if c.Target.Protocol == probe.NTP {
			observations[i].Error = &probe.Error{Op: probe.OpClock, Code: probe.NTPTimeout}
		}
	}
	for _, policy := range []readiness.Policy{readiness.DocumentedPolicy(), readiness.FieldPolicy()} {
		report, err := readiness.Runner{Policy: policy}.Judge(plan, observations)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(report.Policy, report.Verdict)
	}
	// Output:
	// documented blocked
	// field degraded
}

// A policy of one's own changes what another one says.
func ExamplePolicy() {
	strict := readiness.FieldPolicy().
		With(readiness.Fatal, endpoints.ServiceWNS).
		OnFailure(func(_ endpoints.Scope, e endpoints.Endpoint, f readiness.Finding, soFar readiness.Ruling) readiness.Ruling {
			if e.Service == endpoints.ServiceMicrosoftStore && f.Code == probe.TLSInspected {
				soFar.Impact, soFar.Loss = readiness.Informational, "Our image has the inspecting CA."
			}
			return soFar
		})

	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	wns, store := endpoints.Endpoint{Service: endpoints.ServiceWNS}, endpoints.Endpoint{Service: endpoints.ServiceMicrosoftStore}
	inspected := readiness.Finding{Outcome: readiness.Failed, Code: probe.TLSInspected}
	fmt.Println(readiness.FieldPolicy().Service(scope, wns).Impact, strict.Service(scope, wns).Impact)
	fmt.Println(readiness.FieldPolicy().Failure(scope, store, inspected).Impact, strict.Failure(scope, store, inspected).Impact)
	// Output:
	// degrading fatal
	// degrading informational
}

// Findings say what each check means for each service, and causes what is behind
// the failures.
func ExampleReport() {
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
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
	report, err := readiness.Runner{}.Judge(plan, observations)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		if f.Service == endpoints.ServiceDeployment && f.Outcome == readiness.Failed {
			fmt.Println(f.Check.ID(), f.Code, f.Impact)
		}
	}
	for _, c := range report.Causes {
		fmt.Println(c.Code, c.Impact)
	}
	// Output:
	// https account.live.com:443 tcp.timeout degrading
	// https login.live.com:443 tcp.timeout fatal
	// https cs.dds.microsoft.com:443 tcp.timeout degrading
	// https ztd.dds.microsoft.com:443 tcp.timeout fatal
	// egress.https_blocked fatal
}

// A report that was stored as JSON is read back and judged again, without a network.
func ExampleRunner_Rejudge() {
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	var observations []probe.Observation
	for _, t := range plan.Targets() {
		o := probe.Observation{Target: t, Attempts: 1}
		if t.Port == 123 {
			o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.NTPTimeout}
		}
		observations = append(observations, o)
	}
	report, err := readiness.Runner{}.Judge(plan, observations)
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := json.Marshal(report)
	if err != nil {
		fmt.Println(err)
		return
	}

	var stored readiness.Report
	if err := json.Unmarshal(data, &stored); err != nil {
		fmt.Println(err)
		return
	}
	again, err := readiness.Runner{Policy: readiness.FieldPolicy()}.Rejudge(&stored)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(stored.Policy, stored.Verdict)
	fmt.Println(again.Policy, again.Verdict)
	// Output:
	// documented blocked
	// field degraded
}

// Err makes a verdict an error, for scripts and tests.
func ExampleReport_Err() {
	fmt.Println(new(readiness.Report).Err())
	// Output: readiness: unproven: not everything that provisioning needs was measured
}

// The document of nothing: it is not ready.
func ExampleReport_WriteJSON() {
	r := &readiness.Report{Catalog: "1", CatalogDate: "2026-11-30"}
	if err := r.WriteJSON(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "schema": "netready/1",
	//   "verdict": "unproven",
	//   "scope": {
	//     "scenario": "",
	//     "cloud": "",
	//     "tenant": "",
	//     "region": "",
	//     "tpm": "",
	//     "features": []
	//   },
	//   "catalog": {
	//     "version": "1",
	//     "date": "2026-11-30"
	//   },
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
