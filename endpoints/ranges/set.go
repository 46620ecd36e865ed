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

	// ID is the number of the endpoint set in the Microsoft 365 endpoint
	// service, or 0.
	ID int

	// Hosts are the names with addresses in the ranges. A set without hosts is
	// for traffic to bare addresses, such as Teams media.
	Hosts []endpoints.Host

	Ports    []endpoints.Port
	Prefixes []netip.Prefix // in order, IPv4 first

	Note   string // a remark; usually empty
	Source endpoints.Source
}

// A List is a number of sets.
type List []Set

// Select returns the sets of a cloud, restricted to the given services, if any.
// An empty cloud means [endpoints.CloudWorldwide]. The result may be empty,
// because most services have no published ranges.
//
// An unknown cloud and a service that neither l nor [endpoints.Embedded] has
// are [*endpoints.Error]s that list the known values.
func (l List) Select(cloud endpoints.Cloud, services ...endpoints.Service) (List, error) {
	if err := (endpoints.Scope{Cloud: cloud}).Validate(); err != nil {
		return nil, err
	}
	for _, service := range services {
		if slices.ContainsFunc(l, func(s Set) bool { return s.Service == service }) {
			continue
		}
		if _, err := endpoints.Embedded().Select(endpoints.Scope{}, service); err != nil {
			return nil, err
		}
	}
	cloud = cmp.Or(cloud, endpoints.CloudWorldwide)
	var out List
	for _, s := range l {
		if s.Cloud == cloud && (len(services) == 0 || slices.Contains(services, s.Service)) {
			out = append(out, s)
		}
	}
	return out, nil
}

// Cover returns the sets of a cloud with ranges for a host: a name, or a
// pattern of an endpoint, as in "*.manage.microsoft.com". An empty cloud means
// [endpoints.CloudWorldwide].
//
// A set for a pattern does not apply to a name that [endpoints.Embedded] lists
// separately for another service: the app content below manage.microsoft.com
// comes from a content delivery network, which has no published ranges.
func (l List) Cover(cloud endpoints.Cloud, host string) List {
	cloud = cmp.Or(cloud, endpoints.CloudWorldwide)
	name := sample(host)
	var out List
	var best endpoints.Host
	for i := range l {
		s := &l[i]
		if s.Cloud != cloud {
			continue
		}
		if h := s.cover(name); !h.IsZero() {
			out = append(out, *s)
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

// sample returns a name that a pattern covers, and other hosts unchanged. A
// rule that covers the sample and is narrower than the pattern would have to be
// exact, and no document has this name.
func sample(host string) string {
	if !strings.ContainsAny(host, "*{") {
		return host
	}
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

// overruled reports whether the catalog's narrowest rule for name is narrower
// than best and belongs to services that l does not have. It ignores the rule's
// cloud, because content comes from elsewhere in every cloud.
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

// Prefixes returns the ranges of all sets in order, IPv4 first, without ranges
// that another one contains. The slice belongs to the caller.
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
