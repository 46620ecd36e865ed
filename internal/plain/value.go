package plain

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
)

// Value returns v with all of its texts cut by [Cut]: strings in exported
// fields, behind pointers, in slices and in maps, the zones of addresses, and
// the texts of errors. If map keys become equal, the least of them is kept. Value does not
// change what v refers to, and shares the parts that need no change. errors.Is
// and errors.As find the same in an error as before.
//
// It uses reflection so that it covers fields added later.
func Value[T any](v T, limit int) T {
	return apply(v, &cleaner{text: func(s string) string { return Cut(s, limit) }})
}

// Map is [Value] with another function for the texts, and leaves texts of named
// types, such as codes, alone.
func Map[T any](v T, text func(string) string) T {
	return apply(v, &cleaner{text: text, named: true})
}

// Bound returns v with lists of at most list elements, and texts of at most
// text bytes in JSON, and the number of elements and texts that it cut. Texts
// of named types, such as codes, are not cut. Otherwise it is like [Value].
func Bound[T any](v T, text, list int) (bounded T, left int) {
	c := &cleaner{list: list, named: true}
	c.text = func(s string) string {
		n, room := 0, text
		for n < len(s) && escaped(s[n]) <= room {
			room -= escaped(s[n])
			n++
		}
		if n < len(s) {
			c.left++
		}
		return Cut(s, n)
	}
	return apply(v, c), c.left
}

func apply[T any](v T, c *cleaner) T {
	out := reflect.ValueOf(&v).Elem()
	if cleaned, changed := c.clean(out); changed {
		out.Set(cleaned)
	}
	return v
}

// A cleaner walks a value.
type cleaner struct {
	text  func(string) string
	named bool // leave texts of named types alone
	list  int  // the longest list, or 0 for any
	left  int  // the number of parts that were cut
}

// clean returns the cleaned value, and whether it differs from v.
func (c *cleaner) clean(v reflect.Value) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.String:
		return c.cleanString(v)
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		elem, changed := c.clean(v.Elem())
		if !changed {
			return v, false
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(elem)
		return out.Convert(v.Type()), true
	case reflect.Slice:
		return c.cleanSlice(v)
	case reflect.Map:
		return c.cleanMap(v)
	case reflect.Struct:
		return c.cleanStruct(v)
	case reflect.Interface:
		return c.cleanError(v)
	default:
		return v, false
	}
}

func (c *cleaner) cleanString(v reflect.Value) (reflect.Value, bool) {
	if c.named && v.Type() != reflect.TypeFor[string]() {
		return v, false
	}
	s := c.text(v.String())
	if s == v.String() {
		return v, false
	}
	return reflect.ValueOf(s).Convert(v.Type()), true
}

func (c *cleaner) cleanSlice(v reflect.Value) (reflect.Value, bool) {
	n := v.Len()
	if c.list > 0 && n > c.list {
		c.left += n - c.list
		n = c.list
	}
	var out reflect.Value // once something changed
	for i := range n {
		elem, changed := c.clean(v.Index(i))
		if !changed {
			continue
		}
		if !out.IsValid() {
			out = reflect.MakeSlice(v.Type(), n, n)
			reflect.Copy(out, v)
		}
		out.Index(i).Set(elem)
	}
	switch {
	case out.IsValid():
		return out, true
	case n < v.Len():
		return v.Slice3(0, n, n), true
	}
	return v, false
}

func (c *cleaner) cleanMap(v reflect.Value) (reflect.Value, bool) {
	left := c.left
	if !c.changesMap(v) {
		return v, false
	}
	c.left = left // nothing counts twice
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		value, _ := c.clean(v.MapIndex(k))
		if key, _ := c.clean(k); !out.MapIndex(key).IsValid() {
			out.SetMapIndex(key, value)
		}
	}
	return out, true
}

func (c *cleaner) changesMap(v reflect.Value) bool {
	for entries := v.MapRange(); entries.Next(); {
		if _, changed := c.clean(entries.Key()); changed {
			return true
		}
		if _, changed := c.clean(entries.Value()); changed {
			return true
		}
	}
	return false
}

func (c *cleaner) cleanStruct(v reflect.Value) (reflect.Value, bool) {
	l := layoutOf(v.Type())
	if l.addr || l.port {
		return c.cleanAddress(v)
	}
	out, copied := v, false
	for _, f := range l.fields {
		if !f.text {
			continue
		}
		field, changed := c.clean(v.Field(f.index))
		if !changed {
			continue
		}
		if !copied {
			out, copied = reflect.New(v.Type()).Elem(), true
			out.Set(v)
		}
		out.Field(f.index).Set(field)
	}
	return out, copied
}

func (c *cleaner) cleanAddress(v reflect.Value) (reflect.Value, bool) {
	if a, ok := reflect.TypeAssert[netip.Addr](v); ok {
		cleaned, changed := c.cleanAddr(a)
		if !changed {
			return v, false
		}
		return reflect.ValueOf(cleaned), true
	}
	a, _ := reflect.TypeAssert[netip.AddrPort](v)
	cleaned, changed := c.cleanAddr(a.Addr())
	if !changed {
		return v, false
	}
	return reflect.ValueOf(netip.AddrPortFrom(cleaned, a.Port())), true
}

func (c *cleaner) cleanAddr(a netip.Addr) (netip.Addr, bool) {
	if a.Zone() == "" {
		return a, false
	}
	zone := c.text(a.Zone())
	return a.WithZone(zone), zone != a.Zone()
}

func (c *cleaner) cleanError(v reflect.Value) (reflect.Value, bool) {
	err, ok := reflect.TypeAssert[error](v)
	if !ok || v.Type() != reflect.TypeFor[error]() {
		return v, false
	}
	said := err.Error()
	text := c.text(said)
	if text == said {
		return v, false
	}
	return reflect.ValueOf(&plainError{text, err}), true
}

// A plainError is an error with a cleaned text.
type plainError struct {
	text string
	err  error
}

func (e *plainError) Error() string { return e.text }

func (e *plainError) Unwrap() error { return e.err }
