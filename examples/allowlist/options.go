package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

// options are the values of the flags.
type options struct {
	dialect    string
	scope      endpoints.Scope
	catalog    string
	proxies    []string
	noComments bool
	output     string
}

// dialects are the values of -dialect.
func dialects() []string { return []string{"hosts", "csv", "squid", "pac", "nft", "edl"} }

// parse returns the options in the arguments, an error for [cli.Help], or one
// that says what is wrong with them.
func parse(args []string) (options, error) {
	var o options
	o.scope.Scenario = endpoints.ScenarioAutopilot
	o.scope.Cloud = endpoints.CloudWorldwide
	fs := o.flags()
	if err := cli.Parse(fs, args); err != nil {
		return o, err
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q: everything is a flag%s", fs.Arg(0), seeHelp)
	case o.dialect == "":
		return o, fmt.Errorf("-dialect is missing: %w%s", cli.WantOneOf(dialects()), seeHelp)
	case o.proxies != nil && o.dialect != "pac":
		return o, errors.New("-proxy needs -dialect pac")
	case o.noComments && o.dialect != "hosts" && o.dialect != "edl":
		return o, errors.New("-no-comments needs -dialect hosts or edl")
	}
	return o, nil
}

const seeHelp = " (allowlist -h lists the flags)"

// flags returns the flag set, which sets o when parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("allowlist", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("dialect", "", cli.OneOf(&o.dialect, dialects()))
	cli.Scope(fs, &o.scope, "scenario", "cloud", "tenant", "region", "tpm", "windows", "features")
	fs.Func("catalog", "", cli.File(&o.catalog))
	fs.Func("proxy", "", func(s string) error {
		o.proxies = append(o.proxies, cli.Words(s)...)
		return nil
	})
	fs.BoolVar(&o.noComments, "no-comments", false, "")
	fs.Func("o", "", cli.File(&o.output))
	return fs
}
