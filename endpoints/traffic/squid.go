package traffic

import (
	"bytes"

	"github.com/netready/netready/endpoints"
)

// A lineReader reads the lines of a format. It returns false and no error for a
// valid line that is not a request, such as a comment.
type lineReader interface {
	read(line []byte, h *header) (Entry, bool, *endpoints.Error)
}

// squidFields are the fields of "logformat squid" up to the hierarchy. The
// content type follows, except in old versions.
const squidFields = 9

type squidReader struct {
	names   names
	results results
}

// read reads a line such as
//
//	1568426410.123    204 192.0.2.10 TCP_TUNNEL/200 5120 CONNECT login.live.com:443 - HIER_DIRECT/203.0.113.5 -
func (s *squidReader) read(line []byte, _ *header) (e Entry, ok bool, bad *endpoints.Error) {
	var fields [squidFields][]byte
	if n := cutFields(fields[:], line); n == 0 {
		return Entry{}, false, nil
	} else if n < squidFields {
		return Entry{}, false, badSyntax("", "fewer fields than in Squid's native log")
	}
	if e.Time, ok = epoch(fields[0]); !ok {
		return Entry{}, false, badSyntax("time", "want seconds since 1970")
	}
	result, status, slash := bytes.Cut(fields[3], []byte("/"))
	if e.Status, ok = statusCode(status); !ok || !slash || !isResult(result) {
		return Entry{}, false, badSyntax("result", "want a result and a status, as in TCP_MISS/200")
	}
	if string(fields[6]) == "error:transaction-end-before-headers" {
		return Entry{}, false, nil // a connection without a request, as health checks make
	}
	if bytes.HasPrefix(fields[6], []byte("error:")) {
		return Entry{}, false, noHost("url", "a Squid error instead of a request")
	}
	var reason string
	if e.Host, e.Port, reason = s.names.url(fields[6]); reason != "" {
		return Entry{}, false, badField("url", reason)
	}
	connect := isConnect(fields[5])
	v := s.results.verdict(result, connect, e.Status)
	if connect && v == passed && isTiny(fields[4]) {
		v = unclear // something lets connections be made, and nothing through
	}
	e.judge(connect, v)
	return e, true, nil
}

// isTiny reports whether a size is too small for a tunnel through which a server
// answered. A proxy's own "200 Connection established" has 39 bytes.
func isTiny(size []byte) bool {
	n, ok := decimal(size, 2)
	return ok && n < 64
}

// results remember the last Squid result, because logs repeat themselves.
type results struct {
	last     string
	isDenied bool // the last one
	isKnown  bool
	isOwn    bool
}

// verdict returns what a Squid result says. A request without a status was
// given up before anything was known. A tunnel that Squid answers itself is one
// that it looks into, before it contacts the server; the requests in it follow.
func (r *results) verdict(result []byte, connect bool, status int) verdict {
	if string(result) != r.last {
		r.last, r.isDenied, r.isKnown = string(result), isDenied(result), isKnownResult(result)
		r.isOwn = hasPrefix(result, "NONE", "TAG_NONE")
	}
	switch {
	case r.isDenied:
		return refused
	case status == 0 || !r.isKnown || connect && r.isOwn:
		return unclear
	default:
		return passed
	}
}

func isConnect(method []byte) bool { return string(method) == "CONNECT" }

// cutFields splits a line at spaces and tabs until all fields are filled, and
// returns how many were.
func cutFields(fields [][]byte, line []byte) int {
	n := 0
	for n < len(fields) {
		line = trimBlanks(line)
		if len(line) == 0 {
			break
		}
		i := blank(line)
		fields[n], line = line[:i], line[i:]
		n++
	}
	return n
}

// trimBlanks cuts off spaces and tabs at the beginning. It is called for each
// field, where bytes.TrimLeft takes a tenth of the time.
func trimBlanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// blank returns the position of the first space or tab, or the length.
func blank(b []byte) int {
	for i, c := range b {
		if c == ' ' || c == '\t' {
			return i
		}
	}
	return len(b)
}
