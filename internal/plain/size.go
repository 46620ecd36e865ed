package plain

import (
	"net/netip"
	"reflect"
)

// Size returns about how many bytes v takes as JSON, without encoding it. It
// errs on the side of more. Characters that JSON escapes count with their
// escapes.
func Size[T any](v T) int { return size(reflect.ValueOf(&v).Elem()) }

const (
	sizeField  = 7 // what a field takes but for its name and its value
	sizeNull   = 4
	sizeScalar = 15 // a number or a boolean
	sizeTime   = 37 // with nanoseconds and an offset
	sizeIPv4   = 24 // with a port
	sizeIPv6   = 50
)

func size(v reflect.Value) int {
	switch v.Kind() {
	case reflect.String:
		return sizeText(v.String())
	case reflect.Pointer:
		if v.IsNil() {
			return sizeNull
		}
		return size(v.Elem())
	case reflect.Interface:
		if err, ok := reflect.TypeAssert[error](v); ok && err != nil {
			return sizeText(err.Error())
		}
		return sizeNull
	case reflect.Slice:
		n := 2
		for i := range v.Len() {
			n += size(v.Index(i)) + 1
		}
		return n
	case reflect.Map:
		n := 2
		for entries := v.MapRange(); entries.Next(); {
			n += 3*sizeField + size(entries.Key()) + size(entries.Value())
		}
		return n
	case reflect.Struct:
		return sizeStruct(v)
	default:
		return sizeScalar
	}
}

// sizeStruct takes a struct without exported fields, but for an address, for a
// time.
func sizeStruct(v reflect.Value) int {
	l := layoutOf(v.Type())
	if l.addr {
		a, _ := reflect.TypeAssert[netip.Addr](v)
		return sizeAddr(a)
	}
	if l.port {
		a, _ := reflect.TypeAssert[netip.AddrPort](v)
		return sizeAddr(a.Addr())
	}
	n := 0
	for _, field := range l.fields {
		f := v.Field(field.index)
		if !field.omitted || !f.IsZero() {
			n += field.name + sizeField + size(f)
		}
	}
	if n == 0 && !v.IsZero() {
		return sizeTime
	}
	return n + 2
}

func sizeAddr(a netip.Addr) int {
	if a.Is4() {
		return sizeIPv4
	}
	return sizeIPv6 + sizeText(a.Zone())
}

// sizeText returns the length of a text in JSON.
func sizeText(s string) int {
	n := 2
	for i := range len(s) {
		n += escaped(s[i])
	}
	return n
}

// escaped returns the length of a byte in JSON.
func escaped(c byte) int {
	switch c {
	case '"', '\\':
		return len(`\"`)
	case '<', '>', '&':
		return len(`\u003c`)
	default:
		return 1
	}
}
