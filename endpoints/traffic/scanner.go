package traffic

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/netready/netready/endpoints"
)

// MaxErrors is how many malformed lines are kept. All are counted.
const MaxErrors = 100

// Lines says how much of a log was read.
type Lines struct {
	// Read counts the lines that were read, of whatever kind. In an HTTP
	// archive it counts the entries.
	Read int

	// Skipped counts those of them that are malformed and gave no entry.
	Skipped int

	// Errors are the first [MaxErrors] of the malformed lines.
	Errors []Error
}

// A Scanner reads the entries of a log. It is made by [NewScanner], and not safe
// for concurrent use.
type Scanner struct {
	lines  *lines
	format Format
	reader lineReader // nil for an HTTP archive
	count  Lines
	err    error
	done   bool // with the archive
}

// NewScanner returns a Scanner that reads a log of a format. With [Auto] it
// looks at the first lines, and at as much of r as that takes.
func NewScanner(r io.Reader, f Format) *Scanner {
	s := &Scanner{format: f}
	if !f.known() {
		s.err = &Error{Code: endpoints.BadValue, Field: "format", Reason: "unknown"}
		return s
	}
	s.lines = newLines(r)
	if f == Auto {
		s.format, s.err = detect(s.lines)
	}
	if _, ok := errors.AsType[*Error](s.err); s.err != nil && !ok {
		s.err = fmt.Errorf("traffic: %w", s.err)
	}
	s.reader = newLineReader(s.format)
	return s
}

func newLineReader(f Format) lineReader {
	switch f {
	case Squid:
		return &squidReader{}
	case CLF:
		return &clfReader{}
	case W3C:
		return &w3cReader{}
	case Hosts:
		return &hostsReader{}
	case HAR, Auto:
	}
	return nil
}

// Format returns the format that is read. It is [Auto] if none was found.
func (s *Scanner) Format() Format { return s.format }

// Lines returns how much was read until now. What it returns is the caller's.
func (s *Scanner) Lines() Lines {
	c := s.count
	c.Errors = slices.Clone(c.Errors)
	return c
}

// Err returns why reading ended before the end of the log, or nil. It is an
// [*Error] if the format is unknown or the JSON of an archive is broken, and
// wraps that of the reader otherwise.
func (s *Scanner) Err() error { return s.err }

// Entries returns the entries that are still to be read. The sequence ends with
// the log, or at an error, see [Scanner.Err]. A caller that stopped early may
// go on with another call, unless it is an HTTP archive, which is given up.
func (s *Scanner) Entries() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		switch {
		case s.err != nil || s.done:
		case s.format == HAR:
			s.done = true
			s.archive(yield)
		default:
			s.text(yield)
		}
	}
}

// text reads line by line.
func (s *Scanner) text(yield func(Entry) bool) {
	for {
		line, long, err := s.lines.next()
		s.count.Read = s.lines.n
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			s.err = fmt.Errorf("traffic: line %d: %w", s.lines.n, err)
			return
		case long:
			s.skip(s.lines.n, tooLarge("", "longer than 64 KiB"))
			continue
		}
		e, ok, bad := s.reader.read(line)
		if bad != nil {
			s.skip(s.lines.n, bad)
		}
		e.Line = s.lines.n
		if ok && !yield(e) {
			return
		}
	}
}

// archive reads an HTTP archive.
func (s *Scanner) archive(yield func(Entry) bool) {
	h := newHARReader(s.lines.br)
	h.take = func(e Entry, bad *Error) bool {
		s.count.Read++
		if bad != nil {
			s.skip(bad.Line, bad)
			return true
		}
		return yield(e)
	}
	if err := h.run(); err != nil {
		s.err = err
	}
}

func (s *Scanner) skip(line int, bad *Error) {
	s.count.Skipped++
	if len(s.count.Errors) < MaxErrors {
		e := *bad
		e.Line = line
		s.count.Errors = append(s.count.Errors, e)
	}
}
