package jsonwrite

import (
	"bytes"
	"io"
)

// Indent writes a document to w as an [encoding/json.Encoder] with an indent of
// two spaces does, with a newline at its end. The document must be valid and
// without white space, as a [Writer] makes it.
func Indent(w io.Writer, document []byte) error {
	const chunk = 32 << 10
	out := make([]byte, 0, chunk+chunk/8)
	depth := 0
	for i := 0; i < len(document); i++ {
		if len(out) >= chunk {
			if _, err := w.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
		c := document[i]
		switch c {
		case '"':
			end := i + textLength(document[i:])
			out = append(out, document[i:end]...)
			i = end - 1
		case '{', '[':
			out = append(out, c)
			if next := document[i+1]; next == '}' || next == ']' {
				out = append(out, next)
				i++
				continue
			}
			depth++
			out = appendLine(out, depth)
		case '}', ']':
			depth--
			out = append(appendLine(out, depth), c)
		case ',':
			out = appendLine(append(out, c), depth)
		case ':':
			out = append(out, c, ' ')
		default:
			out = append(out, c)
		}
	}
	_, err := w.Write(append(out, '\n'))
	return err
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

func appendLine(b []byte, depth int) []byte {
	b = append(b, '\n')
	for range depth {
		b = append(b, ' ', ' ')
	}
	return b
}
