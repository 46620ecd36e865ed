package readiness_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// NoGreeting is a code of our own: somebody accepts, and does not greet.
const NoGreeting probe.Code = "contoso.no_greeting"

// greeting is a prober of our own: a mail relay greets whoever connects.
func greeting(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
	return n.Talk(ctx, "tcp", t, func(c net.Conn) error {
		line, err := bufio.NewReader(c).ReadString('\n')
		if err == nil && !strings.HasPrefix(line, "220 ") {
			err = fmt.Errorf("%w: %.40q", NoGreeting, line)
		}
		return err
	})
}

// An endpoint of our own, with a prober for its protocol, a policy that calls it fatal,
// and the words for what can be wrong with it.
func ExampleRunner_own() {
	mail, err := endpoints.New("mail", "mail.contoso.com", "tcp/25 smtp")
	if err != nil {
		fmt.Println(err)
		return
	}
	catalog, err := new(endpoints.Catalog).With(mail) // most would add it to endpoints.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	internet := &probetest.Internet{
		Hosts: []string{"mail.contoso.com"},
		Serve: map[string]func(net.Conn){
			"mail.contoso.com:25": func(c net.Conn) { _, _ = io.WriteString(c, "421 come back later\r\n") },
		},
	}
	runner := readiness.Runner{
		Network: internet.Network(),
		Catalog: catalog,
		Probers: map[probe.Protocol]probe.Prober{"smtp": greeting},
		Policy: readiness.FieldPolicy().With(readiness.Fatal, "mail").
			Explain(NoGreeting, "The mail relay does not greet", "Restart the relay service on mail.contoso.com."),
	}
	report, err := runner.Assess(context.Background(), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict)
	for _, c := range report.Causes {
		fmt.Println(c.Code)
		fmt.Println(c.Title)
		fmt.Println(c.Remedy)
	}
	// Output:
	// blocked
	// contoso.no_greeting
	// The mail relay does not greet
	// Restart the relay service on mail.contoso.com.
}

// OnResult is told of each check as it is done.
func ExampleRunner_onResult() {
	network := (&probetest.Internet{
		Hosts:  []string{"login.contoso.com", "files.contoso.com"},
		Faults: []probetest.Fault{probetest.At{Host: "files.contoso.com", Fault: probetest.Refuse}},
	}).Network()
	var own []endpoints.Endpoint
	for _, host := range []string{"login.contoso.com", "files.contoso.com"} {
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
	runner := readiness.Runner{
		Network: network,
		Catalog: catalog,
		OnResult: func(c readiness.Check, o probe.Observation) {
			if o.OK() {
				fmt.Println(c.ID(), "ok")
			} else {
				fmt.Println(c.ID(), o.Code())
			}
		},
	}
	if _, err := runner.Assess(context.Background(), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}); err != nil {
		fmt.Println(err)
	}
	// Unordered output:
	// https files.contoso.com:443 tcp.refused
	// https login.contoso.com:443 ok
}

// checkReport is for a test of a network, which passes its t.Errorf: an error for each
// failure that blocks, and for each check that was not run.
func checkReport(errorf func(format string, args ...any), report *readiness.Report) {
	if report.Verdict.Works() {
		return
	}
	for f := range report.Failures() {
		if f.Impact.Blocks() {
			errorf("%s: %s. %s", f.Service, f.Cause.Title, f.Cause.Remedy)
		}
	}
	for f := range report.NotRun() {
		errorf("%s for %s was not run: %s", f.Check.ID(), f.Service, f.Code)
	}
}

// A go test asks for a report, and fails by what blocks it.
func ExampleReport_Failures() {
	network := probe.Network{SearchDomains: []string{}}
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	plan, err := readiness.Runner{Network: network}.Plan(scope)
	if err != nil {
		fmt.Println(err)
		return
	}
	internet := &probetest.Internet{
		Hosts:  plan.Hosts(),
		Faults: []probetest.Fault{probetest.At{Host: "ztd.dds.microsoft.com", Port: 443, Fault: probetest.Refuse}},
	}
	report, err := readiness.Runner{Network: internet.Network()}.Assess(context.Background(), scope)
	if err != nil {
		fmt.Println(err) // t.Fatal in a test: nothing was contacted
		return
	}
	errorf := func(format string, args ...any) { fmt.Printf(format+"\n", args...) } // t.Errorf in a test
	checkReport(errorf, report)
	// Output:
	// deployment-service: ztd.dds.microsoft.com cannot be reached (tcp.refused). Allow devices to reach ztd.dds.microsoft.com on TCP port 443. No record shows that it answers on any network. Compare with a network that works.
}
