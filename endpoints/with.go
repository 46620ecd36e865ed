package endpoints

import (
	"slices"
	"strconv"
	"strings"
)

// local is the suffix of the version of a catalog that With or WithFacts
// changed.
const local = "+local"

// With returns a catalog with more endpoints; c is unchanged. An endpoint
// replaces the one in c that has the same service and host. New services come
// last. An empty Status means [StatusCurrent], and an empty Basis means
// [BasisInferred]. The new catalog keeps no reference to eps.
//
// If an endpoint is invalid or repeated, the error is an [*Error] with its
// position.
func (c *Catalog) With(eps ...Endpoint) (*Catalog, error) {
	out := &Catalog{
		version: c.version, date: c.date, notes: c.notes, support: c.support,
		services: slices.Clone(c.services), sources: slices.Clone(c.sources),
		endpoints: append(make([]Endpoint, 0, len(c.endpoints)+len(eps)), c.endpoints...),
		facts:     c.facts, factIndex: c.factIndex, lapse: c.lapse, operators: c.operators,
	}
	position := make(map[serviceHost]int, len(c.endpoints))
	for i, e := range c.endpoints {
		position[serviceHost{e.Service, e.Host}] = i
	}
	given := make(map[serviceHost]bool, len(eps))
	var last Endpoint
	for n, e := range eps {
		key := serviceHost{e.Service, e.Host}
		bad := e.check()
		if bad == nil && given[key] {
			bad = &Error{Code: Duplicate, Service: e.Service, Host: e.Host.text, Field: "host", Reason: "duplicate service and host"}
		}
		if bad != nil {
			bad.Entry = n + 1
			return nil, bad
		}
		given[key] = true
		e = e.clone()
		e.normalize()
		e.share(&last)
		last = e
		if i, ok := position[key]; ok {
			out.endpoints[i] = e
			continue
		}
		out.endpoints = append(out.endpoints, e)
		out.addService(e.Service)
	}
	if len(eps) > 0 && !strings.HasSuffix(out.version, local) {
		out.version += local
	}
	out.addSources(out.endpoints)
	out.finish()
	return out, nil
}

// WithFacts returns a catalog with more facts; c is unchanged. The new facts
// count as described in [Catalog.Fact]. The new catalog keeps no reference to
// facts. If a fact is invalid, the error is an [*Error] with its position.
func (c *Catalog) WithFacts(facts ...Fact) (*Catalog, error) {
	out, err := c.With()
	if err != nil || len(facts) == 0 {
		return out, err
	}
	out.facts = slices.Clone(c.facts)
	for n, f := range facts {
		if bad := f.check(); bad != nil {
			bad.Entry = n + 1
			return nil, bad
		}
		out.facts = append(out.facts, f.clone())
	}
	if !strings.HasSuffix(out.version, local) {
		out.version += local
	}
	out.addSources(out.endpoints)
	out.finishFacts()
	return out, nil
}

func (c *Catalog) addService(s Service) {
	if !slices.ContainsFunc(c.services, func(t serviceTitle) bool { return t.service == s }) {
		c.services = append(c.services, serviceTitle{service: s})
	}
}

// addSources adds what some endpoints, and all facts and operators, cite.
func (c *Catalog) addSources(of []Endpoint) {
	keys := make(map[string]bool, len(c.sources))
	numbers := make(map[string]int) // by key: the last number that was given
	known := make(map[Source]bool, len(c.sources))
	for _, s := range c.sources {
		keys[s.key], known[s.source] = true, true
	}
	add := func(s Source) {
		if known[s] {
			return
		}
		base := sourceKey(s)
		key := base
		for keys[key] {
			numbers[base] = max(numbers[base], 1) + 1
			key = base + "-" + strconv.Itoa(numbers[base])
		}
		keys[key], known[s] = true, true
		c.sources = append(c.sources, keyedSource{key, s})
	}
	for i := range of {
		for _, s := range of[i].citations() {
			add(s)
		}
	}
	for i := range c.facts {
		add(c.facts[i].Source)
	}
	for _, o := range c.operators {
		add(o.Source)
	}
	slices.SortFunc(c.sources, func(a, b keyedSource) int { return strings.Compare(a.key, b.key) })
}

// sourceKey makes a key from the words of a title.
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
