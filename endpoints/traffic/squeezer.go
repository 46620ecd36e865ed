package traffic

import (
	"io"

	"github.com/netready/netready/endpoints"
)

// The bounds of what a [json.Decoder] would otherwise hold as a whole.
const (
	maxText    = 16 << 10 // of a text; the rest of it is left out
	maxLiteral = 512      // of a number or a word
)

// A squeezer reads JSON, and leaves out what makes it large: the bodies in it,
// and white space. A decoder behind it needs little memory whatever it reads.
// It counts the lines of the original.
type squeezer struct {
	r    io.Reader
	in   []byte // read and not yet looked at
	buf  []byte
	err  error
	out  int64 // bytes that were given
	line int

	inText, escaped bool
	hex             int  // digits of a \u escape that are still to come
	keep            bool // the escape at hand is given
	size            int  // of the text or literal
	blank           bool // the last byte was white space outside of a text

	marks []mark // of lines that may still be asked for
}

// A mark says that from an offset on what is given is of a line, or of one
// after it.
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

// step looks at a byte, and reports whether it is given.
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
			return false, &Error{Code: endpoints.TooLarge, Reason: "a number longer than is read"}
		}
	}
	s.blank = false
	return true, nil
}

// text looks at a byte of a text. An escape is given in full or not at all.
func (s *squeezer) text(c byte) (give bool) {
	s.size++
	switch {
	case s.escaped:
		s.escaped = false
		if c == 'u' {
			s.hex = 4
		}
		return s.keep
	case s.hex > 0 && c != '"': // a quote there ends the text, and is for the decoder to complain about
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

// mark remembers on which line the byte at hand is, if that is news.
func (s *squeezer) mark() {
	if s.marks[len(s.marks)-1].line != s.line {
		s.marks = append(s.marks, mark{s.out, s.line})
	}
}

// lineAt returns the line of the byte at an offset of what was given. Offsets
// may only grow.
func (s *squeezer) lineAt(offset int64) int {
	s.forget(offset)
	return s.marks[0].line
}

// forget drops the marks that no later offset needs.
func (s *squeezer) forget(offset int64) {
	i := 0
	for i+1 < len(s.marks) && s.marks[i+1].offset <= offset {
		i++
	}
	if i > 0 {
		s.marks = append(s.marks[:0], s.marks[i:]...)
	}
}
