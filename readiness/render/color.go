package render

import (
	"strings"

	"github.com/netready/netready/readiness"
)

// The colors of a terminal, as the numbers of ANSI escape sequences. Each reads
// on dark and on light backgrounds.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colors the first occurrence of a word in what was written since start.
func (p *page) paint(start int, word, color string) {
	if !p.color || color == "" {
		return
	}
	text := string(p.Bytes()[start:])
	p.Truncate(start)
	p.WriteString(strings.Replace(text, word, "\x1b["+color+"m"+word+"\x1b[0m", 1))
}

// colorOf returns the color of a verdict.
func colorOf(v readiness.Verdict) string {
	switch v {
	case readiness.Ready:
		return green
	case readiness.Blocked:
		return red
	case readiness.Degraded, readiness.Unproven:
		return yellow
	case readiness.NotApplicable:
	}
	return ""
}

// colorOfImpact returns the color of an impact.
func colorOfImpact(i readiness.Impact) string {
	switch {
	case i.Blocks():
		return red
	case i == readiness.Degrading:
		return yellow
	}
	return ""
}
