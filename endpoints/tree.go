package endpoints

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	maxBytes   = 16 << 20
	maxDepth   = 16
	maxEntries = 50_000
)

// A valueKind is a kind of JSON value.
type valueKind uint8

const (
	nullValue valueKind = iota
	boolValue
	numberValue
	stringValue
	arrayValue
	objectValue
)

func (k valueKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object"}[k]
}

// A value is a JSON value with its place in the data. Members of objects keep
// their order, so that what is written is stable and what is read twice is seen.
type value struct {
	kind    valueKind
	text    string // of strings and numbers, and "true" or "false"
	items   []value
	members []member
	end     int64 // offset behind the value's first token
}

type member struct {
	name  string
	value value
}

// A treeError is a fault in the JSON itself.
type treeError struct {
	code   Code
	offset int64
	reason string
}

// readTree reads one JSON value from r and nothing behind it.
func readTree(r io.Reader) (root value, data []byte, err error) {
	data, err = io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return value{}, nil, fmt.Errorf("endpoints: %w", err)
	}
	if len(data) > maxBytes {
		return value{}, nil, &DecodeError{Code: TooLarge, Reason: fmt.Sprintf("more than %d bytes", maxBytes)}
	}
	root, fault := parseTree(data)
	if fault != nil {
		return value{}, nil, &DecodeError{Code: fault.code, Line: lineAt(data, fault.offset), Reason: fault.reason}
	}
	return root, data, nil
}

func parseTree(data []byte) (value, *treeError) {
	if i := invalidUTF8(data); i >= 0 {
		return value{}, &treeError{BadSyntax, int64(i), "a byte that is not UTF-8"}
	}
	// The whole is checked at once: what is behind the value counts, and the
	// tokens below cannot fail any more.
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		fault := &treeError{BadSyntax, int64(len(data)), "not JSON: " + err.Error()}
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			fault.offset = syntax.Offset
		}
		return value{}, fault
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return parseValue(dec, 0)
}

func parseValue(dec *json.Decoder, depth int) (value, *treeError) {
	token, err := dec.Token()
	v := value{end: dec.InputOffset()}
	if err != nil {
		return v, &treeError{BadSyntax, v.end, "not JSON: " + err.Error()}
	}
	switch t := token.(type) {
	case nil:
		v.kind = nullValue
	case bool:
		v.kind, v.text = boolValue, fmt.Sprint(t)
	case json.Number:
		v.kind, v.text = numberValue, t.String()
	case string:
		v.kind, v.text = stringValue, t
	case json.Delim:
		if depth == maxDepth {
			return v, &treeError{TooLarge, v.end, fmt.Sprintf("more than %d levels", maxDepth)}
		}
		if t == '[' {
			return parseArray(dec, v, depth+1)
		}
		return parseObject(dec, v, depth+1)
	}
	return v, nil
}

func parseArray(dec *json.Decoder, v value, depth int) (value, *treeError) {
	v.kind = arrayValue
	for dec.More() {
		item, fault := parseValue(dec, depth)
		if fault != nil {
			return v, fault
		}
		v.items = append(v.items, item)
	}
	return v, closeDelim(dec)
}

func parseObject(dec *json.Decoder, v value, depth int) (value, *treeError) {
	v.kind = objectValue
	seen := make(map[string]bool)
	for dec.More() {
		name, fault := parseValue(dec, depth)
		if fault != nil {
			return v, fault
		}
		if seen[name.text] {
			return v, &treeError{Duplicate, name.end, fmt.Sprintf("the field %q twice in one object", name.text)}
		}
		seen[name.text] = true
		val, fault := parseValue(dec, depth)
		if fault != nil {
			return v, fault
		}
		v.members = append(v.members, member{name.text, val})
	}
	return v, closeDelim(dec)
}

func closeDelim(dec *json.Decoder) *treeError {
	if _, err := dec.Token(); err != nil {
		return &treeError{BadSyntax, dec.InputOffset(), "not JSON: " + err.Error()}
	}
	return nil
}

func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	return bytes.IndexFunc(data, func(r rune) bool { return r == utf8.RuneError })
}

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
}

// width is the column at which a value that does not fit is broken over lines.
const width = 160

// writeTree writes v as JSON: what fits on a line stays on it, the rest has
// one member or item a line, indented by tabs.
func writeTree(b *bytes.Buffer, v value, indent, column int) {
	if v.kind != arrayValue && v.kind != objectValue {
		writeScalar(b, v)
		return
	}
	start := b.Len()
	if writeInline(b, v); column+b.Len()-start <= width {
		return
	}
	b.Truncate(start)
	opening, closing := byte('['), byte(']')
	if v.kind == objectValue {
		opening, closing = '{', '}'
	}
	b.WriteByte(opening)
	for i, item := range v.items {
		newLine(b, i > 0, indent+1)
		writeTree(b, item, indent+1, 4*indent+5)
	}
	for i, m := range v.members {
		newLine(b, i > 0, indent+1)
		before := b.Len()
		writeScalar(b, text(m.name))
		b.WriteString(": ")
		writeTree(b, m.value, indent+1, 4*indent+5+b.Len()-before)
	}
	newLine(b, false, indent)
	b.WriteByte(closing)
}

func newLine(b *bytes.Buffer, comma bool, indent int) {
	if comma {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
	b.WriteString(strings.Repeat("\t", indent))
}

func writeInline(b *bytes.Buffer, v value) {
	switch v.kind {
	case arrayValue:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteString(", ")
			}
			writeInline(b, item)
		}
		b.WriteByte(']')
	case objectValue:
		b.WriteByte('{')
		for i, m := range v.members {
			if i > 0 {
				b.WriteString(", ")
			}
			writeScalar(b, text(m.name))
			b.WriteString(": ")
			writeInline(b, m.value)
		}
		b.WriteByte('}')
	case nullValue, boolValue, numberValue, stringValue:
		writeScalar(b, v)
	}
}

func writeScalar(b *bytes.Buffer, v value) {
	switch v.kind {
	case stringValue:
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(v.text) // a string in a buffer cannot fail
		b.Truncate(b.Len() - 1)
	case boolValue, numberValue:
		b.WriteString(v.text)
	case nullValue, arrayValue, objectValue:
		b.WriteString("null")
	}
}

func text(s string) value { return value{kind: stringValue, text: s} }

func list(items ...value) value { return value{kind: arrayValue, items: items} }

func texts[S ~string](items []S) value {
	v := value{kind: arrayValue}
	for _, s := range items {
		v.items = append(v.items, text(string(s)))
	}
	return v
}

func number(n int) value { return value{kind: numberValue, text: fmt.Sprint(n)} }

func boolean(b bool) value { return value{kind: boolValue, text: fmt.Sprint(b)} }

// add appends a member to an object.
func (v *value) add(name string, val value) {
	v.kind = objectValue
	v.members = append(v.members, member{name, val})
}

// get returns the member of that name.
func (v value) get(name string) (value, bool) {
	for _, m := range v.members {
		if m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

// empty reports whether v says nothing: "", [], {}, false or null.
func (v value) empty() bool {
	return v.kind == nullValue || v.kind == stringValue && v.text == "" ||
		v.kind == boolValue && v.text == "false" ||
		(v.kind == arrayValue || v.kind == objectValue) && len(v.items)+len(v.members) == 0
}
