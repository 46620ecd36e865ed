package jsonwrite

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// A Writer appends values to a document, with the commas between them. The zero
// Writer is an empty document.
type Writer struct {
	buf []byte
	err error
}

// NewWriter returns an empty document with room for size bytes.
func NewWriter(size int) *Writer { return &Writer{buf: make([]byte, 0, size)} }

// Bytes returns the document, or the first error of a value.
func (w *Writer) Bytes() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return w.buf, nil
}

// PrintTo prints what was written since the last call, except for the last byte.
// It must be called after an object or a list that is a value of another one, so
// that values may follow.
func (w *Writer) PrintTo(p *Printer) {
	if w.err != nil {
		return
	}
	last := len(w.buf) - 1
	p.Print(w.buf[:last])
	w.buf = append(w.buf[:0], w.buf[last])
}

// next writes the comma before a name or value, if there is one.
func (w *Writer) next() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

// Open begins an object or a list: c is '{' or '['.
func (w *Writer) Open(c byte) {
	w.next()
	w.buf = append(w.buf, c)
}

// Close ends an object or a list: c is '}' or ']'.
func (w *Writer) Close(c byte) { w.buf = append(w.buf, c) }

// Name writes the name of the next value of an object. It needs no escapes.
func (w *Writer) Name(name string) {
	w.next()
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '"', ':')
}

// Uint writes a number.
func (w *Writer) Uint(n uint64) {
	w.next()
	w.buf = strconv.AppendUint(w.buf, n, 10)
}

// Int writes a number.
func (w *Writer) Int(n int) {
	w.next()
	w.buf = strconv.AppendInt(w.buf, int64(n), 10)
}

// Bool writes true or false.
func (w *Writer) Bool(v bool) {
	w.next()
	w.buf = strconv.AppendBool(w.buf, v)
}

// Time writes a time. It must be one that has a form in RFC 3339.
func (w *Writer) Time(t time.Time) {
	w.next()
	w.buf = append(w.buf, '"')
	b, err := t.AppendText(w.buf)
	if err != nil {
		w.fail(err)
		return
	}
	w.buf = append(b, '"')
}

// Addr writes an address as text.
func (w *Writer) Addr(a netip.Addr) {
	if a.Zone() != "" || !a.IsValid() {
		w.text(a)
		return
	}
	w.next()
	w.buf = append(a.AppendTo(append(w.buf, '"')), '"')
}

// AddrPort writes an address and a port as text.
func (w *Writer) AddrPort(a netip.AddrPort) {
	if a.Addr().Zone() != "" || !a.IsValid() {
		w.text(a)
		return
	}
	w.next()
	w.buf = append(a.AppendTo(append(w.buf, '"')), '"')
}

// text writes what may need escapes.
func (w *Writer) text(v interface{ MarshalText() ([]byte, error) }) {
	text, err := v.MarshalText()
	if err != nil {
		w.fail(err)
	}
	w.String(string(text))
}

// Value writes any value as encoding/json does.
func (w *Writer) Value(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		w.fail(err)
	}
	w.Raw(b)
}

// Raw writes an encoded value.
func (w *Writer) Raw(value []byte) {
	w.next()
	w.buf = append(w.buf, value...)
}

// List writes a list of n values, each by a call of write. It makes room for all
// of them as soon as it knows how long the first one is.
func (w *Writer) List(n int, write func(i int)) {
	w.Open('[')
	for i := range n {
		before := len(w.buf)
		write(i)
		if i == 0 {
			each := len(w.buf) - before
			w.buf = slices.Grow(w.buf, (n-1)*(each+each/8))
		}
	}
	w.Close(']')
}

// Fields writes the fields of a value that encoding/json encodes as an object,
// as fields of the object that is open.
func (w *Writer) Fields(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		w.fail(err)
		return
	}
	if fields := b[1 : len(b)-1]; len(fields) > 0 {
		w.Raw(fields)
	}
}

func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// String writes a text, with the escapes of encoding/json: also for what HTML
// gives a meaning, and for what ends a line of JavaScript.
func (w *Writer) String(s string) {
	w.next()
	b := append(w.buf, '"')
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
	b = append(b, s[start:]...)
	w.buf = append(b, '"')
}

func escaped(c byte) bool {
	if 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '-' <= c && c <= ':' {
		return false // nearly all are
	}
	return c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&'
}

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
