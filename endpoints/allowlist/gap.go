package allowlist

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Gap is something that has to be let through and that a list does not say.
type Gap struct {
	Host     endpoints.Host
	Services []endpoints.Service // that ask for it
	Ports    []endpoints.Port    // that the list does not open
	Reason   Reason

	// CoveredBy is a wildcard in the list that lets every name of Host through, or
	// the zero Host. With one, nothing is left to do.
	CoveredBy endpoints.Host
}

// A Reason says why a list does not say something. Reasons are only ever added.
type Reason string

// The reasons.
const (
	NoTenant   Reason = "no-tenant"   // it needs the tenant's name, and the scope has none
	NoDomain   Reason = "no-domain"   // it needs a verified domain of the tenant, and the scope has none
	NoName     Reason = "no-name"     // it has no public name: a resolver, a domain controller
	NoWildcard Reason = "no-wildcard" // the dialect knows no wildcard in this place
	NoAddress  Reason = "no-address"  // the dialect knows names and no addresses
	NoRange    Reason = "no-range"    // the dialect knows addresses, and none are published
	NoPort     Reason = "no-port"     // the dialect wants a port, and the protocol has none
	NotWeb     Reason = "not-web"     // the dialect rules over web traffic, and this is none
)

// Text returns the reason in words, as in "needs the tenant's name".
func (r Reason) Text() string {
	switch r {
	case NoTenant:
		return "needs the tenant's name"
	case NoDomain:
		return "needs a verified domain of the tenant"
	case NoName:
		return "stands for what only this site knows"
	case NoWildcard:
		return "has a wildcard that this format cannot say"
	case NoAddress:
		return "is an address, and this format has names alone"
	case NoRange:
		return "has no published addresses, so allow it by name elsewhere"
	case NoPort:
		return "has no port, and this format wants one"
	case NotWeb:
		return "is no web traffic, so open it in the firewall"
	default:
		return string(r)
	}
}

// String returns the gap in one line, as in "{tenant}.sharepoint.com
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

// add adds a fact about the host.
func (g *Gap) add(e endpoints.Endpoint) {
	if !slices.Contains(g.Services, e.Service) {
		g.Services = append(g.Services, e.Service)
	}
	g.Ports = sortPorts(append(g.Ports, e.Ports...))
}

// gap returns the gap that an entry is in a dialect.
func (l *List) gap(e Entry, reason Reason) Gap {
	return Gap{Host: e.Host, Services: e.services(), Ports: e.ports(), Reason: reason, CoveredBy: l.covering(e.Host)}
}

// gaps returns the gaps of the list and those of a dialect, sorted.
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
