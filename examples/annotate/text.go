package main

import (
	"fmt"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// maxShown is how many malformed lines are shown. JSON has more of them.
const maxShown = 10

// maxWidth is the largest width of a column. What is longer sticks out.
const maxWidth = 60

// A report is what is told of a summary to people.
type report struct {
	options
	sum     *traffic.Summary
	catalog *endpoints.Catalog
}

func (r report) text() string {
	var b strings.Builder
	r.head(&b)
	r.denied(&b)
	r.timeline(&b)
	r.missing(&b)
	r.uncovered(&b)
	r.skipped(&b)
	return b.String()
}

// head says what matters most, and what it is said of.
func (r report) head(b *strings.Builder) {
	switch n := len(r.sum.Denied); {
	case n > 0:
		fmt.Fprintf(b, "DENIED: %s that %s requires.\n\n", count(n, "host", "hosts"), r.query.Scenario)
	case r.sum.Unlisted.DeniedRequired > 0:
		fmt.Fprintf(b, "DENIED: requests that %s requires.\n\n", r.query.Scenario)
	case r.sum.Requests() == 0:
		fmt.Fprintf(b, "NOTHING SEEN: there is no request in this log.\n\n")
	case r.sum.Told == 0:
		fmt.Fprintf(b, "DENIALS UNKNOWN: this log does not tell what was denied.\n\n")
	default:
		fmt.Fprintf(b, "NOTHING DENIED of what %s requires, as far as this log shows.\n\n", r.query.Scenario)
	}
	r.facts(b)
}

// facts says of what log and by which rules the rest is said.
func (r report) facts(b *strings.Builder) {
	found := ""
	if r.log == traffic.Auto {
		found = ", found by its first lines"
	}
	when := "none in this log, so that the order is that of provisioning"
	if first, last := r.span(); !first.IsZero() {
		when = first.Format(stamp) + " to " + last.Format(stamp) + ", UTC"
	}
	what := count(r.sum.Lines.Read, "line", "lines")
	if r.sum.Format == traffic.HAR {
		what = count(r.sum.Lines.Read, "entry", "entries")
	}
	rows := [][]string{
		{"Scope:", strings.Join(r.scope(), ", ")},
		{"Log:", r.sum.Format.Title() + found},
		{"Seen:", count(r.sum.Requests(), "request", "requests") + " to " + r.hosts()},
		{"Time:", when},
		{"Read:", fmt.Sprintf("%s, %d of them skipped", what, r.sum.Lines.Skipped)},
		{"Data:", "catalogue " + r.catalog.Version()},
	}
	if n := r.sum.Requests() - r.sum.Told; n > 0 && r.sum.Told > 0 {
		rows = append(rows, []string{"Note:", fmt.Sprintf("of %s the log does not tell whether they were denied", count(n, "request", "requests"))})
	}
	columns(b, "", rows)
}

func (r report) scope() []string {
	q := r.query
	out := []string{string(q.Scenario), string(q.Cloud)}
	if r.tenant != "" {
		out = append(out, "tenant "+r.tenant)
	}
	if q.Region != "" {
		out = append(out, "region "+string(q.Region))
	}
	if q.TPM != "" {
		out = append(out, "TPM "+string(q.TPM))
	}
	for _, f := range q.Features {
		out = append(out, string(f))
	}
	return out
}

// hosts says how many hosts there are.
func (r report) hosts() string {
	s := count(len(r.sum.Hosts), "host", "hosts")
	if n := r.sum.Unlisted.Requests; n > 0 {
		s += fmt.Sprintf(" and others: %s to hosts for which there was no room in this report", count(n, "request", "requests"))
	}
	return s
}

func (r report) denied(b *strings.Builder) {
	if len(r.sum.Denied) == 0 {
		return
	}
	fmt.Fprintf(b, "\nRequired, and denied\n")
	var rows [][]string
	for _, d := range r.sum.Denied {
		rows = append(rows, []string{
			d.Host, r.catalog.Title(d.Service),
			fmt.Sprintf("%d of %s denied%s", d.Denied, count(d.Requests, "request", "requests"), credentials(d)),
		})
	}
	columns(b, "  ", rows)
}

// credentials says how many requests a proxy wanted credentials for.
func credentials(d traffic.Denial) string {
	switch d.Unauthenticated {
	case 0:
		return ""
	case d.Denied:
		return ", for want of credentials"
	default:
		return fmt.Sprintf(", %d for want of credentials", d.Unauthenticated)
	}
}

func (r report) timeline(b *strings.Builder) {
	if len(r.sum.Phases) == 0 {
		return
	}
	rows := make(map[string]traffic.Host, len(r.sum.Hosts))
	names, titles := 0, 0
	for _, h := range r.sum.Hosts {
		rows[h.Host] = h
		if h.Phase != "" {
			names = max(names, min(len(h.Host), maxWidth))
			titles = max(titles, len(r.catalog.Title(h.Service)))
		}
	}
	var u ruler
	u.first, u.last = r.span()
	since := ", in minutes and seconds since the first request"
	if u.first.IsZero() || u.days() {
		since = ""
	}
	fmt.Fprintf(b, "\nTimeline%s\n", since)
	for _, p := range r.sum.Phases {
		title := p.Phase.Title()
		if when := u.between(p.First, p.Last); when != "" {
			title += ": " + when
		}
		fmt.Fprintf(b, "  %s\n", title)
		for _, name := range p.Hosts {
			h := rows[name]
			fmt.Fprintf(b, "    %-*s  %-*s  %-11s  %s\n", names, name, titles, r.catalog.Title(h.Service), need(h), requests(h))
		}
	}
}

// need says whether the scope needs a host.
func need(h traffic.Host) string {
	switch {
	case h.Need != traffic.NotNeeded:
		return string(h.Need)
	case h.Status != endpoints.StatusCurrent:
		return string(h.Status)
	default:
		return "not needed"
	}
}

func requests(h traffic.Host) string {
	s := count(h.Requests, "request", "requests")
	if h.Denied > 0 {
		s += fmt.Sprintf(", %d denied", h.Denied)
	}
	if h.OffPort > 0 {
		s += fmt.Sprintf(", %d at a port that no rule has (%s)", h.OffPort, ports(h))
	}
	return s
}

func ports(h traffic.Host) string { return strings.Trim(fmt.Sprint(h.Ports), "[]") }

func (r report) missing(b *strings.Builder) {
	if len(r.sum.Missing) == 0 {
		return
	}
	fmt.Fprintf(b, "\nRequired, and never asked for in this log (which does not say that it is blocked)\n")
	for _, seen := range []bool{false, true} {
		last := endpoints.Service("")
		for _, m := range r.sum.Missing {
			if m.ServiceSeen != seen {
				continue
			}
			if m.Service != last {
				last = m.Service
				note := ": nothing of it was seen"
				if seen {
					note = ": in part"
				}
				fmt.Fprintf(b, "  %s%s\n", r.catalog.Title(m.Service), note)
			}
			core := ""
			if m.Core {
				core = " (decisive)"
			}
			fmt.Fprintf(b, "    %s%s\n", m.Host, core)
		}
	}
}

func (r report) uncovered(b *strings.Builder) {
	if len(r.sum.Uncovered) == 0 && r.sum.Unlisted.Uncovered == 0 {
		return
	}
	fmt.Fprintf(b, "\nCovered by no rule\n")
	var rows [][]string
	for _, h := range r.sum.Hosts {
		if h.Need != traffic.Unknown {
			continue
		}
		note := ""
		if isAddress(h.Host) {
			note = "; an address, the log has no name for it"
		}
		rows = append(rows, []string{h.Host, requests(h) + note})
	}
	if n := r.sum.Unlisted.Uncovered; n > 0 {
		rows = append(rows, []string{"others", count(n, "request", "requests")})
	}
	columns(b, "  ", rows)
}

func (r report) skipped(b *strings.Builder) {
	l := r.sum.Lines
	if l.Skipped == 0 {
		return
	}
	fmt.Fprintf(b, "\nSkipped\n")
	shown := l.Errors[:min(len(l.Errors), maxShown)]
	for _, e := range shown {
		fmt.Fprintf(b, "  %s\n", strings.TrimPrefix(e.Error(), "traffic: "))
	}
	if n := l.Skipped - len(shown); n > 0 {
		fmt.Fprintf(b, "  and %d more\n", n)
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// columns writes rows with their columns one below the other.
func columns(b *strings.Builder, indent string, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], min(len(cell), maxWidth))
		}
	}
	for _, row := range rows {
		b.WriteString(indent)
		for i, cell := range row[:len(row)-1] {
			fmt.Fprintf(b, "%-*s  ", widths[i], cell)
		}
		b.WriteString(row[len(row)-1] + "\n")
	}
}
