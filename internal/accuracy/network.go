package accuracy

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A Network is one random network, and how it is measured.
type Network struct {
	Seed, Number uint64
	Plan         *readiness.Plan

	// Faults are what is wrong, those that are everywhere first.
	Faults []Fault

	// Variations are what differs from a plain network and does no harm, in words.
	Variations []string

	ipv6         bool
	proxied      bool
	socks        bool // the proxy is spoken to by SOCKS
	announced    bool // the domain says which proxy to use
	allAddresses bool
	stapled      bool     // servers show that their certificates are, or are not, revoked
	leafOnly     []string // hosts that leave their intermediate certificate out
	refusing     []string // hosts that answer with a status of refusal
	latency      time.Duration
	drift        time.Duration // how far the local clock is behind, within reason
	resolvers    []netip.AddrPort
	addresses    map[string][]netip.Addr
	aliases      map[string]string
	extra        []probetest.Fault
}

// A Fault is one thing that is wrong with a network.
type Fault struct {
	Kind  string
	Cause readiness.CauseCode // what a network suffers from that has it
	What  string              // the variant, in words

	// Hosts are the names and patterns of names that it happens to; nil means
	// all. Except are those that it leaves alone.
	Hosts, Except []string

	strikes []strike
	direct  bool // lies between the network and the internet, and not on the way of a proxy
	effect  effect
	issuer  string // of the certificates that it shows, or ""

	skew      time.Duration           // how far the local clock is behind
	ahead     time.Duration           // how far a time server is ahead of everyone
	window    *window                 // when its certificates are valid, or nil
	addresses map[string][]netip.Addr // in the order of the answer
	first     bool                    // of addresses, the dead one comes first
	internet  []probetest.Fault       // what it is made of
	hosts     map[string][]netip.Addr // in the hosts file of the machine
	unranged  traffic                 // on which byte ranges are taken out
	no6       bool                    // IPv6 leads nowhere
	stale     bool                    // revocation lists are out of date
	contested bool                    // only one of two resolvers does it
	last      bool                    // it has its way where no other fault has
}

// A window is when a certificate is valid, relative to the true time.
type window struct{ from, until time.Duration }

func (w window) holds(at time.Duration) bool { return w.from <= at && at <= w.until }

// String says what is wrong, for people.
func (f Fault) String() string {
	s := f.Kind + ": " + f.What
	if f.Hosts != nil {
		s += " at " + strings.Join(f.Hosts, ", ")
	}
	if f.Except != nil {
		s += " but at " + strings.Join(f.Except, ", ")
	}
	return s
}

// general reports whether a fault is everywhere.
func (f Fault) general() bool { return f.Hosts == nil }

// begins returns the first step at which a fault is met.
func (f Fault) begins() Step {
	first := stepNone
	for _, s := range f.strikes {
		first = min(first, s.step)
	}
	return first
}

// covers reports whether a fault happens to a host.
func (f Fault) covers(host string) bool {
	return (f.general() || matches(f.Hosts, host)) && !matches(f.Except, host)
}

// reaches reports whether a fault lies on a way at all.
func (f Fault) reaches(w way) bool {
	if f.direct && (w.proxied || w.inside) {
		return false
	}
	return f.covers(w.host)
}

// meets reports whether a fault does something to some traffic.
func (f Fault) meets(on traffic) bool {
	return slices.ContainsFunc(f.strikes, func(s strike) bool { return s.on&on != 0 })
}

func matches(patterns []string, host string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		suffix, ok := strings.CutPrefix(p, "*")
		return p == host || ok && strings.HasSuffix(host, suffix)
	})
}

// String names the network, as in "network 17 of seed 1".
func (n *Network) String() string { return fmt.Sprintf("network %d of seed %d", n.Number, n.Seed) }

// skew is how far the local clock is behind the true time.
func (n *Network) skew() time.Duration {
	d := n.drift
	for _, f := range n.Faults {
		d += f.skew
	}
	return d
}

// Internet returns a new internet that is wrong in the way of the network.
func (n *Network) Internet() *probetest.Internet {
	i := &probetest.Internet{
		Hosts:     n.Plan.Hosts(),
		Addresses: make(map[string][]netip.Addr),
		Aliases:   n.aliases,
		IPv6:      n.ipv6,
		Resolvers: n.resolvers,
		TCPPorts:  otherPorts(n.Plan),
		Latency:   n.latency,
		Skew:      n.skew(),
		Seed:      n.Seed<<20 + n.Number,
	}
	maps.Copy(i.Addresses, n.addresses)
	for _, target := range n.aliases {
		i.Hosts = append(i.Hosts, target)
	}
	for _, f := range n.Faults {
		if !f.last {
			i.Faults = append(i.Faults, f.internet...)
		}
		maps.Copy(i.Addresses, f.addresses)
		if f.hosts != nil {
			i.HostsFile = f.hosts
		}
	}
	if n.announced {
		i.Addresses["wpad."+searchDomain] = []netip.Addr{addr("10.0.0.80")}
		i.Faults = append(i.Faults, probetest.WPAD{Domain: searchDomain})
	}
	i.Faults = append(i.Faults, n.extra...)
	for _, f := range n.Faults {
		if f.last {
			i.Faults = append(i.Faults, f.internet...)
		}
	}
	return i
}

// otherPorts returns the TCP ports of a plan on which no web server listens.
func otherPorts(p *readiness.Plan) []uint16 {
	var ports []uint16
	for _, t := range p.Targets() {
		if t.Protocol == probe.ProtocolTCP && !slices.Contains(ports, t.Port) {
			ports = append(ports, t.Port)
		}
	}
	return ports
}

// Assess measures the network. Call it in a bubble of testing/synctest, where
// its time-outs take no time.
func (n *Network) Assess(ctx context.Context) (*readiness.Report, error) {
	i := n.Internet()
	runner := readiness.Runner{Network: i.Network(), AllAddresses: n.allAddresses}
	if n.proxied {
		proxy := i.ProxyURL()
		if n.socks {
			proxy = i.SOCKSURL()
		}
		runner.Network.Proxy = func(probe.Target) (*url.URL, error) { return proxy, nil }
	}
	return runner.Assess(ctx, n.Plan, readiness.Documented)
}
