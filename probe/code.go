package probe

// A Code names a kind of failure. Codes are stable and append-only, so they can
// be stored and compared. A Code is an error, so errors.Is finds it in a chain.
// Programs may define codes of their own.
type Code string

// Error returns the code itself.
func (c Code) Error() string { return string(c) }

// Codes of no particular step. [Timeout] appears in an [Error] with its Op only
// if that step has no more specific code.
const (
	Timeout     Code = "timeout"      // the deadline passed in a step without its own timeout code
	Canceled    Code = "canceled"     // the context was canceled, or had ended before anything was sent
	NotTestable Code = "not_testable" // no request would prove or disprove the endpoint
	Skipped     Code = "skipped"      // not measured, because a known cause made it pointless
	Unknown     Code = "unknown"      // none of these codes applies; see the error's text
	Panicked    Code = "panic"        // the caller's code panicked, or broke its contract
)

// Codes for faults of this machine. They mean that nothing was measured, and
// say nothing about the network.
const (
	LocalResource Code = "local_resource" // out of file descriptors, sockets, ports or memory
	LocalDenied   Code = "local_denied"   // forbidden by a firewall or a policy on this machine
	LocalConfig   Code = "local_config"   // part of this machine's configuration cannot be read
	LocalSocket   Code = "local_socket"   // a socket could not be opened or used, for a local reason
)

// local reports whether c is about this machine or program.
func (c Code) local() bool {
	return c == LocalResource || c == LocalDenied || c == LocalSocket || c == LocalConfig || c == Panicked
}

// Codes of the resolve step.
const (
	DNSTimeout      Code = "dns.timeout"       // no resolver answered in time
	DNSNoRoute      Code = "dns.no_route"      // this machine has no route to the resolver
	DNSUnreachable  Code = "dns.unreachable"   // ICMP reports the resolver unreachable, or no host on the link has its address
	DNSNotListening Code = "dns.not_listening" // nothing listens on port 53 of the resolver; Windows does not report this over UDP
	DNSRefused      Code = "dns.refused"       // RCODE 5, RFC 1035 section 4.1.1
	DNSServFail     Code = "dns.servfail"      // RCODE 2
	DNSNXDomain     Code = "dns.nxdomain"      // RCODE 3: the name does not exist
	DNSNoData       Code = "dns.nodata"        // the name exists without a record of the requested type, RFC 2308 section 2.2
	DNSSinkhole     Code = "dns.sinkhole"      // every address is unspecified, loopback or link-local
	DNSBlocked      Code = "dns.blocked"       // extended errors 15 to 17, RFC 8914 sections 4.16 to 4.18
	DNSRewritten    Code = "dns.rewritten"     // a nonexistent name has an address
	DNSMalformed    Code = "dns.malformed"     // the answer cannot be parsed, or is for another question
)

// Codes of the connect step.
const (
	TCPTimeout     Code = "tcp.timeout"     // no reply to the connection request
	TCPRefused     Code = "tcp.refused"     // the connection request was reset
	TCPReset       Code = "tcp.reset"       // accepted, then reset before any response
	TCPUnreachable Code = "tcp.unreachable" // no route, or ICMP reports the address unreachable
)

// Codes of the proxy step.
const (
	ProxyUnreachable       Code = "proxy.unreachable"        // no connection to the proxy
	ProxyAuthRequired      Code = "proxy.auth_required"      // the proxy answered 407, or the SOCKS proxy requires or rejects credentials
	ProxyDenied            Code = "proxy.denied"             // the proxy refused the request
	ProxyTargetUnreachable Code = "proxy.target_unreachable" // the proxy could not reach the target
	ProxyBadResponse       Code = "proxy.bad_response"       // the proxy's response is invalid or incomplete
)

// Codes of the handshake step.
const (
	TLSTimeout      Code = "tls.timeout"       // connected, then silence
	TLSReset        Code = "tls.reset"         // the connection was reset during the handshake
	TLSClosed       Code = "tls.closed"        // the connection was closed during the handshake
	TLSVersion      Code = "tls.version"       // the peer speaks none of the TLS versions offered
	TLSAlert        Code = "tls.alert"         // the peer ended the handshake with another alert
	TLSNotTLS       Code = "tls.not_tls"       // the peer replied with something other than TLS
	TLSMalformed    Code = "tls.malformed"     // the peer speaks TLS, but breaks its rules
	TLSUntrusted    Code = "tls.untrusted"     // the chain verifies under no known root
	TLSIncomplete   Code = "tls.incomplete"    // the chain names a public CA whose certificate is unavailable, so it cannot be verified
	TLSInspected    Code = "tls.inspected"     // the chain verifies only under this machine's own roots
	TLSNameMismatch Code = "tls.name_mismatch" // the chain is trusted, but the certificate is for another name
	TLSExpired      Code = "tls.expired"       // the chain is trusted, but has expired by the local clock
	TLSNotYetValid  Code = "tls.not_yet_valid" // the chain is trusted, but is not yet valid by the local clock
	TLSRevoked      Code = "tls.revoked"       // a certificate of the chain is revoked
)

// Codes of the request and body steps.
const (
	HTTPTimeout          Code = "http.timeout"           // connected and requested, then silence
	HTTPReset            Code = "http.reset"             // reset or closed after the request, before a response
	HTTPTruncated        Code = "http.truncated"         // the response was incomplete
	HTTPMalformed        Code = "http.malformed"         // the response is not HTTP
	HTTPTooLarge         Code = "http.too_large"         // the header, or a body that must be read in full, exceeds the limit
	HTTPStatus           Code = "http.status"            // an unexpected status
	HTTPBodyMismatch     Code = "http.body_mismatch"     // an unexpected body
	HTTPCaptivePortal    Code = "http.captive_portal"    // a captive portal answered instead of the host
	HTTPBlockPage        Code = "http.block_page"        // a filter answered instead of the host
	HTTPRedirectLoop     Code = "http.redirect_loop"     // too many redirects
	HTTPRangeUnsupported Code = "http.range_unsupported" // the response to a range request is the whole resource
)

// Codes of the clock step.
const (
	NTPTimeout        Code = "ntp.timeout"        // no answer
	NTPUnreachable    Code = "ntp.unreachable"    // no route, or ICMP reports that nothing listens; Windows does not report the latter
	NTPKissOfDeath    Code = "ntp.kiss_of_death"  // stratum 0 with a kiss code, RFC 5905 section 7.4
	NTPUnsynchronized Code = "ntp.unsynchronized" // leap indicator 3, or stratum 16
	NTPOffset         Code = "ntp.offset"         // the local clock is off by more than [MaxClockOffset]
	NTPInvalid        Code = "ntp.invalid"        // the answer fails the checks of RFC 5905 section 8
)

// Codes of the NCSI probes.
const (
	NCSIDNSMismatch Code = "ncsi.dns_mismatch" // dns.msftncsi.com has unexpected addresses
)

// Codes of the revocation step, besides [TLSRevoked].
const (
	RevocationUnreachable  Code = "revocation.unreachable"   // no CRL or OCSP response could be fetched
	RevocationStale        Code = "revocation.stale"         // the response has expired or is not yet valid by the local clock
	RevocationBadSignature Code = "revocation.bad_signature" // the issuer did not sign the response
	RevocationMalformed    Code = "revocation.malformed"     // the response is neither a CRL nor an OCSP response, or covers other certificates
	RevocationUnknown      Code = "revocation.unknown"       // the responder does not know the certificate, or returns an error
)
