package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/netready/netready/readiness"
)

// Diff writes what changed between two reports in plain text: the verdicts, the
// causes that are new or gone, and the checks that regressed, were fixed, fail
// in another way, or that only one report measured; see
// [readiness.Finding.Since]. Checks that fail without consequences, those that
// are gone, and new ones that work are counted. A nil report is written as an
// empty one.
func Diff(w io.Writer, before, after *readiness.Report) error {
	p := &page{width: defaultWidth}
	before, after = shown(before), shown(after)
	entries := changes(before, after)
	added, gone := causeChanges(before, after)
	p.wrap("", diffHead(before, after, len(entries)+len(added)+len(gone) == 0))
	if len(added)+len(gone) > 0 {
		p.WriteByte('\n')
	}
	for _, c := range added {
		p.wrap("New cause:   ", c.Title+" ("+c.Impact.String()+")")
	}
	for _, c := range gone {
		p.wrap("Cause gone:  ", c.Title)
	}
	if len(entries) > 0 {
		p.WriteByte('\n')
	}
	quiet := make(map[string]int)
	for _, e := range entries {
		if e.quiet() {
			quiet[e.label()]++
			continue
		}
		p.wrap(fmt.Sprintf("%-11s  ", e.change), e.text(after, before))
	}
	for _, label := range quietLabels() {
		if n := quiet[label]; n > 0 {
			p.wrap("Also:        ", fmt.Sprintf("%d %s %s", n, plural(n, "check", "checks"), label))
		}
	}
	_, err := w.Write(p.Bytes())
	return err
}

func diffHead(before, after *readiness.Report, same bool) string {
	switch {
	case same && before.Verdict == after.Verdict:
		return verdict(after) + ", as before. Nothing changed."
	case before.Verdict == after.Verdict && before.StopsAt == after.StopsAt:
		return verdict(after) + ", as before."
	}
	return stop(before) + " -> " + stop(after)
}

// stop is the verdict with the phase at which provisioning stops.
func stop(r *readiness.Report) string {
	if r.StopsAt == "" {
		return verdict(r)
	}
	return verdict(r) + " at " + r.StopsAt.Title()
}

// A changed is a check that changed in the same way for some services.
type changed struct {
	change   readiness.Change
	was, is  readiness.Finding
	findings []readiness.Finding // the later ones, or the earlier ones if there is none
}

// changes returns the checks that changed, the gravest first.
func changes(before, after *readiness.Report) []changed {
	type key struct {
		check   string
		change  readiness.Change
		outcome readiness.Outcome
	}
	at := make(map[key]int)
	var out []changed
	for was, is := range readiness.Diff(before, after) {
		change := is.Since(was)
		if change == readiness.Unchanged {
			continue
		}
		f := is
		if f.Check.ID() == "" {
			f = was
		}
		k := key{f.Check.ID(), change, f.Outcome}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, changed{change: change, was: was, is: is})
		}
		if e := &out[i]; gravity(f) > gravity(e.finding()) {
			e.was, e.is = was, is
		}
		out[i].findings = append(out[i].findings, f)
	}
	order := []readiness.Change{readiness.Regressed, readiness.Altered, readiness.Fixed, readiness.Added, readiness.Removed}
	slices.SortStableFunc(out, func(a, b changed) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.change), slices.Index(order, b.change)),
			cmp.Compare(gravity(b.finding()), gravity(a.finding())),
		)
	})
	return out
}

// finding returns the later finding, or the earlier one if there is none.
func (c changed) finding() readiness.Finding {
	if c.is.Check.ID() == "" {
		return c.was
	}
	return c.is
}

// gravity orders findings by what their failure means.
func gravity(f readiness.Finding) int {
	switch {
	case f.Outcome != readiness.Failed:
		return 0
	case f.Impact.Blocks():
		return int(readiness.Fatal) + 1
	}
	return int(f.Impact)
}

// quiet reports whether a change is only counted.
func (c changed) quiet() bool { return c.label() != "" }

func quietLabels() []string {
	return []string{"changed without consequences", "added", "removed", "no longer measured", "measured again"}
}

// label says what is counted, or is empty.
func (c changed) label() string {
	switch c.change {
	case readiness.Added:
		if c.is.Outcome == readiness.Failed && c.is.Impact != readiness.Informational {
			return ""
		}
		if c.was.Check.ID() != "" {
			return "measured again"
		}
		return "added"
	case readiness.Removed:
		if c.is.Check.ID() != "" {
			return "no longer measured"
		}
		return "removed"
	case readiness.Regressed, readiness.Altered, readiness.Fixed:
		loud := func(f readiness.Finding) bool {
			return f.Outcome == readiness.Failed && f.Impact != readiness.Informational
		}
		if !loud(c.was) && !loud(c.is) {
			return "changed without consequences"
		}
	case readiness.Unchanged:
	}
	return ""
}

func (c changed) text(after, before *readiness.Report) string {
	var services []string
	for _, f := range c.findings {
		services = append(services, cmp.Or(titleIn(after, f), titleIn(before, f), string(f.Service)))
	}
	text := fmt.Sprintf("%s (%s): %s", c.finding().Check.ID(), strings.Join(services, ", "), result(c.was))
	if c.was.Check.ID() == "" {
		text = fmt.Sprintf("%s (%s): new", c.finding().Check.ID(), strings.Join(services, ", "))
	}
	return text + " -> " + result(c.is)
}

func titleIn(r *readiness.Report, f readiness.Finding) string {
	if t := title(r, f.Service); t != string(f.Service) {
		return t
	}
	return ""
}

// result says how a check ended.
func result(f readiness.Finding) string {
	switch {
	case f.Outcome == readiness.Failed:
		return fmt.Sprintf("failed, %s (%s)", f.Code, f.Impact)
	case f.Outcome == readiness.NotRun && f.Code != "":
		return fmt.Sprintf("not run (%s)", f.Code)
	}
	return words(f.Outcome)
}

// causeChanges returns the causes that only one report has, except
// informational ones.
func causeChanges(before, after *readiness.Report) (added, gone []readiness.Cause) {
	return causesWithout(after, before), causesWithout(before, after)
}

func causesWithout(r, other *readiness.Report) []readiness.Cause {
	key := func(c readiness.Cause) string {
		return string(c.Code) + " " + cmp.Or(strings.Join(c.Names, " "), c.Title)
	}
	has := make(map[string]bool)
	for _, c := range other.Causes {
		has[key(c)] = true
	}
	var out []readiness.Cause
	for _, c := range r.Causes {
		if c.Impact != readiness.Informational && !has[key(c)] {
			out = append(out, c)
		}
	}
	return out
}
