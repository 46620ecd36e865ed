package probe

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// A Target is one thing to measure: a host, a port and a protocol. Zero fields
// are the safe choice.
type Target struct {
	Protocol Protocol `json:"protocol"`

	// Host is a DNS name without a trailing dot, or an IP address without
	// brackets. For some protocols it is another name; see there.
	Host string `json:"host"`

	// Port is the transport port. Zero means the protocol's own.
	Port uint16 `json:"port"`

	// Path is the request path of HTTP and HTTPS, with its query. Empty means "/".
	Path string `json:"path,omitempty"`

	// Families makes TCP, HTTP and HTTPS probes that connected over IPv4 also
	// connect to the name's first IPv6 address, because IPv6 can be broken
	// while IPv4 works, or be inspected. HTTPS makes a handshake on this second
	// connection; no probe sends a request on it. Its result is in the facts
	// and steps, and never fails the probe, which waits for it up to 2 seconds
	// after it is otherwise done, and longer for a handshake if connecting was
	// slow. There is no second connection through a proxy, or if less than 2
	// seconds remain.
	Families bool `json:"families,omitempty"`

	// Handshakes makes HTTPS probes try other TLS handshakes with the host, to
	// learn what the path does to them. One of them offers TLS 1.3 in a large
	// ClientHello, beside the probe's own handshake; it counts if that succeeds
	// and the chain is genuine. If there is no response to the probe's own for
	// 2 seconds, others use smaller packets, or else exchange small messages if
	// the size of packets cannot be set; see [Network].ConnectMSS. The results
	// are in [TLSFacts].Handshakes, and never fail the probe. There are none
	// through a proxy.
	Handshakes bool `json:"handshakes,omitempty"`

	// Range makes HTTP and HTTPS probes request only the first byte, RFC 9110
	// section 14.2. The result is in [HTTPFacts].Range, and never fails the
	// probe: if there is no valid response, the probe requests the whole as
	// well, and is OK if that arrives.
	Range bool `json:"range,omitempty"`

	// Direct makes HTTP, HTTPS and NCSI bypass the proxy of [Network], for
	// traffic that devices cannot send through one, and for comparison. All
	// other protocols are always direct.
	Direct bool `json:"direct,omitempty"`

	// AllAddresses makes TCP, HTTP and HTTPS probes try every address of the
	// name, at most 32, alternating IPv4 and IPv6, to find those that do not
	// work. The probe uses the first that works, and fails only if none does.
	// For [SRV] it tries every server. It has no effect through a proxy.
	AllAddresses bool `json:"all_addresses,omitempty"`

	// NoRevocation skips the revocation check of HTTPS.
	NoRevocation bool `json:"no_revocation,omitempty"`
}

// Addr returns the host and port as "host:port", with IPv6 addresses in brackets.
func (t Target) Addr() string {
	return net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port)))
}

// parseAddr returns the address that a host is, if it is one. Unlike
// [netip.ParseAddr], it makes no error for names.
func parseAddr(host string) (netip.Addr, bool) {
	if !strings.Contains(host, ":") && strings.TrimRight(host, "0123456789") == host {
		return netip.Addr{}, false // an address of IPv4 ends in a digit
	}
	addr, err := netip.ParseAddr(host)
	return addr, err == nil
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
