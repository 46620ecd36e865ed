package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
)

// A command is one call with valid arguments.
type command struct {
	options
	environment
}

// read returns the bytes of a file, or of standard input.
func (c command) read(name string) ([]byte, error) {
	if name == "-" {
		return cli.ReadAll(c.stdin, cli.MaxCatalog)
	}
	return cli.ReadFile(name, cli.MaxCatalog)
}

// load returns the catalog of a file. No name means the built-in one.
func (c command) load(name string) (*endpoints.Catalog, error) {
	if name == "" {
		return endpoints.Embedded(), nil
	}
	data, err := c.read(name)
	if err != nil {
		return nil, err
	}
	catalog, err := endpoints.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return catalog, nil
}

// print writes a text.
func (c command) print(b *bytes.Buffer) error {
	_, err := c.stdout.Write(b.Bytes())
	return err
}

// printJSON writes a document.
func (c command) printJSON(doc any) error {
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

// list returns a list that encodes as [] and never as null.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
