package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
	"github.com/netready/netready/readiness/render"
)

// A command is one call of preflight with valid flags.
type command struct {
	options
	environment
}

// run checks all flags and the files that they name before it contacts
// anything.
func (c command) run(ctx context.Context) (status int, err error) {
	switch {
	case c.before != "":
		return c.compare()
	case c.from != "":
		return c.again()
	}
	network, err := c.connection()
	if err != nil {
		return 0, err
	}
	plan, err := c.plan(network)
	if err != nil {
		return 0, err
	}
	if len(c.simulate) > 0 {
		if network, err = simulated(plan, c.simulate); err != nil {
			return 0, err
		}
	}
	facts, note, err := c.facts(plan.Scope)
	if err != nil {
		return 0, err
	}
	if note != "" {
		plan.Notes = append([]string{note}, plan.Notes...)
	}
	if err := c.against(); err != nil {
		return 0, err
	}
	out, field, err := c.outputs()
	if err != nil {
		return 0, err
	}
	defer out.Discard()
	defer field.Discard()
	if c.list {
		if err := c.writePlan(out, plan, network); err != nil {
			return 0, err
		}
		return exitReady, out.Commit()
	}
	plan.Notes = append(network.notes, plan.Notes...)
	if c.interrupted != nil { // only now, because reading a file cannot be interrupted otherwise
		ctx = c.interrupted(ctx)
	}
	if c.interval > 0 {
		return c.watch(ctx, plan, network, facts)
	}
	report, err := c.assess(ctx, plan, network, facts)
	if err != nil {
		return 0, err
	}
	return c.finish(out, field, report)
}

func (c command) plan(n connection) (*readiness.Plan, error) {
	catalog, err := cli.Catalog(c.catalog)
	if err != nil {
		return nil, err
	}
	plan, err := readiness.Runner{Network: n.network, Catalog: catalog}.Plan(c.scope)
	if err != nil {
		return nil, err
	}
	if len(plan.Checks) == 0 {
		return nil, fmt.Errorf("the catalog has nothing to check for %s in the cloud %s", c.scope.Scenario, c.scope.Cloud)
	}
	if note := cli.UnusedTenant(catalog, c.scope); note != "" {
		plan.Notes = append(plan.Notes, note)
	}
	return plan, nil
}

// assess measures the plan and shows progress.
func (c command) assess(ctx context.Context, plan *readiness.Plan, n connection, facts device.Facts) (*readiness.Report, error) {
	network := n.network.Shared() // counts its traffic
	runner := readiness.Runner{
		Network:      network,
		Policy:       c.policy,
		Device:       facts.Check,
		Concurrency:  c.concurrency,
		Timeout:      c.timeout,
		Deadline:     c.deadline,
		AllAddresses: c.allAddresses,
	}
	p := progress{w: c.stderr, columns: c.columns, total: len(plan.Checks)}
	if c.columns > 0 {
		runner.OnResult = p.observe
		p.draw("")
	}
	obs, err := runner.Run(ctx, plan)
	p.erase()
	var invalid *endpoints.Error
	if errors.As(err, &invalid) && invalid.Field == "baseline" {
		return nil, c.unfit(err)
	}
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		c.log("interrupted: unfinished checks are reported as not run")
	}
	report, err := runner.Judge(plan, obs)
	if err != nil {
		return nil, err
	}
	report.Traffic = network.Traffic()
	return report, nil
}

// write writes the complete report or nothing.
func (c command) write(out *cli.Output, report *readiness.Report) error {
	if err := c.render(out, report); err != nil {
		return err
	}
	return out.Commit()
}

// render writes the report in the form that the flags want.
func (c command) render(w io.Writer, report *readiness.Report) error {
	switch c.format {
	case formatMarkdown:
		return render.Markdown(w, report)
	case formatHTML:
		return render.HTML(w, report)
	case formatJSON:
		return render.JSON(w, report)
	case formatBrief:
		return render.Brief(w, report)
	case formatLine:
		return render.Line(w, report)
	case formatJUnit:
		return render.JUnit(w, report)
	case formatOpenMetrics:
		return render.OpenMetrics(w, report)
	default:
		return render.Text(w, report, render.TextOptions{Width: c.width(), Untested: c.untested, Color: c.color && c.output == ""})
	}
}

// width returns the width of the terminal that shows the report, or 0.
func (c command) width() int {
	if c.output != "" {
		return 0
	}
	return c.reportColumns
}

// exitStatus returns the exit status for a verdict. failOn is the mildest
// verdict that fails.
func exitStatus(v, failOn readiness.Verdict) int {
	switch v {
	case readiness.Ready:
		return exitReady
	case readiness.Degraded:
		if failOn == readiness.Degraded {
			return exitBlocked
		}
		return exitReady
	case readiness.Blocked:
		return exitBlocked
	case readiness.Unproven, readiness.NotApplicable:
	}
	return exitUnproven
}
