package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A loaded is a package with the types of its expressions.
type loaded struct {
	fset  *token.FileSet
	files []*ast.File
	src   map[string][]byte
	info  *types.Info
	pkg   *types.Package
}

// load parses the package in a folder.
func load(ctx context.Context, dir string) (*loaded, error) {
	list := exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-json=Dir,ImportPath,Export,GoFiles,DepOnly", local(dir))
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	exports := make(map[string]string)
	p := &loaded{
		fset: token.NewFileSet(), src: make(map[string][]byte),
		info: &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object)},
	}
	path := ""
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var one struct {
			ImportPath, Export string
			GoFiles            []string
			DepOnly            bool
		}
		if err := dec.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[one.ImportPath] = one.Export
		if one.DepOnly {
			continue
		}
		path = one.ImportPath
		for _, name := range one.GoFiles {
			name = filepath.Join(dir, name)
			if p.src[name], err = os.ReadFile(name); err != nil {
				return nil, err
			}
			file, err := parser.ParseFile(p.fset, name, p.src[name], parser.SkipObjectResolution|parser.ParseComments)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, file)
		}
	}
	conf := types.Config{Importer: importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	p.pkg, err = conf.Check(path, p.fset, p.files, p.info)
	return p, err
}

func (p *loaded) mutants(name string, file *ast.File) []mutant {
	f := finder{name: name, fset: p.fset, src: p.src[name], info: p.info, pkg: p.pkg, imports: make(map[string]string)}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		f.imports[path] = filepath.Base(path)
		if spec.Name != nil {
			f.imports[path] = spec.Name.Name
		}
	}
	return f.mutantsOf(file)
}

// local returns a folder as the go command names packages.
func local(dir string) string { return "./" + filepath.ToSlash(dir) }

// A builder builds test binaries of changed packages.
type builder struct{ dir, scratch string }

//go:embed on.go.txt
var support string

// buildAll builds the tests with all mutants. It drops the edits of mutants that
// it cannot build.
func (b builder) buildAll(ctx context.Context, list []mutant) (binary string, err error) {
	binary = filepath.Join(b.scratch, "all.test")
	for range 8 {
		edits := make(map[string][]edit)
		for _, id := range inOrder(list) {
			if m := list[id]; m.edits != nil {
				edits[m.file] = append(edits[m.file], m.edits(id)...)
			}
		}
		files := make(map[string][]byte)
		name := ""
		for file, list := range edits {
			src, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			files[file] = edited(src, list)
			f, err := parser.ParseFile(token.NewFileSet(), file, src, parser.PackageClauseOnly)
			if err != nil {
				return "", err
			}
			name = f.Name.Name
		}
		if name == "" {
			break
		}
		files[filepath.Join(b.dir, "mutants_on.go")] = fmt.Appendf(nil, "package %s\n%s\nconst mutantCount = %d\n", name, support, len(list))
		out, err := b.build(ctx, binary, files)
		if err == nil {
			return binary, nil
		}
		if !drop(list, out) {
			return "", fmt.Errorf("cannot build the mutants: %w\n%s", err, out)
		}
	}
	return "", errors.New("cannot build the mutants")
}

// inOrder returns the indices of mutants in the order of the source: a file's are
// as the syntax tree has them.
func inOrder(list []mutant) []int {
	out := make([]int, len(list))
	for i, m := range list {
		out[m.rank] = i
	}
	return out
}

// drop removes the edits of mutants on lines with errors.
func drop(list []mutant, out []byte) (dropped bool) {
	for line := range strings.Lines(string(out)) {
		part := strings.SplitN(line, ":", 3)
		if len(part) < 3 {
			continue
		}
		for i, m := range list {
			if m.edits != nil && filepath.Base(m.file) == filepath.Base(part[0]) && strconv.Itoa(m.line) == part[1] {
				list[i].edits = nil
				dropped = true
			}
		}
	}
	return dropped
}

// buildOne builds the tests with one mutant.
func (b builder) buildOne(ctx context.Context, m mutant) (binary string, err error) {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	binary = filepath.Join(b.scratch, "one.test")
	_, err = b.build(ctx, binary, map[string][]byte{m.file: m.apply(src)})
	return binary, err
}

// build builds the tests with other texts for some files.
func (b builder) build(ctx context.Context, binary string, files map[string][]byte) (out []byte, err error) {
	replace := make(map[string]string)
	for name, text := range files {
		original, err := filepath.Abs(name)
		if err != nil {
			return nil, err
		}
		changed := filepath.Join(b.scratch, filepath.Base(name))
		if err := os.WriteFile(changed, text, 0o600); err != nil {
			return nil, err
		}
		replace[original] = changed
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlay := filepath.Join(b.scratch, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return nil, err
	}
	args := []string{"test", "-c", "-vet=off", "-gcflags=-e", "-overlay", overlay, "-o", binary, local(b.dir)}
	return exec.CommandContext(ctx, "go", args...).CombinedOutput()
}
