package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const source = `package p

import "time"

const least = 3

type size uint8

var sizes = [4]size{1: 2}

func Used(a, b int, d time.Duration, s string) bool {
	for a < least && b != 0 || d >= 5*time.Second {
		if !known(s + "x") {
			break
		}
		a = a + 1
	}
	switch {
	case sizes[1] == 2:
		break
	}
	return true
}

func known(s string) bool { return s == "ax" }

func Unused() int { return 7 }

func roomy(n int) {
	_, _, _ = make([]int, n+2, 2*n+3), make(map[int]int, n-4), make(chan int, n-5)
}
`

// inModule works in a module with a source and tests.
func inModule(t *testing.T, source, tests string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/p\n\ngo 1.26.0\n", "p.go": source, "p_test.go": tests} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	inModule(t, source, "package p\n")
	p, err := load(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var edits []edit
	for id, m := range p.mutants("p.go", p.files[0]) {
		how := " with a build of its own"
		if m.edits != nil {
			how = ""
			edits = append(edits, m.edits(id)...)
		}
		got = append(got, m.String()+how)
		changed := string(m.apply([]byte(source)))
		if changed == source || len(changed) != len(source)+len(m.now)-len(m.was) {
			t.Errorf("%s: not applied", m)
		}
	}
	loop := "for a < least && b != 0 || d >= 5*time.Second {"
	rooms := "_, _, _ = make([]int, n+2, 2*n+3), make(map[int]int, n-4), make(chan int, n-5)"
	want := []string{
		"p.go:5: 3 -> 4: const least = 3 with a build of its own",
		"p.go:9: 4 -> 5: var sizes = [4]size{1: 2} with a build of its own",
		"p.go:9: 1 -> 2: var sizes = [4]size{1: 2} with a build of its own", "p.go:9: 2 -> 3: var sizes = [4]size{1: 2}",
		"p.go:12: || -> &&: " + loop, "p.go:12: && -> ||: " + loop, "p.go:12: < -> <=: " + loop, "p.go:12: != -> ==: " + loop,
		"p.go:12: 0 -> 1: " + loop, "p.go:12: >= -> >: " + loop, "p.go:12: 5 -> 6: " + loop,
		`p.go:13: ! -> : if !known(s + "x") {`, "p.go:14: break -> continue: break", "p.go:16: + -> -: a = a + 1", "p.go:16: 1 -> 2: a = a + 1",
		"p.go:19: == -> !=: case sizes[1] == 2:", "p.go:19: 1 -> 2: case sizes[1] == 2:", "p.go:19: 2 -> 3: case sizes[1] == 2:",
		"p.go:22: true -> false: return true", `p.go:25: == -> !=: func known(s string) bool { return s == "ax" }`,
		"p.go:27: 7 -> 8: func Unused() int { return 7 }",
		"p.go:30: + -> -: " + rooms, "p.go:30: 2 -> 3: " + rooms, "p.go:30: - -> +: " + rooms, "p.go:30: 5 -> 6: " + rooms,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const line = "for mutantOr(4, mutantAnd(5, mutantLess(6, a ,  least) , func() bool { return ( mutantFlip(7, b != mutantNumber(8, int(0))))}) , func() bool { return ( mutantNotLess(9, d ,  mutantNumber(10, time.Duration(5))*time.Second))}) {"
	if out := string(edited([]byte(source), edits)); !strings.Contains(out, line) {
		t.Errorf("no %s in\n%s", line, out)
	}
}

// Changes that a test reaches are noticed, one of a constant too, and one that no
// test reaches is not.
func TestScore(t *testing.T) {
	if testing.Short() {
		t.Skip("builds packages")
	}
	inModule(t, `package p

const least = 3

func Used(a int) bool { return a < least }

func Unused() int { return 7 }
`, `package p

import "testing"

func TestUsed(t *testing.T) {
	if !Used(2) || Used(3) {
		t.Error()
	}
}
`)
	var b bytes.Buffer
	c := command{dir: ".", run: ".", only: regexp.MustCompile("."), count: 100, slow: time.Minute, budget: time.Minute, deadline: time.Hour}
	noticed, all, err := c.score(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	const unused = "not noticed: p.go:7: 7 -> 8: func Unused() int { return 7 } (no test reaches it)\n"
	if noticed != 2 || all != 3 || !strings.HasPrefix(b.String(), unused) {
		t.Errorf("%d of %d noticed:\n%s", noticed, all, b.String())
	}
}

// Each equivalent change is one, and says why.
func TestEquivalents(t *testing.T) {
	for line := range strings.Lines(equivalents) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 4 || cells[3] == "" {
			t.Fatalf("want file, change, line and reason, with tabs between them: %q", line)
		}
		src, err := os.ReadFile(filepath.Join("..", "..", cells[0]))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(src), "\t"+cells[2]+"\n") && !strings.Contains(string(src), "\n"+cells[2]+"\n") {
			t.Errorf("no line of %s is %s", cells[0], cells[2])
		}
	}
}
