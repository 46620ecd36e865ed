package m365

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
)

// Limits on what is kept of an answer.
const (
	maxRecords  = 20000
	maxProblems = 1000
)

// byteOrderMark precedes JSON from some servers, although RFC 8259 section 8.1
// forbids it.
const byteOrderMark = "\ufeff"

// problems collects the parts of an answer that cannot be read, up to
// maxProblems.
type problems struct {
	list  []*endpoints.Error
	entry int
	id    int
	line  int
}

func (p *problems) add(field, format string, args ...any) {
	if len(p.list) >= maxProblems {
		return
	}
	reason := fmt.Sprintf(format, args...)
	if p.id > 0 {
		reason += fmt.Sprintf(" (ID %d)", p.id)
	}
	p.list = append(p.list, &endpoints.Error{Code: endpoints.BadValue, Entry: p.entry, Field: field, Line: p.line, Reason: reason})
}

// unmarshal reads one record, and reports whether it is readable at all. A
// field of the wrong type is a problem; the other fields are read.
func (p *problems) unmarshal(data []byte, v any) bool {
	err := json.Unmarshal(data, v)
	if err == nil {
		return true
	}
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		p.add("", "cannot be read: %v", err)
		return false
	}
	if wrong.Field == "" {
		p.add("", "got %s, want a record", wrong.Value)
		return false
	}
	p.add(wrong.Field, "got %s, which is the wrong type", wrong.Value)
	return true
}

// records calls read for each record of a JSON array, or for a single record.
func records(data []byte, p *problems, read func(json.RawMessage)) error {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	isArray := bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("["))
	d := json.NewDecoder(bytes.NewReader(data))
	lines := lineCounter{data: data}
	fault := func(code, reason string) error {
		return &endpoints.Error{Code: code, Entry: p.entry, Line: lines.at(d.InputOffset()), Reason: reason}
	}
	if isArray {
		if _, err := d.Token(); err != nil {
			return fault(endpoints.BadSyntax, reason(err))
		}
	}
	for !isArray && p.entry == 0 || isArray && d.More() {
		if p.entry == maxRecords {
			return fault(endpoints.TooLarge, fmt.Sprintf("more than %d records", maxRecords))
		}
		p.entry, p.id = p.entry+1, 0
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return fault(endpoints.BadSyntax, reason(err))
		}
		p.line = lines.at(d.InputOffset() - int64(len(raw)))
		read(raw)
	}
	p.entry = 0
	if isArray {
		if _, err := d.Token(); err != nil {
			return fault(endpoints.BadSyntax, reason(err))
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault(endpoints.BadSyntax, "text after the end")
	}
	return nil
}

func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "ends too early"
	}
	return err.Error()
}

// A lineCounter returns line numbers of increasing offsets, counting each line
// once.
type lineCounter struct {
	data   []byte
	offset int
	lines  int
}

func (c *lineCounter) at(offset int64) int {
	to := max(0, min(int(offset), len(c.data)))
	if to < c.offset {
		c.offset, c.lines = 0, 0
	}
	c.lines += bytes.Count(c.data[c.offset:to], []byte("\n"))
	c.offset = to
	return c.lines + 1
}

// clean returns a text without characters that affect a terminal or break a log
// line.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, !plain.IsText(string(r)):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
