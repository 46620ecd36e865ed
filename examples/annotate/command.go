package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// A command is one call of annotate whose flags make sense.
type command struct {
	options
	environment
}

// run reads the log and writes the report. What was read before an error is
// reported too.
func (c command) run() (status int, err error) {
	catalog, err := c.rules()
	if err != nil {
		return 0, err
	}
	log, name := c.stdin, "standard input"
	if c.file != "" {
		f, err := os.Open(c.file)
		if err != nil {
			return 0, err
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		log, name = f, c.file
	}
	sum, err := traffic.Annotate(log, c.log, traffic.Scope{Catalog: catalog, Query: c.query, Tenant: c.tenant})
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	if sum == nil {
		return 0, err
	}
	if err == nil && sum.Requests() == 0 {
		err = fmt.Errorf("%s: not one request in it, read as %s", name, sum.Format.Title())
	}
	if e := c.write(sum, catalog); e != nil {
		return 0, errors.Join(err, fmt.Errorf("the report could not be written: %w", e))
	}
	if len(sum.Denied) > 0 || sum.Unlisted.DeniedRequired > 0 {
		return exitDenied, err
	}
	return exitFine, err
}

// rules returns the catalogue that the flags say.
func (c command) rules() (*endpoints.Catalog, error) {
	if c.catalog == "" {
		return endpoints.Embedded(), nil
	}
	f, err := os.Open(c.catalog)
	if err != nil {
		return nil, fmt.Errorf("-catalog: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written to it
	catalog, err := endpoints.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("-catalog %s: %w", c.catalog, err)
	}
	return catalog, nil
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
