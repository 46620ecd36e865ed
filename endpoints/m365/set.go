package m365

import (
	"net/netip"

	"github.com/netready/netready/endpoints"
)

// A Category says how traffic of a set should be treated.
type Category string

// The categories, the most important first.
const (
	Optimize Category = "Optimize" // most of the traffic, and sensitive to delay
	Allow    Category = "Allow"    // needed, and less sensitive
	Default  Category = "Default"  // as any other traffic of the internet
)

// The service areas. The service tells AreaMEM, which is Intune's, only to
// those who ask for it by name.
const (
	AreaCommon     = "Common"
	AreaExchange   = "Exchange"
	AreaSharePoint = "SharePoint"
	AreaSkype      = "Skype" // Teams
	AreaMEM        = "MEM"
)

// A Set is an endpoint set: names, ranges, or both, with the ports on which
// they are used. What the service leaves out is zero, but for Required.
type Set struct {
	ID                     int // never changes its meaning within an instance
	ServiceArea            string
	ServiceAreaDisplayName string
	URLs                   []endpoints.Host // names and patterns, though the service calls them URLs
	IPs                    []netip.Prefix
	Ports                  []endpoints.Port // those of TCP first
	ExpressRoute           bool
	Category               Category

	// Required says that Microsoft 365 needs the set. It is true as well if the
	// service does not say.
	Required bool

	Notes string // what does not work without it, for sets that are not required
}

// Caveat returns what Microsoft says against the set, and where it says so: that
// the service is no longer accurate for Intune. For other areas than [AreaMEM]
// both are empty.
func (s *Set) Caveat() (note string, source endpoints.Source) {
	if s.ServiceArea != AreaMEM {
		return "", endpoints.Source{}
	}
	const text = "Microsoft says since 2025-08 that the Microsoft 365 endpoint service is no longer accurate for Intune, and to use the list in Intune's documentation instead."
	return text, endpoints.Source{
		Title: "Network endpoints for Microsoft Intune (2025-08 version)",
		Ref:   "MicrosoftDocs/memdocs:intune/intune-service/fundamentals/intune-endpoints.md@2e8f210f080abe9552903e6766604509f4300fb6",
		Date:  "2025-08-21",
	}
}

// protocol returns what is spoken on a port, by the names of the catalogue.
func protocol(transport string, port uint16) string {
	if transport == "udp" {
		switch {
		case port == 443:
			return "quic"
		case port == 123:
			return "ntp"
		case 3478 <= port && port <= 3481:
			return "teams-media"
		}
		return "unspecified"
	}
	switch port {
	case 25:
		return "smtp"
	case 80:
		return "http"
	case 143:
		return "imap"
	case 443:
		return "https"
	case 587:
		return "submission"
	case 993:
		return "imaps"
	case 995:
		return "pop3s"
	}
	return "unspecified"
}
