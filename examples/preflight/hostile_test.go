package main

import (
	"strings"
	"testing"
	"unicode"
)

// A file name cannot break the error line that quotes it.
func TestHostileFileName(t *testing.T) {
	const name = "no\n\nREADY: x\x1b[31m\u202e\u0085"
	got := call(t.Context(), environment{}, "-catalog", name)
	line, ok := strings.CutSuffix(got.Stderr, "\n")
	if got.Status != 2 || !ok || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("status %d, stderr %q", got.Status, got.Stderr)
	}
}
