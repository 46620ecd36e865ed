package endpoints

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed catalog.json
var embeddedJSON []byte

// The built-in facts have their own file because they change with observations,
// not with documents.
//
//go:embed facts.json
var embeddedFacts []byte

//nolint:gochecknoglobals // computed once, never changed
var embedded = sync.OnceValue(func() *Catalog {
	c, err := Decode(bytes.NewReader(embeddedJSON))
	if err == nil {
		err = c.decodeFacts(embeddedFacts)
	}
	if err != nil {
		return &Catalog{} // the tests of this package rule this out
	}
	return c
})

// Embedded returns the built-in catalog. The first call decodes and validates
// it, which takes a few milliseconds; every call returns the same catalog.
func Embedded() *Catalog { return embedded() }

// decodeFacts adds the facts, operators and sources in a file to c. The caller
// must not have shared c yet.
func (c *Catalog) decodeFacts(data []byte) error {
	root, data, err := readTree(bytes.NewReader(data))
	if err != nil {
		return err
	}
	d := &decoder{c: &Catalog{}}
	if f := d.factFile(root); f != nil {
		return d.error(data, f)
	}
	c.facts, c.operators = d.c.facts, d.c.operators
	c.addSources()
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
