package jsonwrite

import (
	"unicode/utf8"

	"github.com/netready/netready/internal/plain"
)

// String writes a text, with the escapes of encoding/json: also for what HTML
// gives a meaning, and for what ends a line of JavaScript.
func (w *Writer) String(s string) {
	w.next()
	w.buf = append(w.buf, '"')
	if isBare(s) {
		w.buf = append(w.buf, s...)
	} else {
		if w.Clean {
			s = plain.Line(s)
		}
		w.buf = appendEscaped(w.buf, s)
	}
	w.buf = append(w.buf, '"')
}

// bare has the visible ASCII characters that need no escapes, and the space, each
// at its own index.
const bare = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" +
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" +
	" !\xff#$%\xff'()*+,-./0123456789:;\xff=\xff?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\xff]^_`abcdefghijklmnopqrstuvwxyz{|}~\xff"

// isBare reports whether a text surely is what [plain.Line] returns and needs no
// escapes, as nearly all are.
func isBare(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || bare[c] != c || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' ' || s == ""
}

func appendEscaped(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			if !escaped(s[i]) {
				i++
				continue
			}
			b = appendEscape(append(b, s[start:i]...), rune(s[i]))
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		const lineSeparator, paragraphSeparator = '\u2028', '\u2029'
		if r == lineSeparator || r == paragraphSeparator || r == utf8.RuneError && size == 1 {
			b = appendEscape(append(b, s[start:i]...), r)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// escaped reports whether an ASCII character needs an escape.
func escaped(c byte) bool { return bare[c] != c && c != '\x7f' }

func appendEscape(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', hex[r>>12&0xf], hex[r>>8&0xf], hex[r>>4&0xf], hex[r&0xf])
}
