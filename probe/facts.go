package probe

import (
	"net/netip"
	"strings"
	"time"
)

// DNSFacts is what the resolvers said about a name.
type DNSFacts struct {
	Name string `json:"name"`

	// Addresses are the addresses of the answer that the probe used, IPv4
	// first, and otherwise in the order of the answer.
	Addresses []netip.Addr `json:"addresses,omitempty"`

	// CNAMEs is the chain of canonical names of that answer, without trailing dots.
	CNAMEs []string `json:"cnames,omitempty"`

	// IPv4Code and IPv6Code say how the A or AAAA question failed while the
	// other one returned addresses. [DNSSinkhole] for IPv4 only suggests a
	// filter that forgot IPv6. They are "" for a valid answer, including one
	// without records.
	IPv4Code Code `json:"ipv4_code,omitempty"`
	IPv6Code Code `json:"ipv6_code,omitempty"`

	// HostsFile are the addresses for the name in the machine's hosts file.
	// Other programs on the machine use these and ask no resolver. Probes
	// always ask the resolvers and never use these addresses.
	HostsFile []netip.Addr `json:"hosts_file,omitempty"`

	// Queries are all questions, by resolver and type. If the run looked up the
	// name before, they are those of that lookup.
	Queries []DNSQuery `json:"queries,omitempty"`
}

// A DNSQuery is one question to one resolver and its answer.
type DNSQuery struct {
	Resolver  netip.AddrPort `json:"resolver"`
	Type      string         `json:"type"`            // as in "A" or "AAAA"
	Transport string         `json:"transport"`       // of the last attempt: "udp" or "tcp"
	Attempts  int            `json:"attempts"`        // datagrams and connections sent
	RCode     string         `json:"rcode,omitempty"` // as in "NOERROR", RFC 6895; empty without an answer

	Addresses []netip.Addr `json:"addresses,omitempty"`
	CNAMEs    []string     `json:"cnames,omitempty"`
	TTL       uint32       `json:"ttl,omitempty"` // the lowest of the answer, in seconds

	// Authoritative is the AA flag of the answer, RFC 1035 section 4.1.1: the
	// server says that it is an authority for the requested name, or for the
	// first name of a chain. A resolver that asked others for the answer does
	// not set it.
	Authoritative bool `json:"authoritative,omitempty"`

	// RecursionAvailable is the RA flag of the answer, RFC 1035 section 4.1.1:
	// the server resolves names for its clients.
	RecursionAvailable bool `json:"recursion_available,omitempty"`

	// SOA is the SOA record in the authority section of a negative answer: no
	// such name, or no record of the requested type, RFC 2308 sections 2.1 and
	// 2.2. For [SOA] it is the record requested, if there is one. It is nil
	// without such a record, and if there are several. Whoever forges an answer
	// can forge it too.
	SOA *SOARecord `json:"soa,omitempty"`

	// Extended are the extended DNS errors of the answer, RFC 8914.
	Extended []ExtendedError `json:"extended,omitempty"`

	// More is the number of further addresses and extended errors in the
	// answer. Up to 32 addresses, usable ones first, and 8 errors are kept.
	More int `json:"more,omitempty"`

	// Truncated says that the answer over UDP was truncated, RFC 1035 section
	// 4.2.1.
	Truncated bool `json:"truncated,omitempty"`

	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Code is how the question failed, or "". [DNSNoData], no record of the
	// requested type, is no failure if the other type has an answer.
	Code Code `json:"code,omitempty"`
}

// A SOARecord names a zone and who runs it, RFC 1035 section 3.3.13. Its names
// are in lower case and without a trailing dot, but for the root, which is ".".
// They are at most 255 bytes long.
type SOARecord struct {
	Owner string `json:"owner"` // the top of the zone
	MName string `json:"mname"` // the primary name server
	RName string `json:"rname"` // the mailbox of the operator, as a name
}

