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
)

// The forms of a report.
const (
	formatText = "text"
	formatJSON = "json"
)

// auto is the word for [traffic.Auto].
const auto = "auto"

// options are what the flags and the argument say.
type options struct {
	log     traffic.Format
	query   endpoints.Query
	tenant  string
	catalog string
	format  string
	file    string // "" for standard input
}

// parse returns the options that arguments say, [flag.ErrHelp], or an error
// that says what is wrong with them.
func parse(args []string) (options, error) {
	o := options{
		query:  endpoints.Query{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudWorldwide},
		format: formatText,
	}
	fs := o.flags()
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w (annotate -h lists the flags)", err)
	}
	switch {
	case fs.NArg() > 1 && strings.HasPrefix(fs.Arg(1), "-"):
		return o, fmt.Errorf("%s after the file: flags go before it (annotate -h lists them)", fs.Arg(1))
	case fs.NArg() > 1:
		return o, errors.New("more than one file: one log at a time (annotate -h says more)")
	}
	if o.file = fs.Arg(0); o.file == "-" {
		o.file = ""
	}
	return o, nil
}

// flags returns the flags, which write to o as they are parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("annotate", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("log", "", o.setLog)
	fs.Func("scenario", "", choose(&o.query.Scenario, endpoints.Scenarios()))
	fs.Func("cloud", "", choose(&o.query.Cloud, endpoints.Clouds()))
	fs.Func("tenant", "", o.setTenant)
	fs.Func("region", "", choose(&o.query.Region, endpoints.Regions()))
	fs.Func("tpm", "", choose(&o.query.TPM, endpoints.TPMVendors()))
	fs.Func("features", "", o.addFeatures)
	fs.Func("catalog", "", o.setCatalog)
	fs.Func("format", "", choose(&o.format, []string{formatText, formatJSON}))
	return fs
}

// choose returns a function for [flag.FlagSet.Func] that accepts some words.
func choose[T ~string](dst *T, all []T) func(string) error {
	return func(s string) error {
		if !slices.Contains(all, T(s)) {
			return wantOneOf(all)
		}
		*dst = T(s)
		return nil
	}
}

func wantOneOf[T ~string](all []T) error {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return errors.New("want one of " + strings.Join(words, ", "))
}

func (o *options) setLog(s string) error {
	if s == auto {
		o.log = traffic.Auto
		return nil
	}
	if !slices.Contains(traffic.Formats(), traffic.Format(s)) {
		return wantOneOf(append([]traffic.Format{auto}, traffic.Formats()...))
	}
	o.log = traffic.Format(s)
	return nil
}

func (o *options) setTenant(s string) error {
	if h, err := endpoints.ParseHost(s); err != nil || h.Kind() != endpoints.Exact || isAddress(h.String()) {
		return errors.New("want a tenant's name, as in contoso, or a verified domain, as in contoso.com")
	}
	o.tenant = s
	return nil
}

func (o *options) addFeatures(s string) error {
	for word := range strings.SplitSeq(s, ",") {
		var f endpoints.Feature
		if err := choose(&f, endpoints.Features())(strings.TrimSpace(word)); err != nil {
			return fmt.Errorf("%q: %w", word, err)
		}
		o.query.Features = append(o.query.Features, f)
	}
	return nil
}

func (o *options) setCatalog(s string) error {
	if s == "" {
		return errors.New("want the name of a file")
	}
	o.catalog = s
	return nil
}
