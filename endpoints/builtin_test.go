package endpoints_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The built-in catalog is the one that the JSON files describe.
func TestBuiltIn(t *testing.T) {
	const file = "builtin.go"
	want, err := endpoints.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil { //nolint:gosec // as git does
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != string(want) {
		t.Errorf("%s is not what the JSON files say; -update rewrites it", file)
	}
}
