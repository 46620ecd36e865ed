package probetest

import (
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netready/netready/probe"
)

// An Internet is an internet in memory.
//
// In its zero value only Windows' own names for testing connectivity exist, such
// as www.msftconnecttest.com, and they answer as Microsoft's do.
//
// Every address answers on TCP ports 80 and 443 as a web server, with a genuine
// certificate for whatever name is asked for, and on UDP port 123 as a time
// server. Loopback and unspecified addresses and all other ports refuse.
//
// The authority that issues the certificates has three web servers, which exist
// too, on port 80: crl.probetest.example for the lists of those that it revoked,
// ocsp.probetest.example for answers on single ones, and aia.probetest.example
// for its own. Nobody is sent there but by a certificate.
//
// The methods of an Internet are safe for concurrent use. Its fields may not be
// changed, nor the Internet copied, after the first call of a method.
type Internet struct {
	// Hosts are the names that exist. Each has one address of its own in
	// 198.18.0.0/15, RFC 2544, which depends on the set of names alone. A name
	// that begins with "*." lets all names below it exist, and "*" every name;
	// these get their addresses when they are first asked for. Other names do
	// not exist, except above those that do, where there is no data, RFC 8020.
	Hosts []string

	// Addresses are the names that have these addresses instead. They exist
	// without being listed in Hosts. No address means a name without records.
	Addresses map[string][]netip.Addr

	// Aliases are the names that have a CNAME record, and the names that it
	// points to. They exist without being listed in Hosts.
	Aliases map[string]string

	// Services are the names that have SRV records, RFC 2782, and the servers that
	// these list. The names and the servers exist without being listed in Hosts.
	Services map[string][]Server

	// IPv6 says that the internet can be reached over IPv6 too, and that each
	// of Hosts has an IPv6 address in 2001:db8::/32, RFC 3849. Without it
	// connecting to an IPv6 address other than a resolver's finds no route.
	IPv6 bool

	// Resolvers are the addresses of the DNS servers. Nil means 192.0.2.53:53.
	Resolvers []netip.AddrPort

	// HostsFile are the names in the hosts file of the machine, and the addresses
	// that it gives them. The internet itself knows nothing of them.
	HostsFile map[string][]netip.Addr

	// TCPPorts are further ports on which every host accepts connections, and
	// then says nothing.
	TCPPorts []uint16

	// Handler answers all HTTP requests, over TLS or not, that no fault answers,
	// but for those to the servers of the authority.
	// Nil means 200 and a short text for every path, with ranges if asked for,
	// and what Windows expects of its own names.
	Handler http.Handler

	// Latency is the time for the way there and back.
	Latency time.Duration

	// Skew is how far the clocks of the whole internet are ahead of the local
	// one: those of time servers, of web servers, and of who issues certificates.
	// It makes the local clock wrong, which cannot be changed.
	Skew time.Duration

	// Seed decides which packets are lost, see [Loss].
	Seed uint64

	// Faults are what is wrong. Where they contradict each other, the first of
	// those that apply has its way.
	Faults []Fault

	start sync.Once
	zone  zone
	pki   pki
	log   eventLog
	port  atomic.Uint32 // the last local port used
	lost  lossCounter
}

// Network returns the network through which i is reached. The machine on it
// trusts the public authority of i, and those of [Inspect]. No proxy is set,
// see [Internet.ProxyURL].
func (i *Internet) Network() probe.Network {
	i.init()
	return probe.Network{
		DialContext: i.DialContext,
		Resolvers:   i.resolvers(),
		HostsFile:   i.hostsFile(),
		Roots:       i.machineRoots(),
		PublicRoots: i.publicRoots(),
	}
}

func (i *Internet) init() {
	i.start.Do(func() {
		i.zone.build(i)
		i.pki.build(i)
	})
}

func (i *Internet) resolvers() []netip.AddrPort {
	if i.Resolvers != nil {
		return append([]netip.AddrPort{}, i.Resolvers...)
	}
	return []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}
}

// hostsFile is never nil, which would mean the file of the real machine.
func (i *Internet) hostsFile() map[string][]netip.Addr {
	hosts := make(map[string][]netip.Addr, len(i.HostsFile))
	for name, addrs := range i.HostsFile {
		hosts[canonical(name)] = slices.Clone(addrs)
	}
	return hosts
}

// now is the time as the internet has it.
func (i *Internet) now() time.Time { return time.Now().Add(i.Skew) }
