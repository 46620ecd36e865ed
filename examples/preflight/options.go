package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/readiness"
)

// The forms of a report.
const (
	formatText        = "text"
	formatMarkdown    = "markdown"
	formatHTML        = "html"
	formatJSON        = "json"
	formatBrief       = "brief"
	formatLine        = "line"
	formatJUnit       = "junit"
	formatOpenMetrics = "openmetrics"
)

func formats() []string {
	return []string{formatText, formatMarkdown, formatHTML, formatJSON, formatBrief, formatLine, formatJUnit, formatOpenMetrics}
}

// The limits of numeric flags. Values beyond them would measure the tool rather
// than the network.
const (
	minTimeout     = readiness.MinTimeout
	maxTimeout     = 10 * time.Minute
	minDeadline    = time.Second
	maxDeadline    = 24 * time.Hour
	maxConcurrency = 1024
)

// simulatedTimeout is the timeout of a check in a simulation. Nothing there is
// far away, and silence takes real time.
const simulatedTimeout = 6 * time.Second

// options are the values of the flags.
type options struct {
	scope      endpoints.Scope
	proxied    bool
	policy     readiness.Policy
	catalog    string
	device     string // the file with facts about the devices
	baseline   string // the file with the report of a network that works
	resolvers  []netip.AddrPort
	proxyText  string // parsed last, because the errors of package flag quote what they reject
	proxy      *url.URL
	roots      string
	publicOnly string // the file that replaces the public roots

	timeout, deadline time.Duration
	concurrency       int
	allAddresses      bool

	format, output string
	field          string // the file for what this network showed
	failOn         readiness.Verdict
	list           bool
	untested       bool
	simulate       []simulation

	from          string        // the file with the report to judge again
	before, after string        // the files with the reports to compare
	interval      time.Duration // how long -watch waits between runs; zero without it

	given      map[string]bool // the flags
	listFaults bool
}

// parse returns the options in the arguments, an error for [cli.Help], or one
// that says what is wrong with them. It may quote credentials; see environment.log.
func parse(args []string) (options, error) {
	o := options{
		scope:       endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudWorldwide},
		deadline:    readiness.DefaultDeadline,
		concurrency: readiness.DefaultConcurrency,
		format:      formatText,
		failOn:      readiness.Blocked,
	}
	fs := o.flags()
	if err := cli.Parse(fs, args); err != nil {
		return o, err
	}
	if o.before != "" && fs.NArg() > 0 { // -diff has two arguments
		o.after = fs.Arg(0)
		if err := fs.Parse(fs.Args()[1:]); err != nil {
			return o, fmt.Errorf("%w (preflight -h lists the flags)", err)
		}
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q: everything is a flag (preflight -h lists them)", fs.Arg(0))
	}
	given := make(map[string]bool)
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	o.given = given
	o.proxied = given["proxy"] || slices.ContainsFunc(o.simulate, func(s simulation) bool { return s.proxied })
	if given["proxy"] {
		if o.proxyText != proxyEnvironment && o.proxyText != proxySystem {
			var err error
			if o.proxy, err = parseProxy(o.proxyText); err != nil {
				return o, fmt.Errorf("invalid value for flag -proxy: %w", err)
			}
		}
	}
	return o, o.settle(given)
}

// flags returns the flag set, which sets o when parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("preflight", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	cli.Scope(fs, &o.scope, "scenario", "cloud", "tenant", "ad_domain", "region", "tpm", "windows", "features")
	fs.Func("policy", "", o.setPolicy)
	fs.Func("device", "", cli.File(&o.device))
	fs.Func("baseline", "", cli.File(&o.baseline))
	fs.Func("catalog", "", cli.File(&o.catalog))
	fs.Func("resolver", "", o.addResolvers)
	fs.StringVar(&o.proxyText, "proxy", "", "")
	fs.Func("roots", "", cli.File(&o.roots))
	fs.Func("public-roots", "", cli.File(&o.publicOnly))
	fs.Func("timeout", "", between(&o.timeout, minTimeout, maxTimeout))
	fs.Func("deadline", "", between(&o.deadline, minDeadline, maxDeadline))
	fs.Func("concurrency", "", o.setConcurrency)
	fs.BoolVar(&o.allAddresses, "all-addresses", false, "")
	fs.Func("format", "", cli.OneOf(&o.format, formats()))
	fs.Func("o", "", cli.File(&o.output))
	fs.Func("field", "", cli.File(&o.field))
	fs.Func("fail-on", "", o.setFailOn)
	fs.BoolVar(&o.list, "list", false, "")
	fs.BoolVar(&o.untested, "untested", false, "")
	fs.Func("simulate", "", o.addSimulations)
	fs.Func("from", "", cli.File(&o.from))
	fs.Func("diff", "", cli.File(&o.before))
	fs.Func("watch", "", between(&o.interval, minInterval, maxInterval))
	return fs
}

