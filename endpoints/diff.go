package endpoints

import (
	"cmp"
	"slices"
	"strings"
)

// A ChangeKind says what happened to an endpoint.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// A Change is a difference between two catalogues in one endpoint.
type Change struct {
	Kind    ChangeKind
	Service Service
	Host    Host

	// Fields are the fields that differ in a changed endpoint, by the names
	// that [Catalog.Encode] gives them and in its order.
	Fields []string

	Old, New Endpoint // zero where there is none
}

// Diff returns the differences between the endpoints of two catalogues,
// ordered by service and host.
func Diff(before, after *Catalog) []Change {
	enc := newEncoder(diffKeys(before, after))
	old := make(map[serviceHost]*Endpoint, len(before.endpoints))
	for i := range before.endpoints {
		e := &before.endpoints[i]
		old[serviceHost{e.Service, e.Host}] = e
	}
	var out []Change
	for i := range after.endpoints {
		e := &after.endpoints[i]
		key := serviceHost{e.Service, e.Host}
		was, ok := old[key]
		delete(old, key)
		if !ok {
			out = append(out, Change{Kind: Added, Service: e.Service, Host: e.Host, New: e.clone()})
		} else if fields := enc.changed(was, e); len(fields) > 0 {
			out = append(out, Change{
				Kind: Changed, Service: e.Service, Host: e.Host, Fields: fields, Old: was.clone(), New: e.clone(),
			})
		}
	}
	for _, e := range old {
		out = append(out, Change{Kind: Removed, Service: e.Service, Host: e.Host, Old: e.clone()})
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(string(a.Service), string(b.Service)), strings.Compare(a.Host.text, b.Host.text))
	})
	return out
}

// diffKeys returns keys under which sources of both catalogues compare by what
// they say, not by the keys that the catalogues happen to give them.
func diffKeys(catalogs ...*Catalog) map[Source]string {
	keys := make(map[Source]string)
	for _, c := range catalogs {
		for _, s := range c.sources {
			keys[s.source] = s.source.Title + "\x00" + s.source.Ref + "\x00" + s.source.Date
		}
	}
	return keys
}

// changed returns the names of the fields in which two endpoints differ.
func (enc *encoder) changed(a, b *Endpoint) []string {
	var out []string
	was, is := enc.row(a), enc.row(b)
	for i, f := range enc.fields {
		if was.fields[i].text != is.fields[i].text {
			out = append(out, f.name)
		}
	}
	return out
}
