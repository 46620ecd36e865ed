package allowlist

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A List is what a network has to let through for a scope. [New] makes it; the
// functions of this package only read it, so that it may be used concurrently.
type List struct {
	Scope   Scope
	Version string // of the catalogue
	Date    string // of the catalogue

	// Entries are the hosts, sorted, each once.
	Entries []Entry

	// Gaps are what no dialect can say: names that the tenant has to fill in, and
	// things without a public name. Dialects add their own.
	Gaps []Gap

	// NoComments leaves the comments out of the lists that have nothing but
	// hosts ([Hosts] and [EDL]), for readers that know no comments. What would
	// have been in them is then only in the gaps that are returned.
	NoComments bool
}

// An Entry is a host that has to be let through.
type Entry struct {
	Host endpoints.Host // with the blanks filled in

	// Endpoints are the facts that ask for the host, in the order of the
	// catalogue: at most one for each service, unless blanks were filled in.
	Endpoints []endpoints.Endpoint
}

// New returns the list for a scope. A nil catalogue is [endpoints.Embedded].
//
// An error finds [endpoints.BadValue] with errors.Is: the scope has a word that
// is not known, or a tenant that is none.
func New(catalog *endpoints.Catalog, s Scope) (*List, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	if catalog == nil {
		catalog = endpoints.Embedded()
	}
	s.Query.AllStatuses = false
	l := &List{Scope: s, Version: catalog.Version(), Date: catalog.Date()}
	byHost := make(map[endpoints.Host][]endpoints.Endpoint)
	open := make(map[endpoints.Host]*Gap)
	for _, e := range catalog.Select(s.Query) {
		hosts, reason := s.hosts(e.Host)
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

// hosts returns what a host of the catalogue is for the tenant: one host, or
// several if it has several names, or none and the reason.
func (s Scope) hosts(h endpoints.Host) ([]endpoints.Host, Reason) {
	switch h.Kind() {
	case endpoints.Placeholder:
		return nil, NoName
	case endpoints.Tenant:
	default:
		return []endpoints.Host{h}, ""
	}
	var filled []endpoints.Host
	for _, t := range s.Tenants {
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

// covering returns the widest suffix of the list that covers every name that h
// stands for, or the zero Host.
func (l *List) covering(h endpoints.Host) endpoints.Host {
	var widest endpoints.Host
	for _, e := range l.Entries {
		if e.Host != h && below(h, e.Host) && (widest.IsZero() || len(e.Host.String()) < len(widest.String())) {
			widest = e.Host
		}
	}
	return widest
}

// below reports whether every name that h stands for is covered by "*.x".
func below(h, suffix endpoints.Host) bool {
	if suffix.Kind() != endpoints.Suffix || h.Kind() == endpoints.Placeholder {
		return false
	}
	// What is behind the last wildcard or blank decides. A dot of the suffix
	// found there stands behind at least one label.
	name := h.String()
	fixed := name[strings.LastIndexAny(name, "*}")+1:]
	if len(fixed) == len(name) {
		return suffix.Match(name)
	}
	return strings.HasSuffix(fixed, suffix.String()[1:])
}

// services returns the services that ask for an entry, in catalogue order.
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

// isWeb reports whether a proxy carries what is spoken on a port.
func isWeb(p endpoints.Port) bool {
	return p.Transport == "tcp" && (p.Protocol == "http" || p.Protocol == "https")
}

// otherPorts returns the ports of an entry that no web proxy carries, and
// whether there are some that it does. UDP port 443 does not count beside HTTPS:
// a client that gets no answer there goes on over TCP.
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

// address returns the address that an exact host is, or the zero one.
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
