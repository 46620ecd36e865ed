package main

import (
	"context"
	"fmt"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// A command is one call of preflight whose flags make sense.
type command struct {
	options
	environment
}

// run contacts nothing before everything that can be wrong with the flags and
// their files has been found.
func (c command) run(ctx context.Context) (status int, err error) {
	plan, err := c.plan()
	if err != nil {
		return 0, err
	}
	network, err := c.connection(plan)
	if err != nil {
		return 0, err
	}
	out, err := openOutput(c.output, c.stdout)
	if err != nil {
		return 0, err
	}
	defer out.discard()
	if c.list {
		if err := c.writePlan(out, plan, network); err != nil {
			return 0, err
		}
		return exitReady, out.commit()
	}
	plan.Notes = append(network.notes, plan.Notes...)
	report, err := c.assess(ctx, plan, network)
	if err != nil {
		return 0, err
	}
	if err := c.write(out, report); err != nil {
		return 0, fmt.Errorf("the report could not be written: %w", err)
	}
	if c.output != "" {
		c.log(report.Verdict.String() + "; the report is in " + c.output)
	}
	return exitStatus(report.Verdict, c.failOn), nil
}

// plan makes the plan of the scope.
func (c command) plan() (*readiness.Plan, error) {
	var catalog *endpoints.Catalog
	if c.catalog != "" {
		f, err := os.Open(c.catalog)
		if err != nil {
			return nil, fmt.Errorf("-catalog: %w", err)
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		catalog, err = endpoints.Decode(f)
		if err != nil {
			return nil, fmt.Errorf("-catalog %s: %w", c.catalog, err)
		}
	}
	scope := c.scope
	if c.domains != nil && len(c.simulate) == 0 {
		domains, err := c.domains()
		if err != nil {
			c.log("the DNS domains of this machine could not be read, so no proxy is looked for in them: " + err.Error())
		}
		scope.SearchDomains = domains
	}
	plan, err := readiness.NewPlan(scope, catalog)
	if err != nil {
		return nil, err
	}
	if len(plan.Checks) == 0 {
		return nil, fmt.Errorf("the catalogue has nothing to check for %s in the cloud %s", c.scope.Scenario, c.scope.Cloud)
	}
	return plan, nil
}

// assess measures the plan, and shows the progress.
func (c command) assess(ctx context.Context, plan *readiness.Plan, n connection) (*readiness.Report, error) {
	runner := readiness.Runner{
		Network:      n.network,
		Concurrency:  c.concurrency,
		Timeout:      c.timeout,
		Deadline:     c.deadline,
		AllAddresses: c.allAddresses,
	}
	p := progress{w: c.stderr, columns: c.columns, total: len(plan.Checks)}
	if c.columns > 0 {
		runner.Observe = p.observe
		p.draw("")
	}
	report, err := runner.Assess(ctx, plan, c.policy)
	p.erase()
	if ctx.Err() != nil {
		c.log("interrupted: what was not measured until now is reported as not run")
	}
	return report, err
}

// write writes the report, in full or not at all.
func (c command) write(out *output, report *readiness.Report) error {
	write := render.Text
	if c.format == formatJSON {
		write = render.JSON
	}
	if err := write(out, report); err != nil {
		return err
	}
	return out.commit()
}

// exitStatus returns the exit status of a verdict. failOn is the mildest one
// that fails.
func exitStatus(v, failOn readiness.ReportVerdict) int {
	switch v {
	case readiness.Ready:
		return exitReady
	case readiness.ReadyDegraded:
		if failOn == readiness.ReadyDegraded {
			return exitBlocked
		}
		return exitReady
	case readiness.Blocked:
		return exitBlocked
	case readiness.Unproven:
	}
	return exitUnproven
}