// An ExtendedError is an extended DNS error, RFC 8914.
type ExtendedError struct {
	InfoCode uint16 `json:"info_code"`
	Text     string `json:"text,omitempty"`
}

// TCPFacts is the result of connecting to a target's addresses.
type TCPFacts struct {
	// Remote is the address of the connection that the probe used.
	Remote netip.AddrPort `json:"remote,omitzero"`

	// Dials are all addresses tried, in order. The additional attempt for
	// [Target].Families comes last. In a run, those of a further attempt follow,
	// so an address may be listed again.
	Dials []Dial `json:"dials,omitempty"`
}

// A Dial is one attempt to connect to one address.
type Dial struct {
	Addr     netip.AddrPort `json:"addr"`
	Duration time.Duration  `json:"-"`              // duration_ms in JSON
	Code     Code           `json:"code,omitempty"` // how it failed, or ""

	// NoRoute says, of [TCPUnreachable], that this machine has no route to the
	// address and sent nothing. Otherwise the network rejected the packet.
	NoRoute bool `json:"no_route,omitempty"`

	// TLS is the handshake on the additional connection of an HTTPS probe for
	// [Target].Families, or nil without one. TLSCode says how it failed, as the
	// code of a probe does, or is "".
	TLS     *TLSFacts `json:"tls,omitempty"`
	TLSCode Code      `json:"tls_code,omitempty"`
}

// ProxyFacts is what a proxy said.
type ProxyFacts struct {
	URL    string `json:"url"`              // without credentials
	Status int    `json:"status,omitempty"` // of the proxy's own answer; 0 without one

	// Op and Code say at which step connecting to the proxy failed, and how.
	// They are empty if the proxy was reached.
	Op   string `json:"op,omitempty"`
	Code Code   `json:"code,omitempty"`

	// Reply is the code with which a SOCKS proxy refused, RFC 1928 section 6,
	// or 0.
	Reply uint8 `json:"reply,omitempty"`

	// Offered are the authentication methods offered to a SOCKS proxy, RFC 1928
	// section 3: "none", and "password" if the proxy's URL has credentials.
	// Chosen is the proxy's choice. It is "no acceptable" if the proxy requires
	// another method, a number if it chose one that was not offered, and empty
	// without a reply. [ProxyAuthRequired] with "password" chosen means that
	// the credentials are wrong.
	Offered []string `json:"offered,omitempty"`
	Chosen  string   `json:"chosen,omitempty"`

	// Schemes are the authentication schemes of a 407, as in "Negotiate". SOCKS
	// proxies do not name theirs.
	Schemes []string `json:"schemes,omitempty"`

	// Header has the fields that identify the sender of the response.
	Header Header `json:"header,omitempty"`

	// Vendor is the product that appears to be the proxy, or "".
	Vendor string `json:"vendor,omitempty"`

	// TLS is the handshake with a proxy that uses TLS itself. Its chain is
	// judged by the machine's roots only.
	TLS *TLSFacts `json:"tls,omitempty"`
}

