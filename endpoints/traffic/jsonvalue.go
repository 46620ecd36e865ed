package traffic

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/netready/netready/endpoints"
)

// str reads the rest of a string after its quote, into text if keep is set.
func (s *jsonScanner) str(keep bool) error {
	s.text = s.text[:0]
	for {
		start := s.pos
		for s.pos < s.end {
			if c := s.buf[s.pos]; c == '"' || c == '\\' || c < ' ' {
				break
			}
			s.pos++
		}
		if keep {
			s.add(s.buf[start:s.pos])
		}
		if s.pos == s.end {
			if err := s.more(); err != nil {
				return err
			}
			continue
		}
		switch c := s.buf[s.pos]; {
		case c == '"':
			s.pos++
			return nil
		case c != '\\':
			return s.invalid()
		}
		s.pos++
		if err := s.escape(keep); err != nil {
			return err
		}
	}
}

// more reads more bytes in the middle of a value.
func (s *jsonScanner) more() error {
	return incomplete(s.fill())
}

// incomplete returns an error of peek or fill in the middle of a value.
func incomplete(err error) error {
	if errors.Is(err, io.EOF) {
		return errIncomplete
	}
	return err
}

// add appends to the text, up to its limit.
func (s *jsonScanner) add(b []byte) {
	s.text = append(s.text, b[:min(len(b), maxText-len(s.text))]...)
}

// next returns the next byte in the middle of a string.
func (s *jsonScanner) next() (byte, error) {
	if s.pos == s.end {
		if err := s.more(); err != nil {
			return 0, err
		}
	}
	s.pos++
	return s.buf[s.pos-1], nil
}

// escape reads what follows a backslash.
func (s *jsonScanner) escape(keep bool) error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c == 'u' {
		return s.unicode(keep)
	}
	i := bytes.IndexByte([]byte(`"\/bfnrt`), c)
	if i < 0 {
		return s.invalid()
	}
	if keep {
		s.add([]byte{"\"\\/\b\f\n\r\t"[i]})
	}
	return nil
}

// unicode reads the digits of a \u escape. Half of a surrogate pair becomes
// U+FFFD, since no value that is used has any.
func (s *jsonScanner) unicode(keep bool) error {
	var digits [4]byte
	for i := range digits {
		c, err := s.next()
		if err != nil {
			return err
		}
		digits[i] = c
	}
	n, err := strconv.ParseUint(string(digits[:]), 16, 16)
	if err != nil {
		return s.invalid()
	}
	if keep {
		r := rune(n)
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
		}
		s.add(utf8.AppendRune(nil, r))
	}
	return nil
}

// literal reads a number, true, false or null into text.
func (s *jsonScanner) literal() error {
	s.token = s.line
	s.text = s.text[:0]
	for {
		if s.pos == s.end {
			if err := s.fill(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err
			}
		}
		c := s.buf[s.pos]
		if ends(c) {
			break
		}
		if s.text = append(s.text, c); len(s.text) > maxLiteral {
			return &endpoints.Error{Code: endpoints.TooLarge, Reason: "number too long"}
		}
		s.pos++
	}
	switch string(s.text) {
	case "true", "false", "null":
		return nil
	}
	if !isNumber(s.text) {
		return s.invalid()
	}
	return nil
}

// ends reports whether a byte ends a number or a word.
func ends(c byte) bool {
	switch c {
	case ',', ':', ']', '}', '[', '"', '{':
		return true
	}
	return c <= ' '
}

// isNumber reports whether b is a number of JSON.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("-"))
	digits := func() bool {
		n := 0
		for n < len(b) && '0' <= b[n] && b[n] <= '9' {
			n++
		}
		b = b[n:]
		return n > 0
	}
	if len(b) > 1 && b[0] == '0' && '0' <= b[1] && b[1] <= '9' || !digits() {
		return false
	}
	if len(b) > 0 && b[0] == '.' {
		if b = b[1:]; !digits() {
			return false
		}
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		if b = b[1:]; len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if !digits() {
			return false
		}
	}
	return len(b) == 0
}
