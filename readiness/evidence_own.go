package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// ownFailure reports whether checks failed in the conversation that a prober of the
// embedder's had: the port is open, and nobody has to allow it. Silence over UDP
// does not show that.
func (v *view) ownFailure(checks []int) bool {
	steps := []string{
		"", probe.OpResolve, probe.OpConnect, probe.OpProxy, probe.OpHandshake, probe.OpRequest, probe.OpBody, probe.OpClock,
		probe.OpIssuer, probe.OpRevocation,
	}
	return !slices.ContainsFunc(checks, func(i int) bool {
		e := v.obs[i].Error
		silent := e != nil && e.Code == probe.Timeout && v.transport(i) == "UDP"
		return e == nil || silent || slices.Contains(steps, e.Op)
	})
}

// ownWords words a failure in a custom prober. Its code is the embedder's, so
// the meaning is in the error's text.
func (v *view) ownWords(c *Cause, host string, code probe.Code, checks []int) {
	c.Title = fmt.Sprintf("%s does not answer as expected (%s)", host, code)
	c.Remedy = fmt.Sprintf("Find out why %s answers with %s; the network lets connections through.", v.ports(checks), code)
	c.Evidence = nil
	for _, i := range checks {
		e := v.obs[i].Error
		text := string(code)
		if e.Err != nil {
			text = fmt.Sprintf("%.200s", e.Err.Error())
		}
		c.Evidence = append(c.Evidence, fmt.Sprintf("%s: %s", v.target(i), text))
	}
}
