package probe

import (
	"net/netip"
	"time"

	"github.com/netready/netready/internal/jsonwrite"
)

// writeAny writes what few observations have.
func writeAny[T any](v *T, w *jsonwrite.Writer) { jsonwrite.Value(w, v) }

func writeOptional[T any](w *jsonwrite.Writer, name string, v *T, write func(*T, *jsonwrite.Writer)) {
	if v != nil {
		w.Name(name)
		write(v, w)
	}
}

func writeList[T any](w *jsonwrite.Writer, name string, list []T, write func(*T, *jsonwrite.Writer)) {
	if len(list) == 0 {
		return
	}
	w.Name(name)
	w.List(len(list), func(i int) { write(&list[i], w) })
}

func text(w *jsonwrite.Writer, name, s string) {
	w.Name(name)
	w.String(s)
}

func optionalText(w *jsonwrite.Writer, name, s string) {
	if s != "" {
		text(w, name, s)
	}
}

func texts(w *jsonwrite.Writer, name string, list []string) {
	writeList(w, name, list, func(s *string, w *jsonwrite.Writer) { w.String(*s) })
}

func addresses(w *jsonwrite.Writer, name string, list []netip.Addr) {
	writeList(w, name, list, func(a *netip.Addr, w *jsonwrite.Writer) { w.Addr(*a) })
}

func optionalInt(w *jsonwrite.Writer, name string, n int) {
	if n != 0 {
		w.Name(name)
		w.Int(n)
	}
}

func optionalBool(w *jsonwrite.Writer, name string, v bool) {
	if v {
		w.Name(name)
		w.Bool(v)
	}
}

func optionalTime(w *jsonwrite.Writer, name string, t time.Time) {
	if !t.IsZero() {
		w.Name(name)
		w.Time(t)
	}
}

func duration(w *jsonwrite.Writer, d time.Duration) {
	w.Name("duration_ms")
	w.Number(milliseconds(d).append(make([]byte, 0, len("-9223372036854.775808"))))
}
