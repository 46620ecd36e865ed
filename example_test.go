package netready_test

import (
	"context"
	"fmt"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func check(ctx context.Context, network probe.Network) error {
	runner := readiness.Runner{Network: network} // the zero Network is the host's own
	report, err := runner.Assess(ctx, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		return err // the scope is wrong; nothing was contacted
	}
	fmt.Println(report.Verdict)
	for _, cause := range report.Causes {
		fmt.Printf("%s: %s\n", cause.Code, cause.Remedy)
	}
	return nil
}

// A firewall that rejects one host, and an internet that is otherwise as it
// should be.
func Example() {
	network := probe.Network{SearchDomains: []string{}}
	plan, err := readiness.Runner{Network: network}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	internet := &probetest.Internet{
		Hosts:  plan.Hosts(),
		Faults: []probetest.Fault{probetest.At{Host: "ztd.dds.microsoft.com", Port: 443, Fault: probetest.Refuse}},
	}
	if err := check(context.Background(), internet.Network()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// blocked
	// host.unreachable: Allow devices to reach ztd.dds.microsoft.com on TCP port 443. No record shows that it answers on any network. Compare with a network that works.
}
