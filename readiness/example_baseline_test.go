package readiness_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// twoNetworks returns a plan, and what two networks showed: a host is silent on
// both.
func twoNetworks() (plan *readiness.Plan, hotspot, office []probe.Observation) {
	plan, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range plan.Checks {
		o := probe.Observation{Target: c.Target, Attempts: 1}
		if c.Target.Host == "go.microsoft.com" {
			o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
		}
		hotspot, office = append(hotspot, o), append(office, o)
	}
	return plan, hotspot, office
}

// The report of a network that works is held against another: what fails alike is
// no fault of the other.
func ExamplePolicy_Against() {
	plan, hotspot, office := twoNetworks()
	good, err := readiness.Runner{}.Judge(plan, hotspot)
	if err != nil {
		log.Fatal(err)
	}
	alone, err := readiness.Runner{}.Judge(plan, office)
	if err != nil {
		log.Fatal(err)
	}
	beside, err := readiness.Runner{Policy: readiness.DocumentedPolicy().Against(good)}.Judge(plan, office)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(alone.Verdict, "alone, and", beside.Verdict, "beside a network that works")
	fmt.Println(beside.Causes[0].Title)

	// A network that is not known to work is no baseline.
	good.Verdict = readiness.Blocked
	_, err = readiness.Runner{Policy: readiness.DocumentedPolicy().Against(good)}.Judge(plan, office)
	var invalid *endpoints.Error
	fmt.Println(errors.As(err, &invalid), invalid.Field)
	// Output:
	// degraded alone, and ready beside a network that works
	// go.microsoft.com fails here as in the baseline
	// true baseline
}

// A report without what is private can be given to others, who judge it again.
func ExampleReport_Redacted() {
	plan, hotspot, _ := twoNetworks()
	for i := range hotspot {
		hotspot[i].TCP = &probe.TCPFacts{Dials: []probe.Dial{{Code: probe.TCPTimeout}}}
	}
	report, err := readiness.Runner{}.Judge(plan, hotspot)
	if err != nil {
		log.Fatal(err)
	}
	file, err := json.Marshal(report.Redacted())
	if err != nil {
		log.Fatal(err)
	}

	var received readiness.Report
	if err := json.Unmarshal(file, &received); err != nil {
		log.Fatal(err)
	}
	again, err := readiness.Runner{}.Rejudge(&received)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict, again.Verdict)
	for _, o := range received.Observations {
		if o.Error != nil {
			fmt.Println(o.Target, o.Error.Op, o.Error.Code, o.TCP == nil)
		}
	}
	// Output:
	// degraded degraded
	// http go.microsoft.com:80 connect tcp.timeout true
	// https go.microsoft.com:443 connect tcp.timeout true
}
