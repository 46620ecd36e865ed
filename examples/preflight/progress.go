package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A progress is a line of a terminal that says how far a run is.
type progress struct {
	w            io.Writer
	columns      int
	total        int
	done, failed int
	shown        int // how many characters are on the line
}

// observe counts a finished check. A run calls it one at a time.
func (p *progress) observe(_ readiness.Check, o probe.Observation) {
	p.done++
	switch o.Code() {
	case "", probe.Canceled, probe.Skipped:
	default:
		p.failed++
	}
	p.draw(o.Target.Host)
}

// draw replaces the line. It uses no escape sequences, which older consoles of
// Windows show as they are.
func (p *progress) draw(host string) {
	line := fmt.Sprintf("%d/%d checks, %d failed  %s", p.done, p.total, p.failed, host)
	if most := max(p.columns-1, 0); len(line) > most {
		line = line[:most]
	}
	blank := strings.Repeat(" ", max(p.shown-len(line), 0))
	_, _ = io.WriteString(p.w, "\r"+line+blank)
	p.shown = len(line)
}

// erase leaves an empty line, with the cursor at its beginning.
func (p *progress) erase() {
	if p.columns > 0 { // all of it: an interrupt leaves a ^C there
		_, _ = io.WriteString(p.w, "\r"+strings.Repeat(" ", p.columns-1)+"\r")
	}
	p.shown = 0
}
