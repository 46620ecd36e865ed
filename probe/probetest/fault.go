package probetest

import (
	"iter"
	"net/netip"
	"slices"
	"strings"
)

// A Fault is something that goes wrong. Only this package defines faults. They
// are plain values, safe for concurrent use.
type Fault interface {
	// in returns the fault if it applies to f, or nil.
	in(f flow) Fault
}

// A flow is something that a fault can affect: a connection, a datagram, a
// query, a handshake or a request.
type flow struct {
	network string // "tcp" or "udp"
	addr    netip.AddrPort
	hosts   []string        // the intended names
	proxied bool            // from or to the proxy
	earlier int             // the number of earlier connections to the address
	beyond  map[string]bool // by key: whether it exceeds each limit
	stage   Stage           // the stage of the connection
}

// At limits a fault to a place. Zero fields do not limit it. An At may hold
// another At.
type At struct {
	// Host is a name, or "*." and a suffix for all names below it. It is
	// compared with the name in a DNS question, the server name of a handshake,
	// the host of a request, and otherwise the names that have the address.
	Host string

	// Addrs are the addresses connected to. A resolver's address selects that
	// resolver, and ::/0 selects all of IPv6.
	Addrs netip.Prefix

	// Network is "tcp" or "udp".
	Network string

	// Port is the port connected to: 53 for DNS.
	Port uint16

	// Stage is when [Silence], [Close], [Reset] and [Garbage] end a connection.
	Stage Stage

	// Direct excludes connections to and from the proxy.
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
	if a.Stage != AfterAccept {
		f.stage = a.Stage
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
func faults[T any](i *Internet, f flow) iter.Seq[T] { return among[T](i.inOrder, f) }

// among returns those of a list.
func among[T any](list []Fault, f flow) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, fault := range list {
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
func backwards[T any](list []Fault, f flow) []T {
	out := slices.Collect(among[T](list, f))
	slices.Reverse(out)
	return out
}

// first returns the first of them.
func first[T any](i *Internet, f flow) (t T, ok bool) {
	for t := range faults[T](i, f) {
		return t, true
	}
	return t, false
}

// everywhere returns all faults of a type, ignoring their limits.
func everywhere[T Fault](i *Internet) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, fault := range i.inOrder {
			if t, ok := valueOf[T](bare(fault)); ok && !yield(t) {
				return
			}
		}
	}
}

// bare returns a fault without its limits.
func bare(fault Fault) Fault {
	for {
		if at, ok := valueOf[At](fault); ok {
			fault = at.Fault
		} else if once, ok := valueOf[Once](fault); ok {
			fault = once.Fault
		} else if limit, ok := valueOf[Limit](fault); ok && limit.Fault != nil {
			fault = limit.Fault
		} else {
			return fault
		}
	}
}

// valueOf returns the fault if it is a T or a pointer to one.
func valueOf[T Fault](fault Fault) (t T, ok bool) {
	if p, isPointer := any(fault).(*T); isPointer && p != nil {
		return *p, true
	}
	t, ok = fault.(T)
	return t, ok
}
