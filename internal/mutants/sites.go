package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// A mutant is one change to one file.
type mutant struct {
	file   string
	line   int
	offset int // in bytes
	was    string
	now    string
	text   string // the line of the source
	rank   int    // its place in the source

	// edits make a source that has both forms and chooses when it runs. Constants
	// have none, because they must be known when the package is built.
	edits func(id int) []edit
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s -> %s: %s", m.file, m.line, m.was, m.now, m.text)
}

// apply returns the source with the change.
func (m mutant) apply(src []byte) []byte {
	return slices.Concat(src[:m.offset], []byte(m.now), src[m.offset+len(m.was):])
}

// An edit replaces a part of a source. Of those at one place, closing ones come
// first, the inner before the outer, and then opening ones, the outer first.
type edit struct {
	at, end int
	text    string
	closes  bool
}

// edited returns a source with edits, which are in the order of the syntax tree.
func edited(src []byte, edits []edit) []byte {
	var opens, closes []edit
	for _, e := range edits {
		if e.closes {
			closes = append(closes, e)
		} else {
			opens = append(opens, e)
		}
	}
	slices.Reverse(closes)
	all := slices.Concat(closes, opens)
	slices.SortStableFunc(all, func(a, b edit) int { return a.at - b.at })
	var out []byte
	done := 0
	for _, e := range all {
		out = append(out, src[done:e.at]...)
		out = append(out, e.text...)
		done = max(e.end, e.at)
	}
	return append(out, src[done:]...)
}

// swapped returns what takes the place of an operator.
func swapped(op token.Token) (token.Token, bool) {
	other, ok := map[token.Token]token.Token{
		token.EQL: token.NEQ, token.NEQ: token.EQL,
		token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
		token.LAND: token.LOR, token.LOR: token.LAND,
		token.ADD: token.SUB, token.SUB: token.ADD,
	}[op]
	return other, ok
}

// A finder collects the mutants of a file.
type finder struct {
	name string
	fset *token.FileSet
	src  []byte
	info *types.Info
	pkg  *types.Package
	list []mutant

	imports map[string]string // the names of packages by their paths
}

// mutantsOf returns all mutants of a file, in the order of the source.
func (f *finder) mutantsOf(file *ast.File) []mutant {
	var parents []ast.Node
	room := make(map[ast.Node]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			parents = parents[:len(parents)-1]
			return true
		}
		if room[n] {
			return false
		}
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			if arg := f.capacity(n); arg != nil {
				room[arg] = true
			}
		case *ast.BinaryExpr:
			f.binary(n, parents)
		case *ast.UnaryExpr:
			if n.Op == token.NOT {
				f.add(n.OpPos, "!", "", f.call(n, "mutantFlip", parents))
			}
		case *ast.Ident:
			if n.Name == "true" || n.Name == "false" {
				f.add(n.Pos(), n.Name, strconv.FormatBool(n.Name == "false"), f.call(n, "mutantFlip", parents))
			}
		case *ast.BasicLit:
			if v, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
				f.add(n.Pos(), n.Value, strconv.Itoa(v+1), f.number(n, parents))
			}
		case *ast.BranchStmt:
			if n.Tok == token.BREAK && n.Label == nil && inLoop(parents) {
				f.add(n.Pos(), "break", "continue", func(id int) []edit {
					at := f.offset(n.Pos())
					return []edit{{at: at, text: fmt.Sprintf("if mutantOn(%d) { continue }; ", id)}}
				})
			}
		}
		parents = append(parents, n)
		return true
	})
	return f.list
}

// capacity returns the argument of make that says how much room a slice or a map
// has, or nil. It changes no result.
func (f *finder) capacity(n *ast.CallExpr) ast.Expr {
	fun, ok := n.Fun.(*ast.Ident)
	if !ok || f.info.Uses[fun] != types.Universe.Lookup("make") {
		return nil
	}
	last := len(n.Args) - 1
	switch f.info.TypeOf(n).Underlying().(type) {
	case *types.Slice:
		if last == 2 {
			return n.Args[last]
		}
	case *types.Map:
		if last == 1 {
			return n.Args[last]
		}
	}
	return nil
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) add(pos token.Pos, was, now string, edits func(int) []edit) {
	p := f.fset.Position(pos)
	line := bytes.Split(f.src, []byte("\n"))[p.Line-1]
	f.list = append(f.list, mutant{f.name, p.Line, p.Offset, was, now, strings.TrimSpace(string(line)), 0, edits})
}

