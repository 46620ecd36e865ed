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
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return Auto, compressed("zip")
	case bytes.HasPrefix(text, []byte("\x28\xb5\x2f\xfd")):
		return Auto, compressed("zstd")
	case bytes.HasPrefix(text, []byte("\xfd7zXZ")):
		return Auto, compressed("xz")
	}
	if err == nil { // the last line is incomplete
		sample = sample[:bytes.LastIndexByte(sample, '\n')+1]
	}
	if f, ok := vote(sample); ok {
		return f, nil
	}
	if text[0] == '{' {
		return Auto, unknownFormat("JSON that is neither an HTTP archive nor of a known layout")
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

// vote returns the format that most of the first lines have. Lines of other
// programs in syslog do not count.
func vote(sample []byte) (Format, bool) {
	var candidates []candidate
	for _, f := range Formats() {
		if r := newLineReader(f); r != nil && f != W3C && f != Hosts {
			candidates = append(candidates, candidate{Format: f, lineReader: r})
		}
	}
	candidates = append(candidates, candidate{Format: Hosts, lineReader: &hostsReader{}}) // last: it has no mark
	read := 0
	var log syslog
	for line := range bytes.Lines(sample) {
		line = bytes.Trim(line, " \t\r\n\x00")
		switch {
		case isDirective(line):
			return W3C, true
		case bytes.HasPrefix(line, []byte("#separator ")):
			return Zeek, true
		case len(line) == 0 || line[0] == '#' || read == maxSample:
			continue
		}
		read++
		message, h := log.cut(line)
		for i := range candidates {
			c := &candidates[i]
			_, ok, bad := c.lineReader.read(message, &h)
			if hit, counts := c.judge(ok, bad); counts {
				c.read++
				if hit {
					c.hits++
				}
			}
		}
	}
	for _, c := range candidates {
		if c.hits > 0 && 2*c.hits > c.read {
			return c.Format, true
		}
	}
	return Auto, false
}

// A candidate is a format that a log may have.
type candidate struct {
	Format
	lineReader
	read, hits int // lines
}

// judge reports whether a line has the format, from what its reader returned,
// and whether the line counts at all.
func (c *candidate) judge(ok bool, bad *endpoints.Error) (hit, counts bool) {
	_, isLayout := c.lineReader.(*layoutReader)
	switch {
	case ok:
		return true, true
	case bad == nil:
		return !isLayout, !isLayout // of a layout, it may be another kind of line
	case isLayout || c.Format == Hosts:
		return false, true
	default:
		// A line with an invalid host still counts for a format with marks of its
		// own.
		return bad.Code != endpoints.BadSyntax, true
	}
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

// compressed is the error of a log that must be decompressed first.
func compressed(by string) *endpoints.Error {
	return &endpoints.Error{Code: UnknownFormat, Field: "compression", Value: by, Reason: "not supported; decompress the log first"}
}
