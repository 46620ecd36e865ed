package probe

import (
	"bufio"
	"io"
	"net/netip"
	"strings"
)

// maxResolvers is how many name servers the resolver libraries of Unix take
// from resolv.conf, MAXNS in <resolv.h>.
const maxResolvers = 3

// SystemResolvers returns the DNS servers that this machine is configured to
// ask, in order of preference, all at port 53.
//
// On Windows they are those of the network adapters that are up. Elsewhere they
// are the first three nameserver lines of /etc/resolv.conf. A resolver library
// would ask 127.0.0.1 if there are none; SystemResolvers returns none, because
// nobody configured it. A missing file is no configuration, and no error.
func SystemResolvers() ([]netip.AddrPort, error) { return systemResolvers() }

// parseResolvConf returns the name servers of a resolv.conf(5). Lines that make
// no sense are passed over, as the resolver library does.
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
			list = append(list, netip.AddrPortFrom(addr, 53))
		}
	}
	return list, lines.Err()
}
