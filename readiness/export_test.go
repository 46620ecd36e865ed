package readiness

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/netready/netready/internal/jsonwrite"
	"github.com/netready/netready/probe"
)

// Rejected returns the claims that diagnoses made of what was not open. There
// must be none. With extra, one more diagnosis claims every check. There must be one
// observation for each check, in the order of the plan.
func Rejected(p *Plan, obs []probe.Observation, extra bool) []string {
	j := newJudgment(p, obs, Policy{})
	v := diagnose(j, nil)
	if extra {
		f := found{}
		for i := range p.Checks {
			f.explains = append(f.explains, unreached(i)...)
		}
		v.record(diagnosis{code: "extra"}, f)
	}
	var out []string
	for _, r := range v.rejected {
		out = append(out, fmt.Sprintf("%s claims %s, of which %+v came", r.by, p.Checks[r.claim.check].ID(), j.outcomes.each[r.claim.check]))
	}
	return out
}

// JudgeRun is [Runner.Judge] of what [Runner.Run] returned, as [Runner.Assess] calls
// it: the texts are clean.
func (r Runner) JudgeRun(p *Plan, obs []probe.Observation) *Report {
	return r.judge(p, obs, nil, nil)
}

// Forgotten returns what a run with [Runner].Forget keeps of observations.
func Forgotten(obs []probe.Observation) []probe.Observation {
	var k keeper
	out := make([]probe.Observation, len(obs))
	for i, o := range obs {
		out[i] = k.keep(o)
	}
	return out
}

// Merged returns what two attempts at a check saw together.
func Merged(first, second probe.Observation) probe.Observation { return merged(first, second) }

// FindingJSON returns a finding in which every field is set, as it is written and as
// encoding/json writes it.
func FindingJSON() (written, byTags []byte, err error) {
	index := 3
	f := jsonFinding{
		Check: "https a.example:443", Service: "<&>", Host: "a.example", Port: 443, Protocol: probe.HTTPS, Status: Failed, Code: probe.TCPTimeout,
		Impact: Fatal, Basis: "inferred", Consequence: "a \"b\"", Phase: "enroll", Known: "confirmed", Note: "é", Published: "within",
		Cause: CauseHostUnreachable, CauseIndex: &index, Observation: 7,
	}
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			return nil, nil, errors.New(v.Type().Field(i).Name + " is not set")
		}
	}
	var w jsonwrite.Writer
	f.write(&w)
	if written, err = w.Bytes(); err != nil {
		return nil, nil, err
	}
	byTags, err = json.Marshal(f)
	return written, byTags, err
}
