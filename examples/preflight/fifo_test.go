//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Nobody reads from or writes to the pipe, and the command does not wait for them.
func TestPipesAsFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	for _, flag := range []string{"-roots", "-public-roots", "-catalog", "-baseline", "-device", "-o"} {
		var out, errs strings.Builder
		if got := run(t.Context(), []string{"-list", flag, name}, environment{stdout: &out, stderr: &errs}); got != exitUnproven || !strings.Contains(errs.String(), "regular file") && flag != "-o" {
			t.Errorf("%s: status %d, %s", flag, got, errs.String())
		}
	}
}
