package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// The forms of a report.
const (
	formatText = "text"
	formatJSON = "json"
)

// The bounds of the flags that are numbers. What is beyond them measures the
// tool rather than the network.
const (
	minTimeout     = 100 * time.Millisecond
	maxTimeout     = 10 * time.Minute
	minDeadline    = time.Second
	maxDeadline    = 24 * time.Hour
	maxConcurrency = 1024
)

// simulatedTimeout is the time-out of a check in a simulation: nothing there is
// far away, and silence takes real time.
const simulatedTimeout = 6 * time.Second

// options are what the flags say.
type options struct {
	scope      readiness.Scope
	policy     readiness.Policy
	catalog    string
	resolvers  []netip.AddrPort
	proxyText  string // parsed last, because the errors of package flag quote what they reject
	proxy      *url.URL
	roots      string
	publicOnly string // the file that replaces the public roots

	timeout, deadline time.Duration
	concurrency       int
	allAddresses      bool

	format, output string
	failOn         readiness.ReportVerdict
	list           bool
	simulate       []simulation
	listFaults     bool
}

// parse returns the options that arguments say, [flag.ErrHelp], or an error
// that says what is wrong with them, without the credentials that may be in
// them.
func parse(args []string) (options, error) {
	o := options{
		scope:       readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudWorldwide},
		policy:      readiness.Documented,
		deadline:    readiness.DefaultDeadline,
		concurrency: readiness.DefaultConcurrency,
		format:      formatText,
		failOn:      readiness.Blocked,
	}
	fs := o.flags()
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errors.New(withoutCredentials(err.Error()) + " (preflight -h lists the flags)")
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q: everything is a flag (preflight -h lists them)", withoutCredentials(fs.Arg(0)))
	}
	given := make(map[string]bool)
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	o.scope.Proxied = given["proxy"] || slices.ContainsFunc(o.simulate, func(s simulation) bool { return s.proxied })
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

// flags returns the flags, which write to o as they are parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("preflight", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("scenario", "", choose(&o.scope.Scenario, endpoints.Scenarios()))
	fs.Func("cloud", "", choose(&o.scope.Cloud, endpoints.Clouds()))
	fs.Func("tenant", "", o.addTenant)
	fs.Func("ad-domain", "", o.setADDomain)
	fs.Func("region", "", choose(&o.scope.Region, endpoints.Regions()))
	fs.Func("tpm", "", choose(&o.scope.TPM, endpoints.TPMVendors()))
	fs.Func("windows", "", choose(&o.scope.Windows, endpoints.Generations()))
	fs.Func("features", "", o.addFeatures)
	fs.Func("policy", "", o.setPolicy)
	fs.Func("catalog", "", file(&o.catalog))
	fs.Func("resolver", "", o.addResolvers)
	fs.StringVar(&o.proxyText, "proxy", "", "")
	fs.Func("roots", "", file(&o.roots))
	fs.Func("public-roots", "", file(&o.publicOnly))
	fs.Func("timeout", "", between(&o.timeout, minTimeout, maxTimeout))
	fs.Func("deadline", "", between(&o.deadline, minDeadline, maxDeadline))
	fs.Func("concurrency", "", o.setConcurrency)
	fs.BoolVar(&o.allAddresses, "all-addresses", false, "")
	fs.Func("format", "", choose(&o.format, []string{formatText, formatJSON}))
	fs.Func("o", "", file(&o.output))
	fs.Func("fail-on", "", o.setFailOn)
	fs.BoolVar(&o.list, "list", false, "")
	fs.Func("simulate", "", o.addSimulations)
	return fs
}

