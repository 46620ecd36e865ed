package readiness_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A large plan needs little memory if each observation is written as a line of
// JSON, as soon as it is made, and forgotten.
func ExampleRunner_forget() {
	hosts := []string{"files.contoso.com", "login.contoso.com"}
	var own []endpoints.Endpoint
	for _, host := range hosts {
		e, err := endpoints.New("intranet", host, "tcp/443 https")
		if err != nil {
			fmt.Println(err)
			return
		}
		own = append(own, e)
	}
	catalog, err := new(endpoints.Catalog).With(own...)
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer // or a file, or a connection
	lines := json.NewEncoder(&file)
	var failed error
	runner := readiness.Runner{
		Network:  (&probetest.Internet{Hosts: hosts}).Network(),
		Catalog:  catalog,
		Forget:   true,
		OnResult: func(_ readiness.Check, o probe.Observation) { failed = errors.Join(failed, lines.Encode(o)) },
	}
	report, err := runner.Assess(context.Background(), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err := errors.Join(err, failed); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(file.String(), "\n"), "lines,", strings.Count(file.String(), `"chain":`), "with certificates")
	fmt.Println(report.Verdict, report.Observations[0].Forgotten)
	fmt.Println(report.Notes[len(report.Notes)-1])
	// Output:
	// 2 lines, 2 with certificates
	// ready true
	// Of 2 successful checks, the report keeps only what decides the result; the run dropped other facts, such as certificates and headers.
}
