package allowlist

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A List is what a network must allow for a scope. Use [New] to make one. The
// functions of this package only read it, so it is safe for concurrent use.
type List struct {
	Scope    endpoints.Scope
	Services []endpoints.Service // that the list is for; empty means all
	Version  string              // of the catalog
	Date     string              // of the catalog

	// Entries are the hosts, sorted, without repetitions.
	Entries []Entry

	// Gaps are what no format can express: names that the tenant must complete,
	// and things without a public name. Formats add gaps of their own.
	Gaps []Gap

	// NoComments omits the comments of [Hosts] and [EDL], for readers without
	// comment support. The gaps are then only in the returned value.
	NoComments bool
}

// An Entry is a host that the network must allow.
type Entry struct {
	Host endpoints.Host // with the blanks filled in

	// Endpoints are the endpoints that need the host, in catalog order: at most
	// one for each service, unless blanks were filled in.
	Endpoints []endpoints.Endpoint
}

// New returns the list for a scope, restricted to the given services, if any. A
// nil catalog means [endpoints.Embedded].
//
// Tenant and Domains of the scope fill the blanks of hosts: a name fills
// {tenant}, and a domain fills {domain}; see [endpoints.Host.Expand]. A blank
// without a value becomes a [Gap].
//
// The error is an [*endpoints.Error] that lists the known values, if the scope
// is invalid or the catalog lacks one of the services.
func New(catalog *endpoints.Catalog, s endpoints.Scope, services ...endpoints.Service) (*List, error) {
	if catalog == nil {
		catalog = endpoints.Embedded()
	}
	listed, err := catalog.Listed(s, services...)
	if err != nil {
		return nil, err
	}
	l := &List{Scope: s, Services: slices.Clone(services), Version: catalog.Version(), Date: catalog.Date()}
	byHost := make(map[endpoints.Host][]endpoints.Endpoint)
	open := make(map[endpoints.Host]*Gap)
	for _, e := range listed {
		hosts, reason := hostsOf(e.Host, s)
		for _, h := range hosts {
			byHost[h] = append(byHost[h], e)
		}
		if reason != "" {
			if open[e.Host] == nil {
				open[e.Host] = &Gap{Host: e.Host, Reason: reason}
			}
			open[e.Host].add(e)
		}
	}
	for h, facts := range byHost {
		l.Entries = append(l.Entries, Entry{Host: h, Endpoints: facts})
	}
	slices.SortFunc(l.Entries, func(a, b Entry) int { return compareHosts(a.Host, b.Host) })
	for _, g := range open {
		g.CoveredBy = l.covering(g.Host)
		l.Gaps = append(l.Gaps, *g)
	}
	sortGaps(l.Gaps)
	return l, nil
}

// hostsOf returns the hosts that h stands for in this tenant, or the reason why
// there are none.
func hostsOf(h endpoints.Host, s endpoints.Scope) ([]endpoints.Host, Reason) {
	switch h.Kind() {
	case endpoints.Placeholder:
		return nil, NoName
	case endpoints.Tenant:
	default:
		return []endpoints.Host{h}, ""
	}
	var filled []endpoints.Host
	for _, t := range append([]string{s.Tenant}, s.Domains...) {
		if f, ok := h.Expand(t); ok && !slices.Contains(filled, f) {
			filled = append(filled, f)
		}
	}
	switch {
	case filled != nil:
		return filled, ""
	case strings.HasSuffix(h.String(), "{domain}"):
		return nil, NoDomain
	default:
		return nil, NoTenant
	}
}

func compareHosts(a, b endpoints.Host) int { return strings.Compare(a.String(), b.String()) }

// covering returns the widest suffix of the list that covers every name of h,
// or the zero Host.
func (l *List) covering(h endpoints.Host) endpoints.Host {
	var widest endpoints.Host
	for _, e := range l.Entries {
		if e.Host != h && below(h, e.Host) && (widest.IsZero() || len(e.Host.String()) < len(widest.String())) {
			widest = e.Host
		}
	}
	return widest
}

// below reports whether "*.x" covers every name of h.
func below(h, suffix endpoints.Host) bool {
	if suffix.Kind() != endpoints.Suffix || h.Kind() == endpoints.Placeholder {
		return false
	}
	// The part after the last wildcard or blank decides. A dot of the suffix
	// found there follows at least one label.
	name := h.String()
	fixed := name[strings.LastIndexAny(name, "*}")+1:]
	if len(fixed) == len(name) {
		return suffix.Match(name)
	}
	return strings.HasSuffix(fixed, suffix.String()[1:])
}

// scope describes the list's scope on one line.
func (l *List) scope() string {
	if len(l.Services) == 0 {
		return l.Scope.String()
	}
	return l.Scope.String() + ", services " + strings.ReplaceAll(join(l.Services), ",", "")
}

// services returns the services that need an entry, in catalog order.
func (e Entry) services() []endpoints.Service {
	var out []endpoints.Service
	for _, f := range e.Endpoints {
		if !slices.Contains(out, f.Service) {
			out = append(out, f.Service)
		}
	}
	return out
}

// ports returns the ports of an entry, sorted.
func (e Entry) ports() []endpoints.Port {
	var out []endpoints.Port
	for _, f := range e.Endpoints {
		out = append(out, f.Ports...)
	}
	return sortPorts(out)
}

func sortPorts(ports []endpoints.Port) []endpoints.Port {
	slices.SortFunc(ports, func(a, b endpoints.Port) int {
		return cmp.Or(
			strings.Compare(a.Transport, b.Transport),
			cmp.Compare(a.Number, b.Number),
			cmp.Compare(a.Last, b.Last),
			strings.Compare(a.Protocol, b.Protocol),
		)
	})
	return slices.Compact(ports)
}

// isWeb reports whether a proxy carries a port's protocol.
func isWeb(p endpoints.Port) bool {
	return p.Transport == "tcp" && (p.Protocol == "http" || p.Protocol == "https")
}

// otherPorts returns the entry's ports that no web proxy carries, and whether
// there are web ports. UDP port 443 does not count next to HTTPS, because
// clients fall back to TCP.
func (e Entry) otherPorts() (other []endpoints.Port, web bool) {
	ports := e.ports()
	web = slices.ContainsFunc(ports, isWeb)
	for _, p := range ports {
		quic := web && p.Transport == "udp" && p.Number == 443
		if !isWeb(p) && !quic {
			other = append(other, p)
		}
	}
	return other, web
}

// address returns the address of an exact host, or the zero Addr.
func address(h endpoints.Host) netip.Addr {
	if h.Kind() != endpoints.Exact {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(h.String())
	if err != nil {
		return netip.Addr{}
	}
	return addr
}
