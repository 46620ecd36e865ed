package probetest

import (
	"hash/fnv"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/netready/netready/probe"
)

// The names with which Windows tests connectivity, and the fixed addresses of
// the one that Windows only resolves. Source: Microsoft, "Network Connectivity
// Status Indicator overview", 2023-06-23.
const (
	ncsiHost     = "www.msftconnecttest.com"
	ncsiHostIPv6 = "ipv6.msftconnecttest.com"
	ncsiOldHost  = "www.msftncsi.com"
	ncsiDNSHost  = "dns.msftncsi.com"
	ncsiDNSIPv4  = "131.107.255.255"
	ncsiDNSIPv6  = "fd3e:4f5a:5b81::1"
)

// A zone is all names and their addresses. It is safe for concurrent use once
// built.
type zone struct {
	suffixes []string // ".example.com" for "*.example.com", "" for "*"
	aliases  map[string]string
	parents  map[string]bool // names that have a name below them
	soas     map[string]probe.SOARecord
	ipv6     bool
	ipv4Only []string // names and patterns

	mu    sync.Mutex
	addrs map[string][]netip.Addr
	names map[netip.Addr][]string
}

func (z *zone) build(i *Internet) {
	z.ipv6, z.ipv4Only = i.IPv6, i.IPv4Only
	z.aliases = map[string]string{}
	z.parents = map[string]bool{}
	z.addrs = map[string][]netip.Addr{}
	z.names = map[netip.Addr][]string{}
	for name, addrs := range i.Addresses {
		z.set(canonical(name), addrs)
	}
	for name, target := range i.Aliases {
		if _, given := z.addrs[canonical(name)]; given {
			continue
		}
		z.aliases[canonical(name)] = canonical(target)
		z.addParents(canonical(name))
	}
	for name := range i.Services {
		z.set(canonical(name), nil)
	}
	z.soas = map[string]probe.SOARecord{}
	for _, soa := range i.Zones {
		owner := canonical(soa.Owner)
		z.soas[owner] = soa
		z.parents[owner] = true
		z.addParents(owner)
	}
	z.set(proxyHost, []netip.Addr{proxyAddr().Addr()})
	for n, host := range []string{crlHost, ocspHost, aiaHost} {
		addrs := []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, byte(81 + n)})}
		if z.ipv6 {
			addrs = append(addrs, netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 4: 0xff, 5: 0xff, 15: byte(0x81 + n)}))
		}
		z.set(host, addrs)
	}
	z.set(ncsiDNSHost, []netip.Addr{netip.MustParseAddr(ncsiDNSIPv4), netip.MustParseAddr(ncsiDNSIPv6)})
	if _, ok := z.addrs[ncsiHostIPv6]; !ok {
		z.set(ncsiHostIPv6, []netip.Addr{z.free6(ncsiHostIPv6)})
	}
	hosts := append([]string{ncsiHost, ncsiOldHost}, i.Hosts...)
	for portal := range everywhere[Portal](i) {
		hosts = append(hosts, portal.host())
	}
	for wpad := range everywhere[WPAD](i) {
		hosts = append(hosts, wpad.host())
	}
	for _, servers := range i.Services {
		for _, s := range servers {
			if s.Host != "." {
				hosts = append(hosts, s.Host)
			}
		}
	}
	for address := range i.Serve {
		host, _, err := net.SplitHostPort(address)
		if _, known := z.addrs[canonical(host)]; err == nil && host != "" && !known {
			hosts = append(hosts, host)
		}
	}
	for n, name := range hosts {
		hosts[n] = canonical(name)
	}
	slices.Sort(hosts) // so that addresses depend only on the set
	for _, name := range hosts {
		if suffix, ok := strings.CutPrefix(name, "*"); ok {
			z.suffixes = append(z.suffixes, suffix)
			z.addParents("x" + suffix)
			continue
		}
		z.create(name)
	}
	for _, alias := range slices.Sorted(maps.Keys(z.aliases)) {
		addrs, _, _ := z.lookup(alias)
		for _, a := range addrs {
			z.names[a] = append(z.names[a], alias)
		}
	}
}

