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

	intercepted interception

	noIPv6   noIPv6
	ipv4Lack ipv4Lack

	// The ports on which any direct connection over the address family succeeded.
	ipv4, ipv6 map[uint16]bool
}

func signsOf(p *Plan, obs []probe.Observation) signs {
	ipv4, ipv6 := portsOf(obs)
	return signs{
		resolvers: resolversOf(p, obs),
		rewriting: rewrites(p, obs),
		portal:    portalOf(p, obs),
		clocks:    clocksOf(obs),
		noIPv6:    noIPv6Of(obs),
		ipv4Lack:  ipv4LackOf(p, obs),

		intercepted: interceptionOf(p, obs),
		ipv4:        ipv4,
		ipv6:        ipv6,
	}
}

// honest reports whether resolvers work and were not found to invent addresses.
func (s signs) honest() bool { return s.resolvers == "" && !s.rewriting }

// portsOf returns the ports on which a direct connection to any host over IPv4,
// and over IPv6, succeeded.
func portsOf(obs []probe.Observation) (ipv4, ipv6 map[uint16]bool) {
	ipv4, ipv6 = make(map[uint16]bool), make(map[uint16]bool)
	for i := range obs {
		o := &obs[i]
		if inconclusive(o.Code()) || o.Proxy != nil || o.TCP == nil {
			continue
		}
		for _, d := range o.TCP.Dials {
			switch port := d.Addr.Port(); {
			case d.Code != "":
			case is4(d):
				ipv4[port] = true
			default:
				ipv6[port] = true
			}
		}
	}
	return ipv4, ipv6
}

func worked(f *probe.TCPFacts, v4 bool) bool {
	return slices.ContainsFunc(f.Dials, func(d probe.Dial) bool { return d.Code == "" && is4(d) == v4 })
}

func is4(d probe.Dial) bool { return d.Addr.Addr().Unmap().Is4() }
