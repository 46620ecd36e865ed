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
	"github.com/netready/netready/readiness/readinesstest"
)

// A Network is one random network, and how to measure it.
type Network struct {
	Seed, Number uint64
	Plan         *readiness.Plan

	// Faults are what is wrong; those that are everywhere come first.
	Faults []Fault

	// Variations are the harmless differences from a plain network, in words.
	Variations []string

	// AsItIs says that all else behaves as in the real world, see
	// [readinesstest.World], rather than as the lists say.
	AsItIs bool

	ipv6         bool
	proxied      bool
	socks        bool // the proxy speaks SOCKS
	announced    bool // the domain announces the proxy
	allAddresses bool
	stapled      bool     // servers staple OCSP responses
	leafOnly     []string // hosts that omit their intermediate certificate
	refusing     []string // hosts that answer with an error status
	latency      time.Duration
	drift        time.Duration // how far the local clock is behind, harmlessly
	resolvers    []netip.AddrPort
	addresses    map[string][]netip.Addr
	aliases      map[string]string
	extra        []probetest.Fault
	bundle       bool     // the machine trusts the public bundle alone
	ordinary     []string // hosts that behave as listed, despite contrary facts
	died         []string // names that their zone's operator denies
	quirks       []probetest.Fault
}

// A Fault is one thing that is wrong with a network.
type Fault struct {
	Kind  string
	Cause readiness.CauseCode // the cause that it gives the network
	What  string              // the variant, in words

	// Hosts are the names and patterns that it affects; nil means all. Except
	// are those that it exempts.
	Hosts, Except []string

	strikes []strike
	direct  bool // between the network and the internet, and not on a proxy's path
	effect  effect
	issuer  string // of the certificates that it shows, or ""

	skew      time.Duration           // how far the local clock is behind
	ahead     time.Duration           // how far a time server is ahead of everyone
	window    *window                 // when its certificates are valid, or nil
	addresses map[string][]netip.Addr // in the order of the answer
	first     bool                    // of the addresses, the dead one comes first
	internet  []probetest.Fault       // the simulated faults
	hosts     map[string][]netip.Addr // in the machine's hosts file
	unranged  traffic                 // on which byte ranges are removed
	hellos    bool                    // newer ClientHellos are stopped
	no6       bool                    // IPv6 leads nowhere
	no6TLS    bool                    // TLS over IPv6 does not complete
	noAAAA    bool                    // the resolvers withhold IPv6 addresses
	harmless  bool                    // devices lose nothing
	stale     bool                    // revocation lists are out of date
	contested bool                    // only one of two resolvers does it
	last      bool                    // it applies where no other fault does
	alone     bool                    // no other fault occurs with it
	no4       bool                    // IPv4 leads nowhere
	accepts   bool                    // something close accepts every connection
	limits    bool                    // new connections are limited
	narrow    bool                    // large packets are lost
	led       bool                    // names lead to a host in the network
}

// A window is the validity of a certificate, relative to the true time.
type window struct{ from, until time.Duration }

func (w window) holds(at time.Duration) bool { return w.from <= at && at <= w.until }

// String describes the fault.
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

// begins returns the first step at which a fault has an effect.
func (f Fault) begins() Step {
	first := stepNone
	for _, s := range f.strikes {
		first = min(first, s.step)
	}
	return first
}

// covers reports whether a fault affects a host.
func (f Fault) covers(host string) bool {
	return (f.general() || matches(f.Hosts, host)) && !matches(f.Except, host)
}

// reaches reports whether a fault is on a way.
func (f Fault) reaches(w way) bool {
	if f.direct && (w.proxied || w.inside) {
		return false
	}
	return f.covers(w.host)
}

// meets reports whether a fault affects some traffic.
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

// skew returns how far the local clock is behind the true time.
func (n *Network) skew() time.Duration {
	d := n.drift
	for _, f := range n.Faults {
		d += f.skew
	}
	return d
}

// Internet returns a new internet with the network's faults.
func (n *Network) Internet() *probetest.Internet {
	i := n.world()
	i.IPv6, i.PublicBundle = n.ipv6, n.bundle
	i.Resolvers, i.Latency, i.Skew, i.Seed = n.resolvers, n.latency, n.skew(), n.Seed<<20+n.Number
	maps.Copy(i.Addresses, n.addresses)
	maps.Copy(i.Aliases, n.aliases)
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
		if f.no4 {
			i.IPv4Only = append(i.IPv4Only, f.Hosts...)
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

// world returns the internet without faults.
func (n *Network) world() *probetest.Internet {
	if !n.AsItIs {
		return &probetest.Internet{
			Hosts: n.Plan.Hosts(), Addresses: make(map[string][]netip.Addr), Aliases: make(map[string]string), TCPPorts: otherPorts(n.Plan),
		}
	}
	i := readinesstest.World(n.Plan)
	i.Quirks = slices.DeleteFunc(i.Quirks, func(f probetest.Fault) bool {
		at, ok := f.(probetest.At)
		return ok && slices.Contains(n.ordinary, at.Host)
	})
	for _, host := range n.died {
		delete(i.Aliases, host)
		i.Hosts = slices.DeleteFunc(i.Hosts, func(h string) bool { return h == host })
	}
	i.Quirks = slices.Concat(n.quirks, i.Quirks)
	return i
}

// otherPorts returns the TCP ports of a plan on which no web server listens.
func otherPorts(p *readiness.Plan) []uint16 {
	var ports []uint16
	for _, t := range p.Targets() {
		if t.Protocol == probe.TCP && !slices.Contains(ports, t.Port) {
			ports = append(ports, t.Port)
		}
	}
	return ports
}

// Assess measures the network. Call it in a testing/synctest bubble, where its
// timeouts take no time.
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
	obs, err := runner.Run(ctx, n.Plan)
	if err != nil {
		return nil, err
	}
	return runner.Judge(n.Plan, obs)
}
