package probe

import (
	"bufio"
	"cmp"
	"io"
	"net/netip"
	"slices"
	"strings"
)

const (
	// dnsPort is the port of DNS servers, RFC 1035 section 4.2.
	dnsPort = 53

	// maxResolvers is how many name servers the resolver libraries of Unix take
	// from resolv.conf, MAXNS in resolv.h.
	maxResolvers = 3
)

// SystemResolvers returns the DNS servers that this machine is configured to
// ask, in order of preference, all at port 53.
//
// On Windows they are those of the network adapters that are up: adapters with
// a gateway come first, then those with the lower metric. The placeholders that
// Windows sets where no IPv6 server is configured (fec0:0:0:ffff::1 to ::3) are
// left out. Elsewhere they are the first three nameserver lines of
// /etc/resolv.conf.
//
// No configuration, or none with a server, gives none, and no error. Resolver
// libraries ask 127.0.0.1 then; SystemResolvers does not make that up.
func SystemResolvers() ([]netip.AddrPort, error) { return systemResolvers() }

// parseResolvConf returns the name servers of a resolv.conf(5). Lines that make
// no sense are passed over, as resolver libraries do.
func parseResolvConf(r io.Reader) ([]netip.AddrPort, error) {
	var list []netip.AddrPort
	lines := bufio.NewScanner(r)
	for lines.Scan() && len(list) < maxResolvers {
		line, _, _ := strings.Cut(lines.Text(), "#")
		line, _, _ = strings.Cut(line, ";")
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		if addr, err := netip.ParseAddr(fields[1]); err == nil {
			list = append(list, netip.AddrPortFrom(addr, dnsPort))
		}
	}
	return list, lines.Err()
}

// An adapter is what counts of a network adapter of Windows.
type adapter struct {
	up      bool
	gateway bool
	metric  uint32
	servers []netip.Addr
}

// chooseResolvers returns the servers of adapters in order of preference.
func chooseResolvers(adapters []adapter) []netip.AddrPort {
	placeholders := netip.MustParsePrefix("fec0:0:0:ffff::/64")
	adapters = slices.Clone(adapters)
	slices.SortStableFunc(adapters, func(a, b adapter) int {
		if a.gateway != b.gateway {
			if a.gateway {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.metric, b.metric)
	})
	var list []netip.AddrPort
	for _, a := range adapters {
		for _, addr := range a.servers {
			server := netip.AddrPortFrom(addr, dnsPort)
			if a.up && addr.IsValid() && !placeholders.Contains(addr.WithZone("")) && !slices.Contains(list, server) {
				list = append(list, server)
			}
		}
	}
	return list
}
