package traffic

import (
	"io"

	"github.com/netready/netready/endpoints"
)

// Limits on values that a [json.Decoder] would otherwise hold in full.
const (
	maxText    = 16 << 10 // of a string; the rest is dropped
	maxLiteral = 512      // of a number or a word
)

// A squeezer filters JSON and drops what makes it large: long strings, such as
// bodies, and white space. A decoder that reads from it needs little memory,
// whatever the input. It counts the original's lines.
type squeezer struct {
	r    io.Reader
	in   []byte // read but not yet processed
	buf  []byte
	err  error
	out  int64 // bytes passed on
	line int

	inText, escaped bool
	hex             int  // remaining digits of a \u escape
	keep            bool // whether the current escape is passed on
	size            int  // of the string or literal
	blank           bool // the last byte was white space outside a string

	marks []mark // of lines that may still be needed
}

// A mark says from which output offset on the bytes are from a line.
type mark struct {
	offset int64
	line   int
}

func newSqueezer(r io.Reader) *squeezer {
	return &squeezer{r: r, buf: make([]byte, 32<<10), line: 1, marks: []mark{{0, 1}}}
}

// Read implements [io.Reader].
func (s *squeezer) Read(p []byte) (n int, err error) {
	for n == 0 && len(p) > 0 {
		if len(s.in) == 0 {
			if s.err != nil {
				return 0, s.err
			}
			var m int
			m, s.err = s.r.Read(s.buf)
			s.in = s.buf[:m]
			continue
		}
		for len(s.in) > 0 && n < len(p) {
			c := s.in[0]
			s.in = s.in[1:]
			give, err := s.step(c)
			if err != nil {
				s.in, s.err = nil, err
				break
			}
			if give {
				p[n] = c
				n++
				s.out++
			}
		}
	}
	return n, nil
}

// step processes a byte, and reports whether to pass it on.
func (s *squeezer) step(c byte) (give bool, err error) {
	if c == '\n' {
		s.line++
	}
	if s.inText {
		return s.text(c), nil
	}
	switch c {
	case 0: // padding, as in a log
		return false, nil
	case ' ', '\t', '\r', '\n':
		give, s.blank, s.size = !s.blank, true, 0
		return give, nil
	case '"':
		s.inText, s.size = true, 0
		s.mark()
	case '{', '}', '[', ']', ':', ',':
		s.size = 0
		s.mark()
	default:
		if s.size++; s.size == 1 {
			s.mark()
		}
		if s.size > maxLiteral {
			return false, &endpoints.Error{Code: endpoints.TooLarge, Reason: "number too long"}
		}
	}
	s.blank = false
	return true, nil
}

// text processes a byte of a string. An escape is passed on entirely or not at
// all.
func (s *squeezer) text(c byte) (give bool) {
	s.size++
	switch {
	case s.escaped:
		s.escaped = false
		if c == 'u' {
			s.hex = 4
		}
		return s.keep
	case s.hex > 0 && c != '"': // a quote here ends the string, and the decoder reports the fault
		s.hex--
		return s.keep
	case c == '\\':
		s.escaped, s.keep = true, s.size <= maxText
		return s.keep
	case c == '"':
		s.inText, s.hex, s.size = false, 0, 0
		return true
	default:
		return s.size <= maxText
	}
}

// mark records the current line, if it is new.
func (s *squeezer) mark() {
	if s.marks[len(s.marks)-1].line != s.line {
		s.marks = append(s.marks, mark{s.out, s.line})
	}
}

// lineAt returns the line of the byte at an output offset. Offsets must not
// decrease.
func (s *squeezer) lineAt(offset int64) int {
	s.forget(offset)
	return s.marks[0].line
}

// forget drops marks that later offsets do not need.
func (s *squeezer) forget(offset int64) {
	i := 0
	for i+1 < len(s.marks) && s.marks[i+1].offset <= offset {
		i++
	}
	if i > 0 {
		s.marks = append(s.marks[:0], s.marks[i:]...)
	}
}
