package ranges

import (
	"net/netip"

	"github.com/netready/netready/endpoints"
)

// Check says whether an address of a host is in the ranges published for it in
// a cloud, using [List.Cover] and [List.Check] of the built-in list. The
// package comment explains what [endpoints.Contradicted] does not mean.
func Check(cloud endpoints.Cloud, host string, addr netip.Addr) endpoints.Known {
	return embedded().Cover(cloud, host).Check(addr)
}

// Check returns [endpoints.Confirmed] if an address is in a range of a set of
// l, and [endpoints.Contradicted] if l has ranges and none contains the
// address. It returns [endpoints.Unknown] if l has no ranges of the address's
// family: most sets have IPv4 ranges only, which say nothing about IPv6. An
// IPv4-mapped IPv6 address counts as IPv4. The zero Addr is unknown.
func (l List) Check(addr netip.Addr) endpoints.Known {
	addr = addr.Unmap().WithZone("")
	known := endpoints.Unknown
	for _, s := range l {
		for _, p := range s.Prefixes {
			if p.Contains(addr) {
				return endpoints.Confirmed
			}
			if p.IsValid() && p.Addr().BitLen() == addr.BitLen() {
				known = endpoints.Contradicted
			}
		}
	}
	return known
}
