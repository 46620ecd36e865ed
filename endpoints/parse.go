package endpoints

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxBytes   = 16 << 20
	maxDepth   = 16
	maxEntries = 50_000
)

// readTree reads one JSON value from r and rejects trailing data.
func readTree(r io.Reader) (root value, data []byte, err error) {
	data, err = io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return value{}, nil, fmt.Errorf("endpoints: %w", err)
	}
	if len(data) > maxBytes {
		return value{}, nil, &Error{Code: TooLarge, Reason: fmt.Sprintf("more than %d bytes", maxBytes)}
	}
	root, f := parseTree(data)
	if f != nil {
		return value{}, nil, &Error{Code: f.code, Line: lineAt(data, f.offset), Reason: f.reason}
	}
	return root, data, nil
}

// parseTree checks first that data is valid JSON. The parser below then only
// looks for what JSON allows but a catalog does not.
func parseTree(data []byte) (value, *fault) {
	if !utf8.Valid(data) {
		i := bytes.IndexRune(data, utf8.RuneError)
		return value{}, &fault{code: BadSyntax, offset: i, reason: "not UTF-8"}
	}
	if !json.Valid(data) {
		var raw json.RawMessage
		err := json.Unmarshal(data, &raw)
		f := &fault{code: BadSyntax, offset: len(data), reason: fmt.Sprintf("not JSON: %v", err)}
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			f.offset = int(syntax.Offset)
		}
		return value{}, f
	}
	p := parser{src: string(data)}
	return p.value(0)
}

// A parser reads JSON that is known to be valid. Strings are parts of the
// source wherever they have no escapes, which saves most of the time.
type parser struct {
	src string
	pos int

	// The values of the lists and objects that are open, the innermost last.
	items   []value
	members []member

	// Room for those of closed ones: many small lists, made at once.
	itemRoom   []value
	memberRoom []member
}

// next skips white space and returns the byte that follows.
func (p *parser) next() byte {
	for {
		switch c := p.src[p.pos]; c {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return c
		}
	}
}

func (p *parser) value(depth int) (v value, f *fault) {
	c := p.next()
	v.offset = p.pos
	if depth > maxDepth {
		return v, &fault{code: TooLarge, offset: p.pos, reason: fmt.Sprintf("more than %d levels", maxDepth)}
	}
	switch c {
	case '{':
		f = p.object(&v, depth+1)
	case '[':
		f = p.array(&v, depth+1)
	case '"':
		v.kind, v.text = stringValue, p.string()
	default:
		v.text = p.word()
		switch c {
		case 'n':
			v.kind = nullValue
		case 't', 'f':
			v.kind = boolValue
		default:
			v.kind = numberValue
		}
	}
	return v, f
}

func (p *parser) array(v *value, depth int) *fault {
	v.kind = arrayValue
	first := len(p.items)
	for p.pos++; p.next() != ']'; {
		if p.src[p.pos] == ',' {
			p.pos++
		}
		item, f := p.value(depth)
		if f != nil {
			return f
		}
		p.items = append(p.items, item)
	}
	p.pos++
	v.items, p.itemRoom = carve(p.itemRoom, p.items[first:])
	p.items = p.items[:first]
	return nil
}

// carve returns a copy of values, made in room, and the room that is left. If
// there is too little, it makes more.
func carve[T any](room, values []T) (made, left []T) {
	const block = 512
	n := len(values)
	if n == 0 {
		return nil, room
	}
	if n > len(room) {
		room = make([]T, max(n, block))
	}
	copy(room, values)
	return room[:n:n], room[n:]
}

func (p *parser) object(v *value, depth int) *fault {
	v.kind = objectValue
	first := len(p.members)
	var seen map[string]bool
	for p.pos++; p.next() != '}'; {
		if p.src[p.pos] == ',' {
			p.pos++
			p.next()
		}
		offset, name := p.pos, p.string()
		if has(p.members[first:], name, &seen) {
			return &fault{code: Duplicate, offset: offset, reason: fmt.Sprintf("duplicate field %q", name)}
		}
		p.next()
		p.pos++ // the colon
		val, f := p.value(depth)
		if f != nil {
			return f
		}
		p.members = append(p.members, member{name, val})
	}
	p.pos++
	v.members, p.memberRoom = carve(p.memberRoom, p.members[first:])
	p.members = p.members[:first]
	return nil
}

// has reports whether the object being read already has a member. Only large
// objects use the set, which bounds the time that hostile data takes.
func has(members []member, name string, seen *map[string]bool) bool {
	const large = 32
	if len(members) < large {
		return slices.ContainsFunc(members, func(m member) bool { return m.name == name })
	}
	if *seen == nil {
		*seen = make(map[string]bool)
		for _, m := range members {
			(*seen)[m.name] = true
		}
	}
	if (*seen)[name] {
		return true
	}
	(*seen)[name] = true
	return false
}

func (p *parser) string() string {
	start := p.pos
	plain := true
	for p.pos++; p.src[p.pos] != '"'; p.pos++ {
		if p.src[p.pos] == '\\' {
			plain = false
			p.pos++
		}
	}
	p.pos++
	if plain {
		return p.src[start+1 : p.pos-1]
	}
	var s string
	_ = json.Unmarshal([]byte(p.src[start:p.pos]), &s) // a valid string cannot fail
	return s
}

// word returns a number, or a word such as null.
func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.src) && !strings.ContainsRune(" \t\n\r,]}", rune(p.src[p.pos])) {
		p.pos++
	}
	return p.src[start:p.pos]
}

func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte("\n"))
}
