package arch_test

import (
	"go/ast"
)

// globals are what a library must leave to the importing program.
var globals = map[string]string{
	"os.Exit":     "ends the program",
	"os.Stdin":    "belongs to the program",
	"os.Stdout":   "belongs to the program",
	"os.Stderr":   "belongs to the program",
	"fmt.Print":   "prints",
	"fmt.Printf":  "prints",
	"fmt.Println": "prints",
	"log.Default": "is a logger that the caller did not choose",
	"log.Fatal":   "ends the program",
	"log.Fatalf":  "ends the program",
	"log.Fatalln": "ends the program",
	"log.Panic":   "panics",
	"log.Panicf":  "panics",
	"log.Panicln": "panics",
	"log.Print":   "prints",
	"log.Printf":  "prints",
	"log.Println": "prints",
}

// checkNoInit rejects code that runs before main, in tests too.
func checkNoInit(t tree) []string {
	var bad []string
	for _, f := range t.files {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				bad = append(bad, t.at(fn.Pos(), "func init"))
			}
		}
	}
	return bad
}

// checkManners requires library packages to return errors and values: no exit,
// no printing, no panic. A package for tests may panic.
func checkManners(t tree) []string {
	var bad []string
	for _, f := range t.files {
		if !f.library() {
			continue
		}
		imports := f.imports()
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					name := imports[x.Name] + "." + n.Sel.Name
					if why, ok := globals[name]; ok {
						bad = append(bad, t.at(n.Pos(), "%s %s", name, why))
					}
				}
			case *ast.CallExpr:
				fn, ok := n.Fun.(*ast.Ident)
				if !ok {
					break
				}
				switch fn.Name {
				case "print", "println":
					bad = append(bad, t.at(n.Pos(), "%s prints", fn.Name))
				case "panic":
					if !helper(f.dir()) {
						bad = append(bad, t.at(n.Pos(), "panic"))
					}
				}
			}
			return true
		})
	}
	return bad
}
