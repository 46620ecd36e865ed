package probe

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
)

const (
	// maxHeader limits the header of a response, including interim responses.
	// Common clients and servers accept this or less.
	maxHeader = 64 << 10

	// maxInterim limits the interim responses before the final one, RFC 9110
	// section 15.2.
	maxInterim = 5

	// maxFraming limits what a body may need beyond its content.
	maxFraming = 64 << 10
)

// A meter reads HTTP responses from a connection up to a limit. It records how
// the connection failed, which tells a peer that broke off from one that does
// not speak HTTP.
type meter struct {
	src   io.Reader
	buf   *bufio.Reader
	left  int64    // bytes that may still be read, give or take a buffer
	start []byte   // how the response begins, at most as long as "HTTP/"
	err   error    // how src failed
	over  bool     // more was needed than may be read
	known *secrets // not to be kept
}

func newMeter(src io.Reader, known *secrets) *meter {
	m := &meter{src: src, left: maxHeader, known: known}
	m.buf = bufio.NewReader(m)
	return m
}

// Read reads from the connection.
func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		m.over = true
		return 0, errors.New("more than the limit")
	}
	n, err := m.src.Read(p)
	m.left -= int64(n)
	if missing := len(protocolName) - len(m.start); missing > 0 {
		m.start = append(m.start, p[:min(n, missing)]...)
	}
	if err != nil {
		m.err = err
	}
	return n, err
}

// lift removes the limit, for a connection that then carries something else.
func (m *meter) lift() { m.left = math.MaxInt64 }

// response reads a response up to its body. It skips interim responses.
func (m *meter) response(req *http.Request) (*http.Response, error) {
	for range maxInterim + 1 {
		resp, err := http.ReadResponse(m.buf, req)
		switch {
		case err != nil:
			return nil, m.headerError(err)
		case resp.ProtoMajor != 1 || resp.StatusCode < http.StatusContinue:
			return nil, &codedError{HTTPMalformed, fmt.Errorf("%s %d", printable(m.known.hide(resp.Proto), maxText), resp.StatusCode)}
		case resp.StatusCode == http.StatusSwitchingProtocols:
			return nil, &codedError{HTTPMalformed, errors.New("unrequested status 101")}
		case resp.StatusCode/100 != 1:
			return resp, nil
		}
	}
	return nil, &codedError{HTTPMalformed, fmt.Errorf("more than %d interim answers", maxInterim)}
}

const protocolName = "HTTP/"

// headerError returns why a response ended before its header was complete.
func (m *meter) headerError(err error) error {
	switch {
	case m.over:
		return &codedError{HTTPTooLarge, fmt.Errorf("a header of more than %d bytes", maxHeader)}
	case !strings.HasPrefix(protocolName, string(m.start)):
		return &codedError{HTTPMalformed, fmt.Errorf("the answer begins with %q", m.known.hideCut(string(m.start)))}
	case m.err == nil || m.buf.Buffered() > 0:
		// The parser rejected what it had read, and quotes it. It did not reach
		// the end.
		return &codedError{HTTPMalformed, errors.New(printable(m.known.hide(err.Error()), maxText))}
	case len(m.start) > 0 && brokeOff(m.err):
		return &codedError{HTTPTruncated, fmt.Errorf("incomplete header: %w", m.err)}
	}
	return m.err
}

// brokeOff reports whether the peer ended the connection.
func brokeOff(err error) bool {
	switch kindOf(err) {
	case kindReset, kindClosed, kindAlert, kindVersion, kindMalformed:
		return true
	default:
		return false
	}
}

// body reads at most limit bytes of a response's body.
func (m *meter) body(resp *http.Response, limit int) ([]byte, error) {
	size := min(limit, maxBody)
	if resp.ContentLength >= 0 && resp.ContentLength < int64(size) {
		size = int(resp.ContentLength)
	}
	return m.fill(resp, make([]byte, 0, size), limit)
}

// fill appends to b what follows of a response's body, until b has limit bytes.
func (m *meter) fill(resp *http.Response, b []byte, limit int) ([]byte, error) {
	m.left = max(0, int64(limit-len(b))+maxFraming)
	var err error
	for len(b) < limit && err == nil {
		b = slices.Grow(b, 1)
		var n int
		n, err = resp.Body.Read(b[len(b):min(cap(b), limit)])
		b = b[:len(b)+n]
	}
	switch {
	case err == nil, err == io.EOF:
		return b, nil
	case m.over:
		return b, &codedError{HTTPTooLarge, fmt.Errorf("framing of more than %d bytes", maxFraming)}
	case m.err == nil || !errors.Is(err, m.err) && !errors.Is(err, io.ErrUnexpectedEOF):
		return b, &codedError{HTTPMalformed, errors.New(printable(m.known.hide(err.Error()), maxText))}
	}
	return b, m.err
}
