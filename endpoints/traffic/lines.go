package traffic

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// MaxLine is the length up to which a line is read, in bytes. A longer one is
// counted as malformed, and passed over.
const MaxLine = 64 << 10

// lines reads a text line by line, in the memory of one line.
type lines struct {
	br  *bufio.Reader
	n   int   // lines that were read
	err error // of the first look at the text
}

// newLines returns the lines of a text without its byte order mark. UTF-16 is
// read if it has one.
func newLines(r io.Reader) *lines {
	br := bufio.NewReaderSize(r, MaxLine+2) // and the end of the line
	mark, err := br.Peek(3)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	switch {
	case bytes.HasPrefix(mark, []byte("\xef\xbb\xbf")):
		_, _ = br.Discard(3)
	case bytes.HasPrefix(mark, []byte("\xff\xfe")):
		_, _ = br.Discard(2)
		br = bufio.NewReaderSize(&utf16Reader{r: br}, MaxLine+2)
	case bytes.HasPrefix(mark, []byte("\xfe\xff")):
		_, _ = br.Discard(2)
		br = bufio.NewReaderSize(&utf16Reader{r: br, big: true}, MaxLine+2)
	}
	return &lines{br: br, err: err}
}

// next returns a line without its end; it is valid until the next call. Long
// says that it was longer than is read, and is not there. The last line is
// followed by [io.EOF].
func (l *lines) next() (line []byte, long bool, err error) {
	if err := l.pad(); err != nil {
		return nil, false, err
	}
	line, err = l.br.ReadSlice('\n')
	l.n++
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		line, err = l.br.ReadSlice('\n')
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if long || len(line) > MaxLine {
		return nil, true, nil
	}
	return line, false, nil
}

// pad passes over NUL bytes, of which a log has many at its beginning if it was
// truncated while its writer had it open, or at its end after a crash.
func (l *lines) pad() error {
	if l.err != nil {
		return l.err
	}
	for {
		if _, err := l.br.Peek(1); err != nil {
			return err
		}
		b, _ := l.br.Peek(l.br.Buffered())
		n := len(b) - len(bytes.TrimLeft(b, "\x00"))
		if n == 0 {
			return nil
		}
		_, _ = l.br.Discard(n)
	}
}
