package endpoints

import (
	"cmp"
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
	if f := cmp.Or(d.builtIn(embeddedJSON), d.c.decodeFacts(embeddedFacts)); f != nil {
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
	d := &decoder{c: &Catalog{}, checked: true}
	if f := d.builtIn(src); f != nil {
		return f
	}
	c.facts, c.operators = d.c.facts, d.c.operators
	c.addSources(nil) // the catalog's file has those of the endpoints
	c.finishFacts()
	return nil
}

// builtIn reads a file whose sources come before what cites them. It parses one
// service, group of facts or other member at a time, each in the memory of the one
// before it: when a program starts, fresh memory costs more than parsing.
func (d *decoder) builtIn(src string) *fault {
	p := parser{src: src}
	return p.eachMember(func(name string) *fault {
		switch name {
		case "services":
			return p.eachItem(d.readService)
		case "facts":
			n := 0
			ahead := p
			if f := ahead.eachItem(func(group value) *fault {
				n += factsIn(group)
				return nil
			}); f != nil {
				return f
			}
			d.c.facts = make([]Fact, 0, n)
			return p.eachItem(d.readFactGroup)
		}
		v, f := p.value(1)
		if f != nil {
			return f
		}
		return d.readMember(name, v)
	})
}
