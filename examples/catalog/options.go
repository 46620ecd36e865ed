package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

// The verbs of the command.
const (
	verbValidate = "validate"
	verbFormat   = "format"
	verbShow     = "show"
	verbMatch    = "match"
	verbDiff     = "diff"
	verbDrift    = "drift"
)

// The forms of the output.
const (
	formatText = "text"
	formatJSON = "json"
)

// options are what the arguments say.
type options struct {
	verb     string
	args     []string
	scope    endpoints.Scope
	services []endpoints.Service
	all      bool // whatever the status
	chooser
	catalog string
	format  string
}

// parse returns the options in args, an error for [cli.Help], or one that
// describes the invalid argument.
func parse(args []string) (options, error) {
	o := options{format: formatText}
	if len(args) == 0 {
		return o, errors.New("no command: want validate, format, show, match, diff or drift")
	}
	o.verb = args[0]
	fs := flag.NewFlagSet("catalog", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	if err := cli.Parse(fs, args[:1]); cli.Asked(err) {
		return o, err
	}
	switch o.verb {
	case verbValidate, verbFormat, verbShow, verbMatch, verbDiff, verbDrift:
	default:
		return o, fmt.Errorf("unknown command %q: want validate, format, show, match, diff or drift", o.verb)
	}
	fs = o.flags()
	for rest := args[1:]; ; {
		if err := fs.Parse(rest); err != nil {
			return o, err
		}
		rest = fs.Args()
		if len(rest) == 0 {
			break
		}
		o.args = append(o.args, rest[0])
		rest = rest[1:]
	}
	return o, o.count()
}

// count checks how many arguments there are.
func (o *options) count() error {
	least, most, what := 0, 0, "no arguments"
	switch o.verb {
	case verbValidate:
		least, most, what = 1, len(o.args), "at least one file"
	case verbFormat:
		least, most, what = 1, 1, "one file"
	case verbMatch:
		least, most, what = 1, len(o.args), "at least one name"
	case verbDiff:
		least, most, what = 1, 2, "one or two files"
	case verbDrift:
		most = len(o.args)
	}
	if len(o.args) < least || len(o.args) > most {
		return fmt.Errorf("%s: want %s, got %d", o.verb, what, len(o.args))
	}
	if i := slices.Index(o.args, "-"); o.verb == verbDiff && i >= 0 && slices.Contains(o.args[i+1:], "-") {
		return errors.New("diff: standard input can be read only once")
	}
	return nil
}

// flags returns the flags of the verb, which write to o as they are parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("catalog", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	if o.verb == verbValidate || o.verb == verbFormat {
		return fs
	}
	fs.StringVar(&o.catalog, "catalog", "", "")
	cli.Scope(fs, &o.scope, "scenario", "cloud")
	fs.Func("format", "", cli.OneOf(&o.format, []string{formatText, formatJSON}))
	if o.verb == verbMatch || o.verb == verbDrift {
		return fs
	}
	cli.Scope(fs, &o.scope, "region", "tpm", "windows", "features")
	fs.Func("service", "", o.addServices)
	fs.BoolVar(&o.all, "all", false, "")
	if o.verb == verbShow {
		o.chooser.flags(fs)
	}
	return fs
}

// addServices does not check names; the catalog does that.
func (o *options) addServices(s string) error {
	for _, word := range cli.Words(s) {
		o.services = append(o.services, endpoints.Service(word))
	}
	return nil
}

// wants reports whether an endpoint was requested.
func (o *options) wants(e endpoints.Endpoint) bool {
	if o.all || len(o.statuses) > 0 {
		e.Status = endpoints.StatusCurrent
	}
	return o.scope.Need(e) != endpoints.NotNeeded && (len(o.services) == 0 || slices.Contains(o.services, e.Service))
}
