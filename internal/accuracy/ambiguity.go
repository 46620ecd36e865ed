package accuracy

import "github.com/netready/netready/readiness"

// An ambiguity is a combination of faults that no observer could tell apart.
// Its causes count as neither right nor wrong.
type ambiguity struct {
	name   string
	why    string
	causes []Key
	holds  func(v view) bool
}

func ambiguities() []ambiguity {
	return []ambiguity{
		{
			name:   "a time server with a wrong time, and no genuine web server with the right one",
			why:    "the local clock and the time server contradict each other, and nothing else decides; anyone can set the date of plain HTTP",
			causes: []Key{{Code: readiness.CauseClockWrong}, {Code: readiness.CauseNTPUnusable}},
			holds: func(v view) bool {
				return v.index(func(f Fault) bool { return f.ahead != 0 }) >= 0 && v.asked() && !v.dates()
			},
		},
		{
			name:   "a proxy, and a filter behind it that answers with a page",
			why:    "whoever refuses a request over plain HTTP, the refusal comes from the proxy",
			causes: []Key{{Code: readiness.CauseBlockPage}, {Code: readiness.CauseProxyDenied}},
			holds: func(v view) bool {
				return v.proxied && v.index(func(f Fault) bool { return f.Cause == readiness.CauseBlockPage }) >= 0
			},
		},
		{
			name:   "no route to the resolvers, and no route to anywhere",
			why:    "without a resolver nothing else is measured",
			causes: []Key{{Code: readiness.CauseNetworkDown}, {Code: readiness.CauseDNSUnreachable}},
			holds: func(v view) bool {
				return v.index(func(f Fault) bool { return f.Kind == "resolver-unrouted" }) >= 0 &&
					v.index(func(f Fault) bool { return f.Cause == readiness.CauseNetworkDown }) < 0
			},
		},
	}
}

// unclear returns the causes that nobody can tell apart.
func (v view) unclear() []Key {
	var out []Key
	for _, a := range ambiguities() {
		if a.holds(v) {
			out = append(out, a.causes...)
		}
	}
	return out
}
