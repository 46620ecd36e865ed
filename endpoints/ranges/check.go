package ranges

import (
	"net/netip"
	"strings"
	"sync"

	"github.com/netready/netready/endpoints"
)

// Check says whether an address of a host is in the ranges published for it in
// a cloud, using [List.Cover] and [List.Check] of the built-in list. The
// package comment explains what [endpoints.Contradicted] does not mean.
func Check(cloud endpoints.Cloud, host string, addr netip.Addr) endpoints.Known {
	if zones := embeddedZones(); zones != nil && !zones[zone(strings.ToLower(strings.TrimSuffix(host, ".")))] {
		return endpoints.Unknown
	}
	return embedded().Cover(cloud, host).Check(addr)
}

// embeddedZones returns the zones of all hosts of the built-in list, so that
// names outside them cost little, or nil if a pattern covers several zones.
//
//nolint:gochecknoglobals // computed once, never changed
var embeddedZones = sync.OnceValue(func() map[string]bool {
	zones := make(map[string]bool)
	for _, s := range embedded() {
		for _, h := range s.Hosts {
			z := zone(h.String())
			if strings.ContainsAny(z, "*{") {
				return nil
			}
			zones[z] = true
		}
	}
	return zones
})

// zone returns the last two labels of a name.
func zone(name string) string {
	last := strings.LastIndexByte(name, '.')
	if last < 0 {
		return name
	}
	return name[strings.LastIndexByte(name[:last], '.')+1:]
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
