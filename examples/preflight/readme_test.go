package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeReport compares the report that README.md shows with the command's,
// except for how long the run took.
func TestReadmeReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const before, after = "`go run ./examples/preflight -simulate host-blocked` prints:\n\n```\n", "```\n"
		data, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(strings.ReplaceAll(string(data), "\r\n", "\n"), before)
		shown, _, closed := strings.Cut(rest, after)
		if !found || !closed {
			t.Fatal("README.md does not show the report")
		}
		printed := call(t.Context(), isolated(t), "-simulate", "host-blocked").Stdout
		varies := regexp.MustCompile(`in [0-9.]+ s\n|[0-9.]+ (kB|MB|connections|datagrams)`)
		took := func(report string) string { return varies.ReplaceAllString(report, "\n") }
		if diff := cmp.Diff(took(shown), took(printed)); diff != "" {
			t.Errorf("README.md (-README +command):\n%s", diff)
		}
	})
}
