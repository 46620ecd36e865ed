package jsonwrite

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/netready/netready/internal/plain"
)

// A Printer writes a document to W as it is made, with every text as
// [plain.Line] returns it.
type Printer struct {
	W io.Writer

	// Indent writes as an [encoding/json.Encoder] with an indent of two spaces
	// does, and a newline at the end.
	Indent bool

	buf    []byte
	depth  int
	opened bool // an object or list that may turn out to be empty
	err    error
}

// chunk is how much a Printer collects before it writes.
const chunk = 32 << 10

// Print prints the next part of a document. It must be valid, have no white
// space, as a [Writer] makes it, and end no text or number in the middle.
func (p *Printer) Print(part []byte) {
	for i := 0; i < len(part); {
		if len(p.buf) >= chunk {
			p.flush()
		}
		c := part[i]
		if closes := c == '}' || c == ']'; closes {
			p.depth--
			if !p.opened {
				p.line()
			}
		} else if p.opened {
			p.line()
		}
		p.opened = false
		end := i + 1
		switch c {
		case '"':
			if n := lineLength(part[i:]); n > 0 {
				end = i + n
				p.buf = append(p.buf, part[i:end]...)
			} else {
				end = i + textLength(part[i:])
				p.text(part[i:end])
			}
		case '{', '[':
			p.buf = append(p.buf, c)
			p.depth++
			p.opened = true
		case ',':
			p.buf = append(p.buf, c)
			p.line()
		case ':':
			p.buf = append(p.buf, c)
			if p.Indent {
				p.buf = append(p.buf, ' ')
			}
		default:
			p.buf = append(p.buf, c)
		}
		i = end
	}
}

// Close prints what is left, and returns the first error of W.
func (p *Printer) Close() error {
	if p.Indent {
		p.buf = append(p.buf, '\n')
	}
	p.flush()
	return p.err
}

func (p *Printer) flush() {
	if p.err == nil {
		_, p.err = p.W.Write(p.buf)
	}
	p.buf = p.buf[:0]
}

func (p *Printer) line() {
	if !p.Indent {
		return
	}
	const spaces = "\n                                "
	n := 2 * p.depth
	p.buf = append(p.buf, spaces[:1+min(n, len(spaces)-1)]...)
	for range n - (len(spaces) - 1) {
		p.buf = append(p.buf, ' ')
	}
}

// lineLength returns the length of the text that b begins with, and its quotes,
// if it is what [plain.Line] returns and has no escapes, as nearly all are.
// Otherwise it returns 0.
func lineLength(b []byte) int {
	for n := 1; ; n++ {
		switch c := b[n]; {
		case '#' <= c && c <= '~' && c != '\\', c == '!':
		case c == ' ' && n > 1 && b[n-1] != ' ':
		case c == '"' && b[n-1] != ' ':
			return n + 1
		default:
			return 0
		}
	}
}

// text prints a text with its quotes.
func (p *Printer) text(quoted []byte) {
	if isLine(quoted[1 : len(quoted)-1]) {
		p.buf = append(p.buf, quoted...)
		return
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil && p.err == nil {
		p.err = err
	}
	var w Writer
	w.String(plain.Line(s))
	p.buf = append(p.buf, w.buf...)
}

// isLine reports whether an encoded text surely is what plain.Line returns. It
// recognizes those of ASCII alone.
func isLine(encoded []byte) bool {
	space := true
	for i := 0; i < len(encoded); i++ {
		c := encoded[i]
		switch {
		case '!' <= c && c <= '~' && c != '\\':
			space = false
		case c == ' ' && !space:
			space = true
		case c == '\\':
			n := escapeLength(encoded[i:])
			if n == 0 {
				return false
			}
			i += n - 1
			space = false
		default:
			return false
		}
	}
	return len(encoded) == 0 || !space
}

// escapeLength returns the length of the escape of a visible ASCII character
// that b begins with, or 0 if it is another one.
func escapeLength(b []byte) int {
	for _, escape := range []string{`\"`, `\\`, `\u003c`, `\u003e`, `\u0026`} {
		if bytes.HasPrefix(b, []byte(escape)) {
			return len(escape)
		}
	}
	return 0
}

// textLength returns the length of the text that b begins with, and its quotes.
func textLength(b []byte) int {
	for n := 1; ; {
		n += bytes.IndexByte(b[n:], '"') + 1
		backslashes := 0
		for b[n-2-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return n
		}
	}
}
