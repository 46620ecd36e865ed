package main

import (
	"fmt"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// maxShown is how many malformed lines or addresses the text shows. JSON has
// more.
const maxShown = 10

// maxWidth is the largest width of a column. Longer cells stick out.
const maxWidth = 60

// A report is a summary formatted for people.
type report struct {
	options
	sum     *traffic.Summary
	catalog *endpoints.Catalog
}

func (r report) text() string {
	var b strings.Builder
	r.head(&b)
	r.denied(&b)
	r.failed(&b)
	r.unclear(&b)
	r.timeline(&b)
	r.missing(&b)
	r.uncovered(&b)
	r.skipped(&b)
	return b.String()
}

// head writes what matters most.
func (r report) head(b *strings.Builder) {
	what := r.scope.Scenario
	switch s := r.sum; {
	case s.Verdict() == traffic.VerdictDenied:
		fmt.Fprintf(b, "%s that %s requires.\n\n", r.lost(), what)
	case s.Requests() == 0:
		fmt.Fprintf(b, "NOTHING SEEN: no request could be read from this log.\n\n")
	case s.Told == 0:
		fmt.Fprintf(b, "DENIALS UNKNOWN: this log does not show what was denied.\n\n")
	case s.Required == 0 && len(s.Unmatched) == 0:
		fmt.Fprintf(b, "NOTHING SEEN of what %s requires.\n\n", what)
	case s.Verdict() == traffic.VerdictUnknown:
		fmt.Fprintf(b, "DENIALS UNKNOWN: %s.\n\n", strings.Join(r.doubts(), "; "))
	default:
		fmt.Fprintf(b, "NOTHING DENIED that %s requires, according to this log.\n\n", what)
	}
	r.facts(b)
}

// lost says how many required hosts were denied, and how many failed.
func (r report) lost() string {
	s := r.sum
	switch denied, failed := len(s.Denied), len(s.Failed); {
	case denied > 0 && failed > 0:
		return fmt.Sprintf("DENIED: %s, and FAILED: %s", count(denied, "host", "hosts"), count(failed, "host", "hosts"))
	case denied > 0:
		return "DENIED: " + count(denied, "host", "hosts")
	case s.UnlistedDeniedRequired > 0:
		return "DENIED: requests"
	case failed > 0:
		return "FAILED: " + count(failed, "host", "hosts")
	default:
		return "FAILED: requests"
	}
}

// doubts says why the log cannot tell.
func (r report) doubts() []string {
	var out []string
	if n := len(r.sum.Unmatched); n > 0 {
		out = append(out, count(n, "address", "addresses")+" that may be required could not be reached")
	}
	if n := len(r.sum.Untold); n > 0 {
		out = append(out, "the log does not show whether "+count(n, "required host was", "required hosts were")+" denied")
	}
	if r.sum.Lines.Skipped > r.sum.Requests() {
		out = append(out, "most lines could not be read")
	}
	return out
}

// facts describes the log and the rules.
func (r report) facts(b *strings.Builder) {
	found := ""
	if r.log == traffic.Auto && r.layout == "" {
		found = ", detected from its first lines"
	}
	when := "none in this log; the order is that of provisioning"
	if first, last := r.span(); !first.IsZero() {
		when = stamp(first) + " to " + stamp(last) + r.zone()
	}
	what := count(r.sum.Lines.Read, "line", "lines")
	if r.sum.Format == traffic.HAR {
		what = count(r.sum.Lines.Read, "entry", "entries")
	}
	rows := [][]string{
		{"Scope:", r.scope.String()},
		{"Log:", r.sum.Format.Title() + found},
		{"Seen:", count(r.sum.Requests(), "request", "requests") + " to " + r.hosts()},
		{"Time:", when},
		{"Read:", fmt.Sprintf("%s, %d of them skipped", what, r.sum.Lines.Skipped)},
		{"Data:", "catalog " + r.catalog.Version()},
	}
	if n := r.sum.Requests() - r.sum.Told; n > 0 && r.sum.Told > 0 {
		rows = append(rows, []string{"Note:", "the log does not show how " + count(n, "request", "requests") + " ended"})
	}
	columns(b, "", rows)
}

// hosts writes the number of hosts.
func (r report) hosts() string {
	s := count(len(r.sum.Hosts), "host", "hosts")
	if n := r.sum.UnlistedRequests; n > 0 {
		s += fmt.Sprintf(" and others: %s to hosts beyond the limit of this report", count(n, "request", "requests"))
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
			fmt.Sprintf("%d of %s denied%s", d.DeniedRequired, count(d.Requests, "request", "requests"), credentials(d)),
		})
	}
	columns(b, "  ", rows)
}

