package arch_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// rules are all rules for the tree.
var rules = map[string]func(tree) []string{
	"layers":     checkLayers,
	"docs":       checkDocs,
	"examples":   checkExamples,
	"size":       checkSize,
	"no init":    checkNoInit,
	"manners":    checkManners,
	"signatures": checkSignatures,
	"module":     checkModule,
	"graph":      checkGraph,
}

func TestProject(t *testing.T) {
	project, err := readTree(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	// A walk that ends too early would find no violations.
	for _, dir := range []string{"endpoints", "probe", "readiness"} {
		if !slices.ContainsFunc(project.files, func(f file) bool { return f.library() && f.under(dir) }) {
			t.Errorf("read no package in %s", dir)
		}
	}
	for name, check := range rules {
		t.Run(name, func(t *testing.T) {
			for _, v := range check(project) {
				t.Error(v)
			}
		})
	}
}

// TestRules checks each rule on a tree that breaks it and one that keeps it.
func TestRules(t *testing.T) {
	const gomod = "module " + module + "\n\ngo 1.26.0\n"
	long := strings.Repeat("\n", maxLines)
	tests := []struct {
		name  string
		rule  string
		files map[string]string
		want  []string
	}{{
		name: "each layer within its bounds",
		rule: "layers",
		files: map[string]string{
			"doc.go":                       "package netready",
			"example_test.go":              imports("netready_test", module+"/readiness", module+"/probe/probetest"),
			"endpoints/a.go":               imports("endpoints", "embed", module+"/internal/text"),
			"endpoints/m365/a.go":          imports("m365", module+"/endpoints"),
			"endpoints/a_test.go":          imports("endpoints_test", "github.com/google/go-cmp/cmp", "testing"),
			"probe/a.go":                   imports("probe", "github.com/miekg/dns", "golang.org/x/crypto/x509roots/fallback/bundle"),
			"probe/probetest/a.go":         imports("probetest", "testing", module+"/probe"),
			"probe/a_test.go":              imports("probe_test", module+"/probe/probetest"),
			"readiness/a.go":               imports("readiness", module+"/endpoints", module+"/probe"),
			"readiness/readinesstest/a.go": imports("readinesstest", "testing", module+"/readiness", module+"/probe/probetest"),
			"examples/x/main.go":           imports("main", module+"/readiness/render", module+"/probe/probetest", "golang.org/x/term"),
			"internal/text/a.go":           imports("text", "strings", module+"/internal/other"),
			"internal/whole/a_test.go":     imports("whole_test", module+"/readiness"),
			"examples/annotate/main.go":    imports("main", module+"/endpoints/traffic", module+"/examples/internal/cli", "github.com/klauspost/compress/zstd"),
			"examples/nested/go.mod":       "module nested",
			"examples/nested/main.go":      imports("main", "example.com/metrics"),
			"endpoints/testdata/bad.go":    imports("bad", "example.com/bad"),
		},
	}, {
		name: "every border crossed",
		rule: "layers",
		files: map[string]string{
			"doc.go":              imports("netready", module+"/readiness"),
			"endpoints/a.go":      imports("endpoints", module+"/probe", "github.com/miekg/dns"),
			"endpoints/a_test.go": imports("endpoints_test", module+"/readiness"),
			"endpoints/b.go":      imports("endpoints", "github.com/klauspost/compress/zstd"),
			"endpoints/m365/a.go": imports("m365", module+"/probe/probetest"),
			"probe/a.go":          imports("probe", module+"/endpoints", "github.com/google/go-cmp/cmp", "testing/synctest"),
			"probe/b_windows.go":  imports("probe", module+"/readiness"),
			"probe/c.go":          imports("probe", "golang.org/x/crypto/x509roots/fallback", "golang.org/x/networks"),
			"readiness/a.go":      imports("readiness", "golang.org/x/net/http2", module+"/examples/x", module+"/probe/probetest"),
			"examples/x/main.go":  imports("main", "github.com/google/go-cmp/cmp", "golang.org/x/sync/errgroup"),
			"examples/x/z.go":     imports("main", "github.com/klauspost/compress/zstd"),
			"internal/text/a.go":  imports("text", module+"/probe"),
			"extra/a.go":          "package extra",
		},
		want: []string{
			"doc.go:2: layer . imports " + module + "/readiness",
			"endpoints/a.go:2: layer endpoints imports " + module + "/probe",
			"endpoints/a.go:3: layer endpoints imports github.com/miekg/dns",
			"endpoints/a_test.go:2: layer endpoints imports " + module + "/readiness",
			"endpoints/b.go:2: layer endpoints imports github.com/klauspost/compress/zstd",
			"endpoints/m365/a.go:2: layer endpoints imports " + module + "/probe/probetest",
			"endpoints/m365/a.go:2: imports " + module + "/probe/probetest, which is for tests",
			"examples/x/main.go:2: layer examples imports github.com/google/go-cmp/cmp",
			"examples/x/main.go:3: imports golang.org/x/sync/errgroup: " + forbidden["golang.org/x/sync/errgroup"],
			"examples/x/z.go:2: layer examples imports github.com/klauspost/compress/zstd",
			"extra/a.go:1: directory extra belongs to no layer",
			"internal/text/a.go:2: layer internal imports " + module + "/probe",
			"probe/a.go:2: layer probe imports " + module + "/endpoints",
			"probe/a.go:3: layer probe imports github.com/google/go-cmp/cmp",
			"probe/a.go:4: imports testing/synctest, which is for tests",
			"probe/b_windows.go:2: layer probe imports " + module + "/readiness",
			"probe/c.go:2: imports golang.org/x/crypto/x509roots/fallback: " + forbidden["golang.org/x/crypto/x509roots/fallback"],
			"probe/c.go:3: layer probe imports golang.org/x/networks",
			"readiness/a.go:2: layer readiness imports golang.org/x/net/http2",
			"readiness/a.go:3: layer readiness imports " + module + "/examples/x",
			"readiness/a.go:4: imports " + module + "/probe/probetest, which is for tests",
		},
	}, {
		name: "one comment each, where it belongs",
		rule: "docs",
		files: map[string]string{
			"probe/doc.go":         "// Package probe measures.\npackage probe",
			"probe/a.go":           "// Not a package comment.\n\npackage probe",
			"probe/a_test.go":      "// Tests may say what they like.\npackage probe_test",
			"examples/x/main.go":   "// X does it.\npackage main",
			"internal/w/a_test.go": "package w_test",
		},
	}, {
		name: "comments missing, doubled, misplaced and misworded",
		rule: "docs",
		files: map[string]string{
			"endpoints/a.go":     "package endpoints",
			"probe/doc.go":       "// Package probe measures.\npackage probe",
			"probe/a.go":         "// Package probe measures again.\npackage probe",
			"readiness/plan.go":  "// Package readiness judges.\npackage readiness",
			"internal/w/doc.go":  "// This package is w.\npackage w",
			"examples/x/main.go": "package main",
		},
		want: []string{
			"endpoints/a.go:1: package endpoints in endpoints has no package comment",
			"examples/x/main.go:1: package main in examples/x has no package comment",
			"internal/w/doc.go:1: the package comment does not begin with \"Package w \"",
			"probe/doc.go:2: package probe in probe has another package comment in a.go",
			"probe/a.go:2: the package comment of probe belongs in doc.go",
			"readiness/plan.go:2: the package comment of readiness belongs in doc.go",
		},
	}, {
		name: "examples that run",
		rule: "examples",
		files: map[string]string{
			"a_test.go": "package a_test\nfunc Example() {\n\t// Output: x\n}\nfunc ExampleA() {\n\t// Unordered output:\n\t// x\n}\nfunc ExampleB() {\n\t// Output:\n}\nfunc Examplecase() {}",
		},
	}, {
		name: "an example that is only compiled",
		rule: "examples",
		files: map[string]string{
			"a_test.go": "package a_test\nfunc Example() {\n\t// Output: x\n}\nfunc ExampleA_b() {\n\t// Prints: x\n}",
		},
		want: []string{"a_test.go:5: ExampleA_b has no output, so it is never run"},
	}, {
		name: "a file of just the bound, a long test and a long generated file",
		rule: "size",
		files: map[string]string{
			"a.go":      "package a" + long,
			"a_test.go": "package a" + long + "\n",
			"b.go":      "// Code generated by x. DO NOT EDIT.\npackage a" + long + "\n",
		},
	}, {
		name:  "a file of one line more",
		rule:  "size",
		files: map[string]string{"a.go": "package a" + long + "\n"},
		want:  []string{"a.go:1: 401 lines, more than 400"},
	}, {
		name: "a method and a call named init",
		rule: "no init",
		files: map[string]string{
			"a.go": "package a\nfunc (t T) init() {}\nfunc f() { T{}.init() }",
		},
	}, {
		name: "init in a library, a test and a command",
		rule: "no init",
		files: map[string]string{
			"a.go":      "package a\nfunc init() {}",
			"a_test.go": "package a\n\nfunc init() {}",
			"x/main.go": "package main\nfunc init() {}",
		},
		want: []string{"a.go:2: func init", "a_test.go:3: func init", "x/main.go:2: func init"},
	}, {
		name: "good manners, and commands and tests that need none",
		rule: "manners",
		files: map[string]string{
			"a.go":                 "package a\nimport (\n\"fmt\"\n\"io\"\n\"os\"\n)\nfunc f(w io.Writer) { fmt.Fprintln(w, os.Getpid()); w.(p).panic() }",
			"a_test.go":            "package a\nimport \"os\"\nfunc TestMain() { panic(os.Stdout) }",
			"x/main.go":            "package main\nimport \"os\"\nfunc main() { println(1); os.Exit(1) }",
			"probe/probetest/a.go": "package probetest\nfunc f() { panic(1) }",
		},
	}, {
		name: "a library that takes over",
		rule: "manners",
		files: map[string]string{
			"a.go":                 "package a\nimport (\n\"fmt\"\n\"os\"\n)\nfunc f() {\nfmt.Println(1)\nfmt.Printf(\"\")\nfmt.Fprint(os.Stderr, 1)\nos.Exit(1)\npanic(1)\nprintln(1)\n}",
			"b.go":                 "package a\nimport (\nhost \"os\"\n\"log\"\n)\nvar stop = host.Exit\nvar l = log.New(nil, \"\", 0)\nfunc g() { log.Print(1) }",
			"probe/probetest/a.go": "package probetest\nfunc f() { print(1) }",
		},
		want: []string{
			"a.go:7: fmt.Println prints",
			"a.go:8: fmt.Printf prints",
			"a.go:9: os.Stderr belongs to the program",
			"a.go:10: os.Exit ends the program",
			"a.go:11: panic",
			"a.go:12: println prints",
			"b.go:6: os.Exit ends the program",
			"b.go:8: log.Print prints",
			"probe/probetest/a.go:2: print prints",
		},
	}, {
		name: "foreign types behind the scenes",
		rule: "signatures",
		files: map[string]string{
			"probe/a.go": "package probe\nimport \"github.com/miekg/dns\"\n" +
				"type A struct { msg *dns.Msg; N int }\n" +
				"type B interface { ask(*dns.Msg) }\n" +
				"type m struct { in dns.Msg }\n" +
				"func F(dns string) (int, m) { return int(new(dns.Msg).Id), m{} }\n" +
				"func g(*dns.Msg) {}\n" +
				"var v *dns.Msg\n" +
				"var V int = len(v.Answer)\n",
			"probe/a_test.go":    "package probe_test\nimport \"github.com/miekg/dns\"\nfunc Help(*dns.Msg) {}",
			"readiness/a.go":     "package readiness\nimport \"" + module + "/probe\"\nfunc F(probe.A) {}",
			"examples/x/main.go": "package main\nimport \"golang.org/x/term\"\nfunc F(*term.State) {}",
		},
	}, {
		name: "foreign types in view",
		rule: "signatures",
		files: map[string]string{
			"probe/a.go": "package probe\nimport \"github.com/miekg/dns\"\n" +
				"func F(*dns.Msg) {}\n" +
				"func (t t) M() map[string][]dns.RR { return nil }\n" +
				"type A struct { Msg *dns.Msg }\n" +
				"type B struct { dns.Msg }\n" +
				"type C interface { Ask() dns.RR }\n" +
				"type D = dns.Msg\n" +
				"type E[T dns.RR] struct{}\n" +
				"type G func(...chan dns.RR)\n" +
				"var V = dns.Msg{}\n" +
				"const K uint16 = 1\n" +
				"const L = dns.TypeA\n",
			"probe/b.go": "package probe\nimport other \"github.com/beevik/ntp\"\n" +
				"type inner struct { Response other.Response }\n" +
				"type Outer struct { inner }\n",
			"probe/c.go": "package probe\nimport \"github.com/beevik/ntp\"\n" +
				"type answer = ntp.Response\n" +
				"func Answer() answer { return answer{} }\n",
			"endpoints/m365/a.go": "package m365\nimport \"golang.org/x/net/idna\"\nfunc P(*idna.Profile) {}",
		},
		want: []string{
			"endpoints/m365/a.go:3: func P shows idna.Profile of golang.org/x/net/idna",
			"probe/a.go:3: func F shows dns.Msg of github.com/miekg/dns",
			"probe/a.go:4: func M shows dns.RR of github.com/miekg/dns",
			"probe/a.go:5: type A shows dns.Msg of github.com/miekg/dns",
			"probe/a.go:6: type B shows dns.Msg of github.com/miekg/dns",
			"probe/a.go:7: type C shows dns.RR of github.com/miekg/dns",
			"probe/a.go:8: type D shows dns.Msg of github.com/miekg/dns",
			"probe/a.go:9: type E shows dns.RR of github.com/miekg/dns",
			"probe/a.go:10: type G shows dns.RR of github.com/miekg/dns",
			"probe/a.go:11: value V shows dns.Msg of github.com/miekg/dns",
			"probe/a.go:13: value L shows dns.TypeA of github.com/miekg/dns",
			"probe/b.go:3: type inner shows other.Response of github.com/beevik/ntp",
			"probe/c.go:3: type answer shows ntp.Response of github.com/beevik/ntp",
		},
	}, {
		name: "go.mod as it should be",
		rule: "module",
		files: map[string]string{
			"go.mod": gomod + "\nrequire github.com/beevik/ntp v1.6.0\n\nrequire (\n\tgithub.com/miekg/dns v1.1.73\n\tgolang.org/x/sys v0.1.0 // indirect\n)\n\nretract v0.1.0 // wrong\n",
		},
	}, {
		name: "go.mod with more than that",
		rule: "module",
		files: map[string]string{
			"go.mod": "module example.com/fork\n\ngo 1.26.8\n\ntoolchain go1.26.8\n\nrequire github.com/x/y v1.0.0\n\nrequire (\n\tgithub.com/stretchr/testify v1.0.0\n\tgolang.org/x/sys v0.1.0 // indirect\n)\n\nreplace github.com/miekg/dns => ../dns\n\ntool (\n\texample.com/tool\n)\n",
		},
		want: []string{
			"go.mod:5: has a toolchain directive",
			"go.mod:7: requires github.com/x/y",
			"go.mod:10: requires github.com/stretchr/testify",
			"go.mod:14: has a replace directive",
			"go.mod:17: has a tool directive",
			"go.mod: module example.com/fork, want " + module,
			"go.mod: go 1.26.8, want " + goVersion,
		},
	}, {
		name:  "go.sum as it should be",
		rule:  "graph",
		files: map[string]string{"go.mod": gomod, "go.sum": sums(slices.Concat(dependencies, graph)...)},
	}, {
		name:  "go.sum with a stranger, and without a friend",
		rule:  "graph",
		files: map[string]string{"go.mod": gomod, "go.sum": sums(append(slices.Concat(dependencies[1:], graph), "github.com/x/y")...)},
		want: []string{
			fmt.Sprintf("go.sum:%d: has github.com/x/y", 2*(len(dependencies)+len(graph))-1),
			"go.sum: lacks " + dependencies[0],
		},
	}}
	broken := make(map[string]bool)
	for _, tt := range tests {
		broken[tt.rule] = broken[tt.rule] || len(tt.want) > 0
		t.Run(tt.rule+"/"+tt.name, func(t *testing.T) {
			fsys := make(fstest.MapFS)
			for name, src := range tt.files {
				fsys[name] = &fstest.MapFile{Data: []byte(src)}
			}
			fixture, err := readTree(fsys)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rules[tt.rule](fixture)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
	for name := range rules {
		if !broken[name] {
			t.Errorf("nothing shows that rule %q can fail", name)
		}
	}
}

// imports returns a file's source that imports each path on its own line.
func imports(name string, paths ...string) string {
	src := "package " + name + "; import (\n"
	for _, p := range paths {
		src += "\"" + p + "\"\n"
	}
	return src + ")\n"
}

// sums returns a go.sum of modules.
func sums(modules ...string) string {
	var b strings.Builder
	for _, m := range modules {
		fmt.Fprintf(&b, "%s v1.0.0 h1:a=\n%s v1.0.0/go.mod h1:b=\n", m, m)
	}
	return b.String()
}
