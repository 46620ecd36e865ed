package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"github.com/netready/netready/probe"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program
	os.Exit(run(ctx, os.Args[1:], environment{
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		columns: columns(os.Stderr),
		system:  probe.SystemResolvers,
		domains: probe.SystemSearchDomains,
	}))
}

// columns returns the width of a terminal, or 0 for anything else.
func columns(f *os.File) int {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return 0
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// The exit statuses.
const (
	exitReady    = 0
	exitBlocked  = 1
	exitUnproven = 2 // or nothing could be checked
)

// An environment is what the command gets from outside.
type environment struct {
	stdout, stderr io.Writer
	columns        int                              // the width of stderr if it is a terminal, or 0
	network        probe.Network                    // what the flags leave as it is
	system         func() ([]netip.AddrPort, error) // the DNS servers of this machine
	domains        func() ([]string, error)         // its DNS domains; nil for none
}

// run is the whole command, and returns its exit status.
func run(ctx context.Context, args []string, env environment) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(env.stdout, usage)
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

// exit says what went wrong, if anything did, and returns the exit status.
func (env environment) exit(status int, err error) int {
	if err == nil {
		return status
	}
	env.log(err.Error())
	return exitUnproven
}

// log writes a line to stderr. That stderr cannot be written is not worth an
// exit status.
func (env environment) log(line string) {
	_, _ = fmt.Fprintln(env.stderr, "preflight: "+line)
}
