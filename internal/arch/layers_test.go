package arch_test

import (
	"slices"
)

// A layer says what the packages of one directory may import beside the
// standard library, internal packages and themselves.
type layer struct {
	dir     string
	own     []string // directories of this module
	modules []string // other modules
}

// layers is the whole of who may import whom. A package outside all of them is
// a violation, so that a new top-level directory is a decision.
var layers = []layer{
	{dir: "."}, // documentation alone
	{dir: "endpoints"},
	{dir: "probe", modules: []string{
		"github.com/miekg/dns",
		"github.com/beevik/ntp",
		"golang.org/x/net",
		"golang.org/x/crypto",
		"golang.org/x/sys", // Windows' own structures
	}},
	{dir: "readiness", own: []string{"endpoints", "probe"}},
	{dir: "examples", own: []string{".", "endpoints", "probe", "readiness"}, modules: []string{
		"golang.org/x/term",
	}},
	{dir: "internal/accuracy", own: []string{"endpoints", "probe", "readiness"}}, // a program that measures all of it
	{dir: "internal"},
}

// forbidden are packages that nothing here imports, and why.
var forbidden = map[string]string{
	"C":                                      "the library builds without a C compiler",
	"golang.org/x/crypto/x509roots/fallback": "it changes the roots of the whole program when imported; its bundle does not",
	"github.com/stretchr/testify":            "plain comparisons and cmp.Diff say more",
	"golang.org/x/sync/errgroup":             "it stops at the first error; every answer is wanted",
	"github.com/hashicorp/go-multierror":     "errors.Join is enough",
}

// checkLayers holds every import to the layers.
func checkLayers(t tree) []string {
	var bad []string
	for _, f := range t.files {
		l, ok := layerOf(f)
		if !ok {
			bad = append(bad, t.at(f.ast.Package, "directory %s belongs to no layer", f.dir()))
			continue
		}
		for _, spec := range f.ast.Imports {
			p := importPath(spec)
			if why, ok := forbidden[p]; ok {
				bad = append(bad, t.at(spec.Pos(), "imports %s: %s", p, why))
				continue
			}
			if !l.allows(f, p) {
				bad = append(bad, t.at(spec.Pos(), "layer %s imports %s", l.dir, p))
			}
			if !f.test() && !helper(f.dir()) && l.dir != "examples" && l.dir != "internal/accuracy" && forTests(p) {
				bad = append(bad, t.at(spec.Pos(), "imports %s, which is for tests", p))
			}
		}
	}
	return bad
}

func layerOf(f file) (layer, bool) {
	i := slices.IndexFunc(layers, func(l layer) bool {
		return l.dir == f.dir() || l.dir != "." && f.under(l.dir)
	})
	if i < 0 {
		return layer{}, false
	}
	return layers[i], true
}

// allows reports whether f, which is of layer l, may import p. Tests may use
// other modules freely, and those at the outside may use all of this one; the
// tests of a layer that others stand on stay within what it stands on.
func (l layer) allows(f file, p string) bool {
	dir, isOwn := own(p)
	switch {
	case standard(p):
		return true
	case !isOwn:
		return f.test() || slices.ContainsFunc(l.modules, func(m string) bool { return within(p, m) })
	case within(dir, l.dir) || within(dir, "internal"):
		return true
	case f.test() && (l.dir == "." || l.dir == "internal"):
		return true
	}
	return slices.ContainsFunc(l.own, func(d string) bool { return dir == d || d != "." && within(dir, d) })
}

// forTests reports whether p is a package for use by tests alone.
func forTests(p string) bool {
	dir, isOwn := own(p)
	return within(p, "testing") || isOwn && helper(dir)
}
