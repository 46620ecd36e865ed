package changes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Change is a difference between two catalogs in one endpoint.
type Change struct {
	Service endpoints.Service
	Host    endpoints.Host

	// Old is zero if the endpoint was added. New is zero if it was removed.
	Old, New endpoints.Endpoint

	// Fields are the names of the fields that differ if both catalogs have the
	// endpoint; see [endpoints.Endpoint.Differences].
	Fields []string
}

// Added reports whether the endpoint is new.
func (c Change) Added() bool { return c.Old.Host.IsZero() }

// Removed reports whether the endpoint is gone.
func (c Change) Removed() bool { return c.New.Host.IsZero() }

// Diff returns the differences between the endpoints of two catalogs,
// ordered by service and host.
func Diff(before, after *endpoints.Catalog) []Change {
	type key struct {
		service endpoints.Service
		host    endpoints.Host
	}
	old := make(map[key]endpoints.Endpoint, before.Len())
	for _, e := range before.Endpoints() {
		old[key{e.Service, e.Host}] = e
	}
	var out []Change
	for _, e := range after.Endpoints() {
		was, ok := old[key{e.Service, e.Host}]
		delete(old, key{e.Service, e.Host})
		if !ok {
			out = append(out, Change{Service: e.Service, Host: e.Host, New: e})
		} else if fields := was.Differences(e); fields != nil {
			out = append(out, Change{Service: e.Service, Host: e.Host, Old: was, New: e, Fields: fields})
		}
	}
	for _, e := range old {
		out = append(out, Change{Service: e.Service, Host: e.Host, Old: e})
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(string(a.Service), string(b.Service)), strings.Compare(a.Host.String(), b.Host.String()))
	})
	return out
}
