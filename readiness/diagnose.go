package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// diagnose finds the causes of a judgment's findings, the most general first.
// Exactly one cause explains each check that failed, was skipped because of a
// cause, or could not be made or verified on this machine. Checks that were cut
// off have no cause.
//
// A diagnosis claims no more than was seen: a failure that a single sign does
// not explain remains the failure of a single host.
//
// If a diagnosis excuses what it explains, the plan is judged again without
// those failures.
func diagnose(j *judgment, words []explanation) *view {
	v := newView(j.plan, j.obs, j.outcomes, j.findings)
	again := false
	for _, d := range diagnoses(j, words) {
		for _, f := range d.find(v) {
			v.record(d, f)
			if f.excuses == unexcused {
				continue
			}
			again = true
			for _, c := range f.explains {
				if j.outcomes.excuses[c.check] == unexcused {
					j.outcomes.excuses[c.check] = f.excuses
				}
			}
		}
	}
	if again {
		j.decideAll()
	}
	v.conclude(j.findings)
	return v
}

// record adds a cause that a diagnosis found. A claim to a check that is not
// open is a bug in the diagnosis. It is rejected, so that no check has two
// causes.
func (v *view) record(d diagnosis, f found) {
	c := f.joins
	if c == nil {
		c = &recorded{Cause: f.Cause, by: d, most: f.most}
		c.Code = d.code
		v.causes = append(v.causes, c)
	}
	for _, claim := range f.explains {
		if !v.claimable(claim) {
			v.rejected = append(v.rejected, rejection{d.code, claim})
			continue
		}
		v.owner[claim.of][claim.check] = c
		c.checks = append(c.checks, claim.check)
		c.plain = c.plain || v.target(claim.check).Protocol == probe.HTTP
	}
	for _, i := range f.affects {
		c.checks = append(c.checks, i)
		for e := range v.endpoints(i) {
			c.hits(e.Service)
		}
		// An intermittent failure degrades and never blocks.
		impact := v.impact[i]
		if impact.Blocks() {
			impact = Degrading
		}
		c.raise(impact)
	}
}

// hits adds a service to those that the cause affects.
func (c *recorded) hits(s endpoints.Service) {
	if !slices.Contains(c.Services, s) {
		c.Services = append(c.Services, s)
	}
}

type rejection struct {
	by    CauseCode
	claim claim
}

// claimable reports whether a claim is about something that needs a cause and
// has none. What was cut off or cannot be tested needs none.
func (v *view) claimable(c claim) bool {
	if v.owner[c.of][c.check] != nil {
		return false
	}
	if c.of == revocation {
		return v.outcomes.revocation[c.check].status != OK
	}
	r := v.outcomes.each[c.check]
	return r.status == Failed || r.status == NotRun && (r.code == probe.Skipped || r.code == probe.TLSIncomplete || local(r.code))
}

// conclude derives impacts, services and sources from the findings, and sorts
// the causes by impact, the gravest first.
func (v *view) conclude(findings []Finding) {
	for _, f := range findings {
		c := v.causeOf(f)
		if c == nil {
			continue
		}
		c.hits(f.Service)
		if f.Outcome != Failed {
			continue
		}
		c.raise(f.Impact)
		for _, s := range f.Sources {
			if !slices.Contains(c.Sources, s) {
				c.Sources = append(c.Sources, s)
			}
		}
	}
	for _, c := range v.causes {
		slices.Sort(c.checks)
		c.checks = slices.Compact(c.checks)
		switch {
		case !c.judged:
			c.Impact = Informational
		case c.most != Unjudged && c.Impact.rank() > c.most.rank():
			c.Impact = c.most
		}
	}
	slices.SortStableFunc(v.causes, func(a, b *recorded) int { return cmp.Compare(b.Impact.rank(), a.Impact.rank()) })
	for i, c := range v.causes {
		c.index = i
	}
}

func (v *view) causeOf(f Finding) *recorded {
	return v.owner[v.aspectOf(f)][f.at]
}

func (v *view) result() []Cause {
	var out []Cause
	for _, c := range v.causes {
		out = append(out, c.Cause)
	}
	out = plain.Value(out, plain.NoLimit) // names were decoded and assembled since the observations were cleaned
	for i, c := range v.causes {
		out[i].Evidence = fewEnough(unique(out[i].Evidence))
		out[i].Checks = v.plan.checks(c.checks)
	}
	return out
}
