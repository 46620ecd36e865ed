package plain

import (
	"strings"
	"unicode/utf8"
)

// Wrap splits [Line] of s into lines of at most width characters. It breaks
// longer words, because a terminal would continue them at its left edge. An
// empty text is one empty line.
func Wrap(s string, width int) []string {
	line := ""
	var out []string
	for word := range strings.FieldsSeq(Line(s)) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			out = append(out, line)
			line = word
		}
		for utf8.RuneCountInString(line) > width {
			head := string([]rune(line)[:width])
			out = append(out, head)
			line = line[len(head):]
		}
	}
	return append(out, line)
}

// Paragraph returns a text wrapped after a label, with further lines indented
// to match, and a final line break. At least ten characters of text follow the
// label, even if the width is too small.
func Paragraph(label, s string, width int) string {
	indent := utf8.RuneCountInString(label)
	return label + strings.Join(Wrap(s, max(width-indent, 10)), "\n"+strings.Repeat(" ", indent)) + "\n"
}
