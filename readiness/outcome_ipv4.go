package readiness

import (
	"net/netip"
	"slices"

	"github.com/netready/netready/probe"
)

// ipv4Lack says why nothing was reached over IPv4.
type ipv4Lack uint8

const (
	ipv4Works      ipv4Lack = iota // or it is unclear
	ipv4Unrouted                   // this machine has no route to IPv4 addresses
	ipv4Silent                     // it has, but no connection is made
	ipv4Translator                 // it has none, and the translator (NAT64) does not answer either
)

// ipv4LackOf tells from all connections of a run why nothing was reached over
// IPv4. Connections to addresses that DNS64 made from IPv4 addresses count as
// well. Failures on one port alone say nothing of the others.
func ipv4LackOf(p *Plan, obs []probe.Observation) ipv4Lack {
	unrouted, translated, failed := make(map[string]bool), make(map[string]bool), make(map[uint16]bool) // owners, and ports
	for i, o := range obs {
		if o.Proxy != nil || o.DNS == nil {
			continue
		}
		for _, a := range attempts(o) {
			made, owner := !is4(a), zone(p.Checks[i].Target.Host)
			switch {
			case made && !synthesized(o.DNS, a.Addr.Addr()):
			case a.Code == "":
				return ipv4Works
			case a.Code == probe.Canceled || local(a.Code):
			case a.NoRoute:
				unrouted[owner] = true
			case made:
				translated[owner] = true
			default:
				failed[a.Addr.Port()] = true
			}
		}
	}
	_, ipv6 := portsOf(obs)
	switch {
	case len(failed) == 0 && len(translated) >= severalOwners:
		return ipv4Translator
	case len(failed) == 0 && len(translated) == 0 && len(unrouted) >= unrelatedOwners:
		return ipv4Unrouted
	case len(failed) >= severalPorts && len(ipv6) > 0:
		return ipv4Silent
	}
	return ipv4Works
}

// attempts returns an observation's connections by address, and for UDP what
// came back from each.
func attempts(o probe.Observation) []probe.Dial {
	var out []probe.Dial
	if o.TCP != nil {
		out = slices.Clone(o.TCP.Dials)
	}
	if o.NCSI != nil && o.NCSI.IPv4 != nil && o.NCSI.IPv4.Status != 0 {
		for _, a := range o.NCSI.IPv4.Addresses {
			out = append(out, probe.Dial{Addr: netip.AddrPortFrom(a, o.Target.Port)})
		}
	}
	if o.NTP != nil {
		out = append(out, probe.Dial{Addr: o.NTP.Server})
	}
	return out
}

// synthesized reports whether DNS64 made an IPv6 address from an IPv4 address,
// RFC 6052: it has the well-known prefix, or ends in an IPv4 address of the
// name.
func synthesized(f *probe.DNSFacts, a netip.Addr) bool {
	const embedded = 12 // where an IPv4 address begins, after a prefix of 96 bits
	wellKnown := netip.MustParsePrefix("64:ff9b::/96")
	b := a.As16()
	last := netip.AddrFrom4([4]byte(b[embedded:]))
	return wellKnown.Contains(a) || slices.ContainsFunc(f.Addresses, func(v4 netip.Addr) bool { return v4.Unmap() == last })
}

// onlyIPv4 reports whether a name has only IPv4 addresses, apart from those made
// from them.
func onlyIPv4(f *probe.DNSFacts) bool {
	return f != nil && len(f.Addresses) > 0 && !slices.ContainsFunc(f.Addresses, func(a netip.Addr) bool { return a.Unmap().Is6() && !synthesized(f, a) })
}
