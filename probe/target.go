package probe

import (
	"net"
	"strconv"
)

// A Protocol names what is spoken to a target.
type Protocol string

// The protocols for which this package has a prober.
const (
	ProtocolDNS      Protocol = "dns"
	ProtocolNXDomain Protocol = "nxdomain"
	ProtocolTCP      Protocol = "tcp"
	ProtocolHTTP     Protocol = "http"
	ProtocolHTTPS    Protocol = "https"
	ProtocolNTP      Protocol = "ntp"
	ProtocolNCSI     Protocol = "ncsi"
	ProtocolWPAD     Protocol = "wpad"
	ProtocolSRV      Protocol = "srv"
	ProtocolCNAME    Protocol = "cname"
)

// A Target is one thing to measure: a host and a port, and what to speak there.
type Target struct {
	Protocol Protocol `json:"protocol"`

	// Host is a DNS name without a trailing dot, or an IP address without
	// brackets. For [ProtocolDNS] it is the name to ask for, for
	// [ProtocolNXDomain] the suffix below which to ask for a name, for
	// [ProtocolWPAD] the domain in which to look for a proxy, for [ProtocolSRV] the
	// name of the records, for [ProtocolCNAME] the name that may be an alias.
	Host string `json:"host"`

	// Port is the transport port. Each prober says what zero means to it.
	Port uint16 `json:"port"`

	// Path is the request path of HTTP and HTTPS, with its query. Empty means "/".
	Path string `json:"path,omitempty"`

	// Families connects over IPv6 too once a connection over IPv4 stands, for
	// TCP, HTTP and HTTPS: one family can be broken although the other works.
	// Nothing is sent on the second connection, which leads to the first IPv6
	// address of the name, if it has one. What comes of it is in the facts and
	// steps, and is no reason to fail. The probe waits for it for up to 2 seconds
	// once it is done otherwise. If the first connection leaves less than 2
	// seconds, the second is not made. Through a proxy there is none.
	Families bool `json:"families,omitempty"`

	// Range asks for the first byte alone, of HTTP and HTTPS, RFC 9110 section
	// 14.2. What the answer says of ranges is in [HTTPFacts].Range, and is no
	// reason to fail.
	Range bool `json:"range,omitempty"`

	// Direct keeps HTTP, HTTPS and NCSI from using a proxy, whatever [Network] has:
	// for what a device cannot send through one, and to compare the two ways. All
	// other protocols are always direct.
	Direct bool `json:"direct,omitempty"`
}

// Addr returns the host and port as "host:port", with IPv6 addresses in brackets.
func (t Target) Addr() string {
	return net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port)))
}

// String returns the protocol and the address, as in "https login.live.com:443".
// A direct target says so.
func (t Target) String() string {
	s := string(t.Protocol) + " " + t.Addr()
	if t.Direct {
		s += " direct"
	}
	return s
}
