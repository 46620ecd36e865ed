package readiness

import (
	"slices"

	"github.com/netready/netready/probe"
)

// signs are what a plan's observations establish only together.
type signs struct {
	resolvers CauseCode // why no resolver works, or "" if one does or it is unclear
	rewriting bool      // resolvers invent addresses
	portal    portalAnswer
	clocks    clocks

	noIPv6 noIPv6

	// Whether any direct connection over the address family succeeded.
	ipv4, ipv6 bool
}

func signsOf(p *Plan, obs []probe.Observation) signs {
	return signs{
		resolvers: resolversOf(p, obs),
		rewriting: rewrites(p, obs),
		portal:    portalOf(p, obs),
		clocks:    clocksOf(obs),
		noIPv6:    noIPv6Of(obs),
		ipv4:      familyWorks(obs, true),
		ipv6:      familyWorks(obs, false),
	}
}

// honest reports whether resolvers work and were not found to invent addresses.
func (s signs) honest() bool { return s.resolvers == "" && !s.rewriting }

// familyWorks reports whether a direct connection to any host over IPv4, or
// over IPv6, succeeded.
func familyWorks(obs []probe.Observation, v4 bool) bool {
	return slices.ContainsFunc(obs, func(o probe.Observation) bool {
		return !inconclusive(o.Code()) && o.Proxy == nil && o.TCP != nil && worked(o.TCP, v4)
	})
}

func worked(f *probe.TCPFacts, v4 bool) bool {
	return slices.ContainsFunc(f.Dials, func(d probe.Dial) bool { return d.Code == "" && is4(d) == v4 })
}

func is4(d probe.Dial) bool { return d.Addr.Addr().Unmap().Is4() }
