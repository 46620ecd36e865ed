package readiness

import (
	"github.com/netready/netready/probe"
)

// CauseNetworkDown means that this machine has no route to its resolvers.
const CauseNetworkDown CauseCode = "network.down"

func networkDown(v *view) []found {
	if v.outcomes.signs.resolvers != CauseNetworkDown {
		return nil
	}
	return []found{v.unresolved(Cause{
		Title:  "This machine has no route to its DNS servers",
		Remedy: "Connect this machine to the setup network, and make sure DHCP gives it an address, a gateway and DNS servers.",
	}, func(f *probe.ProxyFacts) bool {
		return f.Op == probe.OpResolve || f.Op == probe.OpConnect && f.Code == probe.TCPUnreachable
	})}
}

// unresolved completes a cause that keeps all resolvers from working. It
// explains the failed lookups, the checks skipped because of them, and a proxy
// that was unreachable for the same reason.
func (v *view) unresolved(c Cause, same func(*probe.ProxyFacts) bool) found {
	checks := v.open(func(i int, _ outcome) bool {
		e := v.obs[i].Error
		return stage(v.target(i)) == 0 || v.obs[i].Proxy == nil && e != nil && e.Op == probe.OpResolve && dead(e.Code)
	})
	checks = append(checks, v.notRun(func(_ int, c probe.Code) bool { return c == probe.Skipped })...)
	checks = append(checks, v.open(func(i int, r outcome) bool {
		f := v.obs[i].Proxy
		return stage(v.target(i)) != 0 && r.code == probe.ProxyUnreachable && f != nil && same(f)
	})...)
	c.Evidence = v.resolverEvidence(checks)
	if c.Evidence == nil {
		c.Evidence = []string{"This machine has no DNS server configured."}
	}
	return found{Cause: c, explains: unreached(checks...)}
}
