package readiness

import (
	"fmt"

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
