package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// A mutant is one change to one file.
type mutant struct {
	file   string
	line   int
	offset int // in bytes
	was    string
	now    string
}

func (m mutant) String() string { return fmt.Sprintf("%s:%d: %s -> %s", m.file, m.line, m.was, m.now) }

// apply returns the source with the change.
func (m mutant) apply(src []byte) []byte {
	out := append([]byte(nil), src[:m.offset]...)
	out = append(out, m.now...)
	return append(out, src[m.offset+len(m.was):]...)
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

// mutantsOf returns all mutants of a file, in the order of the source.
func mutantsOf(name string, src []byte) ([]mutant, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var list []mutant
	add := func(pos token.Pos, was, now string) {
		p := fset.Position(pos)
		list = append(list, mutant{name, p.Line, p.Offset, was, now})
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if now, ok := swapped(n.Op); ok {
				add(n.OpPos, n.Op.String(), now.String())
			}
		case *ast.UnaryExpr:
			if n.Op == token.NOT {
				add(n.OpPos, "!", "")
			}
		case *ast.Ident:
			if n.Name == "true" || n.Name == "false" {
				add(n.Pos(), n.Name, strconv.FormatBool(n.Name == "false"))
			}
		case *ast.BasicLit:
			if v, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
				add(n.Pos(), n.Value, strconv.Itoa(v+1))
			}
		case *ast.BranchStmt:
			if n.Tok == token.BREAK && n.Label == nil {
				add(n.Pos(), "break", "continue")
			}
		}
		return true
	})
	return list, nil
}
