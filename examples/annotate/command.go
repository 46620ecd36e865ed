package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/examples/internal/trafficreport"
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
	out, err := cli.OpenOutput("-o", c.output, c.stdout)
	if err != nil {
		return 0, err
	}
	defer out.Discard()
	log, name := c.stdin, "standard input"
	if c.file != "" {
		f, err := os.Open(c.file)
		if err != nil {
			return 0, err
		}
		defer f.Close() //nolint:errcheck // only read
		log, name = f, c.file
	}
	sum, err := c.annotate(log, catalog)
	if err != nil {
		err = fmt.Errorf("%s: %w%s", name, err, wayOn(err))
	}
	if sum == nil {
		return 0, err
	}
	if err == nil && sum.Requests() == 0 {
		err = fmt.Errorf("%s: no requests in it, read as %s", name, sum.Format.Title())
	}
	r := trafficreport.Report{Summary: sum, Catalog: catalog, Scope: c.scope, Detected: c.log == traffic.Auto && c.layout == ""}
	if e := errors.Join(r.Write(out, c.format), out.Commit()); e != nil {
		e = fmt.Errorf("the report could not be written: %w", e)
		if err != nil {
			e = fmt.Errorf("%w; %w", err, e)
		}
		return 0, e
	}
	return trafficreport.Status(sum), err
}

// maxLayout is the size of the largest layout that is read, in bytes. Package
// traffic accepts none that is larger.
const maxLayout = 64<<10 + 1

// annotate reads the log as the flags say.
func (c command) annotate(log io.Reader, catalog *endpoints.Catalog) (*traffic.Summary, error) {
	log, err := decompress(log)
	if err != nil {
		return nil, err
	}
	if c.layout == "" {
		return traffic.Annotate(log, c.log, catalog, c.scope)
	}
	text, err := cli.ReadFile(c.layout, maxLayout)
	if err != nil {
		return nil, err
	}
	l, err := traffic.ReadLayout(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("-layout %s: %w", c.layout, err)
	}
	a, err := traffic.NewAnnotator(catalog, c.scope)
	if err != nil {
		return nil, err
	}
	return a.Read(l.NewScanner(log))
}

// wayOn says how to go on with a log that is not recognized.
func wayOn(err error) string {
	bad, ok := errors.AsType[*endpoints.Error](err)
	switch {
	case !ok || bad.Code != traffic.UnknownFormat:
		return ""
	case bad.Field == "compression":
		return ""
	default:
		return ". Name its format with -log, describe it with -layout, or give the names in it, one on each line, with -log hosts (annotate -h says more)"
	}
}
