package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
)

// options are what the flags say.
type options struct {
	dialect    string
	scope      allowlist.Scope
	catalog    string
	proxies    []string
	noComments bool
	output     string
}

// dialects are the values of -dialect.
func dialects() []string { return []string{"hosts", "csv", "squid", "pac", "nft", "edl"} }

// parse returns the options that arguments say, [flag.ErrHelp], or an error
// that says what is wrong with them.
func parse(args []string) (options, error) {
	var o options
	o.scope.Query.Scenario = endpoints.ScenarioAutopilot
	o.scope.Query.Cloud = endpoints.CloudWorldwide
	fs := o.flags()
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, errors.New(withoutCredentials(err.Error()) + seeHelp)
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q: everything is a flag%s", withoutCredentials(fs.Arg(0)), seeHelp)
	case o.dialect == "":
		return o, fmt.Errorf("-dialect is missing: %w%s", wantOneOf(dialects()), seeHelp)
	case o.proxies != nil && o.dialect != "pac":
		return o, errors.New("-proxy is for -dialect pac alone")
	case o.noComments && o.dialect != "hosts" && o.dialect != "edl":
		return o, errors.New("-no-comments is for -dialect hosts and edl alone")
	}
	return o, nil
}

const seeHelp = " (allowlist -h lists the flags)"

// flags returns the flags, which write to o as they are parsed.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("allowlist", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	q := &o.scope.Query
	fs.Func("dialect", "", choose(&o.dialect, dialects()))
	fs.Func("scenario", "", choose(&q.Scenario, endpoints.Scenarios()))
	fs.Func("cloud", "", choose(&q.Cloud, endpoints.Clouds()))
	fs.Func("tenant", "", o.addTenants)
	fs.Func("region", "", choose(&q.Region, endpoints.Regions()))
	fs.Func("tpm", "", choose(&q.TPM, endpoints.TPMVendors()))
	fs.Func("windows", "", choose(&q.Windows, endpoints.Generations()))
	fs.Func("features", "", o.addFeatures)
	fs.Func("catalog", "", file(&o.catalog))
	fs.Func("proxy", "", func(s string) error {
		o.proxies = append(o.proxies, words(s)...)
		return nil
	})
	fs.BoolVar(&o.noComments, "no-comments", false, "")
	fs.Func("o", "", file(&o.output))
	return fs
}

// addTenants leaves it to the package to say what a tenant is.
func (o *options) addTenants(s string) error {
	for _, t := range words(s) {
		if _, err := allowlist.New(&endpoints.Catalog{}, allowlist.Scope{Tenants: []string{t}}); err != nil {
			return errors.New("want a tenant's name, as in contoso, or a verified domain, as in contoso.com")
		}
		if !slices.Contains(o.scope.Tenants, t) {
			o.scope.Tenants = append(o.scope.Tenants, t)
		}
	}
	return nil
}

// addFeatures keeps a list that is not nil once any were given.
func (o *options) addFeatures(s string) error {
	q := &o.scope.Query
	if q.Features == nil {
		q.Features = []endpoints.Feature{}
	}
	if s == "none" {
		return nil
	}
	for _, word := range words(s) {
		var f endpoints.Feature
		if err := choose(&f, endpoints.Features())(word); err != nil {
			return fmt.Errorf("%q: %w", word, err)
		}
		if !slices.Contains(q.Features, f) {
			q.Features = append(q.Features, f)
		}
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
	names := make([]string, len(all))
	for i, w := range all {
		names[i] = string(w)
	}
	return errors.New("want one of " + strings.Join(names, ", "))
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

// words returns the parts of a list separated by commas.
func words(s string) []string {
	parts := strings.Split(s, ",")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

// withoutCredentials removes what stands before an @ in a text.
func withoutCredentials(text string) string {
	return regexp.MustCompile(`[^\s"]*@`).ReplaceAllString(text, "…@")
}
