package readiness

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// A Report is the answer: one verdict, the causes behind what fails, the
// services, and everything that was seen. It is plain data. json.Marshal
// encodes it as the document that the package documentation describes. The zero
// Report is not ready.
type Report struct {
	Plan    *Plan
	Verdict Verdict
	Policy  string // the name of the policy that judged

	// Catalog and CatalogDate are the version and date of the catalog that the
	// plan is from.
	Catalog, CatalogDate string

	// Notes are what a reader must know about the report as a whole: the plan's
	// notes, which observations match no check, and how this machine's own
	// settings differ from those of a new device.
	Notes []string

	// Started and Duration span the observations. They are zero if there are
	// none.
	Started  time.Time
	Duration time.Duration

	// Traffic is what the run cost the network, together with whoever shared that
	// network meanwhile. It is zero if [Runner.Judge] or an older version made
	// the report.
	Traffic probe.Traffic

	// StopsAt is the earliest phase of provisioning that a fatal failure
	// breaks, or empty.
	StopsAt endpoints.Phase

	// CutOff says that the deadline or the caller's context ended the run
	// before every check was completed. The verdict is then Blocked or
	// Unproven.
	CutOff bool

	// Missing are the checks that were not completed, because the run ended or
	// because this machine could not make them. The gravest come first. If
	// there are any, the verdict is Blocked or Unproven.
	Missing []Check

	// Unconfirmed are the names that failed or were not tested, and for which
	// no record shows an answer on any network. They are sorted.
	Unconfirmed []string

	// Device says how the known facts about the devices compare with the
	// documents, from [Runner.Device]. Entries that are NotRun do not affect
	// the verdict.
	Device []Prerequisite

	Services     []ServiceResult     // in catalog order
	Causes       []Cause             // the gravest first
	Findings     []Finding           // in the plan's order
	Observations []probe.Observation // one for each check, in the plan's order
}

// Judge turns a plan's observations into a report under r.Policy. Observations
// may come in any order: each belongs to the check that has its target. A check
// without an observation counts as not run. Observations that match no check
// are left out, and a note of the report names them. Judge is pure, so stored
// observations can be judged again, under another policy and without a network.
//
// Judge returns an error if there is no plan or [Runner.Plan] did not make it,
// if there are observations but none matches the plan, if the policy names a
// service that the plan's catalog does not have, or if r.Device returns an
// error.
//
// Judge cleans the texts of observations from custom probers and from files, as
// [probe.Observation] promises.
func (r Runner) Judge(p *Plan, obs []probe.Observation) (*Report, error) {
	if err := r.check(p); err != nil {
		return nil, err
	}
	device, err := r.prerequisites(p)
	if err != nil {
		return nil, err
	}
	matched, left, err := match(p, obs)
	if err != nil {
		return nil, err
	}
	return r.judge(p, plain.Value(matched, plain.NoLimit), left, device), nil
}

// judge is Judge for clean observations, one for each check in the plan's order.
func (r Runner) judge(p *Plan, obs []probe.Observation, left []probe.Target, device []Prerequisite) *Report {
	j := newJudgment(p, obs, r.Policy)
	out := &Report{Plan: j.plan, Notes: slices.Concat(p.Notes, leftNote(left)), Catalog: j.plan.Catalog.Version(), CatalogDate: j.plan.Catalog.Date(), Policy: r.Policy.Name(), Device: device, Observations: j.obs}
	v := diagnose(j, r.Policy.words)
	out.Findings, out.Services, out.Unconfirmed = j.findings, j.services(), j.unconfirmed()
	out.Notes = append(out.Notes, j.silenceNote()...)
	out.Notes = append(out.Notes, j.bodyNote()...)
	out.Notes = append(out.Notes, j.rangeNote()...)
	out.Notes = append(out.Notes, j.ownNote()...)
	out.Notes = append(out.Notes, forgottenNote(j.obs)...)
	out.Causes = v.result()
	for i, f := range out.Findings {
		if c := v.causeOf(f); c != nil && f.Outcome != OK {
			out.Findings[i].Cause = &out.Causes[c.index]
		}
	}
	out.Missing, out.CutOff = j.missing()
	out.Verdict = out.verdict()
	out.StopsAt = out.stopsAt()
	out.span()
	out.Notes = append(out.Notes, r.Policy.baseline.notes(out, j.alike())...)
	return out
}

// Assess plans a scope, runs the plan and judges the observations. Any error is
// that of [Runner.Plan], [Runner.Run] or [Runner.Judge], and occurs before
// anything is contacted. If ctx ends early, the report covers what was measured
// by then, and CutOff is true.
func (r Runner) Assess(ctx context.Context, s endpoints.Scope) (*Report, error) {
	p, err := r.Plan(s)
	if err != nil {
		return nil, err
	}
	device, err := r.prerequisites(p)
	if err != nil {
		return nil, err
	}
	r.Network = r.Network.Shared()
	before := r.Network.Traffic()
	obs, err := r.Run(ctx, p)
	if err != nil {
		return nil, err
	}
	out := r.judge(p, obs, nil, device)
	out.Traffic = r.Network.Traffic()
	out.Traffic.Connections -= before.Connections
	out.Traffic.Datagrams -= before.Datagrams
	out.Traffic.Sent -= before.Sent
	out.Traffic.Received -= before.Received
	return out, nil
}

func (r Runner) prerequisites(p *Plan) ([]Prerequisite, error) {
	if r.Device == nil {
		return nil, nil
	}
	return r.Device(p.Scope)
}

