package allowlist

import (
	"fmt"
	"strings"
)

// A page is a list while it is written.
type page struct {
	strings.Builder
	mark string // what a comment begins with
}

// comment writes lines of comment.
func (p *page) comment(lines ...string) {
	for _, line := range lines {
		p.WriteString(strings.TrimRight(p.mark+" "+harmless(line), " ") + "\n")
	}
}

// line writes a line.
func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.Builder, format+"\n", args...)
}

// header says what a list is of, and what is not in it.
func (p *page) header(l *List, what string, gaps []Gap) {
	p.comment(
		what,
		"Scope: "+l.Scope.String(),
		"Catalogue: version "+l.Version+", checked against its sources on "+l.Date,
		fmt.Sprintf("Hosts: %d", len(l.Entries)),
	)
	if len(gaps) == 0 {
		return
	}
	p.comment("", fmt.Sprintf("What this list does not say: %d", len(gaps)))
	for _, g := range gaps {
		p.comment("  " + g.String())
	}
}

// harmless returns a text that stays within one line of comment, in whatever
// encoding it is read: printable ASCII, without the backslash that continues a
// line.
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
