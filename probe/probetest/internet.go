package probetest

import (
	"net"
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
// The zero Internet has only the names of Windows' connectivity test, such as
// www.msftconnecttest.com, which answer as Microsoft's do.
//
// Every address answers on TCP ports 80 and 443 as a web server, with a genuine
// certificate for any requested name, and on UDP port 123 as a time server.
// Loopback and unspecified addresses and all other ports refuse.
//
// The CA has three web servers on port 80: crl.probetest.example for CRLs,
// ocsp.probetest.example for OCSP, and aia.probetest.example for its
// certificates. Only certificates point to them.
//
// An Internet is safe for concurrent use. It must not be changed or copied
// after the first call of a method.
type Internet struct {
	// Hosts are the names that exist. Each has its own address in
	// 198.18.0.0/15, RFC 2544, which depends only on the set of names. A name
	// that begins with "*." makes all names below it exist, and "*" every name;
	// these get addresses when first requested. Other names do not exist,
	// except parents of existing names, which have no data, RFC 8020.
	Hosts []string

	// Addresses are names with given addresses. They need not be in Hosts. No
	// address means a name without records.
	Addresses map[string][]netip.Addr

	// Aliases are names with a CNAME record, and their targets. They need not
	// be in Hosts. A name in Addresses has no such record.
	Aliases map[string]string

	// Services are names with SRV records, RFC 2782, and their servers. Neither
	// need be in Hosts.
	Services map[string][]Server

	// Zones are zones by their SOA records, RFC 1035 section 3.3.13. Their
	// owners exist. A name belongs to the zone with the longest owner above it,
	// and negative answers carry that zone's record, RFC 2308 section 2. All
	// other names belong to zones of their own operators: below the domain of
	// two labels if a name exists there, such as live.com with ns1.live.com and
	// hostmaster.live.com, or else below the top-level domain or the root.
	Zones []probe.SOARecord

	// IPv6 says that the internet is reachable over IPv6, and that each of
	// Hosts has an IPv6 address in 2001:db8::/32, RFC 3849. Otherwise there is
	// no route to IPv6 addresses, except a resolver's.
	IPv6 bool

	// IPv4Only are those of Hosts that have no IPv6 address. "*." and a suffix
	// stands for all names below it.
	IPv4Only []string

	// Resolvers are the addresses of the DNS servers. Nil means 192.0.2.53:53.
	Resolvers []netip.AddrPort

	// HostsFile is the machine's hosts file, which does not affect the internet
	// itself.
	HostsFile map[string][]netip.Addr

	// TCPPorts are further ports on which every host accepts connections and
	// stays silent.
	TCPPorts []uint16

	// Serve are your own TCP servers, by "host:port", or ":port" for every
	// host. They take precedence over all others. Their hosts need not be in
	// Hosts. A server gets each connection, which is closed when it returns; it
	// must return when reads and writes fail.
	Serve map[string]func(net.Conn)

	// Handler answers all HTTP requests, with or without TLS, that no fault
	// answers, except those to the CA's servers. Nil means 200 and a short text
	// for every path, with range support, and what Windows expects from its own
	// names.
	Handler http.Handler

	// Latency is the round-trip time.
	Latency time.Duration

	// Skew is how far the internet's clocks, those of time servers, web servers
	// and CAs, are ahead of the local clock. It makes the local clock wrong.
	Skew time.Duration

	// Seed selects which packets are lost; see [Loss].
	Seed uint64

	// Faults are what is wrong. If several conflict, the first that applies
	// wins.
	Faults []Fault

	// Quirks are faults that are normal: what hosts do in a healthy internet.
	// They apply after Faults, which win every conflict.
	Quirks []Fault

	// PublicBundle says that the machine trusts only the public bundle of
	// roots. By default it also trusts the roots that only Windows ships; see
	// [WindowsRoot] and [CrossSigned].
	PublicBundle bool

	start   sync.Once
	inOrder []Fault // Faults and Quirks
	zone    zone
	pki     pki
	log     eventLog
	port    atomic.Uint32 // the last local port used
	lost    lossCounter
	limits  buckets
}

// Network returns the network through which i is reached. Its machine trusts
// the genuine CAs of i, subject to PublicBundle, and the CAs of [Inspect]. It
// has no proxy, see [Internet.ProxyURL], and the settings of a new device.
func (i *Internet) Network() probe.Network {
	i.init()
	return probe.Network{
		Connect:       i.DialContext,
		ConnectMSS:    i.DialMSS,
		Resolvers:     i.resolvers(),
		SearchDomains: []string{},
		HostsFile:     i.hostsFile(),
		Settings:      map[string]string{},
		Roots:         i.machineRoots(),
		PublicRoots:   i.publicRoots(),
	}
}

func (i *Internet) init() {
	i.start.Do(func() {
		i.inOrder = slices.Concat(i.Faults, i.Quirks)
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

// hostsFile returns the machine's hosts file. It is never nil, which would mean
// the real machine's.
func (i *Internet) hostsFile() map[string][]netip.Addr {
	hosts := make(map[string][]netip.Addr, len(i.HostsFile))
	for name, addrs := range i.HostsFile {
		hosts[canonical(name)] = slices.Clone(addrs)
	}
	return hosts
}

// now returns the internet's time.
func (i *Internet) now() time.Time { return time.Now().Add(i.Skew) }