// settle checks what the flags say together, and fills in what depends on it.
func (o *options) settle(given map[string]bool) error {
	if given["ad-domain"] && o.scope.Scenario != endpoints.ScenarioHybridJoin {
		return fmt.Errorf("-ad-domain is for -scenario %s: no other one joins a domain", endpoints.ScenarioHybridJoin)
	}
	if given["simulate"] {
		if o.list {
			return errors.New("-list and -simulate do not go together: a simulation contacts nothing")
		}
		for _, name := range []string{"resolver", "proxy", "roots", "public-roots"} {
			if given[name] {
				return fmt.Errorf("-%s and -simulate do not go together: the simulated internet brings its own", name)
			}
		}
	}
	switch {
	case !given["timeout"] && given["simulate"]:
		o.timeout = simulatedTimeout
	case !given["timeout"]:
		o.timeout = readiness.DefaultTimeout
	case o.timeout > o.deadline:
		return fmt.Errorf("-timeout %s is longer than the whole run may take, -deadline %s", o.timeout, o.deadline)
	}
	return nil
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

// between does the same for durations.
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

// file does the same for names of files.
func file(dst *string) func(string) error {
	return func(s string) error {
		if s == "" {
			return errors.New("want the name of a file")
		}
		*dst = s
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
		o.policy = readiness.Documented
	case "field":
		o.policy = readiness.Field
	default:
		return wantOneOf([]string{"documented", "field"})
	}
	return nil
}

func (o *options) setFailOn(s string) error {
	switch s {
	case "blocked":
		o.failOn = readiness.Blocked
	case "degraded":
		o.failOn = readiness.ReadyDegraded
	default:
		return wantOneOf([]string{"blocked", "degraded"})
	}
	return nil
}

func (o *options) addFeatures(s string) error {
	for _, word := range words(s) {
		var f endpoints.Feature
		if err := choose(&f, endpoints.Features())(word); err != nil {
			return fmt.Errorf("%q: %w", word, err)
		}
		if !slices.Contains(o.scope.Features, f) {
			o.scope.Features = append(o.scope.Features, f)
		}
	}
	return nil
}

// addTenant takes the tenant's name, or its initial domain, and verified domains.
func (o *options) addTenant(s string) error {
	for _, word := range words(s) {
		scope := readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: word}
		if word == "" || scope.Validate() != nil {
			return errors.New("want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by a comma")
		}
		switch {
		case o.scope.Tenant == "":
			o.scope.Tenant = word
		case strings.Contains(word, "."):
			o.scope.Domains = append(o.scope.Domains, word)
		case strings.Contains(o.scope.Tenant, "."):
			o.scope.Tenant, o.scope.Domains = word, append([]string{o.scope.Tenant}, o.scope.Domains...)
		default:
			return fmt.Errorf("%q and %q: a tenant has one name", o.scope.Tenant, word)
		}
	}
	return nil
}

func (o *options) setADDomain(s string) error {
	scope := readiness.Scope{Scenario: endpoints.ScenarioHybridJoin, ADDomain: s}
	if s == "" || scope.Validate() != nil {
		return errors.New("want the DNS name of an Active Directory domain, as in corp.contoso.com")
	}
	o.scope.ADDomain = s
	return nil
}

func (o *options) addSimulations(s string) error {
	for _, name := range words(s) {
		if name == "list" {
			o.listFaults = true
			continue
		}
		all := simulations()
		i := slices.IndexFunc(all, func(s simulation) bool { return s.name == name })
		if i < 0 {
			return fmt.Errorf("unknown fault %q; \"preflight -simulate list\" names those that are known", name)
		}
		if !slices.ContainsFunc(o.simulate, func(s simulation) bool { return s.name == name }) {
			o.simulate = append(o.simulate, all[i])
		}
	}
	return nil
}

// words returns the parts of a list separated by commas. An empty one is a
// part too, that no flag accepts.
func words(s string) []string {
	parts := strings.Split(s, ",")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

// withoutCredentials removes the user information of URLs from a text, and
// whatever else stands before an @.
func withoutCredentials(text string) string {
	return regexp.MustCompile(`[^\s"]*@`).ReplaceAllString(text, "…@")
}
