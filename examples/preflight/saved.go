package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// settleSaved checks that the flags about saved reports fit the others.
func (o *options) settleSaved(given map[string]bool) error {
	if o.before != "" {
		for _, name := range sorted(given) {
			if !slices.Contains([]string{"diff", "format", "o"}, name) {
				return fmt.Errorf("-diff and -%s cannot be combined: -diff only compares two files", name)
			}
		}
		switch {
		case o.after == "":
			return errors.New("-diff needs two files: -diff BEFORE AFTER")
		case o.format != formatText && o.format != formatJSON:
			return fmt.Errorf("-diff needs -format %s or %s: no other form shows a comparison", formatText, formatJSON)
		}
	}
	if o.from != "" {
		if given["field"] {
			return errors.New("-from and -field cannot be combined: a saved report does not prove that a real network was measured")
		}
		for _, name := range []string{"resolver", "proxy", "roots", "public-roots", "timeout", "deadline", "concurrency", "all-addresses", "simulate", "list", "watch"} {
			if given[name] {
				return fmt.Errorf("-from and -%s cannot be combined: -from measures nothing", name)
			}
		}
	}
	return nil
}

func sorted(given map[string]bool) []string {
	var out []string
	for name := range given {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// savedReport reads the report in a file that a flag names.
func savedReport(flag, name string) (*readiness.Report, error) {
	text, err := readFile(name, maxReport)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", flag, name, err)
	}
	report, err := parseReport(text)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", flag, name, err)
	}
	return report, nil
}

// compare writes what changed between two reports. Its status is that of a
// blocked network if a check regressed that matters, or the verdict did.
func (c command) compare() (status int, err error) {
	before, err := savedReport("-diff", c.before)
	if err != nil {
		return 0, err
	}
	after, err := savedReport("-diff", c.after)
	if err != nil {
		return 0, err
	}
	out, err := cli.OpenOutput("-o", c.output, c.stdout)
	if err != nil {
		return 0, err
	}
	defer out.Discard()
	write := render.Diff
	if c.format == formatJSON {
		write = render.DiffJSON
	}
	if err := write(out, before, after); err != nil {
		return 0, err
	}
	if err := out.Commit(); err != nil {
		return 0, err
	}
	for was, is := range readiness.Diff(before, after) {
		if is.Since(was) == readiness.Regressed && is.Impact != readiness.Informational {
			return exitBlocked, nil
		}
	}
	if after.Verdict != before.Verdict && (after.Verdict == readiness.Blocked || after.Verdict == readiness.Degraded && before.Verdict == readiness.Ready) {
		return exitBlocked, nil
	}
	return exitReady, nil
}

// again judges a saved report under the policy, scope and catalog that the
// flags name, and under its own where they name none.
func (c command) again() (status int, err error) {
	stored, err := savedReport("-from", c.from)
	if err != nil {
		return 0, err
	}
	if len(stored.Observations) == 0 {
		return 0, fmt.Errorf("-from %s: the report has no observations to judge: want one that -format json wrote", c.from)
	}
	c.rescope(stored)
	runner := readiness.Runner{}
	if c.catalog != "" {
		if runner.Catalog, err = cli.Catalog(c.catalog); err != nil {
			return 0, err
		}
	}
	if c.device != "" {
		facts, err := readFacts(c.device, stored.Plan.Scope)
		if err != nil {
			return 0, fmt.Errorf("-device %s: %w", c.device, err)
		}
		runner.Device = facts.Check
	}
	if !c.given["policy"] {
		_ = c.setPolicy(stored.Policy) // an unknown one is documented
	}
	if err := c.against(); err != nil {
		return 0, err
	}
	runner.Policy = c.policy
	out, field, err := c.outputs()
	if err != nil {
		return 0, err
	}
	defer out.Discard()
	defer field.Discard()
	report, err := runner.Rejudge(stored)
	if invalid, ok := errors.AsType[*endpoints.Error](err); ok && invalid.Field == "baseline" {
		return 0, c.unfit(err)
	}
	if err != nil {
		return 0, fmt.Errorf("-from %s: %w", c.from, err)
	}
	return c.finish(out, field, report)
}

// rescope sets the fields of a report's scope that flags name.
func (c command) rescope(r *readiness.Report) {
	to, from := &r.Plan.Scope, c.scope
	for name, set := range map[string]func(){
		"scenario":  func() { to.Scenario = from.Scenario },
		"cloud":     func() { to.Cloud = from.Cloud },
		"tenant":    func() { to.Tenant, to.Domains = from.Tenant, from.Domains },
		"ad-domain": func() { to.ADDomain = from.ADDomain },
		"region":    func() { to.Region = from.Region },
		"tpm":       func() { to.TPM = from.TPM },
		"windows":   func() { to.Windows = from.Windows },
		"features":  func() { to.Features = from.Features },
	} {
		if c.given[name] {
			set()
		}
	}
}

// outputs opens the files that the flags name.
func (c command) outputs() (out, field *cli.Output, err error) {
	if out, err = cli.OpenOutput("-o", c.output, c.stdout); err != nil {
		return nil, nil, err
	}
	if field, err = cli.OpenOutput("-field", c.field, io.Discard); err != nil {
		out.Discard()
		return nil, nil, err
	}
	return out, field, nil
}

// finish writes a report and returns its exit status.
func (c command) finish(out, field *cli.Output, report *readiness.Report) (status int, err error) {
	if err := c.write(out, report); err != nil {
		return 0, fmt.Errorf("the report could not be written: %w", err)
	}
	if c.output != "" {
		c.log(report.Verdict.String() + "; the report is in " + c.output)
	}
	if c.field != "" {
		if err := c.writeField(field, report); err != nil {
			return 0, err
		}
	}
	return exitStatus(report.Verdict, c.failOn), nil
}
