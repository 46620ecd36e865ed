package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/readiness"
)

// maxTitle is the maximum width of a service's title in the table.
const maxTitle = 40

// services writes the services that do not fully work, as a table if it fits,
// then one paragraph each for those that do and those that do not apply.
func services(p *page, r *readiness.Report) {
	if len(r.Services) == 0 {
		return
	}
	p.WriteString("\nSERVICES\n\n")
	var working, inapplicable []string
	var failing []readiness.ServiceResult
	var rows [][]string // one for each of these
	for _, s := range ordered(r.Services) {
		name := cmp.Or(s.Name, string(s.Service))
		if s.Verdict == readiness.Ready {
			working = append(working, name)
			continue
		}
		if s.Verdict == readiness.NotApplicable {
			inapplicable = append(inapplicable, name)
			continue
		}
		failing = append(failing, s)
		rows = append(rows, []string{
			fmt.Sprintf("  %-8s", s.Verdict), plain.Cut(name, maxTitle), s.Impact.String(), tally(s.Passed, s.Failed, s.NotRun),
		})
	}
	if t := table(rows); widest(t) <= p.width {
		lines := slices.Collect(strings.Lines(t))
		for i, s := range failing {
			start := p.Len()
			p.WriteString(lines[i])
			p.paint(start, s.Verdict.String(), colorOf(s.Verdict))
		}
	} else {
		for _, r := range rows {
			p.wrap(r[0]+"  ", strings.Join(r[1:], ", "))
		}
	}
	if working != nil {
		p.wrap("  ok        ", strings.Join(working, ", "))
	}
	if inapplicable != nil {
		p.wrap("  n/a       ", strings.Join(inapplicable, ", "))
	}
}

func table(rows [][]string) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		_, _ = fmt.Fprintln(t, strings.Join(r, "\t"))
	}
	_ = t.Flush()
	return b.String()
}

// widest returns the width of a text's widest line.
func widest(text string) int {
	width := 0
	for line := range strings.Lines(text) {
		width = max(width, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
	}
	return width
}

// ordered returns the services, the worst first.
func ordered(in []readiness.ServiceResult) []readiness.ServiceResult {
	rank := func(s readiness.ServiceResult) int {
		switch {
		case s.Verdict == readiness.Blocked:
			return 0
		case s.Verdict == readiness.Unproven && s.Impact.Blocks():
			return 1
		case s.Verdict == readiness.Degraded:
			return 2
		case s.Verdict == readiness.Unproven:
			return 3
		}
		return 4
	}
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b readiness.ServiceResult) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Impact, a.Impact))
	})
	return out
}

// untested writes the number of untestable endpoints, or lists them.
func untested(p *page, r *readiness.Report, all bool) {
	type row struct{ service, reason string }
	hosts := make(map[row][]string)
	var order []row
	n := 0
	for e, reason := range r.Untested() {
		n++
		k := row{title(r, e.Service), reason}
		if hosts[k] == nil {
			order = append(order, k)
		}
		hosts[k] = append(hosts[k], e.Host.String())
	}
	if n == 0 {
		return
	}
	p.WriteByte('\n')
	if n == 1 {
		p.wrap("", "Not tested: 1 endpoint that no request can test. Allow it by name.")
	} else {
		p.wrap("", fmt.Sprintf("Not tested: %d endpoints that no request can test. Allow them by name.", n))
	}
	switch n := untried(r); n {
	case 0:
	case 1:
		p.wrap("  ", "For 1 of these names, no record shows that it answers on any network.")
	default:
		p.wrap("  ", fmt.Sprintf("For %d of these names, no record shows that they answer on any network.", n))
	}
	if !all {
		return
	}
	for _, k := range order {
		p.wrap("  ", k.service+": "+strings.Join(hosts[k], ", ")+" ("+k.reason+")")
	}
}
