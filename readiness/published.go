package readiness

import (
	"fmt"

	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// publishedFor says whether the address that a check connected to is in what
// Microsoft publishes for the host. It is known of few hosts. What is outside may
// have moved since, so that it is a fact, and never a cause by itself.
func publishedFor(p *Plan, o probe.Observation) ranges.Result {
	if o.Proxy != nil || o.TCP == nil || !o.TCP.Remote.IsValid() {
		return ranges.Unpublished
	}
	return ranges.Check(p.Scope.cloud(), o.Target.Host, o.TCP.Remote.Addr().Unmap())
}

// outside says of a check that went to another address than Microsoft publishes
// that it did, for the evidence; "" if it did not, or nobody knows.
func (d *diagnosis) outside(i int) string {
	if publishedFor(d.plan, d.obs[i]) != ranges.Outside {
		return ""
	}
	sets := ranges.Embedded().Cover(d.plan.Scope.cloud(), d.target(i).Host)
	return fmt.Sprintf("%s is not among the addresses that Microsoft publishes for %s (%s, %s).",
		d.obs[i].TCP.Remote.Addr(), d.target(i).Host, sets[0].Source.Title, sets[0].Source.Date)
}
