package plain

import "reflect"

// Size returns about how many bytes v takes as JSON, without encoding it. It
// errs on the side of more: names of fields count with their usual length, and
// characters that JSON escapes count with their escapes.
func Size[T any](v T) int { return size(reflect.ValueOf(&v).Elem()) }

const (
	sizeField  = 24 // the name of a field, its quotes and its colon
	sizeScalar = 24 // a number, a boolean, or a time without its name
)

func size(v reflect.Value) int {
	switch v.Kind() {
	case reflect.String:
		return sizeText(v.String())
	case reflect.Pointer:
		if v.IsNil() {
			return 0
		}
		return size(v.Elem())
	case reflect.Interface:
		if err, ok := reflect.TypeAssert[error](v); ok && err != nil {
			return sizeText(err.Error())
		}
		return 0
	case reflect.Slice:
		n := 2
		for i := range v.Len() {
			n += size(v.Index(i)) + 1
		}
		return n
	case reflect.Map:
		n := 2
		for entries := v.MapRange(); entries.Next(); {
			n += 2*sizeField + size(entries.Key()) + size(entries.Value())
		}
		return n
	case reflect.Struct:
		return sizeStruct(v)
	default:
		return sizeScalar
	}
}

// sizeStruct counts a struct without exported fields, such as a time or an
// address, as text: the longest of them takes about two scalars.
func sizeStruct(v reflect.Value) int {
	n := 0
	for i := range v.NumField() {
		if f := v.Field(i); v.Type().Field(i).IsExported() && !f.IsZero() {
			n += sizeField + size(f)
		}
	}
	if n == 0 && !v.IsZero() {
		return 2 * sizeScalar
	}
	return n + 2
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
