package traffic

import (
	"bytes"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// maxFields limits the fields of a line.
const maxFields = 512

// A w3cLayout has the positions of the fields that are read, -1 for absent
// ones.
type w3cLayout struct {
	fields int
	tabs   bool

	date, time, timestamp  int
	method, status, scheme int
	size                   int
	exception              int
	transport, path        int // of Windows Firewall
	hosts                  []w3cHost
	actions                []int
}

// A w3cHost is a field with a host, and the field with its port.
type w3cHost struct {
	name       string
	host, port int
}

// hostFields returns the fields that may have the requested host, the best
// first, each with the field that may have its port.
//
// s-port goes only with s-host: IIS uses it for the port on which it listens.
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
func newLayout(value []byte) (w3cLayout, *endpoints.Error) {
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
		return l, tooLarge("#Fields", "too many fields")
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
	l.size = at("sc-bytes")
	l.transport, l.path = at("protocol"), at("path")
	l.exception = at("x-exception-id")
	l.scheme = at("cs-uri-scheme", "cs-protocol")
	for _, f := range hostFields() {
		if i := at(f[0]); i >= 0 {
			l.hosts = append(l.hosts, w3cHost{name: f[0], host: i, port: at(f[1])})
		}
	}
	for _, name := range []string{"action", "s-action", "sc-filter-result"} {
		if i := at(name); i >= 0 {
			l.actions = append(l.actions, i)
		}
	}
	if len(l.hosts) == 0 {
		return w3cLayout{}, noHost("#Fields", "no field holds a host")
	}
	return l, nil
}

// cut appends the values of a line to values.
func (l *w3cLayout) cut(values [][]byte, line []byte) ([][]byte, *endpoints.Error) {
	ok := true
	if l.tabs {
		values = l.cutTabs(values, line)
	} else {
		values, ok = l.cutBlanks(values, line)
	}
	switch {
	case !ok:
		return values, badSyntax("", "a value has no closing quote")
	case len(values) > l.fields:
		return values, badSyntax("", "more values than #Fields names")
	case len(values) < l.fields:
		return values, badSyntax("", "fewer values than #Fields names")
	default:
		return values, nil
	}
}

// cutTabs splits at tabs, up to one value too many. It ignores a trailing tab.
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

// cutBlanks splits at spaces outside quotes, up to one value too many. It
// reports false for an unclosed quote.
func (l *w3cLayout) cutBlanks(values [][]byte, line []byte) ([][]byte, bool) {
	line = trimBlanks(bytes.TrimRight(line, " \t"))
	for len(line) > 0 && len(values) <= l.fields {
		value, rest, ok := cutValue(line)
		if !ok {
			return values, false
		}
		values = append(values, value)
		line = trimBlanks(rest)
	}
	return values, true
}

// cutValue cuts the first value off a line. Doubled quotes in a quoted value
// stand for one. They stay doubled, because no value that is used has any.
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
