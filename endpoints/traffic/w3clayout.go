package traffic

import (
	"bytes"
	"slices"
	"strings"
)

// maxFields bounds the fields of a line.
const maxFields = 512

// A w3cLayout says where in a line the fields are that are read. It is -1 for
// those that are not there.
type w3cLayout struct {
	fields int
	tabs   bool

	date, time, timestamp  int
	method, status, scheme int
	hosts                  []w3cHost
	actions                []int
}

// A w3cHost is a field that holds a host, and the one that holds its port.
type w3cHost struct {
	name       string
	host, port int
}

// hostFields are the fields that may hold the host that was asked for, the
// best first, each with the one that may hold its port.
//
// s-port goes with s-host alone: to IIS it is the port on which it listens itself.
func hostFields() [][2]string {
	return [][2]string{
		{"cs-uri", ""},
		{"cs-url", ""},
		{"c-uri", ""},
		{"cs-host", "cs-uri-port"},
		{"cs(host)", "cs-uri-port"},
		{"cs-uri-host", "cs-uri-port"},
		{"r-host", "r-port"},
		{"r-dns", "r-port"},
		{"cs-uri-stem", "cs-uri-port"},
		{"s-host", "s-port"},
		{"s-dns", "s-port"},
		{"r-ip", "r-port"},
		{"destination", "destination port"},
		{"dst-ip", "dst-port"},
	}
}

// newLayout reads the value of a #Fields directive.
func newLayout(value []byte) (w3cLayout, *Error) {
	text := strings.ToLower(string(bytes.TrimSpace(value)))
	l := w3cLayout{tabs: strings.Contains(text, "\t")}
	var names []string
	if l.tabs {
		for name := range strings.SplitSeq(text, "\t") {
			names = append(names, strings.TrimSpace(name))
		}
	} else {
		names = strings.Fields(text)
	}
	if len(names) > maxFields {
		return l, tooLarge("#Fields", "more fields than are read")
	}
	l.fields = len(names)
	at := func(choice ...string) int {
		for _, name := range choice {
			if i := slices.Index(names, name); i >= 0 {
				return i
			}
		}
		return -1
	}
	l.date, l.time, l.timestamp = at("date"), at("time"), at("timestamp", "x-timestamp-unix")
	l.method = at("cs-method", "s-operation", "c-method")
	l.status = at("sc-status", "http status code")
	l.scheme = at("cs-uri-scheme", "cs-protocol")
	for _, f := range hostFields() {
		if i := at(f[0]); i >= 0 {
			l.hosts = append(l.hosts, w3cHost{name: f[0], host: i, port: at(f[1])})
		}
	}
	for _, name := range []string{"action", "s-action", "sc-filter-result", "x-exception-id"} {
		if i := at(name); i >= 0 {
			l.actions = append(l.actions, i)
		}
	}
	if len(l.hosts) == 0 {
		return w3cLayout{}, noHost("#Fields", "no field that holds a host")
	}
	return l, nil
}

// cut appends the values of a line to values.
func (l *w3cLayout) cut(values [][]byte, line []byte) ([][]byte, *Error) {
	ok := true
	if l.tabs {
		values = l.cutTabs(values, line)
	} else {
		values, ok = l.cutBlanks(values, line)
	}
	switch {
	case !ok:
		return values, badSyntax("", "a value without its closing quote")
	case len(values) > l.fields:
		return values, badSyntax("", "more values than #Fields names")
	case len(values) < l.fields:
		return values, badSyntax("", "fewer values than #Fields names")
	default:
		return values, nil
	}
}

// cutTabs cuts at tabs, up to one value too many. A tab at the end is none.
func (l *w3cLayout) cutTabs(values [][]byte, line []byte) [][]byte {
	line = bytes.TrimSuffix(line, []byte("\t"))
	for more := true; more && len(values) <= l.fields; {
		var value []byte
		value, line, more = bytes.Cut(line, []byte("\t"))
		value = bytes.TrimSpace(value)
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			value = value[1 : n-1]
		}
		values = append(values, value)
	}
	return values
}

// cutBlanks cuts at spaces outside of quotes, up to one value too many. It
// reports false for a quote that is not closed.
func (l *w3cLayout) cutBlanks(values [][]byte, line []byte) ([][]byte, bool) {
	line = bytes.Trim(line, " \t")
	for len(line) > 0 && len(values) <= l.fields {
		value, rest, ok := cutValue(line)
		if !ok {
			return values, false
		}
		values = append(values, value)
		line = bytes.TrimLeft(rest, " \t")
	}
	return values, true
}

// cutValue cuts the first value off a line that begins with it. In quotes, two
// quotes stand for one; they are left as they are, since no value that is read
// has one.
func cutValue(line []byte) (value, rest []byte, ok bool) {
	if line[0] != '"' {
		i := blank(line)
		return line[:i], line[i:], true
	}
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			i++
			continue
		}
		return line[1:i:i], line[i+1:], true
	}
	return nil, nil, false
}
