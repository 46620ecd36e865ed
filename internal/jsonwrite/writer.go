package jsonwrite

import (
	"bytes"
	"encoding/json"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/netready/netready/internal/plain"
)

// A Writer appends values to a document, with the commas between them. The zero
// Writer writes an empty document without white space.
type Writer struct {
	// Indent writes as an [encoding/json.Encoder] with an indent of two spaces
	// does.
	Indent bool

	// Clean writes every text as [plain.Line] returns it.
	Clean bool

	buf   []byte
	depth int
	err   error
}

// NewWriter returns an empty document with room for size bytes.
func NewWriter(size int) *Writer { return &Writer{buf: make([]byte, 0, size)} }

// Bytes returns what was written since the last call of Flush, or the first
// error of a value.
func (w *Writer) Bytes() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return w.buf, nil
}

// chunk is how much Flush collects before it writes.
const chunk = 32 << 10

// Flush writes what was collected to out once that is much, except for the last
// byte, on which the next one depends. It returns the first error of a value or
// of out.
func (w *Writer) Flush(out io.Writer) error {
	if last := len(w.buf) - 1; w.err == nil && last >= chunk {
		_, w.err = out.Write(w.buf[:last])
		w.buf = append(w.buf[:0], w.buf[last])
	}
	return w.err
}

// next writes what separates a name or value from what is before it.
func (w *Writer) next() {
	n := len(w.buf)
	if n == 0 {
		return
	}
	switch w.buf[n-1] {
	case ':', ' ': // after a name
		return
	case '{', '[':
	default:
		w.buf = append(w.buf, ',')
	}
	w.line()
}

// line begins a line.
func (w *Writer) line() {
	if !w.Indent {
		return
	}
	const spaces = "\n                                "
	n := 1 + 2*w.depth
	w.buf = append(w.buf, spaces[:min(n, len(spaces))]...)
	for range n - len(spaces) {
		w.buf = append(w.buf, ' ')
	}
}

// Open begins an object or a list: c is '{' or '['.
func (w *Writer) Open(c byte) {
	w.next()
	w.buf = append(w.buf, c)
	w.depth++
}

// Close ends an object or a list: c is '}' or ']'.
func (w *Writer) Close(c byte) {
	w.depth--
	if last := w.buf[len(w.buf)-1]; last != '{' && last != '[' {
		w.line()
	}
	w.buf = append(w.buf, c)
}

// Name writes the name of the next value of an object. It needs no escapes.
func (w *Writer) Name(name string) {
	w.next()
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, `": `...)
	if !w.Indent {
		w.buf = w.buf[:len(w.buf)-1]
	}
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

// Number writes an encoded number.
func (w *Writer) Number(encoded []byte) {
	w.next()
	w.buf = append(w.buf, encoded...)
}

// Value writes any value as encoding/json does.
func Value[T any](w *Writer, v T) {
	if encoded := encode(w, v, w.depth); encoded != nil {
		w.next()
		w.buf = append(w.buf, encoded...)
	}
}

// Fields writes the fields of a value that encoding/json encodes as an object,
// as fields of the object that is open.
func Fields[T any](w *Writer, v T) {
	if encoded := encode(w, v, w.depth-1); encoded != nil {
		if fields := bytes.TrimSpace(encoded[1 : len(encoded)-1]); len(fields) > 0 {
			w.next()
			w.buf = append(w.buf, fields...)
		}
	}
}

// encode returns the form of a value at a depth, or nil after an error.
func encode[T any](w *Writer, v T, depth int) []byte {
	if w.Clean {
		v = plain.Value(v, plain.NoLimit)
	}
	b, err := json.Marshal(v)
	if err == nil && w.Indent {
		var wide bytes.Buffer
		err = json.Indent(&wide, b, strings.Repeat("  ", depth), "  ")
		b = wide.Bytes()
	}
	if err != nil {
		w.fail(err)
		return nil
	}
	return b
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

func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