// set sets a name's addresses, unless it has some.
func (z *zone) set(name string, addrs []netip.Addr) {
	if _, ok := z.addrs[name]; ok {
		return
	}
	z.addParents(name)
	z.addrs[name] = addrs
	for _, a := range addrs {
		z.names[a] = append(z.names[a], name)
	}
}

// create assigns a name new addresses, unless it has some.
func (z *zone) create(name string) {
	if _, ok := z.addrs[name]; ok || z.aliases[name] != "" {
		return
	}
	addrs := []netip.Addr{z.free4(name)}
	if z.ipv6 && !slices.ContainsFunc(z.ipv4Only, func(pattern string) bool { return At{Host: pattern}.covers(name) }) {
		addrs = append(addrs, z.free6(name))
	}
	z.set(name, addrs)
}

// free4 returns an unused address of 198.18.0.0/15. The search starts at a
// place that depends on the name.
func (z *zone) free4(name string) netip.Addr {
	const size = 1 << 17
	for n := hash(name); ; n++ {
		k := uint32(n % size)
		a := netip.AddrFrom4([4]byte{198, byte(18 + k>>16), byte(k >> 8), byte(k)})
		if last := byte(k); last != 0 && last != 255 && len(z.names[a]) == 0 {
			return a
		}
	}
}

// free6 does the same for 2001:db8::/64.
func (z *zone) free6(name string) netip.Addr {
	for n := hash(name); ; n++ {
		b := [16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8}
		for k := range 8 {
			b[8+k] = byte(n >> (56 - 8*k))
		}
		if a := netip.AddrFrom16(b); len(z.names[a]) == 0 {
			return a
		}
	}
}

// addParents records that all names above exist, RFC 8020.
func (z *zone) addParents(name string) {
	for {
		_, parent, ok := strings.Cut(name, ".")
		if !ok || parent == "" {
			return
		}
		z.parents[parent] = true
		name = parent
	}
}

// lookup returns a name's addresses, and the aliases followed. exists reports
// whether the name, or the last alias, exists.
func (z *zone) lookup(name string) (addrs []netip.Addr, chain []string, exists bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	name = canonical(name)
	for len(chain) < 16 {
		target, ok := z.aliases[name]
		if !ok {
			break
		}
		chain = append(chain, target)
		name = target
	}
	if _, ok := z.addrs[name]; !ok && z.covered(name) {
		z.create(name)
	}
	addrs, exists = z.addrs[name]
	return addrs, chain, exists || z.parents[name]
}

// authority returns the SOA record of the zone that holds a name.
func (z *zone) authority(name string) probe.SOARecord {
	labels := strings.Split(canonical(name), ".")
	for n := range labels {
		if soa, ok := z.soas[strings.Join(labels[n:], ".")]; ok {
			return soa
		}
	}
	if soa, ok := z.soas[""]; ok {
		return soa
	}
	for n := max(0, len(labels)-2); n < len(labels); n++ {
		owner := strings.Join(labels[n:], ".")
		if _, _, exists := z.lookup(owner); exists {
			return probe.SOARecord{Owner: owner, MName: "ns1." + owner, RName: "hostmaster." + owner}
		}
	}
	return probe.SOARecord{Owner: ".", MName: "a.root-servers.net", RName: "nstld.verisign-grs.com"}
}

func (z *zone) covered(name string) bool {
	return slices.ContainsFunc(z.suffixes, func(suffix string) bool {
		return len(name) > len(suffix) && strings.HasSuffix(name, suffix)
	})
}

// namesOf returns the names with an address.
func (z *zone) namesOf(a netip.Addr) []string {
	z.mu.Lock()
	defer z.mu.Unlock()
	return slices.Clone(z.names[a])
}

// alsoAt gives the names with an address another one.
func (z *zone) alsoAt(a, of netip.Addr) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.names[a] = z.names[of]
}

func canonical(name string) string {
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s))
	return h.Sum64()
}
