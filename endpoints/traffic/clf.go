package traffic

import (
	"bytes"
)

const clfTime = "02/Jan/2006:15:04:05 -0700"

type clfReader struct {
	names names
	clock clock
}

// read reads a line such as
//
//	192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] "CONNECT login.live.com:443 HTTP/1.1" 200 5120
//
// The Combined Log Format adds the referrer and the user agent in quotes, and
// Squid adds its result to both, as in TCP_TUNNEL:HIER_DIRECT.
func (c *clfReader) read(line []byte) (e Entry, ok bool, bad *Error) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return Entry{}, false, nil
	}
	stamp, rest, ok := c.stamp(line)
	if !ok {
		return Entry{}, false, badSyntax("", "no time in brackets and request in quotes behind it")
	}
	if e.Time, ok = c.clock.parse(clfTime, stamp); !ok {
		return Entry{}, false, badSyntax("time", "not as in 14/Sep/2019:02:00:10 +0000")
	}
	request, rest, ok := quoted(rest)
	if !ok {
		return Entry{}, false, badSyntax("", "a request without its closing quote")
	}
	var after [2][]byte
	if cutFields(after[:], rest) < len(after) {
		return Entry{}, false, badSyntax("", "no status and size behind the request")
	}
	if e.Status, ok = statusCode(after[0]); !ok {
		return Entry{}, false, badField("status", "no number")
	}
	var words [2][]byte
	if cutFields(words[:], request) < len(words) {
		return Entry{}, false, noHost("request", "no method and URL")
	}
	var reason string
	if e.Host, e.Port, reason = c.names.url(words[1]); reason != "" {
		return Entry{}, false, badField("request", reason)
	}
	e.judge(isConnect(words[0]), squidResult(rest))
	return e, true, nil
}

// stamp returns the time, and the line from the quote of the request on. The
// name of a user may hold spaces and brackets.
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

// quoted returns what is before the closing quote and what is behind it. A
// backslash takes the meaning from what follows.
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

// squidResult returns what a result of Squid's at the end of a line says, as
// in TCP_DENIED:HIER_NONE.
func squidResult(b []byte) verdict {
	last := b[bytes.LastIndexByte(b, ' ')+1:]
	result, hierarchy, colon := bytes.Cut(last, []byte(":"))
	switch {
	case !colon || !isResult(result) || !isResult(hierarchy):
		return silent
	case isDenied(result):
		return refused
	default:
		return passed
	}
}
