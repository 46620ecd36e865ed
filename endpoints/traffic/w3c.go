package traffic

import (
	"bytes"
	"net/netip"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
)

// A w3cReader reads the W3C extended log file format, W3C working draft
// WD-logfile-960323, and the variants in use.
type w3cReader struct {
	names  names
	clock  clock
	values [][]byte
	layout w3cLayout
	date   []byte // from the last #Date directive
	local  bool   // times are those of the machine
}

func (w *w3cReader) read(line []byte, _ *header) (Entry, bool, *endpoints.Error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return Entry{}, false, nil
	}
	if line[0] == '#' {
		return Entry{}, false, w.directive(line)
	}
	if w.layout.fields == 0 {
		return Entry{}, false, badSyntax("", "no usable #Fields directive before this line")
	}
	var bad *endpoints.Error
	if w.values, bad = w.layout.cut(w.values[:0], line); bad != nil {
		return Entry{}, false, bad
	}
	if equal(w.value(w.layout.path), "receive") {
		return Entry{}, false, nil // it came from outside
	}
	e, bad := w.entry()
	return e, bad == nil, bad
}

func (w *w3cReader) localTime() bool { return w.local }

// directive reads a line that begins with "#". Unknown directives are comments.
func (w *w3cReader) directive(line []byte) *endpoints.Error {
	name, value, ok := bytes.Cut(line[1:], []byte(":"))
	switch {
	case !ok:
	case bytes.EqualFold(name, []byte("Fields")):
		w.layout = w3cLayout{} // the lines that follow do not have the old layout
		layout, bad := newLayout(value)
		if bad != nil {
			return bad
		}
		w.layout = layout
	case bytes.EqualFold(name, []byte("Date")):
		var words [1][]byte
		if cutFields(words[:], value) == 1 {
			w.date = append(w.date[:0], words[0]...)
		}
	case bytes.EqualFold(name, []byte("Time Format")):
		w.local = equal(bytes.TrimSpace(value), "local")
	}
	return nil
}

// entry makes an entry from a line's values.
func (w *w3cReader) entry() (e Entry, bad *endpoints.Error) {
	var ok bool
	if e.Time, bad = w.time(); bad != nil {
		return Entry{}, bad
	}
	if e.Status, ok = statusCode(w.value(w.layout.status)); !ok {
		return Entry{}, badField("sc-status", "no number")
	}
	if e.Host, e.Port, bad = w.host(); bad != nil {
		return Entry{}, bad
	}
	e.Transport = transport(w.value(w.layout.transport))
	connect, v := isConnect(w.value(w.layout.method)), w.verdict()
	if connect && e.Status/100 == 2 && isTiny(w.value(w.layout.size)) {
		v = max(v, unclear)
	}
	e.judge(connect, v)
	return e, nil
}

// verdict returns what the line says apart from the status. If fields disagree,
// the request was denied at one of several stages.
func (w *w3cReader) verdict() verdict {
	v := exception(w.value(w.layout.exception))
	for _, i := range w.layout.actions {
		v = max(v, action(w.value(i)))
	}
	return v
}

// value returns a field's value, or nil if it is absent.
func (w *w3cReader) value(i int) []byte {
	if i < 0 || len(w.values[i]) == 0 || string(w.values[i]) == "-" {
		return nil
	}
	return w.values[i]
}

// time returns the line's time, or the zero time if no field has the day.
func (w *w3cReader) time() (time.Time, *endpoints.Error) {
	if stamp := w.value(w.layout.timestamp); stamp != nil {
		if t, ok := epoch(stamp); ok {
			return t, nil
		}
		return time.Time{}, badField("timestamp", "want seconds since 1970")
	}
	date, clock := w.value(w.layout.date), w.value(w.layout.time)
	if date == nil {
		date = w.date
	}
	if date == nil || clock == nil {
		return time.Time{}, nil
	}
	var text [64]byte
	both := append(append(append(text[:0], date...), ' '), clock...)
	layout := time.DateTime
	if len(clock) == len("15:04") {
		layout = "2006-01-02 15:04"
	}
	t, ok := w.clock.parse(layout, both)
	if !ok {
		return time.Time{}, badField("date and time", "want a date and a time as in 2019-09-14 and 02:00:10")
	}
	return t, nil
}

// host returns the line's host. A name wins over an address.
func (w *w3cReader) host() (host string, port uint16, bad *endpoints.Error) {
	for _, f := range w.layout.hosts {
		raw := w.value(f.host)
		if raw == nil || raw[0] == '/' {
			continue
		}
		name, p, reason := w.names.url(raw)
		if reason != "" {
			if bad == nil {
				bad = badField(f.name, reason)
			}
			continue
		}
		if p == 0 {
			p = w.port(f)
		}
		if !isAddress(name) {
			return name, p, nil
		}
		if host == "" {
			host, port = name, p
		}
	}
	switch {
	case host != "":
		return host, port, nil
	case bad != nil:
		return "", 0, bad
	default:
		return "", 0, noHost("", "no field has a host")
	}
}

// port returns the port from its own field or from the scheme. An invalid port
// number counts as unknown.
func (w *w3cReader) port(f w3cHost) uint16 {
	raw := w.value(f.port)
	if raw == nil {
		return schemePort(w.value(w.layout.scheme))
	}
	return port(raw)
}

// transport returns "tcp" or "udp" from a name or a number of a protocol, and
// "" for others.
func transport(b []byte) string {
	switch {
	case equal(b, "tcp", "6"):
		return "tcp"
	case equal(b, "udp", "17"):
		return "udp"
	default:
		return ""
	}
}

// isAddress reports whether a normalized host is an address. It usually looks
// only at the end.
func isAddress(host string) bool {
	switch {
	case host == "":
		return false
	case strings.Contains(host, ":"):
		return true
	}
	last := host[len(host)-1]
	if last < '0' || last > '9' {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}
