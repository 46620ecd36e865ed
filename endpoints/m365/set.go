package m365

import (
	"net/netip"

	"github.com/netready/netready/endpoints"
)

// The service areas. The service returns AreaMEM, Intune's, only if requested
// by name.
const (
	AreaCommon     = "Common"
	AreaExchange   = "Exchange"
	AreaSharePoint = "SharePoint"
	AreaSkype      = "Skype" // Teams
	AreaMEM        = "MEM"
)

// A Set is an endpoint set: names, ranges, or both, with their ports.
// Attributes that the service omits are zero, except Required.
type Set struct {
	ID                     int // stable within an instance
	ServiceArea            string
	ServiceAreaDisplayName string
	URLs                   []endpoints.Host // names and patterns, though the service calls them URLs
	IPs                    []netip.Prefix
	Ports                  []endpoints.Port // TCP first
	ExpressRoute           bool

	// Category says how to treat the traffic: "Optimize" for most of the
	// traffic, which is sensitive to latency, "Allow" for required and less
	// sensitive traffic, and "Default" for traffic without special treatment.
	Category string

	// Required says that Microsoft 365 needs the set. It is true if the service
	// does not say.
	Required bool

	Notes string // for optional sets, what does not work without it
}

// need returns the service's word, required or optional.
func (s *Set) need() string {
	if s.Required {
		return "Required"
	}
	return "Optional"
}

// Caveat returns Microsoft's statement that the service is no longer accurate
// for Intune, and its source. For areas other than [AreaMEM] both are empty.
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

// protocol returns the catalog's name for the protocol on a port.
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