// TLSFacts is what a handshake showed.
type TLSFacts struct {
	ServerName  string `json:"server_name"`
	Version     string `json:"version,omitempty"`      // as in "TLS 1.2"; empty without a completed negotiation
	CipherSuite string `json:"cipher_suite,omitempty"` // the name of IANA's registry

	// Chain is the certificates as served, the leaf first.
	Chain []Certificate `json:"chain,omitempty"`

	// VerifiedBy names the root set under which the chain verified, whatever
	// the time and name: "public", "microsoft" (roots that Microsoft ships with
	// Windows), "windows" (other roots that Windows trusts, such as those that
	// browsers have dropped), "machine", or "" for none. The first three are
	// genuine.
	VerifiedBy string `json:"verified_by,omitempty"`

	// ValidFrom and ValidUntil are the period in which all certificates of the
	// verified chain are valid. They are zero if VerifiedBy is empty.
	ValidFrom  time.Time `json:"valid_from,omitzero"`
	ValidUntil time.Time `json:"valid_until,omitzero"`

	// NameMatches says whether the leaf is valid for ServerName.
	NameMatches bool `json:"name_matches"`

	// Alias is a canonical name in the resolver's answer for which the leaf is
	// valid, if it is not valid for ServerName. It means that the resolver
	// redirects the name to someone else's host, as walled gardens and filters
	// do. A CDN's host would have a certificate for ServerName. Alias is empty
	// through a proxy.
	Alias string `json:"alias,omitempty"`

	// ClientCertificateRequested says that the peer requested a client
	// certificate. The probe sends none.
	ClientCertificateRequested bool `json:"client_certificate_requested,omitempty"`

	// FetchedIssuers are the URLs of certificates that were fetched, as Windows
	// does, because the server omitted them or sent expired ones.
	FetchedIssuers []string `json:"fetched_issuers,omitempty"`

	// MissingIssuer names the issuer of the last certificate of a chain that
	// does not verify, if the issuer's certificate was neither served nor
	// fetched. Servers need not send a root, so this alone is not a fault of a
	// chain under an unknown root.
	MissingIssuer string `json:"missing_issuer,omitempty"`

	// IssuerFailures are the URLs from which such certificates could not be
	// fetched. If there are any, an untrusted chain may be genuine but
	// incomplete.
	IssuerFailures []Document `json:"issuer_failures,omitempty"`

	// Vendor is the known product named by the issuers of a chain that is not
	// genuine, or "".
	Vendor string `json:"vendor,omitempty"`

	// Alert is the peer's fatal alert, as in "handshake failure", or "".
	Alert string `json:"alert,omitempty"`

	// Handshakes are the results of other handshakes with the same address; see
	// [Target].Handshakes. They say nothing of who answered.
	Handshakes []Handshake `json:"handshakes,omitempty"`
}

// A Handshake is the result of a TLS handshake that is made only to learn what
// the path does to it.
type Handshake struct {
	// Offered is the newest version offered, as in "TLS 1.3", and Version the
	// one chosen, or "" if the handshake failed.
	Offered string `json:"offered"`
	Version string `json:"version,omitempty"`

	// Hello is the size of the ClientHello in bytes. More than about 1400 do
	// not fit into one packet.
	Hello int `json:"hello,omitempty"`

	// Packet is the size in bytes to which IP packets were limited in both
	// directions, or 0 if they had the size that the path is said to allow.
	Packet int `json:"packet,omitempty"`

	// Refusable says that only a prohibited cipher suite was offered, so that a
	// server answers with a small packet: [TLSAlert].
	Refusable bool `json:"refusable,omitempty"`

	Code Code `json:"code,omitempty"` // how it failed, or ""
}

// A Certificate describes a certificate of a chain.
type Certificate struct {
	Subject      string    `json:"subject"`
	Issuer       string    `json:"issuer"`
	Organization string    `json:"organization,omitempty"` // of the issuer
	DNSNames     []string  `json:"dns_names,omitempty"`    // the first 20
	NotBefore    time.Time `json:"not_before"`
	NotAfter     time.Time `json:"not_after"`
	SHA256       string    `json:"sha256"` // of the DER, in lower-case hexadecimal

	// SCTs is the number of signed certificate timestamps in the certificate,
	// RFC 6962 section 3.3. They are not verified. Server certificates of
	// public CAs have at least two; forged ones seldom have any.
	SCTs int `json:"scts,omitempty"`
}

