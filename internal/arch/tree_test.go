package arch_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// module is the path that go.mod declares.
const module = "github.com/netready/netready"

// A tree is the module's source: every Go file, parsed, go.mod and go.sum.
type tree struct {
	fset  *token.FileSet
	files []file
	gomod string
	gosum string
}

// A file is one Go file for any system.
type file struct {
	path  string
	lines int
	ast   *ast.File
}

func (f file) dir() string   { return path.Dir(f.path) }
func (f file) name() string  { return path.Base(f.path) }
func (f file) test() bool    { return strings.HasSuffix(f.path, "_test.go") }
func (f file) command() bool { return f.ast.Name.Name == "main" }

// library reports whether others import f's code.
func (f file) library() bool { return !f.test() && !f.command() }

// under reports whether f is in dir or below it.
func (f file) under(dir string) bool { return within(f.dir(), dir) }

// within reports whether the slash-separated name is prefix or below it.
func within(name, prefix string) bool {
	return name == prefix || strings.HasPrefix(name, prefix+"/")
}

// readTree parses the module at the root of fsys. Like the go command it skips
// testdata, names that begin with a dot or an underscore, and nested modules.
func readTree(fsys fs.FS) (tree, error) {
	t := tree{fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")
		if d.IsDir() {
			_, err := fs.Stat(fsys, path.Join(name, "go.mod"))
			if hidden || d.Name() == "testdata" || err == nil {
				return fs.SkipDir
			}
			return nil
		}
		if hidden || (path.Ext(name) != ".go" && name != "go.mod" && name != "go.sum") {
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		switch name {
		case "go.mod":
			t.gomod = string(src)
			return nil
		case "go.sum":
			t.gosum = string(src)
			return nil
		}
		parsed, err := parser.ParseFile(t.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		t.files = append(t.files, file{path: name, lines: bytes.Count(src, []byte("\n")), ast: parsed})
		return nil
	})
	return t, err
}

// at formats a violation at a position.
func (t tree) at(pos token.Pos, format string, args ...any) string {
	p := t.fset.Position(pos)
	return fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...))
}

// imports maps the names of f's imports to their paths.
func (f file) imports() map[string]string {
	m := make(map[string]string)
	for _, spec := range f.ast.Imports {
		p := importPath(spec)
		name := path.Base(p)
		if versionElement.MatchString(name) {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		m[name] = p
	}
	return m
}

var versionElement = regexp.MustCompile(`^v[0-9]+$`)

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser has accepted it, so this never happens
	}
	return p
}

// standard reports whether p is in the standard library: only there the first
// element has no dot.
func standard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}

// own returns the directory of p in this module.
func own(p string) (dir string, ok bool) {
	if p == module {
		return ".", true
	}
	return strings.CutPrefix(p, module+"/")
}

// helper reports whether a directory holds a package that only tests use.
func helper(dir string) bool { return strings.HasSuffix(path.Base(dir), "test") }
