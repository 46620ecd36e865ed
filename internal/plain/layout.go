package plain

import (
	"net/netip"
	"reflect"
	"strings"
	"sync"
)

// A layout is what there is to know about a struct before its values.
type layout struct {
	addr, port bool // it is an address, or one with a port
	fields     []field
}

// A field is an exported one.
type field struct {
	index   int
	name    int  // the length of its name
	omitted bool // encoding/json leaves it out if it is zero
	text    bool // it may hold a text
}

//nolint:gochecknoglobals // computed once for each type, never changed
var layouts sync.Map // *layout by reflect.Type

func layoutOf(t reflect.Type) *layout {
	if known, ok := layouts.Load(t); ok {
		return known.(*layout) //nolint:errcheck,forcetypeassert // nothing else is stored
	}
	l := &layout{addr: t == reflect.TypeFor[netip.Addr](), port: t == reflect.TypeFor[netip.AddrPort]()}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() {
			l.fields = append(l.fields, field{i, len(f.Name), strings.Contains(f.Tag.Get("json"), ",omit"), holdsText(f.Type, 0)})
		}
	}
	layouts.Store(t, l)
	return l
}

// holdsText reports whether a value of a type may hold a text.
func holdsText(t reflect.Type, depth int) bool {
	const recursive = 10
	switch t.Kind() { //nolint:exhaustive // the others are numbers, or nothing that is kept
	case reflect.String, reflect.Interface, reflect.Map:
		return true
	case reflect.Pointer, reflect.Slice:
		return depth > recursive || holdsText(t.Elem(), depth+1)
	case reflect.Struct:
		if t == reflect.TypeFor[netip.Addr]() || t == reflect.TypeFor[netip.AddrPort]() {
			return true
		}
		for f := range t.Fields() {
			if f.IsExported() && holdsText(f.Type, depth+1) {
				return true
			}
		}
	}
	return false
}
