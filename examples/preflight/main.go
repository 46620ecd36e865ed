package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness/device"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], environment{
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		columns: cli.Columns(os.Stderr),

		reportColumns: cli.Columns(os.Stdout),
		color:         cli.Color(os.Stdout),
		system:        resolvers,
		domains:       searchDomains,
		machine:       device.Local,
		interrupted:   interrupted,
	}))
}

// interrupted returns a context that ends at the first interrupt. The second one
// ends the program.
func interrupted(ctx context.Context) context.Context {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

// resolvers returns the DNS servers of this machine.
func resolvers() ([]netip.AddrPort, error) {
	n, err := probe.Network{SearchDomains: []string{}, HostsFile: map[string][]netip.Addr{}, Settings: map[string]string{}}.Load()
	return n.Resolvers, err
}

// searchDomains returns the DNS domains of this machine.
func searchDomains() ([]string, error) {
	n, err := probe.Network{Resolvers: []netip.AddrPort{}, HostsFile: map[string][]netip.Addr{}, Settings: map[string]string{}}.Load()
	return n.SearchDomains, err
}

// The exit statuses.
const (
	exitReady    = 0
	exitBlocked  = 1
	exitUnproven = 2 // or nothing could be checked
)

// An environment is everything that the command gets from outside.
type environment struct {
	args           []string // the arguments, which may hold credentials
	stdout, stderr io.Writer
	columns        int                              // the width of stderr if it is a terminal, or 0
	reportColumns  int                              // the same for stdout
	color          bool                             // whether stdout shows colors
	network        probe.Network                    // the defaults for what the flags do not set
	system         func() ([]netip.AddrPort, error) // the DNS servers of this machine
	domains        func() ([]string, error)         // its DNS domains; nil for none
	machine        func() (device.Facts, error)     // its Windows; nil if unknown

	// interrupted returns a context that ends at an interrupt, instead of the
	// program. Nil means that there are no interrupts.
	interrupted func(context.Context) context.Context
}

// run runs the command and returns its exit status.
func run(ctx context.Context, args []string, env environment) int {
	env.args = args
	o, err := parse(args)
	if text, ok := cli.Help(err, "preflight", usage); ok {
		_, err = io.WriteString(env.stdout, text)
		return env.exit(exitReady, err)
	}
	if err != nil {
		return env.exit(exitUnproven, err)
	}
	if o.listFaults {
		return env.exit(exitReady, writeFaults(env.stdout))
	}
	status, err := command{o, env}.run(ctx)
	return env.exit(status, err)
}

// exit reports an error, if any, and returns the exit status.
func (env environment) exit(status int, err error) int {
	if err == nil {
		return status
	}
	env.log(err.Error())
	return exitUnproven
}

// log writes a line to stderr, without the credentials in arguments. A failure to do so does not change the exit
// status.
func (env environment) log(line string) {
	_, _ = fmt.Fprintln(env.stderr, cli.ErrorLine("preflight", line, env.args))
}
