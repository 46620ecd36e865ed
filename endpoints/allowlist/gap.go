package allowlist

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Gap is something that the network must allow but that a list does not
// express.
type Gap struct {
	Host     endpoints.Host
	Services []endpoints.Service // that need it
	Ports    []endpoints.Port    // missing from the list
	Reason   Reason

	// CoveredBy is a wildcard in the list that covers every name of Host, or
	// the zero Host. If set, nothing is left to do.
	CoveredBy endpoints.Host
}

// A Reason says why a list has a gap. New reasons may be added.
type Reason string

// The reasons.
const (
	NoTenant   Reason = "no-tenant"   // the scope does not have the tenant's name
	NoDomain   Reason = "no-domain"   // the scope does not have a verified domain of the tenant
	NoName     Reason = "no-name"     // there is no public name: a resolver, a domain controller
	NoWildcard Reason = "no-wildcard" // the format does not support a wildcard here
	NoAddress  Reason = "no-address"  // the format supports names only
	NoRange    Reason = "no-range"    // the format supports addresses only, and none are published
	NoPort     Reason = "no-port"     // the format needs a port, and the protocol has none
	NotWeb     Reason = "not-web"     // the format applies to web traffic only
)

// Text returns the reason in words, as in "needs the tenant's name".
func (r Reason) Text() string {
	switch r {
	case NoTenant:
		return "needs the tenant's name"
	case NoDomain:
		return "needs a verified domain of the tenant"
	case NoName:
		return "is specific to this network"
	case NoWildcard:
		return "has a wildcard that this format does not support"
	case NoAddress:
		return "is an address; this format supports names only"
	case NoRange:
		return "has no published addresses; allow it by name elsewhere"
	case NoPort:
		return "has no port; this format needs one"
	case NotWeb:
		return "is not web traffic; allow it in the firewall"
	default:
		return string(r)
	}
}

// String returns the gap on one line, as in "{tenant}.sharepoint.com
// (microsoft-365-sharepoint) on tcp/443 https: needs the tenant's name;
// *.sharepoint.com covers it".
func (g Gap) String() string {
	var b strings.Builder
	b.WriteString(g.Host.String())
	b.WriteString(" (")
	b.WriteString(join(g.Services))
	b.WriteString(") on " + portList(g.Ports))
	b.WriteString(": " + g.Reason.Text())
	if !g.CoveredBy.IsZero() {
		b.WriteString("; " + g.CoveredBy.String() + " covers it")
	}
	return b.String()
}

func join[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// portList returns ports as in "tcp/80 http, tcp/443 https".
func portList(ports []endpoints.Port) string {
	out := make([]string, len(ports))
	for i, p := range ports {
		out[i] = p.String()
	}
	return strings.Join(out, ", ")
}

// add adds an endpoint's services and ports.
func (g *Gap) add(e endpoints.Endpoint) {
	if !slices.Contains(g.Services, e.Service) {
		g.Services = append(g.Services, e.Service)
	}
	g.Ports = sortPorts(append(g.Ports, e.Ports...))
}

// gap returns the gap for an entry.
func (l *List) gap(e Entry, reason Reason) Gap {
	return Gap{Host: e.Host, Services: e.services(), Ports: e.ports(), Reason: reason, CoveredBy: l.covering(e.Host)}
}

// gaps returns the list's gaps and those of a format, sorted.
func (l *List) gaps(own []Gap) []Gap {
	all := slices.Concat(l.Gaps, own)
	sortGaps(all)
	return all
}

func sortGaps(gaps []Gap) {
	slices.SortFunc(gaps, func(a, b Gap) int {
		if c := compareHosts(a.Host, b.Host); c != 0 {
			return c
		}
		return strings.Compare(string(a.Reason), string(b.Reason))
	})
}
