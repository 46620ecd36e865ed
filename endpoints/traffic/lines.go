package traffic

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// MaxLine is the maximum length of a line in bytes. A longer line counts as
// malformed and is skipped.
const MaxLine = 64 << 10

// lines reads a text line by line, holding one line in memory.
type lines struct {
	br  *bufio.Reader
	n   int   // lines read
	err error // from reading the byte order mark
}

// newLines returns the lines of a text after its byte order mark, which may be
// UTF-16's. The text may be compressed by gzip.
func newLines(r io.Reader) *lines {
	br := bufio.NewReaderSize(r, MaxLine+2) // including the line break
	mark, err := br.Peek(3)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err == nil && bytes.HasPrefix(mark, []byte("\x1f\x8b")) {
		br = bufio.NewReaderSize(&gzipReader{r: br}, MaxLine+2)
		if mark, err = br.Peek(3); errors.Is(err, io.EOF) {
			err = nil
		}
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

// next returns a line without its line break, valid until the next call. If
// long is true, the line exceeded the limit and is not returned. [io.EOF]
// follows the last line.
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

// pad skips NUL bytes. A log has them at the beginning if it was truncated
// while its writer had it open, and at the end after a crash.
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
