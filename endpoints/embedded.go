package endpoints

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed catalog.json
var embeddedJSON string

// The built-in facts have their own file because they change with observations,
// not with documents.
//
//go:embed facts.json
var embeddedFacts string

// The tests of this package validate both files, so programs need not when they
// start.
//
//nolint:gochecknoglobals // computed once, never changed
var embedded = sync.OnceValue(func() *Catalog {
	d := newDecoder()
	d.checked = true
	d.c.endpoints = make([]Endpoint, 0, strings.Count(embeddedJSON, `"host"`))
	root, f := parseValid(embeddedJSON)
	if f == nil {
		f = d.root(root)
	}
	if f == nil {
		f = d.c.decodeFacts(embeddedFacts)
	}
	if f != nil {
		return &Catalog{} // the tests of this package rule this out
	}
	d.c.finish()
	return d.c
})

// Embedded returns the built-in catalog. The first call decodes it, which takes
// a few milliseconds; every call returns the same catalog.
func Embedded() *Catalog { return embedded() }

// decodeFacts adds the facts, operators and sources in a file to c. The caller
// must not have shared c yet.
func (c *Catalog) decodeFacts(src string) *fault {
	root, f := parseValid(src)
	if f != nil {
		return f
	}
	d := &decoder{c: &Catalog{}, checked: true}
	if f := d.factFile(root); f != nil {
		return f
	}
	c.facts, c.operators = d.c.facts, d.c.operators
	c.addSources(nil) // the catalog's file has those of the endpoints
	c.finishFacts()
	return nil
}

func (d *decoder) factFile(v value) *fault {
	if f := d.readHead(v); f != nil {
		return f
	}
	return d.readMembers(v, func(name string, v value) *fault {
		switch name {
		case "format", "sources":
			return nil
		case "facts":
			return d.readFacts(v)
		case "operators":
			return d.readOperators(v)
		default:
			return unknownField(v)
		}
	})
}
