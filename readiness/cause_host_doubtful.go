package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// CauseHostDoubtful means that optional hosts do not answer, and no record
// shows that they answer on any network. It is informational for one or two
// hosts.
const CauseHostDoubtful CauseCode = "host.doubtful"

// hostDoubtful finds optional hosts that fail alone in their services, without
// a sign of interference. More than two of them are no coincidence.
func hostDoubtful(v *view) []found {
	checks := v.open(func(i int, r outcome) bool {
		return v.impact[i] != Informational && v.doubted(i) && innocent(r.code) && v.alone(i) && !v.established(r.code)
	})
	names := v.names(checks)
	if len(names) == 0 {
		return nil
	}
	// Of a host that answers on another port, only this port is in doubt.
	what, silent := "name", names
	answering := v.outcomes.answering(v.plan)
	if slices.ContainsFunc(names, func(host string) bool { return answering[host] }) {
		what, silent = "port", nil
		for _, i := range checks {
			silent = append(silent, v.target(i).Addr())
		}
		silent = unique(silent)
	}
	title := silent[0] + " did not answer, and no record shows that it answers on any network"
	if n := len(silent); n > 1 {
		title = count(n, what) + " did not answer, and no record shows that they answer on any network"
	}
	excuses := unexcused
	if len(names) < manyDoubts {
		excuses = byDoubt
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: v.hostEvidence(checks),
		Remedy:   "Compare with a network that works, such as a mobile hotspot. If they answer there, allow " + these(v.exempt(checks)) + ": " + some(v.exempt(checks), fewNames) + ".",
		Names:    v.exempt(checks),
	}, explains: unreached(checks...), excuses: excuses}}
}

// doubted reports whether nothing is known about a check's host and port, and
// no required endpoint depends on the check.
func (v *view) doubted(check int) bool {
	if !v.outcomes.unrecorded(v.plan, check) {
		return false
	}
	for e := range v.endpoints(check) {
		if need := needOf(v.plan.Scope, *e); e.Decisive || need != endpoints.Optional && need != endpoints.Conditional {
			return false
		}
	}
	return true
}

// innocent reports whether a server could have caused a code.
func innocent(c probe.Code) bool {
	switch c {
	case probe.DNSTimeout, probe.DNSServFail, probe.TCPTimeout, probe.TCPRefused, probe.TLSAlert, probe.TLSExpired,
		probe.ProxyTargetUnreachable:
		return true
	}
	return false
}

// alone reports whether nothing else of a check's services fails but other ports of
// the same host that are in doubt as well.
func (v *view) alone(check int) bool {
	services := v.services(check)
	host := v.target(check).Host
	for i, r := range v.outcomes.each {
		if r.status == Failed && (v.target(i).Host != host || !v.doubted(i) || !innocent(r.code)) && counts(v.outcomes.excuses[i]) &&
			slices.ContainsFunc(v.services(i), func(s endpoints.Service) bool { return slices.Contains(services, s) }) {
			return false
		}
	}
	return true
}

// counts reports whether a failure is a sign that another failure in its
// service is no coincidence. It is one even if a baseline excuses it.
func counts(e excuse) bool { return e == unexcused || e == byBaseline }

func (v *view) services(check int) []endpoints.Service {
	var out []endpoints.Service
	for e := range v.endpoints(check) {
		out = append(out, e.Service)
	}
	return out
}

// established reports whether a cause already explains failures with a code.
func (v *view) established(c probe.Code) bool {
	for i, r := range v.outcomes.each {
		if owner := v.owner[reach][i]; owner != nil && r.code == c && r.status == Failed && owner.most != Informational {
			return true
		}
	}
	return false
}
