package endpoints

import (
	"cmp"
	"slices"
	"strings"
)

// A Catalog is an immutable, validated set of endpoints and of facts about
// hosts. The zero Catalog has none. A Catalog is safe for concurrent use, and
// the values that its methods return belong to the caller. Endpoints of one
// result may share equal lists: replace such a list, and do not change it.
type Catalog struct {
	version, date string
	notes         []string
	services      []serviceTitle
	sources       []keyedSource // by key
	support       map[supportKey]support

	endpoints []Endpoint // in order of services, then hosts
	index     index

	facts     []Fact // by host and port, the newest first
	factIndex factIndex
	lapse     string     // confirmations older than this day have lapsed
	operators []Operator // by zone
}

type serviceTitle struct {
	service Service
	title   string
}

type keyedSource struct {
	key    string
	source Source
}

// Version returns the version of the catalog, as in "2026-11-21.1": a date and
// a number. A catalog made by [Catalog.With] has a version that ends in
// "+local".
func (c *Catalog) Version() string { return c.version }

// Date returns the day on which the catalog was last checked against its
// sources, as in "2026-11-21".
func (c *Catalog) Date() string { return c.date }

// Notes returns remarks about the catalog as a whole.
func (c *Catalog) Notes() []string { return slices.Clone(c.notes) }

// Len returns the number of endpoints.
func (c *Catalog) Len() int { return len(c.endpoints) }

// Endpoints returns all endpoints, whatever their status. They are in the order
// of [Catalog.Services], and by host within each service.
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

// Title returns the display name of a service, as in "Microsoft Intune". For a
// service without one it returns the service itself.
func (c *Catalog) Title(s Service) string {
	for _, t := range c.services {
		if t.service == s && t.title != "" {
			return t.title
		}
	}
	return string(s)
}

// Sources returns the documents of the catalog, sorted by title. It includes
// documents that no endpoint cites.
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

// Source returns the document with the given key in the catalog's JSON, such as
// "intune". It reports false if there is no such key.
func (c *Catalog) Source(key string) (Source, bool) {
	for _, s := range c.sources {
		if s.key == key {
			return s.source, true
		}
	}
	return Source{}, false
}

// finish sorts the endpoints and builds the index.
func (c *Catalog) finish() {
	rank := make(map[Service]int, len(c.services))
	for i, s := range c.services {
		rank[s.service] = i
	}
	sortStable(c.endpoints, func(a, b *Endpoint) int {
		return cmp.Or(cmp.Compare(rank[a.Service], rank[b.Service]), strings.Compare(a.Host.text, b.Host.text))
	})
	c.index = newIndex(c.endpoints)
}

// finishFacts sorts the facts and operators and builds their index.
func (c *Catalog) finishFacts() {
	sortFacts(c.facts)
	c.factIndex = newFactIndex(c.facts)
	c.lapse = twoYearsBefore(c.date)
	sortOperators(c.operators)
}

// sortStable sorts values; equal ones keep their order. It moves each once, because
// they are large.
func sortStable[T any](values []T, compare func(a, b *T) int) {
	from := make([]int, len(values)) // by place: where its value is now
	for i := range from {
		from[i] = i
	}
	slices.SortFunc(from, func(a, b int) int { return cmp.Or(compare(&values[a], &values[b]), a-b) })
	for i := range from {
		first := values[i]
		at := i
		for from[at] != i {
			next := from[at]
			values[at], from[at] = values[next], at
			at = next
		}
		values[at], from[at] = first, at
	}
}
