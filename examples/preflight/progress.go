package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A progress is a terminal line that shows how far a run is.
type progress struct {
	w            io.Writer
	columns      int
	total        int
	done, failed int
	shown        int // the number of characters on the line
}

// observe counts a finished check. A run makes one call at a time.
func (p *progress) observe(_ readiness.Check, o probe.Observation) {
	p.done++
	switch o.Code() {
	case "", probe.Canceled, probe.Skipped, probe.LocalResource, probe.LocalDenied, probe.LocalSocket:
	default:
		p.failed++
	}
	p.draw(o.Target.Host)
}

// draw replaces the line. It uses no escape sequences, which older Windows
// consoles print.
func (p *progress) draw(host string) {
	line := fmt.Sprintf("%d/%d checks, %d failed  %s", p.done, p.total, p.failed, host)
	if most := max(p.columns-1, 0); len(line) > most {
		line = line[:most]
	}
	blank := strings.Repeat(" ", max(p.shown-len(line), 0))
	_, _ = io.WriteString(p.w, "\r"+line+blank)
	p.shown = len(line)
}

// erase clears the line and returns the cursor to its beginning.
func (p *progress) erase() {
	if p.columns > 0 { // the whole width, because an interrupt leaves a ^C there
		_, _ = io.WriteString(p.w, "\r"+strings.Repeat(" ", p.columns-1)+"\r")
	}
	p.shown = 0
}
