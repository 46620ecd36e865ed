package endpoints

import (
	"fmt"
	"slices"
	"strings"
)

// With returns a catalogue with more endpoints. One that has the service and
// host of an endpoint of c replaces it; a new service comes after the others.
// An empty Status means [StatusCurrent], an empty Confidence [Inferred]. c
// stays as it is, and the new catalogue keeps nothing of what is given.
//
// An endpoint that [Endpoint.Validate] refuses, or that is given twice, is a
// [*DecodeError] with its position.
func (c *Catalog) With(eps ...Endpoint) (*Catalog, error) {
	out := &Catalog{
		version: c.version, date: c.date, notes: c.notes, support: c.support,
		services: slices.Clone(c.services), sources: slices.Clone(c.sources),
		endpoints: slices.Clone(c.endpoints),
	}
	position := make(map[serviceHost]int, len(c.endpoints))
	for i, e := range c.endpoints {
		position[serviceHost{e.Service, e.Host}] = i
	}
	given := make(map[serviceHost]bool, len(eps))
	for n, e := range eps {
		key := serviceHost{e.Service, e.Host}
		bad := e.check()
		if bad == nil && given[key] {
			bad = &DecodeError{Code: Duplicate, Service: e.Service, Host: e.Host.text, Field: "host", Reason: "the service and host twice"}
		}
		if bad != nil {
			bad.Entry = n + 1
			return nil, bad
		}
		given[key] = true
		e = e.clone()
		e.normalize()
		if i, ok := position[key]; ok {
			out.endpoints[i] = e
			continue
		}
		out.endpoints = append(out.endpoints, e)
		out.addService(e.Service)
	}
	if len(eps) > 0 && !strings.HasSuffix(out.version, "+local") {
		out.version += "+local"
	}
	out.addSources()
	out.finish()
	return out, nil
}

func (c *Catalog) addService(s Service) {
	if !slices.ContainsFunc(c.services, func(t serviceTitle) bool { return t.service == s }) {
		c.services = append(c.services, serviceTitle{service: s})
	}
}

// addSources gives a key to the sources of endpoints that have none.
func (c *Catalog) addSources() {
	keys := make(map[string]bool, len(c.sources))
	known := make(map[Source]bool, len(c.sources))
	for _, s := range c.sources {
		keys[s.key], known[s.source] = true, true
	}
	add := func(s Source) {
		if known[s] {
			return
		}
		key := sourceKey(s)
		for n, base := 2, key; keys[key]; n++ {
			key = fmt.Sprintf("%s-%d", base, n)
		}
		keys[key], known[s] = true, true
		c.sources = append(c.sources, keyedSource{key, s})
	}
	for i := range c.endpoints {
		add(c.endpoints[i].Source)
		for _, s := range c.endpoints[i].Also {
			add(s)
		}
	}
	slices.SortFunc(c.sources, func(a, b keyedSource) int { return strings.Compare(a.key, b.key) })
}

// sourceKey makes a key of the words of a title.
func sourceKey(s Source) string {
	words := strings.FieldsFunc(lower(s.Title), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	key := strings.Join(words[:min(len(words), 5)], "-")
	if key == "" {
		key = "source"
	}
	return key
}
