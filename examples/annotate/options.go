package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/examples/internal/trafficreport"
)

// auto is the flag value for [traffic.Auto].
const auto = "auto"

// options are the values of the flags and the argument.
type options struct {
	log     traffic.Format
	layout  string // a file that describes the log
	scope   endpoints.Scope
	catalog string
	format  string
	output  string // "" for standard output
	file    string // "" for standard input
}

// parse returns the options in the arguments, an error for [cli.Help], or one
// that says what is wrong with them.
func parse(args []string) (options, error) {
	o := options{
		scope:  endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudWorldwide},
		format: trafficreport.Text,
	}
	fs := o.flags()
	if err := cli.Parse(fs, args); err != nil {
		return o, err
	}
	switch {
	case fs.NArg() > 1 && strings.HasPrefix(fs.Arg(1), "-"):
		return o, fmt.Errorf("%s after the file: put flags before it (annotate -h lists them)", fs.Arg(1))
	case o.layout != "" && o.log != traffic.Auto:
		return o, errors.New("-log and -layout: only one can say how to read the log (annotate -h says more)")
	case fs.NArg() > 1:
		return o, errors.New("more than one file: one log at a time (annotate -h says more)")
	}
	if o.file = fs.Arg(0); o.file == "-" {
		o.file = ""
	}
	return o, nil
}

// flags returns the flag set, which sets o when parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("annotate", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("log", "", o.setLog)
	fs.Func("layout", "", cli.File(&o.layout))
	cli.Scope(fs, &o.scope, "scenario", "cloud", "tenant", "region", "tpm", "windows", "features")
	fs.Func("catalog", "", cli.File(&o.catalog))
	fs.Func("format", "", cli.OneOf(&o.format, trafficreport.Forms()))
	fs.Func("o", "", cli.File(&o.output))
	return fs
}

func (o *options) setLog(s string) error {
	if s == auto {
		o.log = traffic.Auto
		return nil
	}
	if !slices.Contains(traffic.Formats(), traffic.Format(s)) {
		return cli.WantOneOf(append([]traffic.Format{auto}, traffic.Formats()...))
	}
	o.log = traffic.Format(s)
	return nil
}
