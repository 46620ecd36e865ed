package render

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page's template, style and script
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/readiness"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// HTML writes the report as one page, to mail or to open from a disk: the
// verdict, the phases of provisioning and where they stop, the causes, the
// services, and every check with the time of each of its steps. The page loads
// nothing, and is complete without its script, which only filters checks. Its
// own content security policy lets nothing else run in it.
func HTML(w io.Writer, r *readiness.Report) error {
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newHTMLPage(shown(r), observed(r))); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// An htmlPage is what the template shows.
type htmlPage struct {
	ContentPolicy string
	Style         template.CSS
	Script        template.JS

	Verdict, State, Answer, StopsAt string

	Facts    []htmlFact
	Phases   []htmlPhase
	Causes   []htmlCause
	Services []htmlService
	Devices  []htmlDevice
	Legend   []htmlStepKind
	Checks   []htmlCheck
	Seconds  string // what the time axis of checks covers
	Untested []htmlUntested
}

type htmlFact struct{ Label, Text string }

// An htmlPhase is a phase of provisioning with a state: ok, stops, loss,
// unmeasured or after.
type htmlPhase struct{ Title, State, Words string }

type htmlCause struct {
	Number                                     int
	Title, Code, State, Impact, Remedy, Affect string
	Loss                                       string
	Evidence, Names, Sources                   []string
}

type htmlService struct{ Name, State, Words, Impact, Checks, Loss string }

type htmlDevice struct{ Name, State, Words, Found, Wanted string }

type htmlUntested struct{ Service, Host, Reason string }

func newHTMLPage(r *readiness.Report, seen []htmlCheck) htmlPage {
	p := htmlPage{
		ContentPolicy: "default-src 'none'; style-src " + hash(pageCSS) + "; script-src " + hash(pageJS) + "; base-uri 'none'; form-action 'none'",
		Style:         template.CSS(pageCSS), //nolint:gosec // the package's own
		Script:        template.JS(pageJS),   //nolint:gosec // the package's own
		Verdict:       verdict(r), State: r.Verdict.String(), Answer: answer(r),
		Facts: htmlFacts(r), Phases: htmlPhases(r), Legend: htmlLegend(), Checks: seen, Seconds: fmt.Sprintf("%.1f s", r.Duration.Seconds()),
	}
	if r.StopsAt != "" {
		p.StopsAt = r.StopsAt.Title() + orEarlier(r)
	}
	for i, c := range r.Causes {
		out := htmlCause{
			Number: i + 1, Title: c.Title, Code: string(c.Code), State: grade(c.Impact), Impact: c.Impact.String(), Remedy: c.Remedy,
			Affect: titles(r, c), Loss: impact(r, i), Evidence: c.Evidence,
		}
		if len(c.Names) > remedyNames {
			out.Names = c.Names
		}
		for _, s := range c.Sources {
			out.Sources = append(out.Sources, s.Title+" ("+s.Date+")")
		}
		p.Causes = append(p.Causes, out)
	}
	for _, s := range ordered(r.Services) {
		out := htmlService{
			Name: cmp.Or(s.Name, string(s.Service)), State: s.Verdict.String(), Words: state(s.Verdict), Impact: s.Impact.String(),
			Checks: tally(s.Passed, s.Failed, s.NotRun),
		}
		if !s.Verdict.Works() && s.Verdict != readiness.NotApplicable || s.Verdict == readiness.Degraded {
			out.Loss = s.Loss
		}
		p.Services = append(p.Services, out)
	}
	if deviceKnown(r) {
		for _, d := range ranked(r.Device) {
			p.Devices = append(p.Devices, htmlDevice{d.Name, d.Outcome.String(), words(d.Outcome), cmp.Or(d.Found, d.Reason), d.Wanted})
		}
	}
	for e, reason := range r.Untested() {
		p.Untested = append(p.Untested, htmlUntested{title(r, e.Service), plain.Line(e.Host.String()), plain.Line(reason)})
	}
	return p
}

// hash returns the source of a content security policy that allows one text.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func htmlFacts(r *readiness.Report) []htmlFact {
	var out []htmlFact
	add := func(label, text string) {
		if text != "" {
			out = append(out, htmlFact{label, text})
		}
	}
	add("Unproven", unproven(r))
	add("Missing", missing(r))
	if r.Plan != nil {
		add("Checks", counted(r))
		add("Traffic", traffic(r))
		add("Unknown", unknownNames(r))
		add("Scope", r.Plan.Scope.String())
		add("Devices", unknownDevices(r))
		add("Catalog", r.Catalog)
		add("Policy", r.Policy)
		if !r.Started.IsZero() {
			add("Measured", moment(r))
		}
	}
	for _, n := range r.Notes {
		add("Note", n)
	}
	return out
}

// grade names the color of an impact.
func grade(i readiness.Impact) string {
	switch {
	case i.Blocks():
		return "blocked"
	case i == readiness.Informational:
		return "ready"
	default:
		return "degraded"
	}
}

// htmlPhases returns the phases in which anything was planned, in order.
func htmlPhases(r *readiness.Report) []htmlPhase {
	state := make(map[endpoints.Phase]string)
	rank := map[string]int{"": 0, "ok": 1, "loss": 2, "unmeasured": 3, "stops": 4}
	for _, f := range r.Findings {
		is := "ok"
		switch {
		case f.Outcome == readiness.Failed && f.Impact.Blocks():
			is = "stops"
		case f.Outcome == readiness.Failed && f.Impact != readiness.Informational:
			is = "loss"
		case f.Outcome == readiness.NotRun && f.Impact.Blocks():
			is = "unmeasured"
		}
		if rank[is] > rank[state[f.Phase]] {
			state[f.Phase] = is
		}
	}
	says := map[string]string{"ok": "works", "loss": "works with a loss", "unmeasured": "not fully measured", "stops": "also fails"}
	unreached := map[string]string{"ok": "not reached, would work", "loss": "not reached, would lose something", "unmeasured": "not reached, not fully measured"}
	var out []htmlPhase
	for _, p := range endpoints.Phases() {
		is := state[p]
		if is == "" && p != r.StopsAt {
			continue
		}
		phase := htmlPhase{Title: p.Title(), State: is, Words: says[is]}
		switch {
		case p == r.StopsAt:
			phase.State, phase.Words = "stops", "stops here"
		case r.StopsAt != "" && p.Order() > r.StopsAt.Order() && is != "stops":
			phase.State, phase.Words = "after", unreached[is]
		}
		out = append(out, phase)
	}
	return out
}
