package ranges

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"github.com/netready/netready/endpoints"
)

//go:embed ranges.json
var embeddedJSON []byte

//nolint:gochecknoglobals // computed once, never changed
var embedded = sync.OnceValue(func() List {
	l, err := decode(embeddedJSON)
	if err != nil {
		return nil // the tests of this package rule this out
	}
	return l
})

// Embedded returns a copy of the built-in ranges, in the order of their
// sources.
func Embedded() List {
	l := slices.Clone(embedded())
	for i := range l {
		l[i].Hosts = slices.Clone(l[i].Hosts)
		l[i].Ports = slices.Clone(l[i].Ports)
		l[i].Prefixes = slices.Clone(l[i].Prefixes)
	}
	return l
}

// file is the format of ranges.json. A set there may list several clouds and
// services, to avoid repetition.
type file struct {
	Sources map[string]endpoints.Source
	Sets    []struct {
		Source   string
		Clouds   []endpoints.Cloud
		ID       int
		Hosts    map[endpoints.Service][]endpoints.Host
		Ports    []endpoints.Port
		Note     string
		Prefixes []netip.Prefix
	}
}

func decode(data []byte) (List, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	var out List
	for _, s := range f.Sets {
		source, ok := f.Sources[s.Source]
		if !ok {
			return nil, fmt.Errorf("unknown source %q", s.Source)
		}
		for _, cloud := range s.Clouds {
			for _, service := range slices.Sorted(maps.Keys(s.Hosts)) {
				out = append(out, Set{
					Cloud: cloud, Service: service, ID: s.ID, Hosts: s.Hosts[service],
					Ports: s.Ports, Prefixes: s.Prefixes, Note: s.Note, Source: source,
				})
			}
		}
	}
	return out, nil
}
