package ranges

import (
	"net/netip"

	"github.com/netready/netready/endpoints"
)

// A Result says where an address lies. The zero Result says that nobody knows.
type Result uint8

// The results.
const (
	Unpublished Result = iota // no range is published that the address could lie in
	Within                    // the address lies in a published range
	Outside                   // ranges are published, and the address lies in none
)

// String returns the result in lower case, as in "within".
func (r Result) String() string {
	switch r {
	case Within:
		return "within"
	case Outside:
		return "outside"
	default:
		return "unpublished"
	}
}

// Check says whether an address of a host lies in the ranges that are published
// for it in a cloud: it is [List.Cover] and [List.Check] of the built-in list.
// See the package comment on what [Outside] does not mean.
func Check(cloud endpoints.Cloud, host string, addr netip.Addr) Result {
	return embedded().Cover(cloud, host).Check(addr)
}

// Check says whether an address lies in a range of a set of l. It is
// [Unpublished] for a list without ranges of the family of the address: most
// sets have ranges of IPv4 alone, which say nothing of IPv6. An IPv6 address
// that maps an IPv4 address is taken for the latter. The zero Addr is
// Unpublished.
func (l List) Check(addr netip.Addr) Result {
	addr = addr.Unmap().WithZone("")
	result := Unpublished
	for _, s := range l {
		for _, p := range s.Prefixes {
			if p.Contains(addr) {
				return Within
			}
			if p.IsValid() && p.Addr().BitLen() == addr.BitLen() {
				result = Outside
			}
		}
	}
	return result
}
