package endpoints

import "sync"

// The built-in catalog is Go source, made from catalog.json and facts.json,
// because decoding these would take most of the time in which a program starts.
// The facts have their own file because they change with observations, not with
// documents.
//
//nolint:gochecknoglobals // computed once, never changed
var embedded = sync.OnceValue(func() *Catalog {
	c := builtIn()
	c.index, c.factIndex = newIndex(c.endpoints), newFactIndex(c.facts)
	return c
})

// Embedded returns the built-in catalog. Every call returns the same one.
func Embedded() *Catalog { return embedded() }
