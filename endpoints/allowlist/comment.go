package allowlist

import (
	"fmt"
	"strings"
)

// A page is a list being written.
type page struct {
	strings.Builder
	mark string // begins a comment
}

// comment writes comment lines.
func (p *page) comment(lines ...string) {
	for _, line := range lines {
		p.WriteString(strings.TrimRight(p.mark+" "+harmless(line), " ") + "\n")
	}
}

// line writes a line.
func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.Builder, format+"\n", args...)
}

// header writes what the list is for, and what is missing from it.
func (p *page) header(l *List, what string, gaps []Gap) {
	p.comment(
		what,
		"Scope: "+l.scope(),
		"Catalog: version "+l.Version+", checked against its sources on "+l.Date,
		fmt.Sprintf("Hosts: %d", len(l.Entries)),
	)
	if len(gaps) == 0 {
		return
	}
	p.comment("", fmt.Sprintf("Gaps that this list cannot express: %d", len(gaps)))
	for _, g := range gaps {
		p.comment("  " + g.String())
	}
}

// harmless returns a text that cannot leave its comment line in any encoding:
// printable ASCII, without the backslash that continues a line.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, text)
}