// HTTPFacts is the response to an HTTP request.
type HTTPFacts struct {
	URL    string `json:"url"`
	Status int    `json:"status,omitempty"`
	Proto  string `json:"proto,omitempty"` // as in "HTTP/1.1"

	// Header has the fields that say who answered and where to go: Server, Via,
	// Location, Content-Type and so on, sorted by name.
	Header Header `json:"header,omitempty"`

	// Location is the redirect target as an absolute URL.
	Location string `json:"location,omitempty"`

	// Redirects are the redirects followed, in order. Built-in probers follow
	// none.
	Redirects []string `json:"redirects,omitempty"`

	// Date is the origin's own time, RFC 9110 section 6.6.1.
	Date time.Time `json:"date,omitzero"`

	// Body is the beginning of the body on one line, at most 512 bytes.
	Body string `json:"body,omitempty"`

	// Title is the title of an HTML page, at most 128 bytes. Block pages of one
	// filter usually share it.
	Title string `json:"title,omitempty"`

	// Vendor is the product that appears to have sent or forwarded the
	// response, or "" if none is known or the response provably came from the
	// host. It is a hint, not proof.
	Vendor string `json:"vendor,omitempty"`

	// Range is the result of a range request, or nil if there was none.
	Range *RangeFacts `json:"range,omitempty"`
}

// A Header holds HTTP header fields by name. In JSON it is a list of objects
// with name and value, sorted by name.
type Header map[string][]string

// Get returns the first value of a field, or "". Names are case-insensitive.
func (h Header) Get(name string) string {
	for key, values := range h {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// NTPFacts is what a time server said, RFC 5905.
type NTPFacts struct {
	Server netip.AddrPort `json:"server"`

	// Offset is the server's time minus local time. The true offset is within
	// Bound of it: half the round trip plus the precision of both clocks. Bound
	// is zero only if the response was unusable and nothing was measured.
	Offset time.Duration `json:"-"` // offset_ms in JSON
	Bound  time.Duration `json:"-"` // bound_ms in JSON

	RTT time.Duration `json:"-"` // rtt_ms in JSON

	// RootDistance is the maximum error of the measured time relative to the
	// server at the top, RFC 5905 appendix A.5.5.2.
	RootDistance time.Duration `json:"-"` // root_distance_ms in JSON

	Stratum     uint8  `json:"stratum"`
	Leap        uint8  `json:"leap"` // the leap indicator; 3 means that the server is not synchronized
	KissCode    string `json:"kiss_code,omitempty"`
	ReferenceID string `json:"reference_id,omitempty"` // as 8 hexadecimal digits
}

// NCSIFacts is what the Network Connectivity Status Indicator of Windows would
// see, as described in Microsoft's "Network Connectivity Status Indicator
// overview" of 2023-06-23.
type NCSIFacts struct {
	// IPv4 and IPv6 are the results of the web probe for each family. One
	// success proves internet access. A result is nil if the name has no
	// address of the family, except that IPv4 is set if this failed the probe.
	IPv4 *NCSIAnswer `json:"ipv4,omitempty"`
	IPv6 *NCSIAnswer `json:"ipv6,omitempty"`

	// Proxied is the result of the web probe through a proxy, which alone
	// decides; nil without a proxy.
	Proxied *NCSIAnswer `json:"proxied,omitempty"`

	// DNS is the result of the DNS probe; nil if it was not made.
	DNS *NCSIAnswer `json:"dns,omitempty"`

	// Reason is Windows' name for the result, as in
	// "ActiveHttpProbeFailedHotspotDetected"; empty on success.
	Reason string `json:"reason,omitempty"`

	// Settings are this machine's settings for the probe that are not those of
	// a new device; see [Network]. Own are the results of the probe with these
	// settings, over IPv4 and then IPv6, of each family that they change. Both
	// are for information: they do not affect the probe's result, because
	// devices have no such settings during setup.
	Settings map[string]string `json:"settings,omitempty"`
	Own      []NCSIAnswer      `json:"own,omitempty"`
}

// An NCSIAnswer is the result of one active probe.
type NCSIAnswer struct {
	Host      string       `json:"host"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	Status    int          `json:"status,omitempty"`
	Location  string       `json:"location,omitempty"`
	Body      string       `json:"body,omitempty"` // as in [HTTPFacts]
	Code      Code         `json:"code,omitempty"` // how it failed, or ""
}
