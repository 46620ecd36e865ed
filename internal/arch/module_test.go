package arch_test

import (
	"fmt"
	"slices"
	"strings"
)

// dependencies are the modules that go.mod may require directly. Every importer
// of the library inherits them.
var dependencies = []string{
	"github.com/beevik/ntp",
	"github.com/google/go-cmp",      // tests
	"github.com/klauspost/compress", // examples/annotate
	"github.com/miekg/dns",
	"golang.org/x/crypto",
	"golang.org/x/crypto/x509roots/fallback",
	"golang.org/x/net",
	"golang.org/x/sys",  // a dependency of x/net anyway
	"golang.org/x/term", // examples
}

// graph are the other modules that a build or a test of these dependencies may
// use: all that go.sum lists. A new name there is a new author to trust.
var graph = []string{
	"github.com/stretchr/testify", // tests of ntp
	"go.yaml.in/yaml/v3",          // of testify
	"golang.org/x/sync",           // tests of dns
	"golang.org/x/text",           // of x/net
}

// checkGraph rejects other modules in go.sum, and those that are gone from it.
func checkGraph(t tree) []string {
	var bad []string
	known := slices.Concat(dependencies, graph)
	used := make(map[string]bool)
	for i, line := range strings.Split(strings.TrimSuffix(t.gosum, "\n"), "\n") {
		name, _, _ := strings.Cut(line, " ")
		if name != "" && !slices.Contains(known, name) && !used[name] {
			bad = append(bad, fmt.Sprintf("go.sum:%d: has %s", i+1, name))
		}
		used[name] = true
	}
	for _, name := range known {
		if t.gosum != "" && !used[name] {
			bad = append(bad, "go.sum: lacks "+name)
		}
	}
	return bad
}

// goVersion is the oldest supported Go release. Every importer would need a
// later patch release set there.
const goVersion = "1.26.0"

// checkModule rejects other dependencies and private directives in go.mod.
func checkModule(t tree) []string {
	var bad []string
	found := make(map[string]string) // the first argument by directive, for the single ones
	block := ""
	for i, line := range strings.Split(t.gomod, "\n") {
		code, comment, _ := strings.Cut(line, "//")
		words := strings.Fields(code)
		switch {
		case len(words) == 0:
			continue
		case block != "" && words[0] == ")":
			block = ""
			continue
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		case block != "":
			words = slices.Insert(words, 0, block)
		}
		complain := func(format string, args ...any) {
			bad = append(bad, fmt.Sprintf("go.mod:%d: %s", i+1, fmt.Sprintf(format, args...)))
		}
		switch words[0] {
		case "module", "go":
			found[words[0]] = words[1]
		case "require":
			if strings.TrimSpace(comment) != "indirect" && !slices.Contains(dependencies, words[1]) {
				complain("requires %s", words[1])
			}
		case "retract":
			// It tells others about our own mistakes.
		default: // replace, exclude, toolchain, tool, godebug, ignore
			complain("has a %s directive", words[0])
		}
	}
	if found["module"] != module {
		bad = append(bad, fmt.Sprintf("go.mod: module %s, want %s", found["module"], module))
	}
	if found["go"] != goVersion {
		bad = append(bad, fmt.Sprintf("go.mod: go %s, want %s", found["go"], goVersion))
	}
	return bad
}
