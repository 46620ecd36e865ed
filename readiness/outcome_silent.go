package readiness

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// saysNothing reports whether a host completed a handshake with a genuine
// certificate for its name and then sent no HTTP response.
func saysNothing(o probe.Observation) bool {
	return o.Target.Protocol == probe.HTTPS && o.Error != nil && (o.Error.Op == probe.OpRequest || o.Error.Op == probe.OpBody) &&
		!inconclusive(o.Code()) && genuine(o.TLS) && o.TLS.Version != "" && (o.HTTP == nil || o.HTTP.Status == 0)
}

// silentOf returns the checks whose hosts sent nothing after the handshake,
// except hosts that are known to do so.
func silentOf(obs []probe.Observation, out *outcomes) []int {
	var silent []int
	for i, o := range obs {
		if out.each[i].status == Failed && saysNothing(o) && !asKnown(out.facts[i], out.each[i], o) {
			silent = append(silent, i)
		}
	}
	return silent
}

// reachedSilently returns the check of the one host that sent nothing after the
// handshake, if no record shows that it responds on any network; it counts as
// reached. It returns -1 if there is no such host or more than one.
func reachedSilently(p *Plan, obs []probe.Observation, out *outcomes) int {
	silent := silentOf(obs, out)
	if len(silent) == 0 {
		return -1
	}
	host := p.Checks[silent[0]].Target.Host
	for _, i := range silent {
		if p.Checks[i].Target.Host != host || decisive(p, i) || out.facts[i].Known == endpoints.Confirmed {
			return -1
		}
	}
	return silent[0]
}

// silenceNote says which host was reached although it sent no HTTP response.
func (j *judgment) silenceNote() []string {
	i := j.outcomes.noted
	if i < 0 {
		return nil
	}
	return []string{j.plan.Checks[i].Target.Addr() + " completed a TLS handshake with a genuine certificate and then sent no HTTP response. " +
		"It counts as reached, because no record shows that it sends one on any network."}
}
