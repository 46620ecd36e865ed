package traffic

import (
	"bytes"
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
	// Read counts the lines read, of any kind. For an HTTP archive it counts
	// entries.
	Read int

	// Skipped counts the malformed lines, which gave no entry.
	Skipped int

	// Errors describe the first [MaxErrors] malformed lines.
	Errors []endpoints.Error

	// LocalTime says that times are those of the log, in an unknown time zone.
	// If their year is 4, or 5 after a turn of the year and so on, the log does
	// not have the year either.
	LocalTime bool
}

// A Scanner reads the entries of a log. Use [NewScanner] to make one. It is not
// safe for concurrent use.
type Scanner struct {
	lines  *lines
	syslog syslog
	header header // of the line
	format Format
	reader lineReader // nil for an HTTP archive
	count  Lines
	err    error
	done   bool   // reading the archive
	tag    string // of the program whose messages were read
}

// NewScanner returns a Scanner that reads a log in the given format. [Auto]
// detects the format by reading the first lines of r.
func NewScanner(r io.Reader, f Format) *Scanner {
	s := &Scanner{format: f}
	if !f.known() {
		s.err = &endpoints.Error{Code: endpoints.BadValue, Field: "format", Value: string(f), Want: formatWords(), Reason: "unknown"}
		return s
	}
	s.lines = newLines(r)
	if f == Auto {
		s.format, s.err = detect(s.lines)
	}
	if _, ok := errors.AsType[*endpoints.Error](s.err); s.err != nil && !ok {
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
	case Dnsmasq:
		return &dnsmasqReader{}
	case Unbound:
		return &unboundReader{}
	case BIND:
		return &bindReader{}
	case Zeek:
		return &zeekReader{}
	case HAR, Auto:
		return nil
	default:
		return &layoutReader{layout: builtinLayout(f)}
	}
}

// Format returns the format of the log. It is [Auto] if none was recognized.
func (s *Scanner) Format() Format { return s.format }

// Lines returns the counts so far. The result belongs to the caller.
func (s *Scanner) Lines() Lines {
	c := s.count
	if l, ok := s.reader.(interface{ localTime() bool }); ok {
		c.LocalTime = c.LocalTime || l.localTime()
	}
	c.Errors = slices.Clone(c.Errors)
	return c
}

// Err returns why reading stopped before the end of the log, or nil. It is an
// [*endpoints.Error] if the format is unknown or the JSON of an archive is
// broken. Otherwise it wraps the error of the reader.
func (s *Scanner) Err() error { return s.err }

// Entries returns the remaining entries. The sequence ends with the log or at
// an error; see [Scanner.Err]. A caller that stops early can continue with
// another call, except in an HTTP archive, where the rest is lost.
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

// text reads a log line by line.
func (s *Scanner) text(yield func(Entry) bool) {
	for {
		line, long, err := s.lines.next()
		s.count.Read = s.lines.n
		switch {
		case errors.Is(err, io.EOF):
			s.flush(yield)
			return
		case err != nil:
			s.err = fmt.Errorf("traffic: line %d: %w", s.lines.n, err)
			return
		case long:
			s.skip(s.lines.n, tooLarge("", "line longer than 64 KiB"))
			continue
		}
		e, ok, bad := s.read(line)
		if bad != nil {
			s.skip(s.lines.n, bad)
		}
		if ok && !yield(e) {
			return
		}
	}
}

// read reads a line, whose message may come in syslog.
func (s *Scanner) read(line []byte) (Entry, bool, *endpoints.Error) {
	h := &s.header
	*h = header{}
	if mayHaveHeader(line) {
		line, *h = s.syslog.cut(line)
	}
	h.line = s.lines.n
	e, ok, bad := s.reader.read(line, h)
	if ok && e.Line == 0 {
		e.Line = h.line
	}
	if ok && e.Time.IsZero() && !h.time.IsZero() {
		e.Time = h.time
		s.count.LocalTime = s.count.LocalTime || h.local
	}
	if bad != nil && bad.Code == endpoints.BadSyntax && h.tag != nil {
		if s.tag == "" || s.tag != program(h.tag) {
			return e, ok, nil // another program's message
		}
	}
	if ok && s.tag == "" && h.tag != nil {
		s.tag = program(h.tag)
	}
	return e, ok, bad
}

// program returns a tag of syslog without the number of the process.
func program(tag []byte) string {
	name, _, _ := bytes.Cut(tag, []byte("["))
	return string(name)
}

// flush yields what the reader still holds at the end.
func (s *Scanner) flush(yield func(Entry) bool) {
	f, ok := s.reader.(interface{ flush() (Entry, bool) })
	for ok {
		var e Entry
		if e, ok = f.flush(); ok {
			if e.Line == 0 {
				e.Line = s.lines.n
			}
			if !yield(e) {
				return
			}
		}
	}
}

func (s *Scanner) archive(yield func(Entry) bool) {
	h := newHARReader(s.lines.br)
	h.take = func(e Entry, bad *endpoints.Error) bool {
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

func (s *Scanner) skip(line int, bad *endpoints.Error) {
	s.count.Skipped++
	if len(s.count.Errors) < MaxErrors {
		e := *bad
		e.Line = line
		s.count.Errors = append(s.count.Errors, e)
	}
}
