package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/probe"
)

// Diagnose finds the causes behind the findings of a plan, most general first.
// Each failed check, and each check that was skipped because of a cause, belongs
// to exactly one cause. Diagnose is pure. The observations and findings must be
// those of the plan, the findings as [Judge] returns them.
//
// It claims no more than was seen: what a single signal leaves open stays a
// failure of the single host.
func Diagnose(p *Plan, obs []probe.Observation, findings []Finding) []Cause {
	return diagnose(p, obs, findings).causes
}

func diagnose(p *Plan, obs []probe.Observation, findings []Finding) *diagnosis {
	n := len(p.Checks)
	d := &diagnosis{plan: p, obs: obs, results: make([]result, n), impact: make([]Impact, n), owner: make([]int, n)}
	for i := range d.owner {
		d.owner[i] = -1
		d.impact[i] = Informational
	}
	for _, f := range findings {
		if f.revocation() {
			continue // the host itself was reached
		}
		d.results[f.Check] = result{f.Status, f.Code}
		if f.Impact.rank() > d.impact[f.Check].rank() {
			d.impact[f.Check] = f.Impact
		}
	}
	d.resolvers()
	d.rewriting()
	d.portal()
	d.diverted()
	d.proxy()
	d.egress()
	d.clock()
	d.inspection()
	d.strangers()
	d.untrusted()
	d.version()
	d.blockPages()
	d.filtered()
	d.disagreement()
	d.halfWithheld()
	d.ntp()
	d.partial()
	d.families()
	d.overridden()
	d.ranges()
	d.aliases()
	d.controllers()
	d.hosts()
	d.incomplete()
	d.revocations(findings)
	d.conclude(findings)
	return d
}

// A diagnosis is the state of one call of Diagnose.
type diagnosis struct {
	plan    *Plan
	obs     []probe.Observation
	results []result
	impact  []Impact // by check: the gravest of its findings
	owner   []int    // by check: the index of the cause that explains it, or -1
	causes  []Cause

	unchecked map[int]int // by check whose chain could not be checked for revocation: the cause
}

// touch records a cause that makes checks unreliable without failing them.
func (d *diagnosis) touch(c Cause, checks ...int) {
	c.Checks = slices.Clone(checks)
	slices.Sort(c.Checks)
	for _, i := range c.Checks {
		for _, e := range d.plan.Checks[i].Endpoints {
			if s := d.plan.Endpoints[e].Endpoint.Service; !slices.Contains(c.Services, s) {
				c.Services = append(c.Services, s)
			}
		}
		// What works now and then is a loss, and never the end.
		impact := d.impact[i]
		if impact.Blocks() {
			impact = Degrading
		}
		if c.Impact == Unjudged || impact.rank() > c.Impact.rank() {
			c.Impact = impact
		}
	}
	d.causes = append(d.causes, c)
}

// add records a cause and the checks that it explains.
func (d *diagnosis) add(c Cause, checks ...int) {
	for _, i := range checks {
		d.owner[i] = len(d.causes)
	}
	c.Checks = slices.Clone(checks)
	slices.Sort(c.Checks)
	d.causes = append(d.causes, c)
}

// explain adds a failed check to a cause that is known already.
func (d *diagnosis) explain(cause, check int) {
	d.owner[check] = cause
	if c := &d.causes[cause]; !slices.Contains(c.Checks, check) {
		c.Checks = append(c.Checks, check)
		slices.Sort(c.Checks)
	}
}

// open returns the failed checks without a cause for which keep is true.
func (d *diagnosis) open(keep func(i int, r result) bool) []int {
	var out []int
	for i, r := range d.results {
		if r.status == Failed && d.owner[i] < 0 && keep(i, r) {
			out = append(out, i)
		}
	}
	return out
}

// coded returns the failed checks without a cause that have one of the codes.
func (d *diagnosis) coded(codes ...probe.Code) []int {
	return d.open(func(_ int, r result) bool { return slices.Contains(codes, r.code) })
}

func (d *diagnosis) target(i int) probe.Target { return d.plan.Checks[i].Target }

// names returns the hosts of checks, sorted, each once.
func (d *diagnosis) names(checks []int) []string {
	var out []string
	for _, i := range checks {
		out = append(out, d.target(i).Host)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// zones counts the unrelated owners of the hosts of checks, as their last two labels.
func (d *diagnosis) zones(checks []int) int {
	seen := make(map[string]bool)
	for _, i := range checks {
		seen[zone(d.target(i).Host)] = true
	}
	return len(seen)
}

// conclude fills in what follows from the findings: impact, services, sources.
func (d *diagnosis) conclude(findings []Finding) {
	for _, f := range findings {
		owner := d.causeOf(f)
		if owner < 0 {
			continue
		}
		c := &d.causes[owner]
		if !slices.Contains(c.Services, f.Service) {
			c.Services = append(c.Services, f.Service)
		}
		if f.Status != Failed {
			continue
		}
		if c.Impact == Unjudged || f.Impact.rank() > c.Impact.rank() {
			c.Impact = f.Impact
		}
		for _, s := range f.Sources {
			if !slices.Contains(c.Sources, s) {
				c.Sources = append(c.Sources, s)
			}
		}
	}
	for i := range d.causes {
		if d.causes[i].Impact == Unjudged && !d.failed(i) {
			d.causes[i].Impact = Informational
		}
	}
	d.sort()
}

// sort puts the gravest causes first.
func (d *diagnosis) sort() {
	order := make([]int, len(d.causes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(d.causes[b].Impact.rank(), d.causes[a].Impact.rank()) })
	sorted := make([]Cause, len(order))
	at := make([]int, len(order))
	for i, was := range order {
		sorted[i], at[was] = d.causes[was], i
	}
	d.causes = sorted
	for i, owner := range d.owner {
		if owner >= 0 {
			d.owner[i] = at[owner]
		}
	}
	for i, owner := range d.unchecked {
		d.unchecked[i] = at[owner]
	}
}

// causeOf returns the index of the cause that explains a finding, or -1.
func (d *diagnosis) causeOf(f Finding) int {
	if !f.revocation() {
		return d.owner[f.Check]
	}
	if owner, ok := d.unchecked[f.Check]; ok {
		return owner
	}
	return -1
}

// failed reports whether a cause explains a failed check.
func (d *diagnosis) failed(cause int) bool {
	return slices.ContainsFunc(d.causes[cause].Checks, func(i int) bool { return d.results[i].status == Failed })
}
