package arch_test

import (
	"errors"
	"flag"
	"go/ast"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// TestAPI compares the exported API with the golden files in testdata/api, one
// for each package, so that it changes only on purpose.
func TestAPI(t *testing.T) {
	project, err := readTree(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string) // by file
	for dir, lines := range project.api() {
		got[goldenName(dir)] = strings.Join(lines, "\n") + "\n"
	}
	golden := filepath.Join("testdata", "api")
	if *update {
		if err := errors.Join(os.RemoveAll(golden), os.MkdirAll(golden, 0o755)); err != nil { //nolint:gosec // as git does
			t.Fatal(err)
		}
		for name, text := range got {
			if err := os.WriteFile(filepath.Join(golden, name), []byte(text), 0o644); err != nil { //nolint:gosec // as git does
				t.Error(err)
			}
		}
	}
	files, err := fs.Glob(os.DirFS(golden), "*.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(golden, name))
		if err != nil {
			t.Fatal(err)
		}
		want[name] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the exported API differs from its golden files; -update rewrites them (-want +got):\n%s", diff)
	}
}

func goldenName(dir string) string {
	if dir == "." {
		return "netready.txt"
	}
	return strings.ReplaceAll(dir, "/", "_") + ".txt"
}

// TestBudget limits how many names a reader of the documentation has to learn.
//
// Of the three layers' 70 types, 65 are the face, three say what the internet is
// really like (endpoints.Fact, endpoints.Operator and probe.SOARecord), one
// says how two reports differ (readiness.Change), and probe.Handshake says what
// the path does to other handshakes. probe.Traffic, what a run costs, is one of
// the 65. Of the library's functions, 10 are the
// forms of a report in readiness/render, and one is a site's test.
func TestBudget(t *testing.T) {
	project, err := readTree(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	api := project.api()
	core := []string{"endpoints", "probe", "readiness"}
	for _, budget := range []struct {
		name             string
		dirs             []string
		types, functions int
	}{
		{"the three layers", core, 70, 20},
		{"the whole library", slices.Sorted(maps.Keys(api)), 137, 54},
	} {
		var sum, functions int
		for _, dir := range budget.dirs {
			n := count(api[dir], "type")
			f := count(api[dir], "func")
			t.Logf("%s: %d types, %d functions", dir, n, f)
			sum += n
			functions += f
		}
		if sum > budget.types || functions > budget.functions {
			t.Errorf("%s: %d exported types and %d functions, more than %d and %d", budget.name, sum, functions, budget.types, budget.functions)
		}
	}
}

// TestAPILines shows what is recorded of a package.
func TestAPILines(t *testing.T) {
	const src = "package p\n" +
		"type S struct { A, b int; C string `json:\"c\"`; inner }\n" +
		"type I interface { Ask(string) error; secret() }\n" +
		"type N string\n" +
		"type G[T any] func(T)\n" +
		"type inner struct { X int }\n" +
		"func F(ctx context.Context, n ...int) (a, b error) { return nil, nil }\n" +
		"func f() {}\n" +
		"func (s *S) M() {}\n" +
		"func (inner) M() {}\n" +
		"const (\nK N = \"k\"\nl N = \"l\"\n)\n"
	fixture, err := readTree(fstest.MapFS{
		"p/p.go":          {Data: []byte(src)},
		"p/p_windows.go":  {Data: []byte("package p\nfunc (s *S) M() {}\n")},
		"p/p_test.go":     {Data: []byte("package p_test\nfunc Help() {}\n")},
		"internal/i.go":   {Data: []byte("package internal\nfunc Help() {}\n")},
		"examples/x/x.go": {Data: []byte("package main\nfunc Help() {}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"p": {
		"func F(ctx context.Context, n ...int) (a, b error)",
		"type G func(T)",
		"type I # Ask func(string) error",
		"type I # unexported",
		"type I interface",
		"type N string",
		"type S # A int",
		"type S # C string `json:\"c\"`",
		"type S # embeds inner",
		"type S # func (*S) M()",
		"type S # unexported",
		"type S struct",
		"value K N = \"k\"",
	}}
	got := fixture.api()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("api (-want +got):\n%s", diff)
	}
	if types, functions := count(got["p"], "type"), count(got["p"], "func"); types != 4 || functions != 1 {
		t.Errorf("counted %d types and %d functions, want 4 and 1", types, functions)
	}
}

// count counts the declarations of a kind, without fields and methods.
func count(lines []string, kind string) int {
	n := 0
	for _, line := range lines {
		if strings.HasPrefix(line, kind+" ") && !strings.Contains(line, "#") {
			n++
		}
	}
	return n
}

// api returns what each library package exports, by directory: one sorted line
// for each constant, function, type, field and method. A field or method
// follows its type and a "#". Constants include their values as written,
// because values are stored.
func (t tree) api() map[string][]string {
	api := make(map[string][]string)
	for _, f := range t.files {
		if !f.library() || f.under("internal") || f.under("examples") {
			continue
		}
		lines := api[f.dir()]
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				lines = appendFunc(lines, fn)
			}
		}
		for spec := range specs[*ast.TypeSpec](f) {
			if spec.Name.IsExported() {
				lines = appendType(lines, spec)
			}
		}
		for spec := range specs[*ast.ValueSpec](f) {
			lines = appendValues(lines, spec)
		}
		slices.Sort(lines)
		api[f.dir()] = slices.Compact(lines) // a declaration for several systems
	}
	maps.DeleteFunc(api, func(_ string, lines []string) bool { return len(lines) == 0 })
	return api
}

func appendFunc(lines []string, fn *ast.FuncDecl) []string {
	signature := fn.Name.Name + strings.TrimPrefix(types.ExprString(fn.Type), "func")
	if fn.Recv == nil {
		return append(lines, "func "+signature)
	}
	receiver := types.ExprString(fn.Recv.List[0].Type)
	name := strings.TrimPrefix(receiver, "*")
	if !ast.IsExported(name) {
		return lines
	}
	return append(lines, "type "+name+" # func ("+receiver+") "+signature)
}

func appendType(lines []string, spec *ast.TypeSpec) []string {
	name := "type " + spec.Name.Name
	if spec.Assign.IsValid() {
		name += " ="
	}
	switch typ := spec.Type.(type) {
	case *ast.StructType:
		lines = append(lines, name+" struct")
		return appendFields(lines, name, typ.Fields)
	case *ast.InterfaceType:
		lines = append(lines, name+" interface")
		return appendFields(lines, name, typ.Methods)
	default:
		return append(lines, name+" "+types.ExprString(typ))
	}
}

// appendFields lists the exported fields or methods of a type, and says if
// there are unexported ones.
func appendFields(lines []string, name string, fields *ast.FieldList) []string {
	hidden := false
	for _, field := range fields.List {
		typ := types.ExprString(field.Type)
		if field.Tag != nil {
			typ += " " + field.Tag.Value
		}
		if len(field.Names) == 0 {
			lines = append(lines, name+" # embeds "+typ)
		}
		for _, n := range field.Names {
			if n.IsExported() {
				lines = append(lines, name+" # "+n.Name+" "+typ)
			}
			hidden = hidden || !n.IsExported()
		}
	}
	if hidden {
		lines = append(lines, name+" # unexported")
	}
	return lines
}

func appendValues(lines []string, spec *ast.ValueSpec) []string {
	for i, n := range spec.Names {
		if !n.IsExported() {
			continue
		}
		line := "value " + n.Name
		if spec.Type != nil {
			line += " " + types.ExprString(spec.Type)
		}
		if i < len(spec.Values) {
			line += " = " + types.ExprString(spec.Values[i])
		}
		lines = append(lines, line)
	}
	return lines
}
