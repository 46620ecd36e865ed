package accuracy

import (
	"slices"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A hiding is a rule by which one fault explains the effect of another. Usually
// no rule is needed, because a check fails at the first fault on its path.
// These rules cover the rest.
type hiding struct {
	name string
	why  string

	// by returns the index of the fault that explains the effect of fault by on
	// a check, or -1.
	by func(v view, check, by int) int
}

// hidings returns the table. The first matching rule counts.
func hidings() []hiding {
	return []hiding{
		{
			name: "an invented name, and a fault at its address",
			why:  "without the invented name, nobody would have gone there to look for a proxy",
			by: func(v view, check, by int) int {
				if v.announced || v.traffic(check)&onWPAD == 0 || v.fates[check].Step <= StepName {
					return -1
				}
				return v.index(func(f Fault) bool { return f.Cause == readiness.CauseDNSRewriting })
			},
		},
		{
			name: "a captive portal, and closed connections, if no such check works",
			why:  "portals drop or reset what they do not answer, and hide everything behind them before sign-in",
			by: func(v view, check, by int) int {
				if p := v.portal(); p >= 0 && v.closed(check) && !v.works(check) {
					return p
				}
				return -1
			},
		},
		{
			name: "a captive portal, and an unknown certificate or an old version of TLS on every host",
			why:  "portals also answer TLS themselves, with an unknown certificate or an old server",
			by: func(v view, check, by int) int {
				f := v.Faults[by]
				own := f.Cause == readiness.CauseTLSUntrusted || f.Cause == readiness.CauseTLSVersion
				if own && f.general() && !v.works(check) {
					return v.portal()
				}
				return -1
			},
		},
		{
			name: "a port closed to everyone, and to one host at an earlier step",
			why:  "nobody can tell which of the two closes it to that host, and the port must first be opened for everyone",
			by: func(v view, check, by int) int {
				if v.Faults[by].general() || !v.closed(check) || v.Faults[by].led && v.evident(by) {
					return -1
				}
				return v.index(func(g Fault) bool { return g.general() && closes(g) && v.meets(g, check) })
			},
		},
	}
}

// A view is a network and the expected results of its checks.
type view struct {
	*Network
	fates []Fate
}

// taken returns the index of the fault that explains a check's result, or -1 if
// the check succeeds.
func (v view) taken(check int) int {
	by := v.fates[check].By
	if by < 0 {
		return by
	}
	for _, h := range hidings() {
		if other := h.by(v, check, by); other >= 0 {
			return other
		}
	}
	return by
}

// closes reports whether a fault closes a port.
func closes(f Fault) bool {
	switch f.Cause {
	case readiness.CauseHTTPBlocked, readiness.CauseHTTPSBlocked, readiness.CauseNTPBlocked, readiness.CauseProxyRequired:
		return true
	}
	return false
}

// evident reports whether names of unrelated owners lead nowhere on a port on
// which others answer.
func (v view) evident(by int) bool {
	return len(v.zones(v.checks(func(i int, _ probe.Target) bool { return v.fates[i].By == by && v.works(i) }))) >= 2
}

// meets reports whether a fault is on any way of a check.
func (v view) meets(f Fault, check int) bool {
	return slices.ContainsFunc(v.ways(v.Plan.Checks[check].Target), func(w way) bool {
		return f.reaches(w) && f.meets(w.on)
	})
}

// closed reports whether a check failed because its connection was closed or
// dropped, rather than by a response.
func (v view) closed(check int) bool {
	f := v.fates[check]
	told := f.By >= 0 && v.Faults[f.By].Cause == readiness.CauseTLSVersion // an alert gives the reason
	return f.closed() && !told
}

func (f Fate) closed() bool {
	switch f.Step {
	case StepConnect, StepAccept, StepHello, StepRequest:
		return true
	default:
		return false
	}
}

// works reports whether any check with the traffic of this one succeeds.
func (v view) works(check int) bool {
	on := v.traffic(check)
	for i, f := range v.fates {
		if f.Outcome == readiness.OK && v.traffic(i)&on != 0 {
			return true
		}
	}
	return false
}

// traffic returns a check's traffic.
func (v view) traffic(check int) traffic {
	var on traffic
	for _, w := range v.ways(v.Plan.Checks[check].Target) {
		on |= w.on
	}
	return on
}

// portal returns the index of a captive portal that was seen, or -1.
func (v view) portal() int {
	for _, f := range v.fates {
		if f.portal(v.Network) {
			return f.By
		}
	}
	return -1
}
