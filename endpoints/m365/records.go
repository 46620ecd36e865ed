package m365

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Bounds of what is kept of one answer.
const (
	maxRecords  = 20000
	maxProblems = 1000
)

// byteOrderMark is what some servers put before JSON, though RFC 8259 section
// 8.1 forbids it.
const byteOrderMark = "\ufeff"

// problems collects what cannot be read in an answer. Past a thousand there is
// nothing more to learn from them.
type problems struct {
	list  []*DecodeError
	entry int
	id    int
	line  int
}

func (p *problems) add(field, format string, args ...any) {
	if len(p.list) >= maxProblems {
		return
	}
	p.list = append(p.list, &DecodeError{
		Code: BadValue, Entry: p.entry, ID: p.id, Field: field, Line: p.line, Reason: fmt.Sprintf(format, args...),
	})
}

// unmarshal reads one record, and reports whether it could be read at all. A
// field of another type is a problem, and the other fields are read.
func (p *problems) unmarshal(data []byte, v any) bool {
	err := json.Unmarshal(data, v)
	if err == nil {
		return true
	}
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		p.add("", "not read: %v", err)
		return false
	}
	if wrong.Field == "" {
		p.add("", "a %s, where a record should be", wrong.Value)
		return false
	}
	p.add(wrong.Field, "a %s is of the wrong type here", wrong.Value)
	return true
}

// records calls read for each record of a JSON array, or for the one value that
// stands instead of it.
func records(data []byte, p *problems, read func(json.RawMessage)) error {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	isArray := bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("["))
	d := json.NewDecoder(bytes.NewReader(data))
	lines := lineCounter{data: data}
	fault := func(code Code, reason string) error {
		return &DecodeError{Code: code, Entry: p.entry, Line: lines.at(d.InputOffset()), Reason: reason}
	}
	if isArray {
		if _, err := d.Token(); err != nil {
			return fault(BadSyntax, reason(err))
		}
	}
	for !isArray && p.entry == 0 || isArray && d.More() {
		if p.entry == maxRecords {
			return fault(TooLarge, fmt.Sprintf("more than %d records", maxRecords))
		}
		p.entry, p.id = p.entry+1, 0
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return fault(BadSyntax, reason(err))
		}
		p.line = lines.at(d.InputOffset() - int64(len(raw)))
		read(raw)
	}
	p.entry = 0
	if isArray {
		if _, err := d.Token(); err != nil {
			return fault(BadSyntax, reason(err))
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault(BadSyntax, "more after the end")
	}
	return nil
}

func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "ends too early"
	}
	return err.Error()
}

// A lineCounter tells the numbers of lines. It counts each line once, as long as
// it is asked for offsets that rise.
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

// clean returns a text of an answer without what could do something to a
// terminal or a line of a log.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
