package trafficreport

import (
	"fmt"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// maxShown is how many malformed lines or addresses the text shows. JSON has
// more.
const maxShown = 10

// Titles of lists, in text and on the page.
const (
	failedTitle    = "Required, and failed in the end (the log does not say why; the server itself may have failed)"
	uncoveredTitle = "Covered by no rule"
)

// maxWidth is the largest width of a column. Longer cells stick out.
const maxWidth = 60

func (r Report) text() string {
	var b strings.Builder
	r.head(&b)
	r.denied(&b)
	r.failed(&b)
	r.unclear(&b)
	r.stop(&b)
	r.timeline(&b)
	r.missing(&b)
	r.uncovered(&b)
	r.skipped(&b)
	return b.String()
}

// head writes what matters most.
func (r Report) head(b *strings.Builder) {
	b.WriteString(r.headline() + "\n\n")
	columns(b, "", r.facts())
}

// headline says in a sentence what the log shows.
func (r Report) headline() string {
	what := string(r.Scope.Scenario)
	switch s := r.Summary; {
	case s.Verdict() == traffic.VerdictDenied:
		return r.lost() + " that " + what + " requires."
	case s.Requests() == 0:
		return "NOTHING SEEN: no request could be read from this log."
	case s.Told == 0:
		return "DENIALS UNKNOWN: this log does not show what was denied."
	case s.Required == 0 && len(s.Unmatched) == 0:
		return "NOTHING SEEN of what " + what + " requires."
	case s.Verdict() == traffic.VerdictUnknown:
		return "DENIALS UNKNOWN: " + strings.Join(r.doubts(), "; ") + "."
	default:
		return "NOTHING DENIED that " + what + " requires, according to this log."
	}
}

// lost says how many required hosts were denied, and how many failed.
func (r Report) lost() string {
	s := r.Summary
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
func (r Report) doubts() []string {
	var out []string
	if n := len(r.Summary.Unmatched); n > 0 {
		out = append(out, count(n, "address", "addresses")+" that may be required could not be reached")
	}
	if n := len(r.Summary.Untold); n > 0 {
		out = append(out, "the log does not show whether "+count(n, "required host was", "required hosts were")+" denied")
	}
	if l := r.Summary.Lines; 10*l.Skipped > r.Summary.Requests() {
		out = append(out, fmt.Sprintf("%d of %s could not be read", l.Skipped, r.lines()))
	}
	return out
}

func (r Report) denied(b *strings.Builder) {
	if rows := r.deniedRows(); len(rows) > 0 {
		fmt.Fprintf(b, "\nRequired, and denied\n")
		columns(b, "  ", rows)
	}
}

func (r Report) deniedRows() [][]string {
	var rows [][]string
	for _, d := range r.Summary.Denied {
		rows = append(rows, []string{
			d.Host, r.Catalog.Title(d.Service),
			fmt.Sprintf("%d of %s denied%s", d.DeniedRequired, count(d.Requests, "request", "requests"), credentials(d)) + reasons(d),
		})
	}
	return rows
}

func (r Report) failed(b *strings.Builder) {
	if rows := r.failedRows(); len(rows) > 0 {
		fmt.Fprintf(b, "\n%s\n", failedTitle)
		columns(b, "  ", rows)
	}
}

func (r Report) failedRows() [][]string {
	var rows [][]string
	for _, f := range r.Summary.Failed {
		rows = append(rows, []string{
			f.Host, r.Catalog.Title(f.Service),
			fmt.Sprintf("%d of %s failed, and none succeeded after that", f.FailedRequired, count(f.Requests, "request", "requests")) + reasons(f),
		})
	}
	return rows
}

// reasons says why requests were denied or failed, if that is known.
func reasons(h traffic.Host) string {
	if len(h.Reasons) == 0 {
		return ""
	}
	return ": " + strings.Join(h.Reasons, "; ")
}

// unclear lists the hosts and addresses for which the log cannot tell.
func (r Report) unclear(b *strings.Builder) {
	if r.Summary.Told > 0 {
		list(b, "Required, but the log does not show whether they were denied", r.Summary.Untold)
	}
	list(b, "Denied or failed addresses that no rule covers, on ports that "+string(r.Scope.Scenario)+" requires", r.Summary.Unmatched)
}

// stop says where the log ends.
func (r Report) stop(b *strings.Builder) {
	s := r.Summary.Stop
	if s == nil {
		return
	}
	fmt.Fprintf(b, "\nWhere it ended, if this is the traffic of one device\n")
	columns(b, "  ", [][]string{
		{"Last seen:", r.lastSeen(s)},
		{"Next:", s.Next.Title() + ", which requires " + strings.Join(s.Hosts, ", ")},
	})
}

// lastSeen describes the last request, and the phase that was reached.
func (r Report) lastSeen(s *traffic.Stop) string {
	text := s.Host + " (" + r.Catalog.Title(s.Service) + ")"
	if !s.Time.IsZero() {
		text += " at " + stamp(s.Time)
	}
	switch {
	case s.Denied:
		text += ", denied"
	case s.Failed:
		text += ", failed"
	}
	if s.Phase == "" {
		return text + "; no phase of provisioning was reached"
	}
	return text + "; the last phase reached is " + s.Phase.Title()
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

func (r Report) timeline(b *strings.Builder) {
	if len(r.Summary.Phases) == 0 {
		return
	}
	rows := make(map[string]traffic.Host, len(r.Summary.Hosts))
	names, titles := 0, 0
	for _, h := range r.Summary.Hosts {
		rows[h.Host] = h
		if h.Phase != "" {
			names = max(names, min(len(h.Host), maxWidth))
			titles = max(titles, len(r.Catalog.Title(h.Service)))
		}
	}
	var u ruler
	u.first, u.last = r.span()
	since := ", in minutes and seconds since the first request"
	if u.first.IsZero() || u.days() {
		since = ""
	}
	fmt.Fprintf(b, "\nTimeline%s\n", since)
	for _, p := range r.Summary.Phases {
		title := p.Phase.Title()
		if when := u.between(p.First, p.Last); when != "" {
			title += ": " + when
		}
		fmt.Fprintf(b, "  %s\n", title)
		for _, name := range p.Hosts {
			h := rows[name]
			fmt.Fprintf(b, "    %-*s  %-*s  %-11s  %s\n", names, name, titles, r.Catalog.Title(h.Service), need(h), requests(h))
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

func (r Report) missing(b *strings.Builder) {
	if len(r.Summary.Missing) == 0 || r.Summary.Requests() == 0 { // nothing follows from nothing
		return
	}
	fmt.Fprintf(b, "\nRequired, but not requested in this log (this does not mean blocked)\n")
	for _, seen := range []bool{false, true} {
		last := endpoints.Service("")
		for _, m := range r.Summary.Missing {
			if m.ServiceSeen != seen {
				continue
			}
			if m.Service != last {
				last = m.Service
				note := ": none of its hosts was requested"
				if seen {
					note = ": in part"
				}
				fmt.Fprintf(b, "  %s%s\n", r.Catalog.Title(m.Service), note)
			}
			core := ""
			if m.Decisive {
				core = " (decisive)"
			}
			fmt.Fprintf(b, "    %s%s\n", m.Host, core)
		}
	}
}

func (r Report) uncovered(b *strings.Builder) {
	if rows := r.uncoveredRows(); len(rows) > 0 {
		fmt.Fprintf(b, "\n%s\n", uncoveredTitle)
		columns(b, "  ", rows)
	}
}

func (r Report) uncoveredRows() [][]string {
	if len(r.Summary.Uncovered) == 0 && r.Summary.UnlistedUncovered == 0 {
		return nil
	}
	var rows [][]string
	for _, h := range r.Summary.Hosts {
		if h.Rule != "" {
			continue
		}
		note := ""
		if isAddress(h.Host) {
			note = "; an address: the log has no name for it"
		}
		rows = append(rows, []string{h.Host, requests(h) + note})
	}
	if n := r.Summary.UnlistedUncovered; n > 0 {
		rows = append(rows, []string{"others", count(n, "request", "requests")})
	}
	return rows
}

func (r Report) skipped(b *strings.Builder) {
	l := r.Summary.Lines
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
