package endpoints

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A factIndex finds the facts of a host. Facts are sorted by host, port and
// date, so one host's facts are contiguous.
type factIndex struct {
	of    map[string]span // by host
	globs []Host          // patterns with a wildcard elsewhere, the most specific first
}

// A span is a range of facts.
type span struct{ from, to int }

func newFactIndex(facts []Fact) factIndex {
	x := factIndex{of: make(map[string]span)}
	for i := range facts {
		h := facts[i].Host
		s, ok := x.of[h.text]
		if !ok {
			s.from = i
			if h.kind == Glob {
				x.globs = append(x.globs, h)
			}
		}
		s.to = i + 1
		x.of[h.text] = s
	}
	slices.SortFunc(x.globs, compareSpecific)
	return x
}

// sortFacts sorts by host and port, the newest first. On equal dates,
// confirmations come first because they excuse nothing.
func sortFacts(facts []Fact) {
	sortStable(facts, func(a, b *Fact) int {
		if c := strings.Compare(a.Host.text, b.Host.text); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.Port, b.Port), compareFacts(a, b))
	})
}

// compareFacts orders one host's facts, the decisive one first.
func compareFacts(a, b *Fact) int {
	return cmp.Or(strings.Compare(b.age(), a.age()), cmp.Compare(a.Known, b.Known))
}

// age returns the day by which facts are compared. A vague date counts as its
// last day, but that of a contradiction as its first: a contradiction excuses
// failures, so it must be certain that it is the newer one.
func (f *Fact) age() string {
	if f.Known == Contradicted {
		return startOf(f.Date)
	}
	return endOf(f.Date)
}

// startOf returns the first day of a date, as endOf returns the last.
func startOf(date string) string {
	switch len(date) {
	case len("2006"):
		return date + "-01-01"
	case len("2006-01"):
		return date + "-01"
	default:
		return date
	}
}

// endOf returns the last day of a date, for comparison: "2026-08" gives
// "2026-08-31". An empty date precedes all days.
func endOf(date string) string {
	switch len(date) {
	case len("2006"):
		return date + "-12-31"
	case len("2006-01"):
		return date + "-31"
	default:
		return date
	}
}

func (c *Catalog) factOf(host string, port uint16) Fact {
	h, reason := parseHost(host)
	if reason != "" {
		return Fact{}
	}
	if f, ok := c.decide(h.text, port); ok {
		return f
	}
	if h.kind == Exact {
		for _, g := range c.factIndex.globs {
			if g.match(h.text) {
				if f, ok := c.decide(g.text, port); ok {
					return f
				}
			}
		}
	}
	name := strings.TrimPrefix(h.text, "*.")
	for _, parent, more := strings.Cut(name, "."); more; _, parent, more = strings.Cut(parent, ".") {
		if f, ok := c.decide("*."+parent, port); ok {
			return f
		}
	}
	return Fact{}
}

// decide returns what one host's facts say about a port, and whether there are
// any.
func (c *Catalog) decide(host string, port uint16) (Fact, bool) {
	rows := c.rows(host)
	found := newest(rows, func(*Fact) bool { return true })
	if found != nil && found.How != HowNoSuchName && port != 0 {
		found = newest(rows, func(f *Fact) bool { return f.Port == port })
	}
	if found == nil {
		return Fact{}, false
	}
	out := *found
	if port == 0 && out.Port != 0 {
		out.Known, out.How, out.Notes = Confirmed, HowResolves, "" // whatever answers there, the name exists
	}
	if out.Known == Confirmed && c.lapsed(out.Date) {
		return Fact{}, true
	}
	out.Port, out.Statuses, out.Names = port, nil, nil
	for i := range rows {
		if f := &rows[i]; f.Port == port && f.Known == out.Known {
			out.Statuses = append(out.Statuses, f.Statuses...)
			out.Names = append(out.Names, f.Names...)
		}
	}
	out.Statuses, out.Names = sorted(out.Statuses), sorted(out.Names)
	return out, true
}

// newest returns the newest row that says whether something is there, or nil.
func newest(rows []Fact, about func(*Fact) bool) *Fact {
	var found *Fact
	for i := range rows {
		f := &rows[i]
		if f.Known != Unknown && about(f) && (found == nil || compareFacts(f, found) < 0) {
			found = f
		}
	}
	return found
}

func (c *Catalog) rows(host string) []Fact {
	s := c.factIndex.of[host]
	return c.facts[s.from:s.to]
}

// sorted sorts a list in place, each item once.
func sorted[S cmp.Ordered](items []S) []S {
	slices.Sort(items)
	return slices.Compact(items)
}

// lapsed reports whether a confirmation of that date no longer counts.
func (c *Catalog) lapsed(date string) bool { return endOf(date) < c.lapse }

// twoYearsBefore returns the day two years before day. If day is invalid, it
// returns one later than all others.
func twoYearsBefore(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "9999"
	}
	return t.AddDate(-2, 0, 0).Format(time.DateOnly)
}

func (c *Catalog) givenBy(host string, port uint16) (Source, Basis, bool) {
	name, ok := cleanName(host)
	if !ok || port == 0 {
		return Source{}, "", false
	}
	for _, i := range c.index.exact[name] {
		if e := &c.endpoints[i]; e.hasPort(port) {
			return e.Source, e.Basis, true
		}
	}
	for _, f := range c.rows(name) {
		if f.Port == port && f.How != HowSilent && f.How != HowRefused {
			return f.Source, f.Basis, true
		}
	}
	return Source{}, "", false
}
