package plain

import (
	"net/netip"
	"reflect"
)

// Value returns v with all of its texts cut by [Cut]: strings in exported
// fields, behind pointers, in slices and in maps, the zones of addresses, and
// the texts of errors. If map keys become equal, one is kept. Value does not
// change what v refers to, and shares the parts that need no change. errors.Is
// and errors.As find the same in an error as before.
//
// It uses reflection so that it covers fields added later.
func Value[T any](v T, limit int) T {
	out := reflect.ValueOf(&v).Elem()
	if c, changed := clean(out, limit); changed {
		out.Set(c)
	}
	return v
}

// clean returns the cleaned value, and whether it differs from v.
func clean(v reflect.Value, limit int) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.String:
		return cleanString(v, limit)
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
		elem, changed := clean(v.Elem(), limit)
		if !changed {
			return v, false
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(elem)
		return out.Convert(v.Type()), true
	case reflect.Slice:
		return cleanSlice(v, limit)
	case reflect.Map:
		return cleanMap(v, limit)
	case reflect.Struct:
		return cleanStruct(v, limit)
	case reflect.Interface:
		return cleanError(v, limit)
	default:
		return v, false
	}
}

func cleanString(v reflect.Value, limit int) (reflect.Value, bool) {
	s := Cut(v.String(), limit)
	if s == v.String() {
		return v, false
	}
	return reflect.ValueOf(s).Convert(v.Type()), true
}

func cleanSlice(v reflect.Value, limit int) (reflect.Value, bool) {
	out, copied := v, false
	for i := range v.Len() {
		elem, changed := clean(v.Index(i), limit)
		if !changed {
			continue
		}
		if !copied {
			out, copied = reflect.MakeSlice(v.Type(), v.Len(), v.Len()), true
			reflect.Copy(out, v)
		}
		out.Index(i).Set(elem)
	}
	return out, copied
}

func cleanMap(v reflect.Value, limit int) (reflect.Value, bool) {
	out, changed := reflect.MakeMapWithSize(v.Type(), v.Len()), false
	for entries := v.MapRange(); entries.Next(); {
		key, keyChanged := clean(entries.Key(), limit)
		value, valueChanged := clean(entries.Value(), limit)
		out.SetMapIndex(key, value)
		changed = changed || keyChanged || valueChanged
	}
	if !changed {
		return v, false
	}
	return out, true
}

func cleanStruct(v reflect.Value, limit int) (reflect.Value, bool) {
	if a, ok := reflect.TypeAssert[netip.Addr](v); ok {
		c, changed := cleanAddr(a, limit)
		return reflect.ValueOf(c), changed
	}
	if a, ok := reflect.TypeAssert[netip.AddrPort](v); ok {
		c, changed := cleanAddr(a.Addr(), limit)
		return reflect.ValueOf(netip.AddrPortFrom(c, a.Port())), changed
	}
	out, copied := v, false
	for i := range v.NumField() {
		f := v.Field(i)
		if !f.CanInterface() { // not exported
			continue
		}
		field, changed := clean(f, limit)
		if !changed {
			continue
		}
		if !copied {
			out, copied = reflect.New(v.Type()).Elem(), true
			out.Set(v)
		}
		out.Field(i).Set(field)
	}
	return out, copied
}

func cleanAddr(a netip.Addr, limit int) (netip.Addr, bool) {
	zone := Cut(a.Zone(), limit)
	return a.WithZone(zone), zone != a.Zone()
}

func cleanError(v reflect.Value, limit int) (reflect.Value, bool) {
	err, ok := reflect.TypeAssert[error](v)
	if !ok {
		return v, false
	}
	text := Cut(err.Error(), limit)
	if v.Type() != reflect.TypeFor[error]() || text == err.Error() {
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
