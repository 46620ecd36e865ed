//go:build unix

package cli_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/netready/netready/examples/internal/cli"
)

// Nobody writes to the pipe, and nothing waits for them.
func TestReadFIFO(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	const want = "not a regular file"
	if _, err := cli.ReadFile(name, 10); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("ReadFile: %v, want %q", err, want)
	}
	if _, err := cli.Catalog(name); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Catalog: %v, want %q", err, want)
	}
}
