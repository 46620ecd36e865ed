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

	// maxResolvers is how many name servers Unix resolver libraries take from
	// resolv.conf, MAXNS in resolv.h.
	maxResolvers = 3
)

// parseResolvConf returns the name servers in a resolv.conf(5). Malformed lines
// are ignored, as in resolver libraries.
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

// An adapter holds the relevant settings of a Windows network adapter.
type adapter struct {
	up      bool
	gateway bool
	metric  uint32
	servers []netip.Addr
}

// chooseResolvers returns the adapters' servers in order of preference.
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
