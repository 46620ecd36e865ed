package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/internal/plain"
)

// A command is one call of annotate with valid flags.
type command struct {
	options
	environment
}

// run reads the log and writes the report. It also reports everything read
// before an error.
func (c command) run() (status int, err error) {
	catalog, err := cli.Catalog(c.catalog)
	if err != nil {
		return 0, err
	}
	if note := cli.UnusedTenant(catalog, c.scope); note != "" {
		_, _ = fmt.Fprintln(c.stderr, plain.Line("annotate: "+note))
	}
	log, name := c.stdin, "standard input"
	if c.file != "" {
		f, err := os.Open(c.file)
		if err != nil {
			return 0, err
		}
		defer f.Close() //nolint:errcheck // only read
		log, name = f, c.file
	}
	sum, err := traffic.Annotate(log, c.log, catalog, c.scope)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	if sum == nil {
		return 0, err
	}
	if err == nil && sum.Requests() == 0 {
		err = fmt.Errorf("%s: no requests in it, read as %s", name, sum.Format.Title())
	}
	if e := c.write(sum, catalog); e != nil {
		e = fmt.Errorf("the report could not be written: %w", e)
		if err != nil {
			e = fmt.Errorf("%w; %w", err, e)
		}
		return 0, e
	}
	switch sum.Verdict() {
	case traffic.VerdictClear:
		return exitFine, err
	case traffic.VerdictDenied:
		return exitDenied, err
	default:
		return exitUnknown, err
	}
}

func (c command) write(sum *traffic.Summary, catalog *endpoints.Catalog) error {
	if c.format == formatJSON {
		e := json.NewEncoder(c.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(sum)
	}
	_, err := io.WriteString(c.stdout, report{options: c.options, sum: sum, catalog: catalog}.text())
	return err
}
