package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/netready/netready/endpoints"
)

// maxSample limits how many lines are used to detect a format.
const maxSample = 50

// detect returns a text's format from its first lines.
func detect(l *lines) (Format, error) {
	if err := l.pad(); err != nil && !errors.Is(err, io.EOF) {
		return Auto, err
	}
	sample, err := l.br.Peek(l.br.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return Auto, err
	}
	text := bytes.TrimLeft(sample, " \t\r\n\x00")
	switch {
	case len(text) == 0:
		return Auto, unknownFormat("the log is empty")
	case text[0] == '{' && isArchive(text):
		return HAR, nil
	case text[0] == '{':
		return Auto, unknownFormat("JSON that is neither an HTTP archive nor of a known layout")
	case bytes.HasPrefix(text, []byte("\x1f\x8b")), bytes.HasPrefix(text, []byte("PK\x03\x04")), bytes.HasPrefix(text, []byte("\x28\xb5\x2f\xfd")):
		return Auto, unknownFormat("compressed data; decompress it first")
	}
	if err == nil { // the last line is incomplete
		sample = sample[:bytes.LastIndexByte(sample, '\n')+1]
	}
	if f, ok := vote(sample); ok {
		return f, nil
	}
	return Auto, unknownFormat("the first lines have no known format; a W3C log needs its #Fields line")
}

// isArchive reports whether the beginning of a JSON text has the key "log", as
// HTTP archives have it before anything large. Logs with an object on each line
// begin in the same way.
func isArchive(text []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	_, _ = dec.Token() // the brace
	for dec.More() {
		switch key, err := dec.Token(); {
		case err != nil:
			return false
		case key == "log":
			brace, _ := dec.Token()
			return brace == json.Delim('{')
		}
		var skipped json.RawMessage
		if dec.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

// vote returns the format that most of the first lines have.
func vote(sample []byte) (Format, bool) {
	candidates := []struct {
		format Format
		lineReader
		hits int
	}{{Squid, &squidReader{}, 0}, {CLF, &clfReader{}, 0}, {Hosts, &hostsReader{}, 0}}
	read := 0
	for line := range bytes.Lines(sample) {
		line = bytes.Trim(line, " \t\r\n\x00")
		switch {
		case isDirective(line):
			return W3C, true
		case len(line) == 0 || line[0] == '#' || read == maxSample:
			continue
		}
		read++
		for i := range candidates {
			c := &candidates[i]
			_, _, bad := c.read(line)
			// A line with an invalid host still counts for its format, except
			// for a list of hosts, where nothing else identifies the format.
			if bad == nil || c.format != Hosts && bad.Code != endpoints.BadSyntax {
				c.hits++
			}
		}
	}
	for _, c := range candidates {
		if 2*c.hits > read {
			return c.format, true
		}
	}
	return Auto, false
}

// isDirective reports whether a line is a directive that can begin a W3C log.
func isDirective(line []byte) bool {
	for _, name := range []string{"#Fields:", "#Software:", "#Version:"} {
		if len(line) >= len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return true
		}
	}
	return false
}

func unknownFormat(reason string) *endpoints.Error {
	return &endpoints.Error{Code: UnknownFormat, Reason: reason}
}
