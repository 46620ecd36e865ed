package clitest

import (
	"flag"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

var update = flag.Bool("update", false, "write the golden files") //nolint:gochecknoglobals // a flag of the test binary

// An Outcome is the result of a command.
type Outcome struct {
	Status         int
	Stdout, Stderr string
}

// Run calls a command with writers, and returns its result.
func Run(command func(stdout, stderr *strings.Builder) int) Outcome {
	var stdout, stderr strings.Builder
	status := command(&stdout, &stderr)
	return Outcome{status, stdout.String(), stderr.String()}
}

// Golden compares a text with a file in testdata, or rewrites the file with
// -update.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", path, diff)
	}
}

// Flags checks that a command's usage and package comment have exactly its
// flags, and that the usage has lines of at most 80 characters. The package
// comment may omit the flags in elsewhere.
func Flags(t *testing.T, fs *flag.FlagSet, usage string, elsewhere ...string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	fs.VisitAll(func(f *flag.Flag) { flags = append(flags, f.Name) })
	for name, text := range map[string]string{"the usage": usage, "doc.go": f.Doc.Text()} {
		shown := []string{}
		if name == "doc.go" {
			shown = append(shown, elsewhere...)
		}
		for _, m := range regexp.MustCompile(`(?m)^\s+-([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			if m[1] != "h" && m[1] != "version" && !slices.Contains(shown, m[1]) {
				shown = append(shown, m[1])
			}
		}
		slices.Sort(shown)
		if diff := cmp.Diff(flags, shown); diff != "" {
			t.Errorf("flags of %s (-flags +text):\n%s", name, diff)
		}
	}
	for i, line := range strings.Split(usage, "\n") {
		if len(line) > 80 {
			t.Errorf("line %d of the usage has %d characters", i+1, len(line))
		}
	}
}

// Values checks that a usage names the values of a scope.
func Values(t *testing.T, usage string) {
	t.Helper()
	values := slices.Concat(
		Texts(endpoints.Scenarios()), Texts(endpoints.Clouds()), Texts(endpoints.Regions()), Texts(endpoints.TPMs()),
		Texts(endpoints.Generations()), Texts(endpoints.Features()), []string{string(endpoints.FeatureNone)},
	)
	for _, v := range values {
		if !regexp.MustCompile(`[ \n]` + v + `[:,;. \n]`).MatchString(usage) {
			t.Errorf("the usage does not name %s", v)
		}
	}
}

// Texts returns words as strings.
func Texts[T ~string](words []T) []string {
	var out []string
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}
