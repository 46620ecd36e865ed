package ranges

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Set is a list of address ranges that one document publishes for one service
// in one cloud.
type Set struct {
	Cloud   endpoints.Cloud
	Service endpoints.Service

	// ID is the number of the endpoint set at the Microsoft 365 endpoint
	// service, or 0 if the set has none.
	ID int

	// Hosts are the names that have addresses in the ranges. A set without hosts
	// is for traffic that goes to addresses as such, as the media of Teams does.
	Hosts []endpoints.Host

	Ports    []endpoints.Port
	Prefixes []netip.Prefix // in order, IPv4 first

	Note   string // what a reader should know; mostly empty
	Source endpoints.Source
}

// A List is a number of sets.
type List []Set

// Select returns the sets of a cloud, and of some services if there are any
// given. An empty cloud means [endpoints.CloudWorldwide].
func (l List) Select(cloud endpoints.Cloud, services ...endpoints.Service) List {
	cloud = cmp.Or(cloud, endpoints.CloudWorldwide)
	var out List
	for _, s := range l {
		if s.Cloud == cloud && (len(services) == 0 || slices.Contains(services, s.Service)) {
			out = append(out, s)
		}
	}
	return out
}

// Cover returns the sets of a cloud that publish ranges for a host: a name, or
// a pattern as in "*.manage.microsoft.com" that an endpoint has. An empty cloud
// means [endpoints.CloudWorldwide].
//
// A set for a pattern does not speak for a name that [endpoints.Embedded] lists
// apart, for another service: the app content below manage.microsoft.com comes
// from a content delivery network, for which nothing is published.
func (l List) Cover(cloud endpoints.Cloud, host string) List {
	cloud = cmp.Or(cloud, endpoints.CloudWorldwide)
	name := sample(host)
	var out List
	var best endpoints.Host
	for _, s := range l {
		if s.Cloud != cloud {
			continue
		}
		if h := s.cover(name); !h.IsZero() {
			out = append(out, s)
			if best.IsZero() || narrower(h, best) {
				best = h
			}
		}
	}
	if len(out) == 0 || out.overruled(name, best) {
		return nil
	}
	return out
}

// sample returns a name that a pattern covers, and other hosts as they are. Of
// the rules that cover the sample, those that speak for less than the pattern
// are exact, and no document has this name.
func sample(host string) string {
	const label = "netready-sample"
	return strings.NewReplacer("*", label, "{tenant}", label, "{domain}", label+".example").Replace(host)
}

// cover returns the narrowest host of s that covers name, or the zero Host.
func (s *Set) cover(name string) endpoints.Host {
	var best endpoints.Host
	for _, h := range s.Hosts {
		if h.Match(name) && (best.IsZero() || narrower(h, best)) {
			best = h
		}
	}
	return best
}

// overruled reports whether the narrowest rule that the catalogue has for name is
// narrower than best, and for services that l is not for. That holds whatever
// cloud the rule is for: content is delivered by others in all of them.
func (l List) overruled(name string, best endpoints.Host) bool {
	rules := endpoints.Embedded().Match(name, 0) // the narrowest first
	if len(rules) == 0 || !narrower(rules[0].Host, best) {
		return false
	}
	for _, e := range rules {
		if e.Host == rules[0].Host && slices.ContainsFunc(l, func(s Set) bool { return s.Service == e.Service }) {
			return false
		}
	}
	return true
}

// narrower reports whether a stands for fewer names than b, of two hosts that
// cover the same name.
func narrower(a, b endpoints.Host) bool {
	if x, y := breadth(a), breadth(b); x != y {
		return x < y
	}
	return len(a.String()) > len(b.String())
}

func breadth(h endpoints.Host) int {
	switch h.Kind() {
	case endpoints.Exact:
		return 0
	case endpoints.Glob, endpoints.Tenant:
		return 1
	case endpoints.Suffix:
		return 2
	case endpoints.Placeholder:
		return 3
	default:
		return 4
	}
}

// Prefixes returns the ranges of all sets in order, IPv4 first, without those
// that lie within another one. The slice is the caller's.
func (l List) Prefixes() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range l {
		for _, p := range s.Prefixes {
			if p.IsValid() {
				all = append(all, p.Masked())
			}
		}
	}
	// A range comes before those within it, and nothing else comes between.
	slices.SortFunc(all, netip.Prefix.Compare)
	var out []netip.Prefix
	for _, p := range all {
		if n := len(out); n > 0 && out[n-1].Overlaps(p) {
			continue
		}
		out = append(out, p)
	}
	return out
}
