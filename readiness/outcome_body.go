package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// begun reports whether a host was reached although its response is incomplete:
// the sender is known by then, and the body does not matter.
func begun(o probe.Observation) bool {
	t := o.Target
	if o.Error == nil || o.Error.Op != probe.OpBody || o.HTTP == nil || o.HTTP.Status == 0 {
		return false
	}
	switch o.Code() {
	case probe.HTTPTimeout, probe.HTTPReset, probe.HTTPTruncated, probe.HTTPMalformed, probe.HTTPTooLarge:
		return t.Protocol == probe.HTTP || t.Protocol == probe.HTTPS && genuine(o.TLS) && o.TLS.NameMatches
	}
	return false
}

// bodyNote lists the hosts that were reached although their responses are
// incomplete.
func (j *judgment) bodyNote() []string {
	var names []string
	for i, o := range j.obs {
		if j.outcomes.each[i].status == OK && begun(o) {
			names = append(names, fmt.Sprintf("%s (%s)", o.Target.Addr(), o.Code()))
		}
	}
	if len(names) == 0 {
		return nil
	}
	names = unique(names)
	return []string{fmt.Sprintf("%s answered, but the body of the response did not arrive whole: %s. Only its status line was needed, so this counts as reached.",
		count(len(names), "port"), list(names))}
}
