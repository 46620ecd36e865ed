package probetest

import (
	"iter"
	"net/netip"
	"slices"
	"strings"
)

// A Fault is something that goes wrong. The types of this package are all that
// there are. They are plain values, safe for concurrent use.
type Fault interface {
	// in returns the fault if it happens to f, or nil.
	in(f flow) Fault
}

// A flow is what a fault can happen to: a connection, a datagram, a query, a
// handshake, a request.
type flow struct {
	network string // "tcp" or "udp"
	addr    netip.AddrPort
	hosts   []string // the names that are meant
	proxied bool     // made by the proxy, or to it
	earlier int      // how many connections there were to the address before
}

// At confines a fault to a place. Fields that are zero do not confine. An At
// may hold another At.
type At struct {
	// Host is a name, or "*." and a suffix for all names below it. What counts
	// is the name asked for in DNS, the server name of a handshake, the host of
	// a request, and else the names that have the address.
	Host string

	// Addrs are the addresses connected to. Query a single resolver with its
	// address, and all of IPv6 with ::/0.
	Addrs netip.Prefix

	// Network is "tcp" or "udp".
	Network string

	// Port is the port connected to: 53 for DNS.
	Port uint16

	// Direct leaves the proxy alone: connections to it, and those that it makes.
	Direct bool

	Fault Fault
}

func (a At) in(f flow) Fault {
	switch {
	case a.Fault == nil,
		a.Host != "" && !slices.ContainsFunc(f.hosts, a.covers),
		a.Addrs.IsValid() && !a.Addrs.Contains(f.addr.Addr()),
		a.Network != "" && a.Network != f.network,
		a.Port != 0 && a.Port != f.addr.Port(),
		a.Direct && f.proxied:
		return nil
	}
	return a.Fault.in(f)
}

func (a At) covers(host string) bool {
	pattern := canonical(a.Host)
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return len(host) > len(suffix) && strings.HasSuffix(host, suffix)
	}
	return host == pattern
}

// faults returns the faults of one layer that happen to f.
func faults[T any](i *Internet, f flow) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, fault := range i.Faults {
			if fault == nil {
				continue
			}
			if t, ok := fault.in(f).(T); ok && !yield(t) {
				return
			}
		}
	}
}

// backwards returns them from last to first, for faults that change something
// one after the other: the first has the last word.
func backwards[T any](i *Internet, f flow) []T {
	list := slices.Collect(faults[T](i, f))
	slices.Reverse(list)
	return list
}

// first returns the first of them.
func first[T any](i *Internet, f flow) (t T, ok bool) {
	for t := range faults[T](i, f) {
		return t, true
	}
	return t, false
}

// everywhere returns the faults of a type, wherever they happen.
func everywhere[T Fault](i *Internet) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, fault := range i.Faults {
			if t, ok := valueOf[T](bare(fault)); ok && !yield(t) {
				return
			}
		}
	}
}

// bare returns a fault without what confines it.
func bare(fault Fault) Fault {
	for {
		if at, ok := valueOf[At](fault); ok {
			fault = at.Fault
		} else if once, ok := valueOf[Once](fault); ok {
			fault = once.Fault
		} else {
			return fault
		}
	}
}

// valueOf returns the fault if it is of a type, or points to one.
func valueOf[T Fault](fault Fault) (t T, ok bool) {
	if p, isPointer := any(fault).(*T); isPointer && p != nil {
		return *p, true
	}
	t, ok = fault.(T)
	return t, ok
}
