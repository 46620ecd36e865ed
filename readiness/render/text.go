package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/readiness"
)

// TextOptions say how [Text] writes. The zero value suits files and mail.
type TextOptions struct {
	// Width is the column at which lines end. Zero means 80; values below 40
	// mean 40.
	Width int

	// Untested lists the untestable endpoints with reasons. Otherwise one line
	// counts them.
	Untested bool

	// Color marks verdicts and impacts with the colors of a terminal. The text
	// is the same without its escape sequences.
	Color bool
}

// Text writes the report in plain text. Its first 24 lines of 80 columns hold
// the verdict, where provisioning stops and every cause with its impact, the
// gravest first. Then come each cause with evidence and remedy, the services,
// and the verdict again in the last line. The JSON document has what Text omits
// for brevity. Text returns the first error of w. A nil report is written as an
// empty one.
//
// Quoted text cannot break the layout, even in reports built elsewhere: Text
// replaces control and format characters, and only its own words begin a line.
func Text(w io.Writer, r *readiness.Report, o TextOptions) error {
	p := &page{width: max(cmp.Or(o.Width, defaultWidth), leastWidth), color: o.Color}
	r = shown(r)
	head(p, r)
	causes(p, r)
	services(p, r)
	device(p, r)
	untested(p, r, o.Untested)
	p.WriteByte('\n')
	end := p.Len()
	p.wrapAtMost(1, "", last(r))
	p.paint(end, verdict(r), colorOf(r.Verdict))
	_, err := w.Write(p.Bytes())
	return err
}

// shown returns a copy of what is shown of a report, each text on one line.
// Missing checks without a name are left out, and nil is the zero report.
func shown(r *readiness.Report) *readiness.Report {
	if r == nil {
		return new(readiness.Report)
	}
	c := *r
	c.Observations = nil
	c.Missing = slices.DeleteFunc(slices.Clone(c.Missing), func(check readiness.Check) bool { return check.ID() == "" })
	out := plain.Value(&c, plain.NoLimit)
	if len(out.Causes) > 0 && &out.Causes[0] != &c.Causes[0] { // point findings at the cleaned copies
		at := make(map[*readiness.Cause]*readiness.Cause, len(c.Causes))
		for i := range c.Causes {
			at[&c.Causes[i]] = &out.Causes[i]
		}
		findings := slices.Clone(out.Findings)
		for i, f := range c.Findings {
			findings[i].Cause = at[f.Cause]
		}
		out.Findings = findings
	}
	return out
}

func head(p *page, r *readiness.Report) {
	p.wrap("", verdict(r)+": "+answer(r))
	p.paint(0, verdict(r), colorOf(r.Verdict))
	p.WriteByte('\n')
	if r.StopsAt != "" {
		p.wrap("Stops at: ", r.StopsAt.Title()+orEarlier(r))
	}
	if waiting := unproven(r); waiting != "" {
		p.wrap("Unproven: ", waiting)
	}
	outline(p, r)
	if names := missing(r); names != "" {
		p.wrap("Missing:  ", names)
	}
	plan := r.Plan
	if plan == nil {
		return
	}
	p.wrap("Checks:   ", counted(r))
	if text := traffic(r); text != "" {
		p.wrap("Traffic:  ", text)
	}
	if text := unknownNames(r); text != "" {
		p.wrap("Unknown:  ", text)
	}
	p.wrap("Scope:    ", plan.Scope.String())
	if text := unknownDevices(r); text != "" {
		p.wrap("Devices:  ", text)
	}
	if v := r.Catalog; v != "" {
		p.wrap("Catalog:  ", v)
	}
	for _, n := range r.Notes {
		p.wrap("Note:     ", n)
	}
}

// unknownNames says of how many failed names nothing is known. The sentence on a
// ready report says so itself.
func unknownNames(r *readiness.Report) string {
	n := unanswered(r)
	if n == 0 || r.Verdict == readiness.Ready {
		return ""
	}
	return fmt.Sprintf("no record shows that %d of the names that failed %s on any network", n, plural(n, "answers", "answer"))
}

// unknownDevices says that nothing is known of the devices.
func unknownDevices(r *readiness.Report) string {
	if deviceKnown(r) {
		return ""
	}
	return "not checked; no edition, build or license is known"
}

func verdict(r *readiness.Report) string { return strings.ToUpper(r.Verdict.String()) }

// answer puts the verdict into a sentence.
func answer(r *readiness.Report) string {
	switch r.Verdict {
	case readiness.Ready:
		if n := unanswered(r); n > 0 {
			return fmt.Sprintf("everything that provisioning needs was reached; %s, and no record shows that %s on any network.", unanswering(n), plural(n, "it answers", "they answer"))
		}
		return "everything that provisioning needs was reached."
	case readiness.Degraded:
		return "provisioning will finish, but not everything will work."
	case readiness.Blocked:
		return "provisioning cannot finish on this network."
	case readiness.Unproven, readiness.NotApplicable:
	}
	if r.CutOff {
		return "the run was cut off before every check was completed."
	}
	return "not everything that provisioning needs was measured."
}

// last is the whole report in one line, for those who see only the end of it.
func last(r *readiness.Report) string {
	line := verdict(r)
	if r.StopsAt != "" {
		line += ": stops at " + strings.ToLower(r.StopsAt.Title()[:1]) + r.StopsAt.Title()[1:]
	}
	causes := slices.DeleteFunc(slices.Clone(r.Causes), func(c readiness.Cause) bool { return c.Impact == readiness.Informational })
	switch n := len(causes); n {
	case 0:
		if n := unanswered(r); n > 0 && r.Verdict == readiness.Ready {
			line += "; " + unanswering(n)
		}
		return line + "."
	case 1:
		return line + ". Cause: " + causes[0].Title + "."
	default:
		return fmt.Sprintf("%s. %d causes, first: %s.", line, n, causes[0].Title)
	}
}

// unproven names the services that make a report unproven.
func unproven(r *readiness.Report) string {
	if r.Verdict != readiness.Unproven {
		return ""
	}
	var out []string
	for _, s := range r.Services {
		switch {
		case s.Verdict != readiness.Unproven || !s.Impact.Blocks():
		case s.NotRun > 0:
			out = append(out, fmt.Sprintf("%s (%s not completed)", title(r, s.Service), checksWere(s.NotRun)))
		default:
			out = append(out, title(r, s.Service)+" (nothing can test it from here)")
		}
	}
	return strings.Join(out, ", ")
}
