package netready_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// TestReadme holds the Go code in README.md to be that of the examples, which
// is compiled and run.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	snippets, err := snippetsOf(string(readme))
	if err != nil {
		t.Fatal(err)
	}
	functions, err := functionsOf(source)
	if err != nil {
		t.Fatal(err)
	}
	if len(snippets) == 0 {
		t.Error("README.md has no Go code")
	}
	for name, code := range snippets {
		if diff := cmp.Diff(functions[name], code); diff != "" {
			t.Errorf("README.md shows another %s than example_test.go (-example +README):\n%s", name, diff)
		}
	}
}

// TestReadmeValues holds README.md to name every value that a scope may have.
func TestReadmeValues(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	values = appendText(values, endpoints.Scenarios())
	values = appendText(values, endpoints.Clouds())
	values = appendText(values, endpoints.Regions())
	values = appendText(values, endpoints.TPMs())
	values = appendText(values, endpoints.Features())
	for _, v := range values {
		if !strings.Contains(string(readme), "`"+v+"`") {
			t.Errorf("README.md does not name %q", v)
		}
	}
}

func appendText[T ~string](to []string, from []T) []string {
	for _, v := range from {
		to = append(to, string(v))
	}
	return to
}

// TestSnippetsOf shows what README.md may not do.
func TestSnippetsOf(t *testing.T) {
	tests := []struct {
		name, readme string
		want         map[string]string
		err          string
	}{
		{name: "no code", readme: "# x\n\n```\ngo test\n```\n", want: map[string]string{}},
		{
			name:   "a named function",
			readme: "x\n\n<!-- example: f -->\n```go\nfunc f() {\n}\n```\n\nx\n",
			want:   map[string]string{"f": "func f() {\n}"},
		},
		{name: "code without a name", readme: "x\n```go\nfunc f() {}\n```\n", err: "line 2: Go code that names no example"},
		{name: "a name without code", readme: "<!-- example: f -->\n\ntext\n", err: "line 1: no Go code after this"},
		{name: "code without an end", readme: "<!-- example: f -->\n```go\nfunc f() {}\n", err: "line 2: code without an end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := snippetsOf(tt.readme)
			if text(err) != tt.err {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("snippets (-want +got):\n%s", diff)
			}
		})
	}
}

// text returns what an error says, and nothing for none.
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

var marker = regexp.MustCompile(`^<!-- example: (\w+) -->$`)

// snippetsOf returns the Go code of a Markdown text by the name that the line
// above it gives.
func snippetsOf(markdown string) (map[string]string, error) {
	const fence = "```"
	snippets := make(map[string]string)
	lines := strings.Split(markdown, "\n")
	for i := 0; i < len(lines); i++ {
		m := marker.FindStringSubmatch(lines[i])
		switch {
		case lines[i] == fence+"go":
			return nil, fmt.Errorf("line %d: Go code that names no example", i+1)
		case m == nil:
			continue
		case i+1 == len(lines) || lines[i+1] != fence+"go":
			return nil, fmt.Errorf("line %d: no Go code after this", i+1)
		}
		code := lines[i+2:]
		end := slices.Index(code, fence)
		if end < 0 {
			return nil, fmt.Errorf("line %d: code without an end", i+2)
		}
		snippets[m[1]] = strings.Join(code[:end], "\n")
		i += 2 + end
	}
	return snippets, nil
}

// functionsOf returns the source of each function of a file, without its comment.
func functionsOf(source []byte) (map[string]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	functions := make(map[string]string)
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
			functions[fn.Name.Name] = string(source[fset.Position(fn.Pos()).Offset:fset.Position(fn.End()).Offset])
		}
	}
	return functions, nil
}
