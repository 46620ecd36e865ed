package accuracy

import (
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// variations returns all variations.
func variations() []variation {
	return []variation{
		{"slow", 0.3, func(d *draw) bool {
			d.net.latency = time.Duration(1+d.rng.IntN(300)) * time.Millisecond
			return true
		}},
		{"IPv6", 0.4, set(func(n *Network) { n.ipv6 = true })},
		{"all addresses tried", 0.1, set(func(n *Network) { n.allAddresses = true })},
		{"a clock that is a little off", 0.2, func(d *draw) bool {
			d.net.drift = d.span(0, 2*time.Minute)
			return true
		}},
		{"a second resolver", 0.3, secondResolver},
		{"the first datagram of each kind lost", 0.15, set(func(n *Network) {
			n.extra = append(n.extra, probetest.At{Network: "udp", Fault: probetest.Loss{First: 1}})
		})},
		{"the first TLS connection to each host reset", 0.06, set(func(n *Network) {
			n.extra = append(n.extra, probetest.At{Port: 443, Fault: probetest.Once{Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}}})
		})},
		{"DNS over TCP", 0.1, set(func(n *Network) { n.extra = append(n.extra, probetest.Truncate) })},
		{"private addresses", 0.15, privateAddresses},
		{"aliases", 0.2, aliases},
		{"servers that say no", 0.3, refusals},
		{"client certificates", 0.2, func(d *draw) bool {
			for _, host := range d.untouched(1 + d.rng.IntN(2)) {
				d.net.extra = append(d.net.extra, probetest.At{Host: host, Port: 443, Fault: probetest.ClientCertificate{Require: d.chance(0.5)}})
			}
			return true
		}},
		{"bodies cut off", 0.1, func(d *draw) bool {
			for _, host := range d.untouched(1 + d.rng.IntN(3)) {
				if d.net.ranged(host) {
					continue // the body is the proof of a range
				}
				d.net.extra = append(d.net.extra, probetest.At{Host: host, Port: 443, Stage: probetest.AfterHeader, Fault: pick(d, []probetest.Fault{probetest.Close, probetest.Reset})})
			}
			return true
		}},
		{"a proxy announced", 0.1, func(d *draw) bool {
			if d.net.proxied || d.net.index(func(f Fault) bool { return f.Cause == readiness.CauseCaptivePortal || f.no4 }) >= 0 {
				return false
			}
			d.net.announced = true
			return true
		}},
		{"the proxy spoken to by SOCKS", 0.1, func(d *draw) bool {
			d.net.socks = d.net.proxied && d.net.index(func(f Fault) bool { return f.Cause == readiness.CauseProxyAuthRequired }) < 0
			return d.net.socks
		}},
		{"answers about revocation stapled", 0.2, set(func(n *Network) {
			n.stapled = true
			n.extra = append(n.extra, probetest.Staple)
		})},
		{"certificates that name no place to ask for revocation", 0.1, unlisted},
		{"an OCSP responder out of order", 0.1, func(d *draw) bool {
			order := pick(d, []probetest.Fault{probetest.Revocation{Status: 3}, probetest.Refuse})
			d.net.extra = append(d.net.extra, probetest.At{Host: ocspHost, Fault: order})
			return true
		}},
		{"intermediate certificates left out", 0.15, leaves},
		{"ranges that one host does not know", 0.1, func(d *draw) bool {
			for _, host := range d.untouched(1) {
				d.net.extra = append(d.net.extra, probetest.At{Host: host, Fault: probetest.IgnoreRange})
			}
			return true
		}},
		{"packets lost now and then", 0.15, set(func(n *Network) {
			n.extra = append(n.extra, probetest.Loss{Rate: 0.005, Connections: 0.0005})
		})},
		{"a content network that ends handshakes beyond a limit", 0.1, set(func(n *Network) {
			n.extra = append(n.extra, probetest.At{Network: "tcp", Port: 443, Fault: probetest.Limit{Rate: 60, Burst: 20, Fault: probetest.Alert{Description: 80}}})
		})},
	}
}

func set(f func(n *Network)) func(*draw) bool {
	return func(d *draw) bool { f(d.net); return true }
}

// secondResolver adds a resolver. One of the two may be broken.
func secondResolver(d *draw) bool {
	if d.net.resolvers != nil {
		return false
	}
	d.net.resolvers = twoResolvers()
	one, two := d.net.resolvers[0], d.net.resolvers[1]
	if d.chance(0.3) {
		return true
	}
	broken := pick(d, []probetest.Fault{probetest.Drop, probetest.Drop, probetest.Refuse, probetest.Refused, probetest.ServFail})
	which := pick(d, []netip.AddrPort{one, one, two})
	d.net.extra = append(d.net.extra, probetest.At{Addrs: netip.PrefixFrom(which.Addr(), 32), Fault: broken})
	return true
}

func twoResolvers() []netip.AddrPort {
	return []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")}
}

func privateAddresses(d *draw) bool {
	if d.net.index(func(f Fault) bool { return f.Kind == "names-led-nowhere" || f.no4 }) >= 0 {
		return false // where private addresses answer, that one is no sign of a filter; and they are IPv4 addresses
	}
	d.net.addresses = make(map[string][]netip.Addr)
	for k, host := range d.untouched(1 + d.rng.IntN(4)) {
		d.net.addresses[host] = []netip.Addr{netip.AddrFrom4([4]byte{10, 1, byte(k), 7})}
	}
	return true
}

func aliases(d *draw) bool {
	d.net.aliases = make(map[string]string)
	for _, host := range d.untouched(1 + d.rng.IntN(4)) {
		if d.net.addresses[host] == nil {
			d.net.aliases[host] = host + ".edge.example"
		}
	}
	return true
}

func refusals(d *draw) bool {
	d.net.refusing = d.untouched(1 + d.rng.IntN(4))
	for _, host := range d.net.refusing {
		status := pick(d, []int{http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable})
		d.net.extra = append(d.net.extra, probetest.At{Host: host, Port: 443, Fault: probetest.Page{Status: status}})
	}
	return true
}

// unlisted removes the revocation URLs from certificates, if nothing depends on
// them.
func unlisted(d *draw) bool {
	for _, host := range d.untouched(1 + d.rng.IntN(4)) {
		d.net.extra = append(d.net.extra, probetest.At{Host: host, Port: 443, Fault: probetest.NoRevocation})
	}
	return true
}

// leaves makes hosts omit their intermediate certificate. Middleboxes that
// present their own certificates do not, and where large packets are lost, the
// rest may fit into small ones.
func leaves(d *draw) bool {
	if d.net.index(func(f Fault) bool { return f.issuer != "" || f.narrow }) >= 0 {
		return false
	}
	d.net.leafOnly = d.untouched(1 + d.rng.IntN(3))
	for _, host := range d.net.leafOnly {
		d.net.extra = append(d.net.extra, probetest.At{Host: host, Port: 443, Fault: probetest.LeafOnly})
	}
	return true
}

// ranged reports whether a byte range is requested from a host.
func (n *Network) ranged(host string) bool {
	return slices.ContainsFunc(n.Plan.Checks, func(c readiness.Check) bool { return c.Target.Host == host && c.Target.Range })
}
