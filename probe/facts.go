package probe

import (
	"net/netip"
	"time"
)

// DNSFacts is what the resolvers said of one name.
type DNSFacts struct {
	Name string `json:"name"`

	// Addresses are the addresses of the answer that the probe went on with,
	// IPv4 first, in the order of the answer.
	Addresses []netip.Addr `json:"addresses,omitempty"`

	// CNAMEs is the chain of canonical names of that answer, without trailing dots.
	CNAMEs []string `json:"cnames,omitempty"`

	// IPv4Code and IPv6Code say how one of the two questions of that answer failed
	// though the other gave addresses: [DNSSinkhole] for IPv4 is a filter that
	// forgot IPv6. They are "" for an answer without fault, which no record is too.
	IPv4Code Code `json:"ipv4_code,omitempty"`
	IPv6Code Code `json:"ipv6_code,omitempty"`

	// HostsFile are the addresses that the hosts file of the machine has for the
	// name. The machine's own programs go there and ask no resolver. Probes ask
	// the resolvers all the same, and never go there.
	HostsFile []netip.Addr `json:"hosts_file,omitempty"`

	// Queries are all questions asked, by resolver and type. A look-up that
	// another check of the same run made before is repeated here as it was.
	Queries []DNSQuery `json:"queries,omitempty"`
}

// A DNSQuery is one question to one resolver and its answer.
type DNSQuery struct {
	Resolver  netip.AddrPort `json:"resolver"`
	Type      string         `json:"type"`            // "A" or "AAAA"
	Transport string         `json:"transport"`       // of the last attempt: "udp" or "tcp"
	Attempts  int            `json:"attempts"`        // datagrams and connections sent
	RCode     string         `json:"rcode,omitempty"` // as in "NOERROR", RFC 6895; empty without an answer

	Addresses []netip.Addr `json:"addresses,omitempty"`
	CNAMEs    []string     `json:"cnames,omitempty"`
	TTL       uint32       `json:"ttl,omitempty"` // the lowest of the answer, in seconds

	// Extended are the extended DNS errors of the answer, RFC 8914.
	Extended []ExtendedError `json:"extended,omitempty"`

	// Truncated says that the answer over UDP was cut short, RFC 1035 section 4.2.1.
	Truncated bool `json:"truncated,omitempty"`

	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Code is how the question failed, or "". No record of the type asked for
	// is [DNSNoData], which is no failure while the other type has an answer.
	Code Code `json:"code,omitempty"`
}

// An ExtendedError is an extended DNS error, RFC 8914.
type ExtendedError struct {
	InfoCode uint16 `json:"info_code"`
	Text     string `json:"text,omitempty"`
}

// TCPFacts is what came of connecting to a target's addresses.
type TCPFacts struct {
	// Remote is the address of the connection that the probe went on with.
	Remote netip.AddrPort `json:"remote,omitzero"`

	// Dials are all addresses tried, in order. What [Target].Families adds comes
	// last.
	Dials []Dial `json:"dials,omitempty"`
}

// A Dial is one attempt to connect to one address.
type Dial struct {
	Addr     netip.AddrPort `json:"addr"`
	Duration time.Duration  `json:"-"`              // duration_ms in JSON
	Code     Code           `json:"code,omitempty"` // how it failed, or ""
}

// ProxyFacts is what a proxy said.
type ProxyFacts struct {
	URL    string `json:"url"`              // without credentials
	Status int    `json:"status,omitempty"` // of the proxy's own answer; 0 without one

	// Op and Code say at which step on the way to the proxy the probe failed, and
	// how. They are empty if the proxy was reached.
	Op   Op   `json:"op,omitempty"`
	Code Code `json:"code,omitempty"`

	// Reply is how a SOCKS proxy refused, RFC 1928 section 6, or 0.
	Reply uint8 `json:"reply,omitempty"`

	// Offered are the ways to authenticate that a SOCKS proxy was given to choose
	// from, RFC 1928 section 3: "none", and "password" if the proxy's URL has
	// credentials. Chosen is the one that it chose, "no acceptable" if it wants
	// another, which it does not name, or the number of one that was not offered. It
	// is empty without an answer. [ProxyAuthRequired] with "password" chosen means
	// that the credentials are wrong.
	Offered []string `json:"offered,omitempty"`
	Chosen  string   `json:"chosen,omitempty"`

	// Schemes are the authentication schemes that a 407 offered, as in "Negotiate".
	// SOCKS proxies do not say what they want.
	Schemes []string `json:"schemes,omitempty"`

	// Header are the fields of the answer that say who made it.
	Header []Field `json:"header,omitempty"`

	// Vendor is the maker of the proxy as the answer names it, or "".
	Vendor string `json:"vendor,omitempty"`

	// TLS is the handshake with a proxy that is itself spoken to over TLS. Its
	// chain is judged by the machine's roots alone.
	TLS *TLSFacts `json:"tls,omitempty"`
}

