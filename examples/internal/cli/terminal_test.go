package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/netready/netready/examples/internal/cli"
)

// A file is no terminal, so nothing that goes there has a color or a width.
func TestFileIsNoTerminal(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	f, err := os.Create(filepath.Join(t.TempDir(), "report.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // nothing is written
	if cli.Color(f) || cli.Columns(f) != 0 {
		t.Errorf("colors %v, %d columns", cli.Color(f), cli.Columns(f))
	}
}
