package endpoints

import (
	"cmp"
	"slices"
	"strings"
)

// A Catalog is an immutable, validated set of endpoints. It is safe for
// concurrent use: what its methods return is the caller's own.
// The zero Catalog has no endpoints.
type Catalog struct {
	version, date string
	notes         []string
	services      []serviceTitle
	sources       []keyedSource // by key
	support       map[supportKey]Support

	endpoints []Endpoint // in order of services, then hosts
	index     index
}

type serviceTitle struct {
	service Service
	title   string
}

type keyedSource struct {
	key    string
	source Source
}

// Version returns the version of the catalogue, as in "2026-11-21.1": its date
// and a number. That of a catalogue that [Catalog.With] changed ends in "+local".
func (c *Catalog) Version() string { return c.version }

// Date returns the day on which the catalogue was last checked against its
// sources, as in "2026-11-21".
func (c *Catalog) Date() string { return c.date }

// Notes returns what a reader should know about the catalogue as a whole.
func (c *Catalog) Notes() []string { return slices.Clone(c.notes) }

// Len returns the number of endpoints.
func (c *Catalog) Len() int { return len(c.endpoints) }

// Endpoints returns all endpoints, whatever their status, in the order of
// [Catalog.Services] and then of their hosts.
func (c *Catalog) Endpoints() []Endpoint {
	out := make([]Endpoint, len(c.endpoints))
	for i := range c.endpoints {
		out[i] = c.endpoints[i].clone()
	}
	return out
}

// Services returns the services in the order in which provisioning needs them.
// Services that [Catalog.With] added come last.
func (c *Catalog) Services() []Service {
	out := make([]Service, len(c.services))
	for i, s := range c.services {
		out[i] = s.service
	}
	return out
}

// Title returns the name of a service for people, as in "Microsoft Intune".
// That of a service without one is its own text.
func (c *Catalog) Title(s Service) string {
	for _, t := range c.services {
		if t.service == s && t.title != "" {
			return t.title
		}
	}
	return string(s)
}

// Sources returns the documents of the catalogue by title, those included that
// were read and state no endpoint of their own.
func (c *Catalog) Sources() []Source {
	out := make([]Source, len(c.sources))
	for i, s := range c.sources {
		out[i] = s.source
	}
	slices.SortFunc(out, func(a, b Source) int {
		return cmp.Or(strings.Compare(a.Title, b.Title), strings.Compare(a.Ref, b.Ref))
	})
	return out
}

// finish sorts the endpoints and builds the index.
func (c *Catalog) finish() {
	rank := make(map[Service]int, len(c.services))
	for i, s := range c.services {
		rank[s.service] = i
	}
	slices.SortFunc(c.endpoints, func(a, b Endpoint) int {
		return cmp.Or(cmp.Compare(rank[a.Service], rank[b.Service]), strings.Compare(a.Host.text, b.Host.text))
	})
	c.index = newIndex(c.endpoints)
}
