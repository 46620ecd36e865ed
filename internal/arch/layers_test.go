package arch_test

import (
	"slices"
)

// A layer says what the packages in one directory may import besides the
// standard library, internal packages and themselves.
type layer struct {
	dir     string
	own     []string // directories of this module
	modules []string // other modules
}

// layers are all allowed imports. A package outside all layers is a violation,
// so a new top-level directory is a decision.
var layers = []layer{
	{dir: "."}, // only documentation
	{dir: "endpoints"},
	{dir: "probe", modules: []string{
		"github.com/miekg/dns",
		"github.com/beevik/ntp",
		"golang.org/x/net",
		"golang.org/x/crypto",
		"golang.org/x/sys", // Windows structures
	}},
	{dir: "readiness/device", own: []string{"endpoints", "probe", "readiness"}, modules: []string{
		"golang.org/x/sys", // the Windows registry
	}},
	{dir: "readiness", own: []string{"endpoints", "probe"}},
	{dir: "examples/internal/clitest", own: []string{"endpoints"}, modules: []string{"github.com/google/go-cmp"}}, // for tests
	{dir: "examples/annotate", own: []string{"endpoints", "examples/internal"}, modules: []string{
		"github.com/klauspost/compress/zstd", // the standard library lacks it
	}},
	{dir: "examples/internal/cli", own: []string{"endpoints"}, modules: []string{
		"golang.org/x/sys", // the Windows console
		"golang.org/x/term",
	}},
	{dir: "examples", own: []string{".", "endpoints", "probe", "readiness"}, modules: []string{
		"golang.org/x/term",
	}},
	{dir: "internal/accuracy", own: []string{"endpoints", "probe", "readiness"}}, // a program that measures all of it
	{dir: "internal"},
}

// forbidden are packages that must not be imported, and why.
var forbidden = map[string]string{
	"C":                                      "the library builds without a C compiler",
	"golang.org/x/crypto/x509roots/fallback": "it changes the roots of the whole program when imported; its bundle does not",
	"github.com/stretchr/testify":            "plain comparisons and cmp.Diff say more",
	"golang.org/x/sync/errgroup":             "it stops at the first error; every answer is wanted",
	"github.com/hashicorp/go-multierror":     "errors.Join is enough",
}

// checkLayers checks every import against the layers.
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

// allows reports whether f, in layer l, may import p. Tests may use any other
// module, and those in the outer layers may use all of this one. Tests of a
// layer that others build on may only use what that layer may use.
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

// forTests reports whether only tests may use package p.
func forTests(p string) bool {
	dir, isOwn := own(p)
	return within(p, "testing") || isOwn && helper(dir)
}
