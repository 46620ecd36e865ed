package main

import (
	"bytes"
	"fmt"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
)

// validate says what is wrong with each file.
func (c command) validate() (status int, err error) {
	var b bytes.Buffer
	for _, name := range c.args {
		data, err := c.read(name)
		if err != nil {
			return 0, err
		}
		catalog, err := endpoints.Decode(bytes.NewReader(data))
		if err != nil {
			status = exitNo
			fmt.Fprintf(&b, "%s: %v\n", plain.Line(name), err)
			continue
		}
		var form bytes.Buffer
		if err := catalog.Encode(&form); err != nil {
			return 0, err
		}
		if !bytes.Equal(form.Bytes(), data) {
			status = exitNo
			fmt.Fprintf(&b, "%s: valid, but not in canonical form: rewrite it with catalog format\n", plain.Line(name))
			continue
		}
		fmt.Fprintf(&b, "%s: valid: version %s, %d endpoints of %d services from %d documents\n",
			plain.Line(name), catalog.Version(), catalog.Len(), len(catalog.Services()), len(catalog.Sources()))
	}
	return status, c.print(&b)
}

// reformat writes a catalog in its form.
func (c command) reformat() error {
	catalog, err := c.load(c.args[0])
	if err != nil {
		return err
	}
	return catalog.Encode(c.stdout)
}
