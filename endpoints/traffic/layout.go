package traffic

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
)

// A Layout describes logs in which each line has named fields: which field has
// what, and what the words in it mean. Use [ReadLayout] to make one.
//
// Where a list of fields is given, the first one with a value counts. A field of
// nested JSON objects is written as in "properties.Fqdn". An empty value and "-"
// mean that the field is absent.
type Layout struct {
	// Name identifies the layout, as a [Format]. Title is its display name.
	Name  Format `json:"name"`
	Title string `json:"title"`

	// Source is the vendor's document. Untested says that nobody has compared
	// the layout with a real log.
	Source   string `json:"source"`
	Untested bool   `json:"untested"`

	// Kind is "csv", "json" (an object on each line) or "keyvalue" (as in
	// action="deny").
	Kind string `json:"kind"`

	// Columns are the names of the fields of CSV in order. If it is empty, the
	// first line has the names. Further fields of a line are ignored.
	Columns []string `json:"columns"`

	// Only selects lines: each of these fields has one of the words. Others are
	// no requests.
	Only map[string][]string `json:"only"`

	// Host has a name, an address or a URL. Port, Transport and Status belong to
	// it. Answers has the addresses that a lookup returned.
	Host      []string `json:"host"`
	Port      []string `json:"port"`
	Transport []string `json:"transport"`
	Status    []string `json:"status"`
	Answers   []string `json:"answers"`

	// Lookup has the type of record of a lookup. Only A and AAAA count, and a
	// lookup has no port. A line without a type is no lookup.
	Lookup []string `json:"lookup"`

	// Message has a lookup's response in Base64.
	Message []string `json:"message"`

	// Time has the time, in one of the Forms, or several fields that together
	// have it: layouts of [time.Parse], or "unix" for seconds, milliseconds or
	// nanoseconds since 1970.
	Time  []string `json:"time"`
	Forms []string `json:"forms"`

	// UTC says that times without a zone are in UTC.
	UTC bool `json:"utc"`

	// Actions are the fields that say how a request ended. Each of them counts.
	// Its word is in Denied, Failed or Allowed, in any case; "" stands for an
	// absent field, and a "*" at the end for anything. How a request with another
	// word ended is unknown.
	Actions []string `json:"actions"`
	Denied  []string `json:"denied"`
	Failed  []string `json:"failed"`
	Allowed []string `json:"allowed"`

	// Denials and Failures are fields with words that say so whatever the
	// Actions say. Other words in these fields say nothing.
	Denials  map[string][]string `json:"denials"`
	Failures map[string][]string `json:"failures"`
}

// maxLayout limits the size of a layout.
const maxLayout = 64 << 10

// ReadLayout reads a layout: a JSON object with the fields of [Layout], named as
// there in lower case. An error is an [*endpoints.Error], or comes from r.
func ReadLayout(r io.Reader) (*Layout, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxLayout+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxLayout {
		return nil, tooLarge("", "layout larger than 64 KiB")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	l := &Layout{}
	if err := dec.Decode(l); err != nil {
		return nil, layoutError(data, err)
	}
	return l, l.check()
}

// layoutError returns the error for a layout that cannot be decoded.
func layoutError(data []byte, err error) error {
	bad := badSyntax("", "want a layout in JSON")
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		bad.Line = 1 + bytes.Count(data[:min(int(e.Offset), len(data))], []byte("\n"))
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		bad = &endpoints.Error{Code: endpoints.WrongType, Field: e.Field, Reason: "want " + e.Type.String()}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		bad = &endpoints.Error{Code: endpoints.UnknownField, Field: strings.Trim(name, `"`), Reason: "not a field of a layout"}
	}
	return bad
}

// check returns what is wrong with a layout, or nil.
func (l *Layout) check() error {
	kinds := []string{"csv", "json", "keyvalue"}
	switch {
	case !plain.IsText(string(l.Name)):
		return badField("name", "not a text for one line")
	case !l.isText():
		return badField("", "a text in it is not for one line")
	case !slices.Contains(kinds, l.Kind):
		return &endpoints.Error{Code: endpoints.BadValue, Field: "kind", Value: l.Kind, Want: kinds, Reason: "unknown"}
	case len(l.Host) == 0:
		return noHost("host", "no field holds a host")
	case len(l.Columns) > maxFields:
		return tooLarge("columns", "too many fields")
	case (len(l.Time) == 0) != (len(l.Forms) == 0):
		return badField("forms", "time and forms need each other")
	}
	if l.Kind == "csv" && len(l.Columns) > 0 {
		fields := slices.Concat(l.Host, l.Port, l.Transport, l.Status, l.Answers, l.Lookup, l.Message, l.Time, l.Actions)
		for _, more := range []map[string][]string{l.Only, l.Denials, l.Failures} {
			fields = slices.AppendSeq(fields, maps.Keys(more))
		}
		for _, f := range fields {
			if !slices.Contains(l.Columns, f) {
				return &endpoints.Error{Code: endpoints.BadValue, Field: "columns", Value: f, Reason: "no such column"}
			}
		}
	}
	return nil
}

// isText reports whether all texts of a layout, which errors and reports quote,
// are for one line.
func (l *Layout) isText() bool {
	ok := true
	plain.Map(*l, func(s string) string {
		ok = ok && plain.IsText(s)
		return s
	})
	return ok
}

// NewScanner returns a Scanner for a log with this layout.
func (l *Layout) NewScanner(r io.Reader) *Scanner {
	return &Scanner{lines: newLines(r), format: l.Name, reader: &layoutReader{layout: l}}
}

//go:embed layouts
var layoutFiles embed.FS

//nolint:gochecknoglobals // computed once, never changed
var builtin = sync.OnceValue(func() []*Layout {
	files, err := layoutFiles.ReadDir("layouts")
	if err != nil {
		return nil
	}
	var out []*Layout
	for _, f := range files { // by name
		data, err := layoutFiles.ReadFile("layouts/" + f.Name())
		if err != nil {
			return nil
		}
		l, err := ReadLayout(bytes.NewReader(data))
		if err != nil {
			return nil // the tests of this package rule this out
		}
		out = append(out, l)
	}
	return out
})

// builtinLayout returns the built-in layout with a name, or nil.
func builtinLayout(f Format) *Layout {
	for _, l := range builtin() {
		if l.Name == f {
			return l
		}
	}
	return nil
}
