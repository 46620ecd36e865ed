package render

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/netready/netready/internal/plain"
)

// The widths of a page. Below the least, labels would leave no room for text.
const (
	defaultWidth = 80
	leastWidth   = 40
)

// A page is text of a certain width.
type page struct {
	bytes.Buffer

	width int
	color bool
}

// wrap writes a paragraph behind a label, its further lines indented alike.
func (p *page) wrap(label, text string) {
	p.WriteString(plain.Paragraph(label, text, p.width))
}

// wrapAtMost is wrap for the first n lines of a text, and returns how many it
// wrote. It marks truncated text.
func (p *page) wrapAtMost(n int, label, text string) int {
	room := p.width - utf8.RuneCountInString(label)
	lines := plain.Wrap(text, room)
	if len(lines) > n {
		lines = lines[:n]
		last := []rune(lines[n-1])
		lines[n-1] = strings.TrimRight(string(last[:min(len(last), room-1)]), " ,;") + "…"
	}
	p.wrap(label, strings.Join(lines, " "))
	return len(lines)
}
