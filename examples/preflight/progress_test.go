package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// TestProgress: progress is one line that fits, and is erased at the end.
func TestProgress(t *testing.T) {
	const columns = 30
	synctest.Test(t, func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		env := isolated(t)
		env.stdout, env.stderr, env.columns = &stdout, &stderr, columns
		run(t.Context(), []string{"-catalog", small, "-simulate", "wns-blocked"}, env)
		lines := strings.Split(stderr.String(), "\r")
		for _, l := range lines {
			if len(l) >= columns || strings.Contains(l, "\n") {
				t.Errorf("%q does not fit into a line of %d", l, columns)
			}
		}
		if diff := cmp.Diff([]string{"", "0/19 checks, 0 failed  "}, lines[:2]); diff != "" {
			t.Errorf("beginning (-want +got):\n%s", diff)
		}
		last := lines[len(lines)-3:]
		if !strings.HasPrefix(last[0], "19/19 checks, 2 failed") || strings.TrimSpace(last[1]) != "" || last[2] != "" {
			t.Errorf("it ends with %q", last)
		}
	})
}
