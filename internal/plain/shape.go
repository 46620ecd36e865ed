package plain

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A shape is what is known of a struct type, whatever its value.
type shape struct {
	addr, addrPort bool // it is a [netip.Addr] or a [netip.AddrPort]
	fields         []field
}

// A field is an exported one.
type field struct {
	index  int
	size   int  // what it takes in JSON but for its value
	omits  bool // encoding/json omits it if it is zero
	cleans bool // it may hold text, or a list
}

// shapes holds what shapeOf returned for each [reflect.Type], as encoding/json
// does. Nothing in it ever changes.
//
//nolint:gochecknoglobals // a type is the same for all
var shapes sync.Map

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape) //nolint:forcetypeassert // nothing else is stored
	}
	s := &shape{addr: t == reflect.TypeFor[netip.Addr](), addrPort: t == reflect.TypeFor[netip.AddrPort]()}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			omits := strings.Contains(f.Tag.Get("json"), ",omit")
			s.fields = append(s.fields, field{i, len(f.Name) + sizeField, omits, cleans(f.Type)})
		}
	}
	shapes.Store(t, s)
	return s
}

// cleans reports whether values of a type may need cleaning.
func cleans(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
		return true
	case reflect.Struct:
		s := shapeOf(t)
		return s.addr || s.addrPort || slices.ContainsFunc(s.fields, func(f field) bool { return f.cleans })
	default:
		return false
	}
}
