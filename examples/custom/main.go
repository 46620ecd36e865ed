// Custom checks what a company's devices need besides Microsoft's services: here
// a mail relay, to which devices report the end of setup.
//
// Usage:
//
//	custom [relay:port]
//
// It shows the three parts of an own check: an endpoint in the catalog, a probe
// for its protocol, and a policy that says what its loss means.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// relay is the service of the company's own.
const relay endpoints.Service = "relay"

// noGreeting is what the probe can find wrong that no built-in code names.
const noGreeting probe.Code = "contoso.no_greeting"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	addr := "relay.contoso.com:25"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	if err := run(ctx, os.Stdout, probe.Network{}, endpoints.Embedded(), addr); err != nil {
		fmt.Fprintln(os.Stderr, "custom:", err)
		os.Exit(2) //nolint:gocritic // stop only restores signals
	}
}

// run assesses a network for the endpoints of a catalog and the relay.
func run(ctx context.Context, w io.Writer, network probe.Network, catalog *endpoints.Catalog, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	own, err := endpoints.New(relay, host, "tcp/"+port+" smtp")
	if err != nil {
		return err
	}
	own.Loss = "The help desk does not learn that a device is ready."
	if catalog, err = catalog.With(own); err != nil {
		return err
	}
	runner := readiness.Runner{
		Network: network,
		Catalog: catalog,
		Probers: map[probe.Protocol]probe.Prober{"smtp": greeting},
		Policy: readiness.DocumentedPolicy().With(readiness.Degrading, relay).
			Explain(noGreeting, "The mail relay does not greet", "Restart the relay service on "+host+"."),
	}
	report, err := runner.Assess(ctx, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		return err
	}
	return render.Text(w, report, render.TextOptions{})
}

// greeting measures whether a mail relay greets whoever connects. Talk resolves
// and connects, keeps the steps, and ends the conversation with the context.
func greeting(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
	return n.Talk(ctx, "tcp", t, func(c net.Conn) error {
		line, err := bufio.NewReader(io.LimitReader(c, 512)).ReadString('\n')
		if err == nil && !strings.HasPrefix(line, "220 ") {
			err = fmt.Errorf("%w: %.40q", noGreeting, line)
		}
		return err
	})
}
