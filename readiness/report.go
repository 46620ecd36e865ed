package readiness

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A ReportVerdict answers the question whether provisioning will finish.
type ReportVerdict uint8

// The verdicts. The zero one is Unproven: nobody is ready by default.
const (
	Unproven ReportVerdict = iota // something that provisioning needs was not measured
	Ready
	ReadyDegraded // provisioning will finish, with a loss
	Blocked
)

// String returns "unproven", "ready", "degraded" or "blocked".
func (v ReportVerdict) String() string {
	switch v {
	case Ready:
		return "ready"
	case ReadyDegraded:
		return "degraded"
	case Blocked:
		return "blocked"
	case Unproven:
	}
	return "unproven"
}

// MarshalText returns v.String().
func (v ReportVerdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// A Report is the answer: one verdict, the causes behind what fails, the
// services, and everything that was seen. The zero Report is not ready. It is
// plain data; json.Marshal of it is the document whose fields are listed in the
// package documentation.
type Report struct {
	Plan    *Plan
	Verdict ReportVerdict

	// Started and Duration span the observations. They are zero without any.
	Started  time.Time
	Duration time.Duration

	// StopsAt is the earliest phase of provisioning that a fatal failure
	// breaks, or empty.
	StopsAt endpoints.Phase

	// Device is how what is known of the devices compares with the documents;
	// see [JudgeDevice]. Nothing known is NotRun, and does not change the verdict.
	Device []DeviceFinding

	Services     []ServiceResult // in the catalogue's order
	Causes       []Cause         // the gravest first
	Findings     []Finding       // by check
	Observations []probe.Observation
}

// NewReport judges and diagnoses the observations of a plan, one for each
// check in its order. A nil policy is [Documented]. NewReport is pure, so that
// stored observations can be reported on again under another policy.
func NewReport(p *Plan, obs []probe.Observation, policy Policy) *Report {
	j := newJudgement(p, obs, policy)
	r := &Report{Plan: p, Observations: j.obs, Findings: j.findings, Services: j.services()}
	r.Device = JudgeDevice(p.Scope, policy)
	d := diagnose(p, j.obs, j.findings)
	r.Causes = d.causes
	for i, f := range r.Findings {
		if f.Status != OK {
			r.Findings[i].Cause = d.causeOf(f)
		}
	}
	r.Verdict = r.verdict()
	r.StopsAt = r.stopsAt()
	r.span()
	return r
}

// Assess runs a plan and reports on it. The error is that of [Runner.Run]. If
// ctx ends early, the report is of what was measured until then.
func (r Runner) Assess(ctx context.Context, p *Plan, policy Policy) (*Report, error) {
	obs, err := r.Run(ctx, p)
	if err != nil {
		return nil, err
	}
	return NewReport(p, obs, policy), nil
}

// Assess measures the host's own network for a scope, with the built-in
// catalogue, the defaults of [Runner], and the policy [Documented].
func Assess(ctx context.Context, s Scope) (*Report, error) {
	p, err := NewPlan(s, nil)
	if err != nil {
		return nil, err
	}
	return Runner{}.Assess(ctx, p, Documented)
}

// Err returns nil if r.Verdict is Ready or ReadyDegraded, and an error that
// says why not otherwise. It suits tests and scripts.
func (r *Report) Err() error {
	switch r.Verdict {
	case Ready, ReadyDegraded:
		return nil
	case Blocked:
		for _, c := range r.Causes {
			if c.Impact.Blocks() {
				return errors.New("readiness: blocked: " + c.Title)
			}
		}
		for _, d := range r.Device {
			if d.Status == Failed && d.Impact.Blocks() {
				return errors.New("readiness: blocked: " + d.Prerequisite.Title() + ": " + d.Found)
			}
		}
		return errors.New("readiness: blocked")
	case Unproven:
	}
	return errors.New("readiness: unproven: not everything that provisioning needs was measured")
}

// verdict sums up the services: a blocked one blocks, an unproven fatal one
// leaves the report unproven, and any loss degrades it.
func (r *Report) verdict() ReportVerdict {
	out := Ready
	if len(r.Services) == 0 {
		return Unproven
	}
	for _, s := range r.Services {
		switch {
		case s.Status == ServiceBlocked:
			return Blocked
		case s.Status == ServiceUnproven && s.Impact.Blocks():
			out = Unproven
		case s.Status == ServiceDegraded && s.Impact != Informational && out == Ready:
			out = ReadyDegraded
		}
	}
	for _, d := range r.Device {
		switch {
		case d.Status != Failed:
		case d.Impact.Blocks():
			return Blocked
		case out == Ready && d.Impact.rank() >= Conditional.rank():
			out = ReadyDegraded
		}
	}
	for _, c := range r.Causes {
		if out == Ready && c.Impact.rank() >= Conditional.rank() {
			out = ReadyDegraded
		}
	}
	return out
}

// stopsAt returns the earliest phase that a fatal finding breaks.
func (r *Report) stopsAt() endpoints.Phase {
	var first endpoints.Phase
	for _, f := range r.Findings {
		if f.Status == Failed && f.Impact.Blocks() && (first == "" || f.Phase.Order() < first.Order()) {
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

// services sums up the groups of each service, in the catalogue's order.
func (j *judgement) services() []ServiceResult {
	at := make(map[endpoints.Service]*ServiceResult)
	testable := make(map[endpoints.Service]bool)
	matters := make(map[endpoints.Service]bool)
	for _, g := range j.groups {
		testable[g.service] = testable[g.service] || g.testable > 0
		matters[g.service] = matters[g.service] || g.impact != Informational
	}
	for i := range j.groups {
		g := &j.groups[i]
		s := at[g.service]
		if s == nil {
			s = &ServiceResult{ID: g.service, Title: j.plan.Catalog.Title(g.service), Status: ServiceOK}
			at[g.service] = s
		}
		if s.Sources == nil || g.impact.rank() > s.Impact.rank() {
			s.Impact, s.Basis, s.Consequence, s.Sources = g.impact, g.rest.Basis, g.rest.Consequence, g.rest.Sources
		}
		for _, e := range g.endpoints {
			if j.plan.Endpoints[e].Untested != "" {
				s.Untested++
			}
		}
		if g.status == ServiceDegraded && g.impact == Informational && matters[g.service] {
			continue // a part that nothing depends on is no loss to the rest
		}
		if g.testable > 0 || !testable[g.service] {
			s.Status = worse(s.Status, g.status)
		}
	}
	for _, f := range j.findings {
		s := at[f.Service]
		if f.revocation() {
			switch {
			case f.Status == NotRun:
				s.Status = worse(s.Status, ServiceUnproven)
			case f.Impact.Blocks():
				s.Status = ServiceBlocked
			default:
				s.Status = worse(s.Status, ServiceDegraded)
			}
		}
		switch f.Status {
		case OK:
			s.OK++
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
		}
	}
	return out
}

// worse returns the worse of two statuses: blocked, unproven, degraded, ok.
func worse(a, b ServiceStatus) ServiceStatus {
	order := []ServiceStatus{ServiceOK, ServiceDegraded, ServiceUnproven, ServiceBlocked}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
