package accuracy

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/netready/netready/readiness"
)

// WriteText writes the score as tables for people.
func (s *Score) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(cells ...any) { _, _ = fmt.Fprintln(t, strings.TrimSuffix(fmt.Sprintln(cells...), "\n")) }
	row := func(cells ...string) { line(strings.Join(cells, "\t") + "\t") }

	row("cause", "true", "false", "missed", "unclear", "precision", "recall")
	for _, code := range slices.Sorted(maps.Keys(s.Causes)) {
		row(countRow(string(code), s.Causes[code])...)
	}
	row(countRow("all causes", s.Total())...)
	row(countRow("checks and their cause", s.Checks)...)
	if err := t.Flush(); err != nil {
		return err
	}
	if err := s.writeConfusion(w); err != nil {
		return err
	}
	return s.writeVerdicts(w)
}

func countRow(name string, c Count) []string {
	return []string{
		name, fmt.Sprint(c.True), fmt.Sprint(c.False), fmt.Sprint(c.Missed), fmt.Sprint(c.Unclear),
		fmt.Sprintf("%.4f", c.Precision()), fmt.Sprintf("%.4f", c.Recall()),
	}
}

// writeConfusion writes which causes were mistaken: a row for each true cause,
// with what was reported.
func (s *Score) writeConfusion(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "\ntrue cause, and what was reported"); err != nil {
		return err
	}
	name := func(c readiness.CauseCode) string {
		if c == "" {
			return "nothing"
		}
		return string(c)
	}
	rows := make(map[string][]string)
	for _, p := range slices.SortedFunc(maps.Keys(s.Confusion), func(a, b Pair[readiness.CauseCode]) int {
		return compareKeys(Key{a.True, string(a.Told)}, Key{b.True, string(b.Told)})
	}) {
		rows[name(p.True)] = append(rows[name(p.True)], fmt.Sprintf("%s %d", name(p.Told), s.Confusion[p]))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range slices.Sorted(maps.Keys(rows)) {
		_, _ = fmt.Fprintf(t, "%s\t%s\n", r, strings.Join(rows[r], ", "))
	}
	return t.Flush()
}

// writeVerdicts writes the table of verdicts, and the totals.
func (s *Score) writeVerdicts(w io.Writer) error {
	verdicts := []readiness.Verdict{readiness.Ready, readiness.Degraded, readiness.Blocked, readiness.Unproven}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(t, "\ntrue verdict\t")
	for _, told := range verdicts {
		_, _ = fmt.Fprintf(t, "reported %s\t", told)
	}
	_, _ = fmt.Fprintln(t)
	for _, truth := range verdicts {
		_, _ = fmt.Fprintf(t, "%s\t", truth)
		for _, told := range verdicts {
			_, _ = fmt.Fprintf(t, "%d\t", s.Verdicts[Pair[readiness.Verdict]{truth, told}])
		}
		_, _ = fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	total := s.Total()
	_, err := fmt.Fprintf(w, "\n%d networks: precision %.4f, recall %.4f, verdicts %.4f right, %d reported better than they are, %d worse, %d with an unclear cause, %d checks not as modeled\n",
		s.Networks, total.Precision(), total.Recall(), s.RightVerdicts(), s.Overrated(), s.Underrated(), s.Ambiguous, s.Unmodelled)
	return err
}

// WriteDifference writes how a network's report was wrong.
func WriteDifference(w io.Writer, n *Network, truth Truth, told Told, d Difference) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, reported %s\n", n, truth.Verdict, told.Verdict)
	for _, f := range n.Faults {
		fmt.Fprintf(&b, "  fault      %s\n", f)
	}
	if n.proxied {
		fmt.Fprintf(&b, "  variation  a proxy\n")
	}
	if len(n.Variations) > 0 {
		fmt.Fprintf(&b, "  variation  %s\n", strings.Join(n.Variations, ", "))
	}
	fmt.Fprintf(&b, "  true       %s\n  reported   %s\n", keyList(truth.Causes), keyList(told.Causes))
	for _, l := range []struct {
		name string
		keys []Key
	}{{"unclear", truth.Unclear}, {"missed", d.Missed}, {"false", d.False}} {
		if len(l.keys) > 0 {
			fmt.Fprintf(&b, "  %-10s %s\n", l.name, keyList(l.keys))
		}
	}
	const few = 5
	for _, i := range d.Unmodelled[:min(few, len(d.Unmodelled))] {
		fmt.Fprintf(&b, "  check      %s: %s, modeled %s\n", n.Plan.Checks[i].ID(), told.Outcomes[i], truth.Fates[i].Outcome)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func keyList(keys []Key) string {
	if len(keys) == 0 {
		return "nothing"
	}
	const few = 12
	var out []string
	for _, k := range keys[:min(few, len(keys))] {
		out = append(out, k.String())
	}
	if len(keys) > few {
		out = append(out, fmt.Sprintf("and %d more", len(keys)-few))
	}
	return strings.Join(out, ", ")
}
