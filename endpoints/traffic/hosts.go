package traffic

import (
	"bytes"
	"time"

	"github.com/netready/netready/endpoints"
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
// A "#" at the start of a line or after a blank begins a comment.
func (h *hostsReader) read(line []byte, _ *header) (e Entry, ok bool, bad *endpoints.Error) {
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
			return Entry{}, false, badSyntax("time", "the text before the host is not a date and a time")
		}
		words = words[used:]
	}
	switch {
	case len(words) == 0:
		return Entry{}, false, noHost("host", "missing host after the time")
	case len(words) > 1:
		return Entry{}, false, badSyntax("host", "text after the host")
	}
	var reason string
	if e.Host, e.Port, reason = h.names.url(words[0]); reason != "" {
		return Entry{}, false, badField("host", reason)
	}
	return e, true, nil
}

// time returns the time at the beginning of a line, and how many words it
// takes.
func (h *hostsReader) time(words [][]byte) (t time.Time, used int) {
	first := bytes.TrimSuffix(words[0], []byte(","))
	if t, ok := epoch(first); ok && len(first) >= len("100000000") { // since 1973
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
