package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A test is one test of the package.
type test struct {
	name    string
	file    string
	took    time.Duration // of processors, so that it does not depend on what else runs
	reached map[int]bool  // the mutants that it reaches
	files   map[string]bool
}

// measure runs each test alone. It returns those that pass in time, the shortest
// first.
func (c command) measure(ctx context.Context, binary, scratch string, list []mutant, w io.Writer) ([]test, error) {
	out, err := c.command(ctx, binary, -1, "-test.list", c.run).Output()
	if err != nil {
		return nil, err
	}
	in, err := c.testFiles()
	if err != nil {
		return nil, err
	}
	var tests []test
	for name := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(name, "Test") && !strings.HasPrefix(name, "Example") {
			continue
		}
		reached := filepath.Join(scratch, "reached")
		if err := os.WriteFile(reached, nil, 0o600); err != nil {
			return nil, err
		}
		run := c.command(ctx, binary, -1, "-test.run", "^"+name+"$", "-test.timeout", c.slow.String())
		run.Env = append(run.Env, "MUTANTS_REACHED="+reached)
		if out, err := run.CombinedOutput(); err != nil {
			if !strings.Contains(string(out), "test timed out") {
				return nil, fmt.Errorf("%s fails without a change:\n%s", name, out)
			}
			if _, err := fmt.Fprintf(w, "left out: %s takes longer than %v\n", name, c.slow); err != nil {
				return nil, err
			}
			continue
		}
		t := test{name: name, file: in[name], took: run.ProcessState.UserTime() + run.ProcessState.SystemTime(), reached: make(map[int]bool), files: make(map[string]bool)}
		ids, err := os.ReadFile(reached)
		if err != nil {
			return nil, err
		}
		for id := range strings.FieldsSeq(string(ids)) {
			n, err := strconv.Atoi(id)
			if err != nil {
				return nil, err
			}
			t.reached[n], t.files[list[n].file] = true, true
		}
		tests = append(tests, t)
	}
	if len(tests) == 0 {
		return nil, errors.New("no test in " + c.dir)
	}
	slices.SortFunc(tests, func(a, b test) int { return int(a.took - b.took) })
	return tests, nil
}

// testFiles returns the file of each test, without its folder.
func (c command) testFiles() (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(c.dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	in := make(map[string]string)
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for _, found := range regexp.MustCompile(`(?m)^func ((?:Test|Example)\w*)\(`).FindAllSubmatch(src, -1) {
			in[string(found[1])] = filepath.Base(name)
		}
	}
	return in, nil
}

// nearest returns tests with those first whose file is named after the mutant's,
// as in dns_soa_test.go for dns_soa.go: they notice most.
func nearest(tests []test, m mutant) []test {
	stem := strings.TrimSuffix(filepath.Base(m.file), ".go")
	far := func(t test) int {
		if strings.HasPrefix(t.file, stem) {
			return 0
		}
		return 1
	}
	out := slices.Clone(tests)
	slices.SortStableFunc(out, func(a, b test) int { return far(a) - far(b) })
	return out
}

// command returns a run of a test binary with a mutant.
func (c command) command(ctx context.Context, binary string, id int, args ...string) *exec.Cmd {
	run := exec.CommandContext(ctx, binary, args...)
	run.Dir = c.dir
	run.Env = append(os.Environ(), fmt.Sprintf("MUTANT=%d", id))
	return run
}

// kill reports whether a test fails with a mutant, and otherwise why none did.
// Tests that hang have noticed it too.
func (c command) kill(ctx context.Context, binary string, id int, tests []test, reaches func(test) bool) (killed bool, why string) {
	const first = time.Second
	var names []string
	var took, spent time.Duration
	room := first
	fails := func() bool {
		run := c.command(ctx, binary, id, "-test.failfast", "-test.run", "^("+strings.Join(names, "|")+")$", "-test.timeout", (time.Minute + 20*took).String())
		err := run.Run()
		spent += took
		names, took, room = nil, 0, 4*room
		return err != nil
	}
	all := 0
	for _, t := range tests {
		if !reaches(t) {
			continue
		}
		if spent+took+t.took > c.budget {
			why = ", and longer ones were left out"
			continue
		}
		all++
		names = append(names, t.name)
		if took += t.took; took >= room && fails() {
			return true, ""
		}
	}
	if len(names) > 0 && fails() {
		return true, ""
	}
	if all == 0 && why == "" {
		return false, "no test reaches it"
	}
	return false, fmt.Sprintf("%d tests pass%s", all, why)
}
