package endpoints

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
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

// A value is a JSON value with its place in the data. Objects keep the order of
// their members, so that output is stable, and repeated members, so that they
// are found.
type value struct {
	kind    valueKind
	text    string // of a string or number, or "true" or "false"
	items   []value
	members []member
	offset  int // where the value begins
}

type member struct {
	name  string
	value value
}

// width is the column beyond which a value is broken into lines.
const width = 160

// writeTree writes v as JSON. A value that fits on a line stays on it; others
// have one member or item per line, indented with tabs.
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
		if isPlain(v.text) {
			b.WriteByte('"')
			b.WriteString(v.text)
			b.WriteByte('"')
			return
		}
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(v.text) // writing a string to a buffer cannot fail
		b.Truncate(b.Len() - 1)
	case boolValue, numberValue:
		b.WriteString(v.text)
	case nullValue, arrayValue, objectValue:
		b.WriteString("null")
	}
}

// isPlain reports whether s needs no escapes in JSON.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func text(s string) value { return value{kind: stringValue, text: s} }

func texts[S ~string](items []S) value {
	v := value{kind: arrayValue}
	for _, s := range items {
		v.items = append(v.items, text(string(s)))
	}
	return v
}

func number(n int) value { return value{kind: numberValue, text: fmt.Sprint(n)} }

func boolean(b bool) value { return value{kind: boolValue, text: fmt.Sprint(b)} }

func (v *value) add(name string, val value) {
	v.kind = objectValue
	v.members = append(v.members, member{name, val})
}

// get returns the member with a name.
func (v value) get(name string) (value, bool) {
	for i := range v.members {
		if m := &v.members[i]; m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

// empty reports whether v has no content: "", [], {}, false or null.
func (v value) empty() bool {
	return v.kind == nullValue || v.kind == stringValue && v.text == "" ||
		v.kind == boolValue && v.text == "false" ||
		(v.kind == arrayValue || v.kind == objectValue) && len(v.items)+len(v.members) == 0
}
