package traffic

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A utf16Reader converts UTF-16 to UTF-8. Invalid UTF-16 becomes U+FFFD.
type utf16Reader struct {
	r    io.ByteReader
	big  bool // big-endian
	rest []byte
	held rune // the first half of a surrogate pair, or 0
	err  error
}

// Read implements [io.Reader].
func (u *utf16Reader) Read(p []byte) (int, error) {
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	for n < len(p) && u.err == nil {
		var text [2 * utf8.UTFMax]byte
		out := u.decode(text[:0])
		m := copy(p[n:], out)
		u.rest = append(u.rest[:0], out[m:]...)
		n += m
	}
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	return 0, u.err
}

// decode processes one UTF-16 unit, and appends the rune that it completes.
func (u *utf16Reader) decode(out []byte) []byte {
	unit, err := u.unit()
	if err != nil {
		u.err = err
		if u.held != 0 {
			out = utf8.AppendRune(out, utf8.RuneError)
			u.held = 0
		}
		return out
	}
	if u.held != 0 {
		pair := utf16.DecodeRune(u.held, unit)
		u.held = 0
		out = utf8.AppendRune(out, pair)
		if pair != utf8.RuneError {
			return out
		}
	}
	if utf16.IsSurrogate(unit) && unit < 0xdc00 {
		u.held = unit
		return out
	}
	return utf8.AppendRune(out, unit) // an unpaired surrogate becomes U+FFFD
}

func (u *utf16Reader) unit() (rune, error) {
	a, err := u.r.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := u.r.ReadByte()
	if err != nil {
		return 0, err
	}
	if u.big {
		a, b = b, a
	}
	return rune(a) | rune(b)<<8, nil
}
