package cli

import (
	"os"

	"golang.org/x/term"
)

// Columns returns the width of a terminal, or 0 for anything else.
func Columns(f *os.File) int {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return 0
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// Color reports whether a file is a terminal that shows colors, and that nobody
// set NO_COLOR (https://no-color.org) or called dumb.
func Color(f *os.File) bool {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return term.IsTerminal(int(f.Fd())) && escapes(f)
}
