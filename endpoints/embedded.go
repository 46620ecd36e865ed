package endpoints

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed catalog.json
var embeddedJSON []byte

//nolint:gochecknoglobals // computed once, never changed
var embedded = sync.OnceValue(func() *Catalog {
	c, err := Decode(bytes.NewReader(embeddedJSON))
	if err != nil {
		return &Catalog{} // the tests of this package make sure that it does not happen
	}
	return c
})

// Embedded returns the catalogue that is built into the package. It is decoded
// and validated on first use, which takes a few milliseconds, and the same one
// is returned every time.
func Embedded() *Catalog { return embedded() }
