package cli_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netready/netready/examples/internal/cli"
)

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	if err := os.WriteFile(name, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := cli.ReadFile(name, 3); string(data) != "abc" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	for what, tt := range map[string]struct{ name, want string }{
		"too large": {name, "more than 2 bytes"},
		"a folder":  {dir, "not a regular file"},
		"a device":  {os.DevNull, "not a regular file"},
		"no file":   {filepath.Join(dir, "b"), ""},
	} {
		_, err := cli.ReadFile(tt.name, 2)
		if path, ok := errors.AsType[*fs.PathError](err); !ok || path.Path != tt.name || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", what, err, tt.want)
		}
	}
}
