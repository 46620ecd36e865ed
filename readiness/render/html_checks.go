package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// axis is the width of the time axis of checks, in its own units.
const axis = 1000

// An htmlCheck is a row of the waterfall: what was checked, and when each step
// of it ran.
type htmlCheck struct {
	Name, State, Badge, Words, Code, Services string

	Took  string
	Steps []htmlStep
	Label string // the steps in words
	Open  bool   // show the steps in words
}

type htmlStep struct {
	Kind, Op, Addr, Code string
	After, Took          string
	X, Width             string // on the axis
}

// An htmlStepKind is a color of steps.
type htmlStepKind struct{ Kind, Title string }

func htmlLegend() []htmlStepKind {
	return []htmlStepKind{
		{"resolve", "resolve"}, {"connect", "connect, proxy"}, {"handshake", "TLS handshake"}, {"request", "request, body"}, {"other", "revocation and others"},
	}
}

// kind groups the operations of steps by color.
func kind(op string) string {
	switch op {
	case probe.OpResolve, probe.OpHandshake:
		return op
	case probe.OpConnect, probe.OpProxy:
		return "connect"
	case probe.OpRequest, probe.OpBody, probe.OpTalk, probe.OpClock:
		return "request"
	}
	return "other"
}

// observed returns what was seen of each check, those whose failures count
// first.
func observed(r *readiness.Report) []htmlCheck {
	if r == nil {
		return nil
	}
	type result struct {
		outcome  readiness.Outcome
		code     probe.Code
		counts   bool // it fails, and not only with informational impact
		services []string
	}
	results := make(map[probe.Target]*result)
	for _, f := range r.Findings {
		is := results[f.Check.Target]
		if is == nil {
			is = &result{outcome: f.Outcome, code: f.Code}
			results[f.Check.Target] = is
		}
		if f.Outcome == readiness.Failed || f.Outcome == readiness.NotRun && is.outcome == readiness.OK {
			is.outcome, is.code = f.Outcome, f.Code
		}
		is.counts = is.counts || f.Outcome == readiness.Failed && f.Impact != readiness.Informational
		is.services = append(is.services, title(r, f.Service))
	}
	var failed, rest []htmlCheck
	for _, o := range r.Observations {
		o = plain.Value(o, plain.NoLimit)
		is := results[o.Target]
		if is == nil { // made for comparison only
			is = &result{outcome: readiness.OK, services: []string{"for comparison"}}
			if !o.OK() {
				is.outcome, is.code = readiness.NotRun, o.Code()
			}
		}
		c := htmlCheck{
			Name: plain.Line(o.Target.String()), State: is.outcome.String(), Words: words(is.outcome), Code: plain.Line(string(is.code)),
			Services: plain.Line(strings.Join(is.services, ", ")), Took: took(o.Duration), Open: is.counts,
		}
		c.Badge = c.State
		if is.outcome == readiness.Failed && !is.counts {
			c.Badge, c.Words = "noted", "failed, informational"
		}
		c.addSteps(r, o)
		if c.Open {
			failed = append(failed, c)
		} else {
			rest = append(rest, c)
		}
	}
	return append(failed, rest...)
}

func (c *htmlCheck) addSteps(r *readiness.Report, o probe.Observation) {
	var label []string
	for _, s := range o.Steps {
		step := htmlStep{Kind: kind(s.Op), Op: s.Op, Addr: s.Addr, Took: took(s.Duration)}
		text := s.Op + " " + step.Took
		if s.Error != nil {
			step.Code = string(s.Error.Code)
			text += " (" + step.Code + ")"
		}
		if !s.Start.IsZero() && r.Duration > 0 {
			after := s.Start.Sub(r.Started)
			step.After = took(after)
			x := place(after, r.Duration)
			step.X, step.Width = fmt.Sprintf("%.1f", min(x, axis-2)), fmt.Sprintf("%.1f", min(max(place(s.Duration, r.Duration), 2), axis-min(x, axis-2)))
		}
		c.Steps = append(c.Steps, step)
		label = append(label, text)
	}
	c.Label = strings.Join(label, ", ")
}

// place returns where on the axis a moment is.
func place(d, whole time.Duration) float64 {
	return min(max(float64(d)/float64(whole), 0), 1) * axis
}

// took writes a duration for people.
func took(d time.Duration) string {
	if d >= time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
