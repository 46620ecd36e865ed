package readiness

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// publishedFor says whether the address that a check connected to is one that
// Microsoft publishes for the host. The result is a fact and never a cause by
// itself: few hosts have published addresses, and these may have changed.
func publishedFor(p *Plan, o probe.Observation) endpoints.Known {
	if o.Proxy != nil || o.TCP == nil || !o.TCP.Remote.IsValid() {
		return endpoints.Unknown
	}
	return ranges.Check(cloudOf(p.Scope), o.Target.Host, o.TCP.Remote.Addr().Unmap())
}
