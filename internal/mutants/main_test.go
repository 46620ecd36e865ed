package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMutantsOf(t *testing.T) {
	const src = `package p

import "fmt"

func f(a, b int) bool {
	for a < 3 && b != 0 {
		if !g(a) {
			break
		}
	}
	fmt.Println("a == b")
	return true
}
`
	list, err := mutantsOf("p.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range list {
		got = append(got, m.String())
		changed := string(m.apply([]byte(src)))
		if changed == src || len(changed) != len(src)+len(m.now)-len(m.was) {
			t.Errorf("%s: not applied", m)
		}
	}
	want := []string{
		"p.go:6: && -> ||", "p.go:6: < -> <=", "p.go:6: 3 -> 4", "p.go:6: != -> ==", "p.go:6: 0 -> 1",
		"p.go:7: ! -> ", "p.go:8: break -> continue", "p.go:12: true -> false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// One change is noticed, and one is not.
func TestScore(t *testing.T) {
	if testing.Short() {
		t.Skip("builds packages")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":    "module example.com/p\n\ngo 1.26.0\n",
		"p.go":      "package p\n\nfunc Not(b bool) bool { return !b }\n\nfunc Two() int { return 2 }\n",
		"p_test.go": "package p\n\nimport \"testing\"\n\nfunc TestTwo(t *testing.T) {\n\tif Two() != 2 {\n\t\tt.Error()\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var b bytes.Buffer
	noticed, all, err := command{dir: ".", run: ".", count: 10, timeout: time.Minute}.score(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	if noticed != 1 || all != 2 || !strings.Contains(b.String(), "not noticed: p.go:3: ! -> \n") {
		t.Errorf("%d of %d noticed:\n%s", noticed, all, b.String())
	}
}
