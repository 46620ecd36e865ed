package trafficreport

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

//go:embed page.html
var pageText string

// The width of the timeline, and of the shortest bar, in its own units.
const (
	timelineWidth = 1000
	shortestBar   = 8
)

// A page is what page.html shows.
type page struct {
	Headline string
	Class    string // the verdict
	Facts    [][]string
	Rows     []row
	Start    string
	End      string
	Stop     *traffic.Stop
	LastSeen string
	Lists    []table
	Phases   []phaseHosts
	Missing  [][]string
	Skipped  []string
	More     int // malformed lines that are not listed
}

// A row is a phase in the timeline.
type row struct {
	Title    string
	When     string
	X, Width int    // of its bar, or no width if it was not seen
	Class    string // "bad" or "next"
	Notes    []string
}

// A table is a list of hosts with a title.
type table struct {
	Title string
	Rows  [][]string
}

// A phaseHosts lists the hosts of a phase.
type phaseHosts struct {
	Title string
	Rows  [][]string // the host, its service, need and requests
}

// html writes the report as a page that needs nothing else.
func (r Report) html(w io.Writer) error {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	p := page{
		Headline: r.headline(), Class: string(r.Summary.Verdict()), Facts: r.facts(), Stop: r.Summary.Stop,
	}
	if p.Stop != nil {
		p.LastSeen = r.lastSeen(p.Stop)
	}
	p.timeline(r)
	p.tables(r)
	l := r.Summary.Lines
	for _, e := range l.Errors[:min(len(l.Errors), maxShown)] {
		p.Skipped = append(p.Skipped, e.Error())
	}
	p.More = l.Skipped - len(p.Skipped)
	return t.Execute(w, p)
}

// timeline places the phases along the time of the log, and the one that should
// have come next after them. A log without times has no timeline.
func (p *page) timeline(r Report) {
	first, last := r.span()
	if first.IsZero() {
		return
	}
	u := ruler{first, last}
	p.Start, p.End = stamp(first), stamp(last)
	at := func(t time.Time) int {
		if !last.After(first) {
			return 0
		}
		return int((timelineWidth - shortestBar) * float64(t.Sub(first)) / float64(last.Sub(first)))
	}
	next := endpoints.Phase("")
	if p.Stop != nil {
		next = p.Stop.Next
	}
	for _, ph := range r.Summary.Phases {
		if ph.First.IsZero() {
			continue
		}
		x := at(ph.First)
		line := row{
			Title: ph.Phase.Title(), When: u.clock(ph.First, ph.Last),
			X: x, Width: max(at(ph.Last)-x, shortestBar), Notes: r.losses(ph.Phase),
		}
		if len(line.Notes) > 0 {
			line.Class = "bad"
		}
		if ph.Phase == next {
			line.Notes = append(line.Notes, "not completed, although it should have come next")
			next = ""
		}
		p.Rows = append(p.Rows, line)
	}
	if next != "" {
		p.Rows = append(p.Rows, row{Title: next.Title(), When: "not seen", Class: "next", Notes: []string{"should have come next"}})
	}
}

// losses says which required hosts of a phase were denied or failed.
func (r Report) losses(phase endpoints.Phase) []string {
	var out []string
	for _, l := range []struct {
		hosts []traffic.Host
		word  string
	}{{r.Summary.Denied, "denied: "}, {r.Summary.Failed, "failed: "}} {
		var names []string
		for _, h := range l.hosts {
			if h.Phase == phase {
				names = append(names, h.Host)
			}
		}
		if n := len(names); n > maxNamed {
			names = append(names[:maxNamed:maxNamed], count(n-maxNamed, "other", "others"))
		}
		if len(names) > 0 {
			out = append(out, l.word+strings.Join(names, ", "))
		}
	}
	return out
}

// maxNamed is how many hosts a row of the timeline names.
const maxNamed = 3

// tables lists hosts: first those that need attention.
func (p *page) tables(r Report) {
	s := r.Summary
	add := func(title string, rows [][]string) {
		if len(rows) > 0 {
			p.Lists = append(p.Lists, table{title, rows})
		}
	}
	add("Required, and denied", r.deniedRows())
	add(failedTitle, r.failedRows())
	if s.Told > 0 {
		add("Required, but the log does not show whether they were denied", single(s.Untold))
	}
	add("Denied or failed addresses that no rule covers", single(s.Unmatched))
	add(uncoveredTitle, r.uncoveredRows())
	hosts := make(map[string]traffic.Host, len(s.Hosts))
	for _, h := range s.Hosts {
		hosts[h.Host] = h
	}
	for _, ph := range s.Phases {
		list := phaseHosts{Title: ph.Phase.Title()}
		for _, name := range ph.Hosts {
			h := hosts[name]
			list.Rows = append(list.Rows, []string{name, r.Catalog.Title(h.Service), need(h), requests(h)})
		}
		p.Phases = append(p.Phases, list)
	}
	if s.Requests() > 0 {
		for _, m := range s.Missing {
			p.Missing = append(p.Missing, []string{m.Host, r.Catalog.Title(m.Service), m.Phase.Title()})
		}
	}
}

func single(hosts []string) [][]string {
	var rows [][]string
	for _, h := range hosts[:min(len(hosts), maxShown)] {
		rows = append(rows, []string{h})
	}
	if more := len(hosts) - maxShown; more > 0 {
		rows = append(rows, []string{fmt.Sprintf("and %d more", more)})
	}
	return rows
}
