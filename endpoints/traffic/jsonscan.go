package traffic

import (
	"errors"
	"fmt"
	"io"

	"github.com/netready/netready/endpoints"
)

// Limits on the values of an archive.
const (
	maxText    = 16 << 10 // of a string; the rest is dropped
	maxLiteral = 512      // of a number or a word
	maxDepth   = 64       // how deeply values may be nested
)

// A jsonScanner reads JSON from a stream. It needs little memory whatever the
// input: a caller takes each value or skips it. NUL bytes between values are
// padding.
type jsonScanner struct {
	r       io.Reader
	buf     []byte
	pos     int // in buf
	end     int // of the bytes in buf
	readErr error

	line  int // of the next byte
	token int // the line of the last token
	depth int
	text  []byte // of the last string or literal
}

func newJSONScanner(r io.Reader) *jsonScanner {
	return &jsonScanner{r: r, buf: make([]byte, 64<<10), line: 1, token: 1}
}

// errIncomplete means that the input ends in the middle of a value.
var errIncomplete = errors.New("incomplete")

// fill reads more bytes after all of the buffer was processed. The error is
// [io.EOF] at the end.
func (s *jsonScanner) fill() error {
	for range 100 {
		if s.readErr != nil {
			return s.readErr
		}
		var n int
		n, s.readErr = s.r.Read(s.buf)
		s.pos, s.end = 0, n
		if n > 0 {
			return nil
		}
	}
	s.readErr = io.ErrNoProgress
	return s.readErr
}

// peek returns the next byte that is not white space, without taking it.
func (s *jsonScanner) peek() (byte, error) {
	for {
		for s.pos < s.end {
			switch c := s.buf[s.pos]; c {
			case '\n':
				s.line++
			case ' ', '\t', '\r', 0:
			default:
				return c, nil
			}
			s.pos++
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// take takes the next byte, which must be one of the given ones.
func (s *jsonScanner) take(want string) (byte, error) {
	c, err := s.peek()
	if err != nil {
		return 0, incomplete(err)
	}
	s.token = s.line
	for i := range len(want) {
		if c == want[i] {
			s.pos++
			return c, nil
		}
	}
	return 0, s.invalid()
}

// invalid is the error for the byte that was peeked.
func (s *jsonScanner) invalid() error {
	return &endpoints.Error{Code: endpoints.BadSyntax, Reason: "invalid JSON from here on"}
}

// fault returns the error for a caller, with its line.
func (s *jsonScanner) fault(err error) error {
	if errors.Is(err, errIncomplete) {
		return &endpoints.Error{Code: endpoints.BadSyntax, Line: s.token, Reason: "the JSON is incomplete"}
	}
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		bad.Line = s.token
		return bad
	}
	return fmt.Errorf("traffic: line %d: %w", s.token, err)
}

// open begins an object or array.
func (s *jsonScanner) open(bracket string) error {
	if _, err := s.take(bracket); err != nil {
		return err
	}
	if s.depth++; s.depth > maxDepth {
		return &endpoints.Error{Code: endpoints.TooLarge, Reason: "too deeply nested"}
	}
	return nil
}

// object calls f for each key of a value if it is an object, and skips other
// values. f must read the key's value, and not keep the key.
func (s *jsonScanner) object(f func(key []byte) error) (ok bool, err error) {
	if c, err := s.peek(); err != nil || c != '{' {
		return false, s.skip()
	}
	if err := s.open("{"); err != nil {
		return true, err
	}
	for first := true; ; first = false {
		want := `"`
		if first {
			want = `"}`
		}
		c, err := s.take(want)
		if err == nil && c == '"' {
			if err = s.str(true); err == nil {
				_, err = s.take(":")
			}
			if err == nil {
				err = f(s.text)
			}
			if err == nil {
				c, err = s.take(",}")
			}
		}
		if err != nil {
			return true, err
		}
		if c == '}' {
			s.depth--
			return true, nil
		}
	}
}

// array calls f before each value of an array, which f must read.
func (s *jsonScanner) array(f func() error) error {
	if err := s.open("["); err != nil {
		return err
	}
	c, err := s.peek()
	if err == nil && c == ']' {
		_, err = s.take("]")
		s.depth--
		return err
	}
	for {
		if err := f(); err != nil {
			return err
		}
		if c, err = s.take(",]"); err != nil {
			return err
		}
		if c == ']' {
			s.depth--
			return nil
		}
	}
}

// skip reads a value and drops it.
func (s *jsonScanner) skip() error {
	c, err := s.peek()
	switch {
	case err != nil:
		return incomplete(err)
	case c == '{':
		_, err = s.object(func([]byte) error { return s.skip() })
		return err
	case c == '[':
		return s.array(s.skip)
	case c == '"':
		_, _ = s.take(`"`)
		return s.str(false)
	default:
		return s.literal()
	}
}
