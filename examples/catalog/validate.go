package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/netready/netready/endpoints"
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
			fmt.Fprintf(&b, "%s: %s\n", name, detail(err))
			continue
		}
		var form bytes.Buffer
		if err := catalog.Encode(&form); err != nil {
			return 0, err
		}
		if !bytes.Equal(form.Bytes(), data) {
			status = exitNo
			fmt.Fprintf(&b, "%s: valid, but not in its form: catalog format writes it\n", name)
			continue
		}
		fmt.Fprintf(&b, "%s: valid: version %s, %d endpoints of %d services from %d documents\n",
			name, catalog.Version(), catalog.Len(), len(catalog.Services()), len(catalog.Sources()))
	}
	return status, c.print(&b)
}

// detail is an error of a catalogue without the name of the package.
func detail(err error) string {
	bad, ok := errors.AsType[*endpoints.DecodeError](err)
	if !ok {
		return err.Error()
	}
	text := bad.Reason
	if bad.Field != "" {
		text = fmt.Sprintf("%s: %s", bad.Field, text)
	}
	if bad.Service != "" {
		text = fmt.Sprintf("entry %d, %s %s: %s", bad.Entry, bad.Service, bad.Host, text)
	}
	if bad.Line > 0 {
		text = fmt.Sprintf("line %d: %s", bad.Line, text)
	}
	return text
}

// reformat writes a catalogue in its form.
func (c command) reformat() error {
	catalog, err := c.load(c.args[0])
	if err != nil {
		return err
	}
	return catalog.Encode(c.stdout)
}
