package main

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

// A chooser filters the endpoints that a scope selects.
type chooser struct {
	source    string // part of the title of a source, or its key
	olderThan string // an age or a date
	statuses  []endpoints.Status
	known     []string
}

// The values of -known.
const (
	knownConfirmed    = "confirmed"
	knownContradicted = "contradicted"
	knownNothing      = "nothing"
)

func (c *chooser) flags(fs *flag.FlagSet) {
	fs.StringVar(&c.source, "source", "", "")
	fs.Func("older-than", "", func(s string) error {
		c.olderThan = s
		_, err := moment(s, time.Time{})
		return err
	})
	fs.Func("status", "", someOf(&c.statuses, []endpoints.Status{
		endpoints.StatusCurrent, endpoints.StatusLegacy, endpoints.StatusRetired, endpoints.StatusDeprecated, endpoints.StatusUnknown,
	}))
	fs.Func("known", "", someOf(&c.known, []string{knownConfirmed, knownContradicted, knownNothing}))
}

// someOf is [cli.OneOf] for a list with commas.
func someOf[T ~string](dst *[]T, all []T) func(string) error {
	return func(s string) error {
		for _, word := range cli.Words(s) {
			var one T
			if err := cli.OneOf(&one, all)(word); err != nil {
				return err
			}
			*dst = append(*dst, one)
		}
		return nil
	}
}

// moment parses a date, or an age before now, into a day.
func moment(s string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if s != "" {
		n, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
		switch unit := s[len(s)-1]; {
		case err != nil:
		case unit == 'd':
			return now.AddDate(0, 0, -int(n)), nil
		case unit == 'm':
			return now.AddDate(0, -int(n), 0), nil
		case unit == 'y':
			return now.AddDate(-int(n), 0, 0), nil
		}
	}
	return time.Time{}, fmt.Errorf("want an age in days, months or years, as in 90d, 6m or 1y, or a date, as in 2025-11-30")
}

// check returns an error if the catalog lacks the requested source.
func (c *chooser) check(catalog *endpoints.Catalog) error {
	if c.source == "" || slices.ContainsFunc(catalog.Sources(), func(s endpoints.Source) bool { return c.isSource(catalog, s) }) {
		return nil
	}
	return fmt.Errorf("-source %q: no source of the catalog has this key or this text in its title", c.source)
}

func (c *chooser) isSource(catalog *endpoints.Catalog, s endpoints.Source) bool {
	if keyed, ok := catalog.Source(c.source); ok {
		return s == keyed
	}
	return strings.Contains(strings.ToLower(s.Title), strings.ToLower(c.source))
}

// chooses reports whether an endpoint was requested.
func (c *chooser) chooses(catalog *endpoints.Catalog, e endpoints.Endpoint) bool {
	switch {
	case len(c.statuses) > 0 && !slices.Contains(c.statuses, cmp.Or(e.Status, endpoints.StatusCurrent)):
		return false
	case c.source != "" && !slices.ContainsFunc(slices.Collect(e.Sources()), func(s endpoints.Source) bool { return c.isSource(catalog, s) }):
		return false
	case c.olderThan != "" && !c.isOld(catalog, e):
		return false
	case len(c.known) == 0:
		return true
	}
	return slices.ContainsFunc(portsOf(e), func(n uint16) bool {
		return slices.Contains(c.known, knownWord(catalog.Fact(e.Host.String(), n).Known))
	})
}

// isOld reports whether an endpoint's newest source is undated or older than
// requested.
func (c *chooser) isOld(catalog *endpoints.Catalog, e endpoints.Endpoint) bool {
	now, _ := time.Parse(time.DateOnly, catalog.Date())
	limit, err := moment(c.olderThan, now)
	return err == nil && e.Newest().Day() < limit.Format(time.DateOnly) // the flag has checked it
}

// chosenBy describes the filters.
func (c *chooser) chosenBy() string {
	var words []string
	if len(c.statuses) > 0 {
		words = append(words, "status "+cli.Joined(c.statuses))
	}
	if c.source != "" {
		words = append(words, fmt.Sprintf("source %q", c.source))
	}
	if c.olderThan != "" {
		words = append(words, "sources older than "+c.olderThan)
	}
	if len(c.known) > 0 {
		words = append(words, "known: "+cli.Joined(c.known))
	}
	if words == nil {
		return ""
	}
	return "; " + strings.Join(words, "; ")
}

// portsOf returns the numbers of an endpoint's ports, or 0 for its name alone.
func portsOf(e endpoints.Endpoint) []uint16 {
	var out []uint16
	for _, p := range e.Ports {
		if p.Number != 0 && !slices.Contains(out, p.Number) {
			out = append(out, p.Number)
		}
	}
	if out == nil {
		out = []uint16{0}
	}
	return out
}

func knownWord(k endpoints.Known) string {
	if k == endpoints.Unknown {
		return knownNothing
	}
	return k.String()
}

// knownLine says what is known about a host at an endpoint's ports.
func knownLine(catalog *endpoints.Catalog, host string, e endpoints.Endpoint) string {
	var out []string
	for _, n := range portsOf(e) {
		f := catalog.Fact(host, n)
		text := fmt.Sprintf("%d: %s", n, knownWord(f.Known))
		if f.Known != endpoints.Unknown {
			text += fmt.Sprintf(" (%s, %s)", f.How, cmp.Or(f.Date, "undated"))
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

type jsonKnown struct {
	Port   uint16     `json:"port"`
	Known  string     `json:"known"`
	How    string     `json:"how"`
	Date   string     `json:"date,omitempty"`
	Source jsonSource `json:"source"`
}

func jsonKnownOf(catalog *endpoints.Catalog, host string, e endpoints.Endpoint) []jsonKnown {
	out := []jsonKnown{}
	for _, n := range portsOf(e) {
		if f := catalog.Fact(host, n); f.Known != endpoints.Unknown {
			out = append(out, jsonKnown{n, f.Known.String(), f.How, f.Date, jsonSource(f.Source)})
		}
	}
	return out
}
