package trafficreport

import (
	_ "embed"
	"html/template"
	"io"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

//go:embed page.html
var pageText string

// The picture of the timeline, in its own units.
const (
	rowHeight = 26
	nameWidth = 250
	barsWidth = 620
)

// A page is what page.html shows.
type page struct {
	Headline string
	Bad      bool
	Facts    [][]string
	Rows     []bar
	Width    int
	Height   int
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

// A bar is a phase in the picture.
type bar struct {
	Title     string
	Y, X      int
	Width     int
	Denied    bool
	When      string
	TextY, At int
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
		Headline: r.headline(), Bad: r.Summary.Verdict() != traffic.VerdictClear, Facts: r.facts(),
		Width: nameWidth + barsWidth, Stop: r.Summary.Stop,
	}
	if p.Stop != nil {
		p.LastSeen = r.lastSeen(p.Stop)
	}
	p.picture(r)
	p.tables(r)
	l := r.Summary.Lines
	for _, e := range l.Errors[:min(len(l.Errors), maxShown)] {
		p.Skipped = append(p.Skipped, e.Error())
	}
	p.More = l.Skipped - len(p.Skipped)
	return t.Execute(w, p)
}

// picture places the phases along the time of the log. A log without times has
// no picture.
func (p *page) picture(r Report) {
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
		return int(float64(barsWidth-8) * float64(t.Sub(first)) / float64(last.Sub(first)))
	}
	denied := make(map[endpoints.Phase]bool)
	for _, h := range r.Summary.Hosts {
		denied[h.Phase] = denied[h.Phase] || h.DeniedRequired > 0 || h.FailedRequired > 0
	}
	for _, ph := range r.Summary.Phases {
		if ph.First.IsZero() {
			continue
		}
		y := len(p.Rows) * rowHeight
		x := at(ph.First)
		p.Rows = append(p.Rows, bar{
			Title: ph.Phase.Title(), Y: y + 5, X: nameWidth + x, Width: max(at(ph.Last)-x, 6),
			Denied: denied[ph.Phase], When: u.between(ph.First, ph.Last), TextY: y + 18, At: nameWidth - 10,
		})
	}
	p.Height = len(p.Rows)*rowHeight + 24
}

// tables lists hosts: first those that need attention.
func (p *page) tables(r Report) {
	s := r.Summary
	add := func(title string, rows [][]string) {
		if len(rows) > 0 {
			p.Lists = append(p.Lists, table{title, rows})
		}
	}
	add("Required, and denied", r.deniedRows())
	add("Required, and failed in the end", r.failedRows())
	if s.Told > 0 {
		add("Required, but the log does not show whether they were denied", single(s.Untold))
	}
	add("Denied or failed addresses that no rule covers", single(s.Unmatched))
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
	return rows
}
