package traffic

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
)

// A layoutReader reads lines with a [Layout].
type layoutReader struct {
	layout  *Layout
	names   names
	clock   clock
	columns map[string]int
	values  [][]byte
	local   bool
}

func (r *layoutReader) localTime() bool { return r.local }

func (r *layoutReader) read(line []byte, _ *header) (Entry, bool, *endpoints.Error) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return Entry{}, false, nil
	}
	get, bad := r.record(line)
	if bad != nil || get == nil {
		return Entry{}, false, bad
	}
	for field, words := range r.layout.Only {
		switch word := get(field); {
		case word == nil:
			return Entry{}, false, badSyntax(field, "no such field, although the layout requires it")
		case !has(words, word):
			return Entry{}, false, nil
		}
	}
	return r.entry(get)
}

// record splits a line into fields. It returns nil for the line with the names.
func (r *layoutReader) record(line []byte) (record, *endpoints.Error) {
	switch r.layout.Kind {
	case "json":
		return jsonRecord(line)
	case "keyvalue":
		return keyValueRecord(line)
	default:
		return r.csvRecord(line)
	}
}

// entry makes an entry of a record.
func (r *layoutReader) entry(get record) (e Entry, ok bool, bad *endpoints.Error) {
	l := r.layout
	first := func(fields []string) []byte {
		for _, f := range fields {
			if v := get(f); v != nil {
				return v
			}
		}
		return nil
	}
	kind := first(l.Lookup)
	if kind != nil && !isLookup(kind) {
		return Entry{}, false, nil
	}
	if e.Time, bad = r.time(get); bad != nil {
		return Entry{}, false, bad
	}
	host := first(l.Host)
	if host == nil {
		return Entry{}, false, noHost("", "no field has a host")
	}
	var reason string
	if e.Host, e.Port, reason = r.names.url(host); reason != "" {
		return Entry{}, false, badField("host", reason)
	}
	if e.Status, ok = statusCode(first(l.Status)); !ok {
		return Entry{}, false, badField("status", "no number")
	}
	v := silent
	if kind != nil {
		v = l.answer(&e, kind, first)
	} else {
		e.Port, e.Transport = cmp.Or(e.Port, port(first(l.Port))), transport(first(l.Transport))
	}
	for _, f := range l.Actions {
		v = max(v, l.verdict(get(f)))
	}
	if v < refused && anyOf(get, l.Failures) {
		v = failed
	}
	if anyOf(get, l.Denials) {
		v = refused
	}
	if isEmpty(string(kind), v, len(e.Answers) > 0) {
		return Entry{}, false, nil
	}
	e.judge(false, v)
	return e, true, nil
}

// answer adds the addresses that a lookup returned, and returns what they say. If
// the layout has no field for them, they say nothing.
func (l *Layout) answer(e *Entry, kind []byte, first func([]string) []byte) verdict {
	v := silent
	switch {
	case len(l.Message) > 0:
		e.Answers, v = message(first(l.Message))
	case len(l.Answers) > 0:
		e.Answers, v = addresses(first(l.Answers)), passed
	}
	if v == passed {
		v = answersVerdict(kind, e.Answers)
	}
	return v
}

// anyOf reports whether one of the fields has one of its words.
func anyOf(get record, fields map[string][]string) bool {
	for field, words := range fields {
		if has(words, get(field)) {
			return true
		}
	}
	return false
}

// isLookup reports whether a type of record, by name or number, is one that a
// device looks up to connect to a host.
func isLookup(kind []byte) bool {
	return isAddressKind(kind) || equal(kind, "1", "28", "1 (A)", "28 (AAAA)")
}

// verdict returns what a word means.
func (l *Layout) verdict(word []byte) verdict {
	switch {
	case has(l.Denied, word):
		return refused
	case has(l.Failed, word):
		return failed
	case has(l.Allowed, word):
		return passed
	case word == nil:
		return silent
	default:
		return unclear
	}
}

// has reports whether words have a word, or its beginning and a "*".
func has(words []string, word []byte) bool {
	for _, w := range words {
		if start, ok := strings.CutSuffix(w, "*"); ok && word != nil && hasPrefix(word, start) || equal(word, w) {
			return true
		}
	}
	return false
}

// time returns the time of a record, or zero.
func (r *layoutReader) time(get record) (time.Time, *endpoints.Error) {
	var text [96]byte
	b := text[:0]
	for _, f := range r.layout.Time {
		if v := get(f); v != nil && len(b)+len(v) < len(text) {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = append(b, v...)
		}
	}
	if len(b) == 0 {
		return time.Time{}, nil
	}
	for _, form := range r.layout.Forms {
		if form == "unix" {
			if t, ok := unix(b); ok {
				return t, nil
			}
			continue
		}
		if t, ok := r.clock.parse(form, b); ok {
			r.local = r.local || !r.layout.UTC && !strings.Contains(form, "Z07") && !strings.Contains(form, "-07") && !strings.Contains(form, "MST")
			return t, nil
		}
	}
	return time.Time{}, badField("time", "not in a form of the layout")
}

// unix parses seconds, milliseconds, microseconds or nanoseconds since 1970.
func unix(b []byte) (time.Time, bool) {
	if _, ok := decimal(b, 19); ok && len(b) >= 13 {
		digits := b[10:]
		return epoch(append(append(append([]byte(nil), b[:10]...), '.'), digits[:min(len(digits), 9)]...))
	}
	return epoch(b)
}
