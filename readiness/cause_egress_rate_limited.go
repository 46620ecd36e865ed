package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// CauseRateLimited means that the network limits new connections: many fail
// when many begin at once, and succeed when they are repeated a few at a time.
const CauseRateLimited CauseCode = "egress.rate_limited"

// rateLimited needs connections that succeeded at first as well: if none did,
// the network was down for a moment. A share of failures that small is lost
// packets.
func rateLimited(v *view) []found {
	var recovered []int
	direct := 0
	for i, r := range v.outcomes.each {
		o := v.obs[i]
		switch {
		case r.status == NotRun || o.Proxy != nil || o.TCP == nil || !o.TCP.Remote.IsValid():
		case lateConnection(o):
			recovered = append(recovered, i)
		default:
			direct++
		}
	}
	total := len(recovered) + direct
	if len(recovered) < manyRecovered || direct < severalHosts || leastRecovered*len(recovered) < total || v.owners(recovered) < unrelatedOwners {
		return nil
	}
	return []found{{Cause: Cause{
		Title: "The network limits new connections",
		Evidence: []string{
			fmt.Sprintf("%d of %s failed when many began at once, and succeeded when they were repeated a few at a time: %s.",
				len(recovered), count(total, "connection"), list(v.names(recovered))),
			fmt.Sprintf("The other %d were made without trouble, so the network was not down.", direct),
		},
		Remedy: "Raise the limit on new connections for each device, and for all devices together, at the gateway or firewall. Devices in setup open dozens at once.",
	}, affects: recovered}}
}

// limited reports whether the network limits new connections: then a single
// connection that failed says nothing of its host.
func (v *view) limited() bool {
	return slices.ContainsFunc(v.causes, func(c *recorded) bool { return c.Code == CauseRateLimited })
}

// lateConnection reports whether the address that accepted a connection did so
// only after an attempt that failed. If another one accepts, no limit is shown.
func lateConnection(o probe.Observation) bool {
	if o.Attempts < 2 {
		return false
	}
	failed := make(map[string]bool) // addresses
	for _, s := range o.Steps {
		if s.Op != probe.OpConnect {
			continue
		}
		if s.Error == nil {
			return failed[s.Addr]
		}
		switch s.Error.Code {
		case probe.TCPTimeout, probe.TCPRefused, probe.TCPReset, probe.TCPUnreachable, probe.Canceled:
			failed[s.Addr] = true
		}
	}
	return false
}
