package readinesstest_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
)

// A content network answers for a host of Windows Update on TCP port 443, with a
// certificate of its own. So it does in healthy networks.
func ExampleWorld() {
	runner := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}
	plan, err := runner.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		log.Fatal(err)
	}
	network := readinesstest.World(plan).Network()
	o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "tlu.dl.delivery.mp.microsoft.com", Port: 443})
	fmt.Println(o.Code(), o.TLS.VerifiedBy, o.TLS.Chain[0].DNSNames)
	o = network.Probe(context.Background(), probe.Target{Protocol: probe.HTTP, Host: "tlu.dl.delivery.mp.microsoft.com", Port: 80})
	fmt.Println(o.OK())
	// Output:
	// tls.name_mismatch public [fallback.tls.fastly.net]
	// true
}

// What is wrong with a network goes into Faults. All else is as it is.
func ExampleWorld_faults() {
	runner := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}, Timeout: 3 * time.Second}
	plan, err := runner.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		log.Fatal(err)
	}
	internet := readinesstest.World(plan)
	internet.Faults = []probetest.Fault{probetest.At{Host: "login.live.com", Port: 443, Fault: probetest.Refuse}}
	runner.Network = internet.Network()
	obs, err := runner.Run(context.Background(), plan)
	if err != nil {
		log.Fatal(err)
	}
	report, err := runner.Judge(plan, obs)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict)
	for _, cause := range report.Causes {
		if cause.Impact > readiness.Informational {
			fmt.Println(cause.Title)
		}
	}
	// Output:
	// blocked
	// login.live.com cannot be reached (tcp.refused)
}
