package arch_test

import (
	"go/ast"
	"go/doc"
	"maps"
	"slices"
	"strings"
)

// packages groups the non-test files by directory and package name.
func (t tree) packages() map[string][]file {
	m := make(map[string][]file)
	for _, f := range t.files {
		if !f.test() {
			key := f.dir() + " " + f.ast.Name.Name
			m[key] = append(m[key], f)
		}
	}
	return m
}

// checkDocs requires one package comment for each package. A library has it in
// doc.go, where readers look for it.
func checkDocs(t tree) []string {
	var bad []string
	packages := t.packages()
	for _, key := range slices.Sorted(maps.Keys(packages)) {
		var documented []file
		for _, f := range packages[key] {
			if f.ast.Doc.Text() != "" {
				documented = append(documented, f)
			}
		}
		first := packages[key][0]
		name := first.ast.Name.Name
		if len(documented) == 0 {
			bad = append(bad, t.at(first.ast.Package, "package %s in %s has no package comment", name, first.dir()))
			continue
		}
		for _, f := range documented[1:] {
			bad = append(bad, t.at(f.ast.Package, "package %s in %s has another package comment in %s", name, f.dir(), documented[0].name()))
		}
		f := documented[0]
		if f.library() && f.name() != "doc.go" {
			bad = append(bad, t.at(f.ast.Package, "the package comment of %s belongs in doc.go", name))
		}
		if want := "Package " + name + " "; f.library() && !strings.HasPrefix(f.ast.Doc.Text(), want) {
			bad = append(bad, t.at(f.ast.Doc.Pos(), "the package comment does not begin with %q", want))
		}
	}
	return bad
}

// checkExamples requires expected output for every example: without it, the go
// command compiles an example but does not run it.
func checkExamples(t tree) []string {
	var bad []string
	for _, f := range t.files {
		if !f.test() {
			continue
		}
		for _, ex := range doc.Examples(f.ast) {
			if ex.Output == "" && !ex.EmptyOutput {
				bad = append(bad, t.at(ex.Code.Pos(), "Example%s has no output, so it is never run", ex.Name))
			}
		}
	}
	return bad
}

// maxLines limits a non-test file. A longer one probably holds two ideas.
const maxLines = 400

func checkSize(t tree) []string {
	var bad []string
	for _, f := range t.files {
		if !f.test() && f.lines > maxLines && !ast.IsGenerated(f.ast) {
			bad = append(bad, t.at(f.ast.Package, "%d lines, more than %d", f.lines, maxLines))
		}
	}
	return bad
}
