// Accuracy measures how often netready is right about random networks, and
// shows those about which it is wrong. Its exit status is 1 if precision or
// recall of the causes is below 0.995, if a verdict is better or worse than the
// truth, or if the networks do not behave as modeled. It is 2 if it could not
// measure.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/accuracy"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// Timeouts take no time only in the bubbles of tests, so the command runs a
// test for each network. It hides the output of the testing package.
func main() {
	c, err := parse(os.Args[1:])
	if err != nil {
		os.Exit(failed)
	}
	c.stdout = os.Stdout
	if os.Stdout, err = os.Open(os.DevNull); err != nil {
		c.exit(err)
	}
	testing.Init()
	_ = flag.CommandLine.Parse(nil) // the testing package's own flags keep their defaults
	testing.Main(regexp.MatchString, []testing.InternalTest{{Name: "accuracy", F: c.run}}, nil, nil)
}

// The exit status if the command could not measure.
const failed = 2

// A command is the values of the flags, and where to write.
type command struct {
	count    int
	seed     uint64
	only     int
	scenario string
	whole    bool
	verbose  bool

	stdout io.Writer
	plans  accuracy.Plans

	mu    sync.Mutex
	score accuracy.Score
	err   error
}

func parse(args []string) (*command, error) {
	var c command
	f := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	f.IntVar(&c.count, "n", 500, "how many networks")
	f.Uint64Var(&c.seed, "seed", 1, "what they are drawn from")
	f.IntVar(&c.only, "only", -1, "the `number` of the one network to measure; with -v its report is shown, too")
	f.StringVar(&c.scenario, "scenario", string(endpoints.ScenarioAutopilot), "the scenario")
	f.BoolVar(&c.whole, "whole", false, "measure the whole plan and not a sample of it")
	f.BoolVar(&c.verbose, "v", false, "show each network with a wrong report")
	return &c, f.Parse(args)
}

// exit ends the command with an error.
func (c *command) exit(err error) {
	_, _ = fmt.Fprintln(os.Stderr, "accuracy:", err)
	os.Exit(failed)
}

// run measures the networks, writes the score, and fails if the score is too
// low.
func (c *command) run(t *testing.T) {
	t.Helper()
	scope := endpoints.Scope{Scenario: endpoints.Scenario(c.scenario)}
	var err error
	c.plans, err = accuracy.Sample(scope)
	if c.whole {
		c.plans, err = accuracy.Whole(scope)
	}
	if err != nil {
		c.exit(err)
	}
	from, to := 0, c.count
	if c.only >= 0 {
		from, to = c.only, c.only+1
	}
	t.Run("networks", func(t *testing.T) {
		for k := from; k < to; k++ {
			t.Run(fmt.Sprint(k), func(t *testing.T) {
				t.Parallel()
				c.measure(t, accuracy.Generate(c.plans, c.seed, uint64(k)))
			})
		}
	})
	if c.err == nil {
		c.err = c.score.WriteText(c.stdout)
	}
	if c.err != nil {
		c.exit(c.err)
	}
	if c.only < 0 && !c.score.Good() {
		t.Fail()
	}
}

// measure measures one network, and shows it if the report was wrong.
func (c *command) measure(t *testing.T, n *accuracy.Network) {
	t.Helper()
	var r *readiness.Report
	var err error
	synctest.Test(t, func(t *testing.T) { r, err = n.Assess(t.Context()) })
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		truth, told := n.Truth(), accuracy.Tell(r)
		if d := c.score.Add(n, truth, told); c.verbose && (!d.Empty() || c.only >= 0) {
			err = accuracy.WriteDifference(c.stdout, n, truth, told, d)
		}
	}
	if err == nil && c.verbose && c.only >= 0 {
		err = render.Text(c.stdout, r, render.TextOptions{})
	}
	if err != nil {
		c.err = fmt.Errorf("%s: %w", n, err)
	}
}