// TLSFacts is what a handshake showed.
type TLSFacts struct {
	ServerName  string `json:"server_name"`
	Version     string `json:"version,omitempty"`      // as in "TLS 1.2"; empty without a completed negotiation
	CipherSuite string `json:"cipher_suite,omitempty"` // the name of IANA's registry

	// Chain are the certificates as they were served, the leaf first.
	Chain []Certificate `json:"chain,omitempty"`

	// VerifiedBy says which root set the chain verified under, whatever the
	// time and the name: "public", "microsoft", "machine", or "" for none.
	VerifiedBy string `json:"verified_by,omitempty"`

	// ValidFrom and ValidUntil bound the time at which all certificates of the
	// verified chain are valid. They are zero if VerifiedBy is empty.
	ValidFrom  time.Time `json:"valid_from,omitzero"`
	ValidUntil time.Time `json:"valid_until,omitzero"`

	// NameMatches says whether the leaf is for ServerName.
	NameMatches bool `json:"name_matches"`

	// Alias is the canonical name in the resolver's answer that the leaf is for, if
	// it is not for ServerName: the resolver leads the name to a host that is
	// somebody else's, as walled gardens and filters do. A content network's host has
	// a certificate for ServerName. It is empty through a proxy.
	Alias string `json:"alias,omitempty"`

	// ClientCertificateRequested says that the peer asked for a client
	// certificate. The probe answered with none.
	ClientCertificateRequested bool `json:"client_certificate_requested,omitempty"`

	// FetchedIssuers are the URLs from which certificates were fetched that the
	// server left out of its chain, as Windows does.
	FetchedIssuers []string `json:"fetched_issuers,omitempty"`

	// MissingIssuer is who issued the last certificate of a chain that does not
	// verify, by the name in it, if that issuer's own certificate was neither
	// served nor fetched. A server need not serve a root, so that by itself is no
	// fault of a chain that ends in one nobody knows.
	MissingIssuer string `json:"missing_issuer,omitempty"`

	// IssuerFailures are the URLs at which certificates were looked for that the
	// server left out, in vain. With them, a chain that is not trusted may well be
	// genuine: what is known is that it is incomplete.
	IssuerFailures []IssuerFailure `json:"issuer_failures,omitempty"`

	// Vendor is the maker of the product whose name the issuers bear of a chain
	// that is not genuine, or "" if it is none that is known.
	Vendor string `json:"vendor,omitempty"`

	// Alert is the description of the fatal alert that the peer sent, as in
	// "handshake failure", or "".
	Alert string `json:"alert,omitempty"`
}

// An IssuerFailure is a URL from which the certificate of an issuer could not be
// fetched, and why.
type IssuerFailure struct {
	URL string `json:"url"`

	// Code is that of the step at which fetching failed. [HTTPBodyMismatch] is an
	// answer that is no certificate, or one of somebody else, such as the page of a
	// captive portal. [NotTestable] is a URL that is never asked, see [HTTPS].
	Code Code `json:"code"`

	// Text is what Code is about, for people; it is not stable.
	Text string `json:"text,omitempty"`
}

// A Certificate is what a certificate of a chain says of itself.
type Certificate struct {
	Subject      string    `json:"subject"`
	Issuer       string    `json:"issuer"`
	Organization string    `json:"organization,omitempty"` // of the issuer
	DNSNames     []string  `json:"dns_names,omitempty"`    // the first 20
	NotBefore    time.Time `json:"not_before"`
	NotAfter     time.Time `json:"not_after"`
	SHA256       string    `json:"sha256"` // of the DER, in lower-case hexadecimal

	// SCTs is how many signed certificate timestamps the certificate holds, RFC
	// 6962 section 3.3. They are not verified. Certificates of public authorities
	// for servers hold two or more; those that are forged on the way seldom do.
	SCTs int `json:"scts,omitempty"`
}

