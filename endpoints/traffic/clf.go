package traffic

import (
	"bytes"

	"github.com/netready/netready/endpoints"
)

const clfTime = "02/Jan/2006:15:04:05 -0700"

type clfReader struct {
	names   names
	clock   clock
	results results
}

// read reads a line such as
//
//	192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] "CONNECT login.live.com:443 HTTP/1.1" 200 5120
//
// The Combined Log Format adds the referrer and the user agent in quotes, and
// Squid adds its result to both, as in TCP_TUNNEL:HIER_DIRECT.
func (c *clfReader) read(line []byte, _ *header) (e Entry, ok bool, bad *endpoints.Error) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return Entry{}, false, nil
	}
	stamp, rest, ok := c.stamp(line)
	if !ok {
		return Entry{}, false, badSyntax("", "want a time in brackets, then a request in quotes")
	}
	if e.Time, ok = c.clock.parse(clfTime, stamp); !ok {
		return Entry{}, false, badSyntax("time", "want a time as in 14/Sep/2019:02:00:10 +0000")
	}
	request, rest, ok := quoted(rest)
	if !ok {
		return Entry{}, false, badSyntax("", "the request has no closing quote")
	}
	var after [2][]byte
	if cutFields(after[:], rest) < len(after) {
		return Entry{}, false, badSyntax("", "want a status and a size after the request")
	}
	if e.Status, ok = statusCode(after[0]); !ok {
		return Entry{}, false, badField("status", "no number")
	}
	var words [2][]byte
	if cutFields(words[:], request) < len(words) {
		return Entry{}, false, noHost("request", "want a method and a URL")
	}
	var reason string
	if e.Host, e.Port, reason = c.names.url(words[1]); reason != "" {
		return Entry{}, false, badField("request", reason)
	}
	connect := isConnect(words[0])
	v := c.squidResult(rest, connect, e.Status)
	if connect && v == passed && isTiny(after[1]) {
		v = unclear
	}
	e.judge(connect, v)
	return e, true, nil
}

// stamp returns the time, and the line from the request's quote on. A user name
// may contain spaces and brackets.
func (c *clfReader) stamp(line []byte) (stamp, rest []byte, ok bool) {
	before, rest, ok := bytes.Cut(line, []byte("] \""))
	if !ok {
		return nil, nil, false
	}
	i := bytes.LastIndexByte(before, '[')
	var client [3][]byte
	if i < 0 || cutFields(client[:], before[:i]) < len(client) {
		return nil, nil, false
	}
	return before[i+1:], rest, true
}

// quoted returns the text before the closing quote and the rest after it. A
// backslash escapes the next byte.
func quoted(b []byte) (text, rest []byte, ok bool) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return b[:i], b[i+1:], true
		}
	}
	return nil, nil, false
}

// squidResult returns the verdict of a Squid result at the end of a line, such
// as TCP_DENIED:HIER_NONE.
func (c *clfReader) squidResult(b []byte, connect bool, status int) verdict {
	last := b[bytes.LastIndexByte(b, ' ')+1:]
	result, hierarchy, colon := bytes.Cut(last, []byte(":"))
	switch {
	case !colon || !isResult(result) || !isResult(hierarchy):
		return silent
	default:
		return c.results.verdict(result, connect, status)
	}
}
