package endpoints

import (
	"cmp"
	"slices"
	"strings"
)

// An index finds the endpoints that may cover a name.
type index struct {
	exact  map[string][]int // by name
	suffix map[string][]int // by what is behind "*."
	other  []int            // embedded wildcards and blanks
}

func newIndex(endpoints []Endpoint) index {
	x := index{exact: make(map[string][]int, len(endpoints)), suffix: make(map[string][]int)}
	for i := range endpoints {
		switch h := endpoints[i].Host; h.kind {
		case Exact:
			x.exact[h.text] = append(x.exact[h.text], i)
		case Suffix:
			x.suffix[h.text[2:]] = append(x.suffix[h.text[2:]], i)
		case Glob, Tenant:
			x.other = append(x.other, i)
		case Placeholder:
		}
	}
	return x
}

// Match returns the endpoints whose host covers a name, whatever their status,
// the most specific first: exact hosts, then embedded wildcards, then suffixes,
// longer before shorter. Ties stay in catalog order. A nonzero port excludes
// endpoints without that port.
//
// "{tenant}" templates count as embedded wildcards. A "{domain}" template would
// cover almost any name, so it is returned only if nothing else covers the
// name.
func (c *Catalog) Match(host string, port uint16) []Endpoint {
	name, ok := cleanName(host)
	if !ok {
		return nil
	}
	found := slices.Clone(c.index.exact[name])
	for parent := name; ; {
		_, after, more := strings.Cut(parent, ".")
		if !more {
			break
		}
		parent = after
		found = append(found, c.index.suffix[parent]...)
	}
	var templates []int
	for _, i := range c.index.other {
		switch h := c.endpoints[i].Host; {
		case !h.match(name):
		case strings.HasSuffix(h.text, blankDomain):
			templates = append(templates, i)
		default:
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		found = templates
	}
	found = slices.DeleteFunc(found, func(i int) bool { return port != 0 && !c.endpoints[i].hasPort(port) })
	slices.SortFunc(found, func(i, j int) int {
		return cmp.Or(compareSpecific(c.endpoints[i].Host, c.endpoints[j].Host), cmp.Compare(i, j))
	})
	var out []Endpoint
	for _, i := range found {
		out = append(out, c.endpoints[i].clone())
	}
	return out
}

// compareSpecific orders hosts that cover the same name.
func compareSpecific(a, b Host) int {
	return cmp.Or(cmp.Compare(a.breadth(), b.breadth()), cmp.Compare(len(b.text), len(a.text)))
}

func (h Host) breadth() int {
	switch h.kind {
	case Exact:
		return 0
	case Glob, Tenant:
		return 1
	case Suffix:
		return 2
	case Placeholder:
		return 3
	default:
		return 4
	}
}

func (e *Endpoint) hasPort(n uint16) bool {
	return slices.ContainsFunc(e.Ports, func(p Port) bool { return p.Contains(n) })
}
