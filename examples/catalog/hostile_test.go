package main

import (
	"strings"
	"testing"
	"unicode"
)

// A hostile file name cannot break the error's line.
func TestHostileFileName(t *testing.T) {
	const name = "no\n\nREADY: x\x1b[31m\u202e\u0085"
	got := call("", "diff", name)
	line, ok := strings.CutSuffix(got.Stderr, "\n")
	if got.Status != 2 || !ok || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("status %d, stderr %q", got.Status, got.Stderr)
	}
}

// A catalog's error is one line, whatever the catalog contains.
func TestHostileCatalogue(t *testing.T) {
	for _, data := range []string{
		`{"a\n\nREADY: x\u001b[31m\u202e": 1}`,
		`{"format": "netready-endpoints/1", "version": "1\n\nREADY: x", "date": "2026-11-29", "services": []}`,
		"\x1b[31m\n\nREADY: \u202e",
	} {
		got := call(data, "validate", "-")
		line, ok := strings.CutSuffix(got.Stdout, "\n")
		if got.Status != 1 || !ok || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%s: status %d, stdout %q", data, got.Status, got.Stdout)
		}
	}
}
