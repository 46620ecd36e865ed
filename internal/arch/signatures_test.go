package arch_test

import (
	"go/ast"
	"slices"
)

// checkSignatures allows only types of the standard library and this module in
// the exported API of the three layers, so that a dependency can be replaced
// without breaking importers.
func checkSignatures(t tree) []string {
	types := make(map[string]map[string]typeDecl) // by directory and name
	for _, f := range t.files {
		if !f.library() {
			continue
		}
		if types[f.dir()] == nil {
			types[f.dir()] = make(map[string]typeDecl)
		}
		for spec := range specs[*ast.TypeSpec](f) {
			types[f.dir()][spec.Name.Name] = typeDecl{f, spec}
		}
	}
	var bad []string
	for _, f := range t.files {
		if !f.library() || !slices.ContainsFunc([]string{"endpoints", "probe", "readiness"}, f.under) {
			continue
		}
		w := walker{tree: t, types: types[f.dir()], seen: make(map[string]bool)}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && exportedFunc(fn) {
				w.visible(f, "func "+fn.Name.Name, fn.Type)
			}
		}
		for spec := range specs[*ast.TypeSpec](f) {
			if spec.Name.IsExported() {
				w.visibleType(typeDecl{f, spec})
			}
		}
		for spec := range specs[*ast.ValueSpec](f) {
			if !slices.ContainsFunc(spec.Names, (*ast.Ident).IsExported) {
				continue
			}
			// Without an explicit type, the value determines it.
			where := "value " + spec.Names[0].Name
			if spec.Type != nil {
				w.visible(f, where, spec.Type)
				continue
			}
			for _, v := range spec.Values {
				w.visible(f, where, v)
			}
		}
		bad = append(bad, w.bad...)
	}
	return bad
}

type typeDecl struct {
	file file
	spec *ast.TypeSpec
}

// specs yields the declarations of one kind at the top level of f.
func specs[S ast.Spec](f file) func(yield func(S) bool) {
	return func(yield func(S) bool) {
		for _, d := range f.ast.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range gen.Specs {
				if s, ok := s.(S); ok && !yield(s) {
					return
				}
			}
		}
	}
}

// exportedFunc reports whether others can call fn. Methods of unexported types
// count, because a value of that type may get out.
func exportedFunc(fn *ast.FuncDecl) bool { return fn.Name.IsExported() }

// A walker follows the visible parts of exported declarations.
type walker struct {
	tree  tree
	types map[string]typeDecl // of the package
	seen  map[string]bool     // unexported types already followed
	bad   []string
}

func (w *walker) visibleType(d typeDecl) {
	where := "type " + d.spec.Name.Name
	if d.spec.TypeParams != nil {
		w.visible(d.file, where, d.spec.TypeParams)
	}
	w.visible(d.file, where, d.spec.Type)
}

// visible reports the names of other modules in n, except in unexported fields
// and methods. It follows unexported types of the package, because they would
// show a foreign name too.
func (w *walker) visible(f file, where string, n ast.Node) {
	imports := f.imports()
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			for _, field := range n.Fields.List {
				if len(field.Names) == 0 || slices.ContainsFunc(field.Names, (*ast.Ident).IsExported) {
					w.visible(f, where, field.Type)
				}
			}
			return false
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				if len(m.Names) == 0 || slices.ContainsFunc(m.Names, (*ast.Ident).IsExported) {
					w.visible(f, where, m.Type)
				}
			}
			return false
		case *ast.Field:
			w.visible(f, where, n.Type) // without parameter names
			return false
		case *ast.FuncLit:
			w.visible(f, where, n.Type)
			return false
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				if p := imports[x.Name]; p != "" && !standard(p) {
					if _, isOwn := own(p); !isOwn {
						w.bad = append(w.bad, w.tree.at(n.Pos(), "%s shows %s.%s of %s", where, x.Name, n.Sel.Name, p))
					}
					return false
				}
			}
		case *ast.Ident:
			if d, ok := w.types[n.Name]; ok && !n.IsExported() && !w.seen[n.Name] {
				w.seen[n.Name] = true
				w.visibleType(d)
			}
		}
		return true
	})
}
