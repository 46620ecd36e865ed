package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// unconfirmed returns the names that failed or were not tested and that no record
// shows to answer on any network. Names that answer on another port are left out.
func (j *judgment) unconfirmed() []string {
	var out []string
	answering := j.outcomes.answering(j.plan)
	for i, r := range j.outcomes.each {
		name := j.plan.Checks[i].Target.Host
		if r.status == Failed && j.outcomes.unrecorded(j.plan, i) && j.outcomes.excuses[i] != byAnswer && !answering[name] {
			out = append(out, name)
		}
	}
	for _, pl := range j.plan.layout {
		name := pl.endpoint.Host.String()
		if pl.untested != "" && pl.endpoint.Host.Kind() == endpoints.Exact && j.plan.Catalog.Fact(name, 0).Known == endpoints.Unknown {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// answering returns the hosts that answer on some port, here or according to a
// record.
func (out *outcomes) answering(p *Plan) map[string]bool {
	hosts := make(map[string]bool)
	for i, c := range p.Checks {
		if public(p, i) && (out.each[i].status == OK || out.facts[i].Known == endpoints.Confirmed) {
			hosts[c.Target.Host] = true
		}
	}
	return hosts
}
