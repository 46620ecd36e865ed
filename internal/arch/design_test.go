package arch_test

import (
	"go/ast"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDesignListsEveryCode compares the tables of codes in docs/design.md with
// the code.
func TestDesignListsEveryCode(t *testing.T) {
	project, err := readTree(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	declared := make(map[string]bool)
	for _, f := range project.files {
		dir := path.Dir(f.path)
		if !f.library() || dir != "probe" && dir != "readiness" {
			continue
		}
		for _, code := range codesIn(f.ast) {
			declared[code] = true
		}
	}
	design, err := os.ReadFile("../../docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := make(map[string]bool)
	for _, row := range regexp.MustCompile("(?m)^\\| [^`|]+ \\| .*`.*\\|$").FindAllString(string(design), -1) {
		for _, code := range regexp.MustCompile("`([a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)?)`").FindAllStringSubmatch(row, -1) {
			listed[code[1]] = true
		}
	}
	keys := func(m map[string]bool) []string {
		var out []string
		for code := range m {
			if declared[code] || regexp.MustCompile(`^(dns|tcp|tls|http|ntp|ncsi|proxy|revocation)\.`).MatchString(code) {
				out = append(out, code)
			}
		}
		slices.Sort(out)
		return out
	}
	if len(declared) < 80 {
		t.Fatalf("only %d codes declared", len(declared))
	}
	if diff := cmp.Diff(keys(declared), keys(listed)); diff != "" {
		t.Errorf("codes (-declared +in docs/design.md):\n%s", diff)
	}
}

// codesIn returns the values of the constants of types Code and CauseCode.
func codesIn(file *ast.File) []string {
	var out []string
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range decl.Specs {
			value, ok := s.(*ast.ValueSpec)
			if !ok || len(value.Values) != 1 {
				continue
			}
			name := ""
			switch kind := value.Type.(type) {
			case *ast.Ident:
				name = kind.Name
			case *ast.SelectorExpr:
				name = kind.Sel.Name
			}
			if name != "Code" && name != "CauseCode" {
				continue
			}
			if lit, ok := value.Values[0].(*ast.BasicLit); ok {
				if code, err := strconv.Unquote(lit.Value); err == nil {
					out = append(out, code)
				}
			}
		}
	}
	return out
}
