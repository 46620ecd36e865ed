package readiness

import "github.com/netready/netready/probe"

// CauseDNSUnreachable means that no resolver resolves names.
const CauseDNSUnreachable CauseCode = "dns.unreachable"

func dnsUnreachable(v *view) []found {
	if v.outcomes.signs.resolvers != CauseDNSUnreachable {
		return nil
	}
	out := v.unresolved(Cause{
		Title:  "No DNS server resolves internet names",
		Remedy: "Use DHCP to assign devices a DNS server that resolves internet names and that they can reach on UDP and TCP port 53, then check again.",
	}, func(f *probe.ProxyFacts) bool { return f.Op == probe.OpResolve })
	failed := v.open(func(i int, _ outcome) bool { return v.target(i).Protocol == probe.DNS })
	if servers := v.overTCP(failed); servers != nil {
		out.Title, out.Remedy = "DNS answers do not fit into UDP, and TCP port 53 gives none", allowTCP(servers)
	}
	return []found{out}
}