// HTTPFacts is what an HTTP request was answered.
type HTTPFacts struct {
	URL    string `json:"url"`
	Status int    `json:"status,omitempty"`
	Proto  string `json:"proto,omitempty"` // as in "HTTP/1.1"

	// Header are the fields that say who answered and where to go: Server, Via,
	// Location, Content-Type and their like, in the order of their names.
	Header []Field `json:"header,omitempty"`

	// Location is where a redirect points, made absolute.
	Location string `json:"location,omitempty"`

	// Redirects are the redirects that were followed, in order.
	Redirects []string `json:"redirects,omitempty"`

	// Date is the origin's own time, RFC 9110 section 6.6.1.
	Date time.Time `json:"date,omitzero"`

	// Body is the beginning of the body, at most 512 bytes, with what is not
	// printable UTF-8 replaced.
	Body string `json:"body,omitempty"`

	// Title is the title of the page, if the answer is one, at most 128 bytes. It
	// is what the pages of one filter have in common.
	Title string `json:"title,omitempty"`

	// Vendor is the maker of the product whose mark an answer bears that did not
	// provably come from the host: of who made the answer, or passed it on. It is
	// "" if no known one is seen. It helps to say who answered, and proves nothing.
	Vendor string `json:"vendor,omitempty"`

	// Range is what the answer says of ranges; nil unless one was asked for.
	Range *RangeFacts `json:"range,omitempty"`
}

// A Field is one line of an HTTP header.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// NTPFacts is what a time server said, RFC 5905.
type NTPFacts struct {
	Server netip.AddrPort `json:"server"`

	// Offset is what has to be added to the local clock to get the server's
	// time. The true offset to the server is within Bound of it: half the round
	// trip, and the precision of both clocks. Bound is zero only if nothing was
	// measured, because the answer was not fit for it.
	Offset time.Duration `json:"-"` // offset_ms in JSON
	Bound  time.Duration `json:"-"` // bound_ms in JSON

	RTT time.Duration `json:"-"` // rtt_ms in JSON

	// RootDistance is the most that the time so measured can be off from that
	// of the server at the top, RFC 5905 appendix A.5.5.2.
	RootDistance time.Duration `json:"-"` // root_distance_ms in JSON

	Stratum     uint8  `json:"stratum"`
	Leap        uint8  `json:"leap"` // the leap indicator, 3 means that the server is not synchronized
	KissCode    string `json:"kiss_code,omitempty"`
	ReferenceID string `json:"reference_id,omitempty"` // as 8 hexadecimal digits
}

// NCSIFacts is what Windows' Network Connectivity Status Indicator would have
// seen, as described in Microsoft's "Network Connectivity Status Indicator
// overview" of 2023-06-23.
type NCSIFacts struct {
	// IPv4 and IPv6 are the answers to the web probe over each family; nil if the
	// name has no address of the family, unless it is for want of an IPv4 address
	// that the probe failed. Either one alone proves the internet.
	IPv4 *NCSIAnswer `json:"ipv4,omitempty"`
	IPv6 *NCSIAnswer `json:"ipv6,omitempty"`

	// Proxied is the answer to the web probe through a proxy, which decides
	// alone; nil if there is no proxy.
	Proxied *NCSIAnswer `json:"proxied,omitempty"`

	// DNS is the answer to the DNS probe; nil if it was not sent.
	DNS *NCSIAnswer `json:"dns,omitempty"`

	// Reason is Windows' own name of the outcome, as in
	// "ActiveHttpProbeFailedHotspotDetected"; empty if the probe succeeded.
	Reason string `json:"reason,omitempty"`
}

// An NCSIAnswer is the outcome of one active probe.
type NCSIAnswer struct {
	Host      string       `json:"host"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	Status    int          `json:"status,omitempty"`
	Location  string       `json:"location,omitempty"`
	Body      string       `json:"body,omitempty"` // as in [HTTPFacts]
	Code      Code         `json:"code,omitempty"` // how it failed, or ""
}
