package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"
)

// TestFirstScreen: the verdict, where it stops, and every cause are in the
// first 24 lines, the last line repeats the verdict, and no line is wider than
// 80 columns.
func TestFirstScreen(t *testing.T) {
	for _, fault := range []string{
		"none", "host-blocked", "tls-inspection", "wns-blocked", "ntp-blocked,host-refused,tls12-refused",
		"host-blocked,host-refused,host-reset,host-silent,host-alert,host-expired,host-wrong-name,host-revoked,ntp-blocked,revocation-stale",
	} {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := call(t.Context(), isolated(t), "-catalog", small, "-simulate", fault)
				_, report := diagnose(t, "-catalog", small, "-simulate", fault)
				fitsAHead(t, got.Stdout, report)
			})
		})
	}
}

// fitsAHead checks a report's text, at 80 columns, with the JSON of the same
// report.
func fitsAHead(t *testing.T, text, report string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	verdict := strings.TrimRight(strings.Fields(lines[0])[0], ":.")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, verdict) {
		t.Errorf("the last line is %q, want it to repeat %s", last, verdict)
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	var doc struct {
		Causes []struct{ Title, Impact string }
	}
	unmarshal(t, report, &doc)
	screen := strings.Join(lines[:min(len(lines), 24)], "\n")
	for i, c := range doc.Causes {
		title := c.Title[:min(len(c.Title), 28)]
		if !strings.Contains(screen, c.Impact) || !strings.Contains(screen, title) {
			t.Errorf("cause %d, %q (%s), is not on the first screen:\n%s", i+1, c.Title, c.Impact, screen)
		}
	}
	details, _, _ := strings.Cut(text, "\nSERVICES\n")
	lost := make(map[string]bool)
	for _, cause := range strings.Split(details, "\n\n")[2:] {
		_, seen, _ := strings.Cut(cause, "   Seen:")
		seen, rest, _ := strings.Cut(seen, "\n   Do:")
		if n := strings.Count(seen, "\n") + 1; n > 3 {
			t.Errorf("%d lines of evidence:\n%s", n, cause)
		}
		_, impact, _ := strings.Cut(rest, "   Impact:")
		impact, _, _ = strings.Cut(impact, "\n   Source:")
		_, loss, _ := strings.Cut(strings.Join(strings.Fields(impact), " "), ". ")
		if loss != "" && lost[loss] {
			t.Errorf("said before: %s", loss)
		}
		lost[loss] = true
	}
}
