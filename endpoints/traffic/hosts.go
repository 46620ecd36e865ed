package traffic

import (
	"bytes"
	"time"
)

type hostsReader struct {
	names           names
	stamps, moments clock
}

// read reads a line such as
//
//	login.live.com
//	login.live.com:443
//	2019-09-14T02:00:10Z https://login.live.com/
//	2019-09-14 02:00:10 login.live.com
//	1568426410.123 login.live.com
//
// and what follows a "#" in a line of its own or behind a blank is a comment.
func (h *hostsReader) read(line []byte) (e Entry, ok bool, bad *Error) {
	var fields [4][]byte
	n := cutFields(fields[:], line)
	for i, f := range fields[:n] {
		if f[0] == '#' {
			n = i
			break
		}
	}
	words := fields[:n]
	if n == 0 {
		return Entry{}, false, nil
	}
	if n > 1 {
		var used int
		if e.Time, used = h.time(words); used == 0 {
			return Entry{}, false, badSyntax("time", "text before the host that is no time with its date")
		}
		words = words[used:]
	}
	switch {
	case len(words) == 0:
		return Entry{}, false, noHost("host", "a time without a host")
	case len(words) > 1:
		return Entry{}, false, badSyntax("host", "text behind the host")
	}
	var reason string
	if e.Host, e.Port, reason = h.names.url(words[0]); reason != "" {
		return Entry{}, false, badField("host", reason)
	}
	return e, true, nil
}

// time returns the time at the beginning of a line, and of how many words it is.
func (h *hostsReader) time(words [][]byte) (t time.Time, used int) {
	first := bytes.TrimSuffix(words[0], []byte(","))
	if t, ok := epoch(first); ok && len(first) >= len("100000000") { // from 1973 on
		return t, 1
	}
	if t, ok := h.stamps.parse(time.RFC3339, first); ok {
		return t, 1
	}
	if len(words) < 3 {
		return time.Time{}, 0
	}
	var text [64]byte
	both := append(append(append(text[:0], first...), ' '), words[1]...)
	if t, ok := h.moments.parse(time.DateTime, both); ok {
		return t, 2
	}
	return time.Time{}, 0
}
