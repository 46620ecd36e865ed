package traffic

import (
	"net/netip"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
)

// maxAnswered limits the addresses whose names are remembered.
const maxAnswered = 1 << 16

// answered are the names that lookups in the log gave to addresses. An address
// of several names that different rules cover has the name "": which of them a
// device connected to, the log does not tell.
type answered map[netip.Addr]string

// add remembers the answers of a lookup.
func (a answered) add(e Entry, r *rules) {
	if e.Denied {
		return // they are those of a filter
	}
	for _, addr := range e.Answers {
		addr = addr.Unmap()
		old, known := a[addr]
		switch {
		case addr.IsUnspecified() || addr.IsLoopback():
		case !known && len(a) < maxAnswered:
			a[addr] = e.Host
		case known && old != e.Host && !r.alike(old, e.Host):
			a[addr] = ""
		}
	}
}

// alike reports whether the same rule covers two names.
func (r *rules) alike(a, b string) bool {
	if a == "" {
		return false // of several names already
	}
	x, y := r.match(a, 0), r.match(b, 0)
	return x.rule != "" && x.rule == y.rule && x.service == y.service
}

// name returns the name of an address, or "".
func (a answered) name(host string) string {
	if len(a) == 0 {
		return ""
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	return a[addr.Unmap()]
}

// matchAddress returns what the published ranges say about an address. The
// rule is then the range. Which of its hosts was meant stays unknown, so that no
// rule counts as used.
func (r *rules) matchAddress(host string, port uint16) match {
	best := match{need: endpoints.NotNeeded}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return best
	}
	addr = addr.Unmap()
	for _, s := range r.ranges {
		i := slices.IndexFunc(s.Prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
		if i < 0 || port != 0 && !slices.ContainsFunc(s.Ports, func(p endpoints.Port) bool { return p.Number == port }) {
			continue
		}
		for _, e := range r.needed {
			if !slices.Contains(s.Hosts, e.Host) {
				continue
			}
			if need := r.scope.Need(e); best.rule == "" || need < best.need {
				best = match{need: need, service: e.Service, phase: e.Phase, rule: s.Prefixes[i].String(), status: e.Status}
			}
			r.ranged[e.Service] = true
		}
	}
	return best
}

// publishedRanges returns the ranges of the scope's cloud.
func publishedRanges(s endpoints.Scope) ranges.List {
	list, err := ranges.Embedded().Select(s.Cloud)
	if err != nil {
		return nil // the scope is valid
	}
	return list
}