// Assess assesses this machine's own network for a scope, with the built-in
// catalog and the zero [Runner].
func Assess(ctx context.Context, s endpoints.Scope) (*Report, error) {
	return Runner{}.Assess(ctx, s)
}

// Err returns nil if r.Verdict is Ready or Degraded. Otherwise it returns an
// error that says why in one line. A nil report is unproven. Err suits tests
// and scripts.
func (r *Report) Err() error {
	if r == nil {
		r = new(Report)
	}
	if r.Verdict.Works() {
		return nil
	}
	if r.Verdict == Blocked {
		for _, c := range r.Causes {
			if c.Impact.Blocks() {
				return errors.New("readiness: blocked: " + plain.Line(c.Title))
			}
		}
		for _, d := range r.Device {
			if d.Outcome == Failed && d.Impact.Blocks() {
				return errors.New("readiness: blocked: " + d.Name + ": " + plain.Line(d.Found))
			}
		}
		return errors.New("readiness: blocked")
	}
	if missing := r.incompleteness(); missing != "" {
		return errors.New("readiness: unproven: " + missing)
	}
	return errors.New("readiness: unproven: not everything that provisioning needs was measured")
}

// verdict sums up the services. A blocked service blocks, and any loss
// degrades. An unproven fatal service or a missing check leaves the report
// unproven.
func (r *Report) verdict() Verdict {
	out := Ready
	if len(r.Services) == 0 {
		return Unproven
	}
	if len(r.Missing) > 0 {
		out = Unproven
	}
	for _, s := range r.Services {
		switch {
		case s.Verdict == Blocked:
			return Blocked
		case s.Verdict == Unproven && s.Impact.Blocks():
			out = Unproven
		case s.Verdict == Degraded && s.Impact != Informational && out == Ready:
			out = Degraded
		}
	}
	for _, d := range r.Device {
		switch {
		case d.Outcome != Failed:
		case d.Impact.Blocks():
			return Blocked
		case out == Ready && d.Impact.rank() >= Conditional.rank():
			out = Degraded
		}
	}
	for _, c := range r.Causes {
		if out == Ready && c.Impact.rank() >= Conditional.rank() {
			out = Degraded
		}
	}
	return out
}

// stopsAt returns the earliest phase that a fatal finding breaks.
func (r *Report) stopsAt() endpoints.Phase {
	var first endpoints.Phase
	for _, f := range r.Findings {
		if f.Outcome == Failed && f.Impact.Blocks() && (first == "" || f.Phase.Order() < first.Order()) {
			first = f.Phase
		}
	}
	return first
}

// span sets the time that the observations took.
func (r *Report) span() {
	var end time.Time
	for _, o := range r.Observations {
		if o.Start.IsZero() {
			continue
		}
		if r.Started.IsZero() || o.Start.Before(r.Started) {
			r.Started = o.Start
		}
		if e := o.Start.Add(o.Duration); e.After(end) {
			end = e
		}
	}
	if !r.Started.IsZero() {
		r.Duration = end.Sub(r.Started)
	}
}

// services sums up the groups of each service, in the catalog's order.
func (j *judgment) services() []ServiceResult {
	at := make(map[endpoints.Service]*ServiceResult)
	testable := make(map[endpoints.Service]bool)
	matters := make(map[endpoints.Service]bool)
	for _, g := range j.groups {
		testable[g.service] = testable[g.service] || g.testable > 0
		matters[g.service] = matters[g.service] || g.rest.Impact != Informational
	}
	for i := range j.groups {
		g := &j.groups[i]
		s := at[g.service]
		if s == nil {
			s = &ServiceResult{Service: g.service, Name: j.plan.Catalog.Title(g.service), Verdict: NotApplicable}
			at[g.service] = s
		}
		if s.Sources == nil || g.rest.Impact.rank() > s.Impact.rank() {
			s.Ruling = g.rest
		}
		for _, e := range g.endpoints {
			if j.plan.layout[e].untested != "" {
				s.Untested++
			}
		}
		if g.status == Degraded && g.rest.Impact == Informational && matters[g.service] {
			s.Verdict = worse(s.Verdict, Ready) // a part that nothing depends on does not degrade the service
			continue
		}
		if g.testable > 0 || !testable[g.service] {
			s.Verdict = worse(s.Verdict, g.status)
		}
	}
	for _, f := range j.findings {
		s := at[f.Service]
		if f.revocation() {
			switch {
			case f.Outcome == NotRun:
				s.Verdict = worse(s.Verdict, Unproven)
			case f.Impact.Blocks():
				s.Verdict = Blocked
			default:
				s.Verdict = worse(s.Verdict, Degraded)
			}
		}
		switch f.Outcome {
		case OK:
			s.Passed++
		case Failed:
			s.Failed++
		case NotRun:
			s.NotRun++
		}
	}
	var out []ServiceResult
	for _, id := range j.plan.Catalog.Services() {
		if s := at[id]; s != nil {
			out = append(out, *s)
			delete(at, id)
		}
	}
	for _, g := range j.groups { // a handmade plan may have services that its catalog lacks
		if s := at[g.service]; s != nil {
			out = append(out, *s)
			delete(at, g.service)
		}
	}
	return out
}

// worse returns the worse of two verdicts: blocked, unproven, degraded, ready,
// not applicable.
func worse(a, b Verdict) Verdict {
	order := []Verdict{NotApplicable, Ready, Degraded, Unproven, Blocked}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
