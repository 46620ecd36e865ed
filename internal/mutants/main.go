// Mutants changes a package at random places, one at a time, and runs tests on
// each change. Tests that pass miss something, unless the change means the
// same. It prints these changes, and how many of all were noticed.
//
// Its exit status is 1 if fewer were noticed than -least says, and 2 if the
// tests could not be run.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var c command
	flag.StringVar(&c.dir, "dir", "readiness", "the `folder` of the package to change")
	flag.StringVar(&c.tests, "tests", "", "the `packages` whose tests count, separated by commas; the package itself if empty")
	flag.StringVar(&c.only, "only", "", "change only files whose name contains this `text`")
	flag.StringVar(&c.run, "run", ".", "the tests that count, a regular `expression`")
	flag.IntVar(&c.count, "n", 60, "how many changes")
	flag.Uint64Var(&c.seed, "seed", 1, "of the choice of changes")
	flag.DurationVar(&c.timeout, "timeout", 5*time.Minute, "for the tests on one change")
	flag.Float64Var(&c.least, "least", 0, "the least share that must be noticed, from 0 to 1")
	flag.Parse()
	noticed, all, err := c.score(context.Background(), os.Stdout)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	case float64(noticed) < c.least*float64(all):
		os.Exit(1)
	}
}

// A command is the values of the flags.
type command struct {
	dir, tests, only, run string

	count   int
	seed    uint64
	timeout time.Duration
	least   float64
}

// score tests the chosen mutants. Those that do not compile do not count.
func (c command) score(ctx context.Context, w io.Writer) (noticed, all int, err error) {
	list, err := c.choose()
	if err != nil {
		return 0, 0, err
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // only temporary
	if passed, out := c.test(ctx, nil); !passed {
		return 0, 0, fmt.Errorf("the tests fail without a change:\n%s", out)
	}
	for _, m := range list {
		if all == c.count {
			break
		}
		overlay, err := c.overlay(scratch, m)
		if err != nil {
			return 0, 0, err
		}
		passed, out := c.test(ctx, []string{"-overlay", overlay})
		switch {
		case bytes.Contains(out, []byte("[build failed]")):
			continue
		case passed:
			if _, err := fmt.Fprintf(w, "not noticed: %s\n", m); err != nil {
				return 0, 0, err
			}
		default:
			noticed++
		}
		all++
	}
	_, err = fmt.Fprintf(w, "%d of %d noticed, seed %d\n", noticed, all, c.seed)
	return noticed, all, err
}

// choose returns all mutants of the package in random order.
func (c command) choose() ([]mutant, error) {
	files, err := filepath.Glob(filepath.Join(c.dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var list []mutant
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || !strings.Contains(filepath.Base(name), c.only) {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		found, err := mutantsOf(name, src)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	if len(list) == 0 {
		return nil, errors.New("nothing to change in " + c.dir)
	}
	r := rand.New(rand.NewPCG(c.seed, 0)) //nolint:gosec // repeatable
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list, nil
}

// overlay writes the changed file and the description that the go command reads.
func (c command) overlay(scratch string, m mutant) (string, error) {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(scratch, "changed.go")
	if err := os.WriteFile(changed, m.apply(src), 0o600); err != nil {
		return "", err
	}
	description, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	if err != nil {
		return "", err
	}
	name := filepath.Join(scratch, "overlay.json")
	return name, os.WriteFile(name, description, 0o600)
}

// test reports whether the tests pass, and what they print. Tests that hang have
// noticed the change too.
func (c command) test(ctx context.Context, flags []string) (passed bool, out []byte) {
	args := append([]string{"test", "-failfast", "-run", c.run, "-timeout", c.timeout.String()}, flags...)
	for p := range strings.SplitSeq(c.tests, ",") {
		if p == "" {
			p = c.dir
		}
		args = append(args, "./"+strings.TrimPrefix(p, "./"))
	}
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	return err == nil, out
}