func (r report) failed(b *strings.Builder) {
	if len(r.sum.Failed) == 0 {
		return
	}
	fmt.Fprintf(b, "\nRequired, and failed in the end (the log does not say why; the server itself may have failed)\n")
	var rows [][]string
	for _, f := range r.sum.Failed {
		rows = append(rows, []string{
			f.Host, r.catalog.Title(f.Service),
			fmt.Sprintf("%d of %s failed, and none succeeded after that", f.FailedRequired, count(f.Requests, "request", "requests")),
		})
	}
	columns(b, "  ", rows)
}

// unclear lists the hosts and addresses for which the log cannot tell.
func (r report) unclear(b *strings.Builder) {
	if r.sum.Told > 0 {
		list(b, "Required, but the log does not show whether they were denied", r.sum.Untold)
	}
	list(b, "Denied or failed addresses that no rule covers, on ports that "+string(r.scope.Scenario)+" requires", r.sum.Unmatched)
}

// list writes a title and the first few of some hosts.
func list(b *strings.Builder, title string, hosts []string) {
	if len(hosts) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	shown := hosts[:min(len(hosts), maxShown)]
	for _, h := range shown {
		fmt.Fprintf(b, "  %s\n", h)
	}
	if n := len(hosts) - len(shown); n > 0 {
		fmt.Fprintf(b, "  and %d more\n", n)
	}
}

// credentials says for how many requests a proxy required credentials.
func credentials(d traffic.Host) string {
	switch d.Unauthenticated {
	case 0:
		return ""
	case d.DeniedRequired:
		return ", because the proxy requires credentials"
	default:
		return fmt.Sprintf(", %d because the proxy requires credentials", d.Unauthenticated)
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
	case h.Need != endpoints.NotNeeded:
		return h.Need.String()
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
	if h.Failed > 0 {
		s += fmt.Sprintf(", %d failed", h.Failed)
	}
	if h.OffPort > 0 {
		s += fmt.Sprintf(", %d to ports that no rule has (%s)", h.OffPort, ports(h))
	}
	return s
}

func ports(h traffic.Host) string { return strings.Trim(fmt.Sprint(h.Ports), "[]") }

func (r report) missing(b *strings.Builder) {
	if len(r.sum.Missing) == 0 || r.sum.Requests() == 0 { // nothing follows from nothing
		return
	}
	fmt.Fprintf(b, "\nRequired, but not requested in this log (this does not mean blocked)\n")
	for _, seen := range []bool{false, true} {
		last := endpoints.Service("")
		for _, m := range r.sum.Missing {
			if m.ServiceSeen != seen {
				continue
			}
			if m.Service != last {
				last = m.Service
				note := ": none of its hosts was requested"
				if seen {
					note = ": in part"
				}
				fmt.Fprintf(b, "  %s%s\n", r.catalog.Title(m.Service), note)
			}
			core := ""
			if m.Decisive {
				core = " (decisive)"
			}
			fmt.Fprintf(b, "    %s%s\n", m.Host, core)
		}
	}
}

func (r report) uncovered(b *strings.Builder) {
	if len(r.sum.Uncovered) == 0 && r.sum.UnlistedUncovered == 0 {
		return
	}
	fmt.Fprintf(b, "\nCovered by no rule\n")
	var rows [][]string
	for _, h := range r.sum.Hosts {
		if h.Rule != "" {
			continue
		}
		note := ""
		if isAddress(h.Host) {
			note = "; an address: the log has no name for it"
		}
		rows = append(rows, []string{h.Host, requests(h) + note})
	}
	if n := r.sum.UnlistedUncovered; n > 0 {
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
		fmt.Fprintf(b, "  %s\n", e.Error())
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

// columns writes rows with aligned columns.
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
