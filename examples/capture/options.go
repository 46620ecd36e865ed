package main

import (
	"errors"
	"flag"
	"io"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/examples/internal/trafficreport"
)

// options are the values of the flags and the argument.
type options struct {
	scope         endpoints.Scope
	catalog, file string
	format        string
	output        string // "" for standard output
}

// parse returns the options in the arguments, an error for [cli.Help], or one
// that says what is wrong with them.
func parse(args []string) (*options, error) {
	o := &options{
		scope:  endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudWorldwide},
		format: trafficreport.Text,
	}
	fs := flag.NewFlagSet("capture", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	cli.Scope(fs, &o.scope, "scenario", "cloud", "tenant", "region", "tpm", "windows", "features")
	fs.Func("catalog", "", cli.File(&o.catalog))
	fs.Func("format", "", cli.OneOf(&o.format, trafficreport.Forms()))
	fs.Func("o", "", cli.File(&o.output))
	if err := cli.Parse(fs, args); err != nil {
		return o, err
	}
	if fs.NArg() > 1 {
		return o, errors.New("more than one file: one capture at a time (capture -h says more)")
	}
	o.file = fs.Arg(0)
	return o, nil
}

// usage is what -h prints.
const usage = `Capture explains what a packet capture shows of Windows provisioning, as annotate
does for a log: names from lookups, TLS and HTTP, and attempts that failed on the
wire, with the reason.

Usage: capture [flags] [FILE]

FILE is pcap or pcapng, as Wireshark, tcpdump and "pktmon etl2pcap" write it,
also compressed by gzip. Without it, or with "-", standard input is read.

Flags: -scenario, -cloud, -tenant, -region, -tpm, -windows, -features, -catalog,
-format, -o and -version, as those of annotate.

Exit status: 0 the capture shows requests that the scenario requires, and none was
denied or failed in the end; 1 some were; 2 the capture cannot tell, or could not
be read.
`