// binary adds the mutant of an operator, if it means anything for its operands.
func (f *finder) binary(n *ast.BinaryExpr, parents []ast.Node) {
	now, ok := swapped(n.Op)
	if !ok {
		return
	}
	var edits func(int) []edit
	switch n.Op {
	case token.EQL, token.NEQ:
		edits = f.call(n, "mutantFlip", parents)
	case token.LAND, token.LOR:
		edits = f.operator(n, map[token.Token]string{token.LAND: "mutantAnd", token.LOR: "mutantOr"}[n.Op], ", func() bool { return (", ")})", parents)
	case token.ADD, token.SUB:
		if b, ok := f.info.TypeOf(n).Underlying().(*types.Basic); !ok || b.Info()&types.IsNumeric == 0 {
			return
		}
		edits = f.operator(n, map[token.Token]string{token.ADD: "mutantAdd", token.SUB: "mutantSub"}[n.Op], ", ", ")", parents)
	default:
		edits = f.operator(n, map[token.Token]string{
			token.LSS: "mutantLess", token.LEQ: "mutantNotMore", token.GTR: "mutantMore", token.GEQ: "mutantNotLess",
		}[n.Op], ", ", ")", parents)
	}
	f.add(n.OpPos, n.Op.String(), now.String(), edits)
}

// call puts an expression into a call.
func (f *finder) call(n ast.Expr, name string, parents []ast.Node) func(int) []edit {
	if f.constant(n, parents) {
		return nil
	}
	return func(id int) []edit {
		at, end := f.offset(n.Pos()), f.offset(n.End())
		return []edit{{at: at, text: fmt.Sprintf("%s(%d, ", name, id)}, {at: end, text: ")", closes: true}}
	}
}

// operator makes a call of an operator.
func (f *finder) operator(n *ast.BinaryExpr, name, between, after string, parents []ast.Node) func(int) []edit {
	if f.constant(n, parents) || f.info.Types[n].Value != nil {
		return nil
	}
	return func(id int) []edit {
		at, op, end := f.offset(n.Pos()), f.offset(n.OpPos), f.offset(n.End())
		return []edit{
			{at: at, text: fmt.Sprintf("%s(%d, ", name, id)},
			{at: op, end: op + len(n.Op.String()), text: between},
			{at: end, text: after, closes: true},
		}
	}
}

// number makes a call of a number.
func (f *finder) number(n *ast.BasicLit, parents []ast.Node) func(int) []edit {
	t := f.info.TypeOf(n)
	b, ok := t.Underlying().(*types.Basic)
	if f.constant(n, parents) || !ok || b.Info()&types.IsUntyped != 0 {
		return nil
	}
	if v := f.info.Types[n].Value; v == nil || v.Kind() != constant.Int {
		return nil
	}
	known := true
	name := types.TypeString(t, func(p *types.Package) string {
		if p == f.pkg {
			return ""
		}
		name, ok := f.imports[p.Path()]
		known = known && ok
		return name
	})
	if !known {
		return nil
	}
	return func(id int) []edit {
		at, end := f.offset(n.Pos()), f.offset(n.End())
		return []edit{{at: at, text: fmt.Sprintf("mutantNumber(%d, %s(", id, name)}, {at: end, text: "))", closes: true}}
	}
}

// constant reports whether an expression must be known when the package is built.
func (f *finder) constant(n ast.Node, parents []ast.Node) bool {
	child := n
	for _, p := range slices.Backward(parents) {
		switch p := p.(type) {
		case *ast.GenDecl:
			return p.Tok == token.CONST
		case *ast.ArrayType:
			return true
		case *ast.KeyValueExpr:
			if _, isMap := f.info.TypeOf(p.Key).(*types.Basic); p.Key == child && isMap {
				return true
			}
		case *ast.FuncDecl, *ast.BlockStmt:
			return false
		}
		child = p
	}
	return false
}

// inLoop reports whether continue may take the place of a break.
func inLoop(parents []ast.Node) bool {
	for _, p := range slices.Backward(parents) {
		switch p.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}
