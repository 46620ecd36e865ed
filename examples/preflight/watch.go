package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
	"github.com/netready/netready/readiness/render"
)

// The limits of -watch.
const (
	minInterval = 10 * time.Second
	maxInterval = 24 * time.Hour
)

// settleWatch checks that the flags fit -watch.
func (o *options) settleWatch(given map[string]bool) error {
	if o.interval == 0 {
		return nil
	}
	for _, name := range []string{"o", "field", "list"} {
		if given[name] {
			return fmt.Errorf("-watch and -%s cannot be combined: -watch writes to standard output until it is interrupted", name)
		}
	}
	if o.format != formatText && o.format != formatLine {
		return fmt.Errorf("-watch needs -format %s or %s", formatText, formatLine)
	}
	return nil
}

// watch measures again and again until it is interrupted. In text it writes the
// first report, then what changed since the run before; in the other form a
// line for each run. Its status is that of the last complete run.
func (c command) watch(ctx context.Context, plan *readiness.Plan, n connection, facts device.Facts) (status int, err error) {
	var last *readiness.Report
	var seen history
	for {
		report, err := c.assess(ctx, plan, n, facts)
		if err != nil {
			return 0, err
		}
		if ctx.Err() != nil && last != nil { // the run before says more
			return exitStatus(last.Verdict, c.failOn), nil
		}
		seen.add(report)
		if err := c.writeRun(last, report, seen); err != nil {
			return 0, fmt.Errorf("the report could not be written: %w", err)
		}
		last = report
		select {
		case <-ctx.Done():
			return exitStatus(last.Verdict, c.failOn), nil
		case <-time.After(c.interval):
		}
	}
}

// writeRun writes a run as the flags want it.
func (c command) writeRun(last, report *readiness.Report, seen history) error {
	if last == nil || c.format == formatLine {
		return c.render(c.stdout, report)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\n%s UTC, run %d\n", report.Started.UTC().Format(time.DateTime), seen.runs)
	err := errors.Join(render.Diff(&b, last, report), seen.write(&b))
	if err != nil {
		return err
	}
	_, err = c.stdout.Write(b.Bytes())
	return err
}

// A history is how the checks of the last runs ended.
type history struct {
	runs   int
	checks map[string][]bool // by check: whether it failed, the oldest first
}

// Limits of a history.
const (
	remembered = 10 // runs
	flaps      = 3  // changes among them that make a check flap
)

// add adds a run. It leaves out failures without consequences, and checks that
// were not run.
func (h *history) add(r *readiness.Report) {
	h.runs++
	failed := make(map[string]bool)
	for _, f := range r.Findings {
		if f.Outcome != readiness.NotRun {
			id := f.Check.ID()
			failed[id] = failed[id] || f.Outcome == readiness.Failed && f.Impact != readiness.Informational
		}
	}
	if h.checks == nil {
		h.checks = make(map[string][]bool)
	}
	for id, f := range failed {
		runs := append(h.checks[id], f)
		h.checks[id] = runs[max(len(runs)-remembered, 0):]
	}
}

// write names the checks that fail in some runs and work in others, and those
// that fail in one run after another.
func (h *history) write(w io.Writer) error {
	var flapping, down []string
	for id, runs := range h.checks {
		failed, changes, inRow := 0, 0, 0
		for i, f := range runs {
			if i > 0 && f != runs[i-1] {
				changes++
			}
			inRow++
			if !f {
				inRow = 0
				continue
			}
			failed++
		}
		switch {
		case changes >= flaps:
			flapping = append(flapping, fmt.Sprintf("%s (failed in %d of the last %d runs)", id, failed, len(runs)))
		case inRow > 1:
			down = append(down, fmt.Sprintf("%s (failed in the last %d runs)", id, inRow))
		}
	}
	for _, list := range []struct {
		label string
		lines []string
	}{{"Flapping:    ", flapping}, {"Down:        ", down}} {
		slices.Sort(list.lines)
		if list.lines == nil {
			continue
		}
		if _, err := io.WriteString(w, plain.Paragraph(list.label, strings.Join(list.lines, ", "), 80)); err != nil {
			return err
		}
	}
	return nil
}
