// Mutants changes a package at random places, one at a time, and runs the
// package's tests on each change. Tests that pass miss something, unless the
// change means the same. It prints these changes, and how many of all were
// noticed.
//
// It builds one test binary that has all changes, of which MUTANT chooses one,
// and first runs each test alone, to learn how long it takes and what it
// reaches. Then each change needs only the tests that reach it, the shortest
// first. A change of a constant needs a build of its own.
//
// The file equivalent.txt lists changes that mean the same, with the reason.
//
// Its exit status is 1 if fewer were noticed than -least says, and 2 if the
// tests could not be run.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	var c command
	flag.StringVar(&c.dir, "dir", "readiness", "the `folder` of the package to change")
	only := flag.String("only", ".", "change only files whose name matches this regular `expression`")
	flag.StringVar(&c.run, "run", ".", "the tests that count, a regular `expression`")
	flag.IntVar(&c.count, "n", 60, "how many changes")
	flag.Uint64Var(&c.seed, "seed", 1, "of the choice of changes")
	flag.DurationVar(&c.slow, "slow", 5*time.Minute, "leave out tests that take longer")
	flag.DurationVar(&c.budget, "budget", 2*time.Minute, "of processor time for the tests on one change, as they take it without")
	flag.DurationVar(&c.deadline, "deadline", 12*time.Hour, "end the choice after this time")
	flag.Float64Var(&c.least, "least", 0, "the least share that must be noticed, from 0 to 1")
	flag.Parse()
	var err error
	if c.only, err = regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants: -only:", err)
		os.Exit(2)
	}
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
	dir, run string
	only     *regexp.Regexp

	count    int
	seed     uint64
	slow     time.Duration
	budget   time.Duration
	deadline time.Duration
	least    float64
}

// score tests the chosen mutants. Those that do not compile do not count.
func (c command) score(ctx context.Context, w io.Writer) (noticed, all int, err error) {
	start := time.Now()
	list, err := c.choose(ctx)
	if err != nil {
		return 0, 0, err
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // only temporary
	b := builder{dir: c.dir, scratch: scratch}
	binary, err := b.buildAll(ctx, list)
	if err != nil {
		return 0, 0, err
	}
	tests, err := c.measure(ctx, binary, scratch, list, w)
	if err != nil {
		return 0, 0, err
	}
	for id, m := range list {
		if all == c.count || time.Since(start) > c.deadline {
			break
		}
		reaches := func(t test) bool { return t.reached[id] }
		binary := binary
		if m.edits == nil {
			if binary, err = b.buildOne(ctx, m); err != nil {
				continue
			}
			reaches = func(t test) bool { return t.files[m.file] }
		}
		killer, why := c.kill(ctx, binary, id, nearest(tests, m), reaches)
		all++
		if killer {
			noticed++
			continue
		}
		if _, err := fmt.Fprintf(w, "not noticed: %s (%s)\n", m, why); err != nil {
			return 0, 0, err
		}
	}
	if all == 0 {
		return 0, 0, errors.New("no change could be built")
	}
	_, err = fmt.Fprintf(w, "%d of %d noticed in %v, seed %d\n", noticed, all, time.Since(start).Round(time.Second), c.seed)
	return noticed, all, err
}

//go:embed equivalent.txt
var equivalents string

// equivalent reports whether the list says that a mutant means the same: a line
// has the file, the change, the line of the source and the reason, with tabs
// between them.
func equivalent(m mutant) bool {
	name := filepath.ToSlash(m.file)
	start := fmt.Sprintf("%s\t%s -> %s\t%s\t", name, m.was, m.now, m.text)
	return slices.ContainsFunc(strings.Split(equivalents, "\n"), func(line string) bool { return strings.HasPrefix(line, start) })
}

// choose returns the mutants of the package in random order.
func (c command) choose(ctx context.Context) ([]mutant, error) {
	p, err := load(ctx, c.dir)
	if err != nil {
		return nil, err
	}
	var list []mutant
	for _, file := range p.files {
		name := p.fset.Position(file.Package).Filename
		if ast.IsGenerated(file) || !c.only.MatchString(filepath.Base(name)) {
			continue
		}
		list = append(list, p.mutants(name, file)...)
	}
	list = slices.DeleteFunc(list, equivalent)
	if len(list) == 0 {
		return nil, errors.New("nothing to change in " + c.dir)
	}
	for i := range list {
		list[i].rank = i
	}
	r := rand.New(rand.NewPCG(c.seed, 0)) //nolint:gosec // repeatable
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list, nil
}