// settle checks that the flags fit together, and sets what depends on several.
func (o *options) settle(given map[string]bool) error {
	if err := o.settleSaved(given); err != nil {
		return err
	}
	if err := o.settleWatch(given); err != nil {
		return err
	}
	if given["ad-domain"] && o.from == "" && o.scope.Scenario != endpoints.ScenarioHybridJoin {
		return fmt.Errorf("-ad-domain needs -scenario %s: no other scenario joins a domain", endpoints.ScenarioHybridJoin)
	}
	if o.field != "" {
		switch {
		case o.list:
			return errors.New("-list and -field cannot be combined: a list measures nothing")
		case given["simulate"]:
			return errors.New("-field and -simulate cannot be combined: a simulated internet is no word from the field")
		case o.field == o.output:
			return errors.New("-o and -field name the same file")
		}
	}
	if o.list && o.format != formatText && o.format != formatJSON {
		return fmt.Errorf("-list needs -format %s or %s: no other form shows a plan", formatText, formatJSON)
	}
	if given["simulate"] {
		if len(o.simulate) > 1 && slices.ContainsFunc(o.simulate, func(s simulation) bool { return s.name == "none" }) {
			return errors.New("-simulate: \"none\" and other faults cannot be combined")
		}
		if o.list {
			return errors.New("-list and -simulate cannot be combined: a simulation contacts nothing")
		}
		for _, name := range []string{"resolver", "proxy", "roots", "public-roots"} {
			if given[name] {
				return fmt.Errorf("-%s and -simulate cannot be combined: the simulated internet has its own", name)
			}
		}
	}
	switch {
	case !given["timeout"] && given["simulate"]:
		o.timeout = simulatedTimeout
	case !given["timeout"]:
		o.timeout = readiness.DefaultTimeout
	case o.timeout > o.deadline:
		return fmt.Errorf("-timeout %s is longer than the limit for the whole run, -deadline %s", o.timeout, o.deadline)
	}
	return nil
}

// between returns a function for [flag.FlagSet.Func] that accepts a range of
// durations.
func between(dst *time.Duration, least, most time.Duration) func(string) error {
	return func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d < least || d > most {
			return fmt.Errorf("want a time from %s to %s, as in 30s", least, most)
		}
		*dst = d
		return nil
	}
}

func (o *options) setConcurrency(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxConcurrency {
		return fmt.Errorf("want a number from 1 to %d", maxConcurrency)
	}
	o.concurrency = n
	return nil
}

func (o *options) setPolicy(s string) error {
	switch s {
	case "documented":
		o.policy = readiness.DocumentedPolicy()
	case "field":
		o.policy = readiness.FieldPolicy()
	default:
		return cli.WantOneOf([]string{"documented", "field"})
	}
	return nil
}

func (o *options) setFailOn(s string) error {
	switch s {
	case "blocked":
		o.failOn = readiness.Blocked
	case "degraded":
		o.failOn = readiness.Degraded
	default:
		return cli.WantOneOf([]string{"blocked", "degraded"})
	}
	return nil
}

func (o *options) addSimulations(s string) error {
	for _, name := range cli.Words(s) {
		if name == "list" {
			o.listFaults = true
			continue
		}
		all := simulations()
		i := slices.IndexFunc(all, func(s simulation) bool { return s.name == name })
		if i < 0 {
			return fmt.Errorf("unknown fault %q; \"preflight -simulate list\" names the known ones", name)
		}
		if !slices.ContainsFunc(o.simulate, func(s simulation) bool { return s.name == name }) {
			o.simulate = append(o.simulate, all[i])
		}
	}
	return nil
}
