package main

import (
	"strings"
	"testing"
	"unicode"
)

// A file name or a flag cannot break the error line that quotes it.
func TestHostileArguments(t *testing.T) {
	const name = "no\n\nREADY: x\x1b[31m\u202e\u0085"
	for _, args := range [][]string{{name}, {"-catalog", name}, {"-" + name}} {
		var stdout, stderr strings.Builder
		status := run(args, nil, &stdout, &stderr)
		line, ok := strings.CutSuffix(stderr.String(), "\n")
		if status != 2 || !ok || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("status %d, stderr %q", status, stderr.String())
		}
	}
	var stderr strings.Builder
	if run([]string{"http://user:secret@proxy.example"}, nil, &strings.Builder{}, &stderr); strings.Contains(stderr.String(), "secret") {
		t.Errorf("stderr %q", stderr.String())
	}
}
