package probe

// A Code names a kind of failure. Codes are stable and append-only, so they
// can be stored and compared, and each is an error, so that errors.Is finds it
// in a chain. Callers may use codes of their own.
type Code string

// Error returns the code itself.
func (c Code) Error() string { return string(c) }

// Codes that belong to no single step. [Timeout] only appears in an [Error]
// with its Op, when no code of that step is more exact.
const (
	Timeout     Code = "timeout"      // the deadline ended during a step that has no time-out code of its own
	Canceled    Code = "canceled"     // the caller cancelled the context
	NotTestable Code = "not_testable" // nothing can be sent that would prove or disprove the endpoint
	Skipped     Code = "skipped"      // not measured, because a cause already known made it pointless
	Unknown     Code = "unknown"      // a failure that none of these codes names; the error's text says more
)

// Codes of this machine. They say nothing about the network: what met them was
// not measured.
const (
	LocalResource Code = "local_resource" // out of file descriptors, sockets, ports or memory
	LocalDenied   Code = "local_denied"   // forbidden by a firewall or a policy on this machine
)

// Codes of the resolve step.
const (
	DNSTimeout      Code = "dns.timeout"       // no resolver answered in time
	DNSNoRoute      Code = "dns.no_route"      // this machine has no way to the resolver's address
	DNSUnreachable  Code = "dns.unreachable"   // the resolver cannot be reached: ICMP says so, or nobody on the link has its address
	DNSNotListening Code = "dns.not_listening" // the resolver's address answered that nothing listens on port 53
	DNSRefused      Code = "dns.refused"       // RCODE 5, RFC 1035 section 4.1.1
	DNSServFail     Code = "dns.servfail"      // RCODE 2
	DNSNXDomain     Code = "dns.nxdomain"      // RCODE 3: the name does not exist
	DNSNoData       Code = "dns.nodata"        // the name exists without a record of the type asked for, RFC 2308 section 2.2
	DNSSinkhole     Code = "dns.sinkhole"      // every address is unspecified, loopback or link-local
	DNSBlocked      Code = "dns.blocked"       // extended errors 15 to 17, RFC 8914 sections 4.16 to 4.18
	DNSRewritten    Code = "dns.rewritten"     // an address where there should be none
	DNSMalformed    Code = "dns.malformed"     // an answer that cannot be parsed, or that answers another question
)

// Codes of the connect step.
const (
	TCPTimeout     Code = "tcp.timeout"     // no answer to the connection request
	TCPRefused     Code = "tcp.refused"     // a reset in answer to the connection request
	TCPReset       Code = "tcp.reset"       // reset after the connection was accepted, before anything was answered on it
	TCPUnreachable Code = "tcp.unreachable" // no route, or ICMP said unreachable
)

// Codes of the proxy step.
const (
	ProxyUnreachable       Code = "proxy.unreachable"        // no connection to the proxy
	ProxyAuthRequired      Code = "proxy.auth_required"      // the proxy answered 407, or accepts no SOCKS client that gives no, or this, password
	ProxyDenied            Code = "proxy.denied"             // the proxy refused the request by its own decision
	ProxyTargetUnreachable Code = "proxy.target_unreachable" // the proxy answered that it did not get through to the target
	ProxyBadResponse       Code = "proxy.bad_response"       // the proxy answered something that is no answer to the request, or broke off
)

// Codes of the handshake step.
const (
	TLSTimeout      Code = "tls.timeout"       // connected, then silence
	TLSReset        Code = "tls.reset"         // the connection was reset during the handshake
	TLSClosed       Code = "tls.closed"        // the connection was closed during the handshake
	TLSVersion      Code = "tls.version"       // the peer speaks none of the TLS versions offered
	TLSAlert        Code = "tls.alert"         // the peer ended the handshake with another alert
	TLSNotTLS       Code = "tls.not_tls"       // the peer answered something that is not TLS, or breaks its rules
	TLSUntrusted    Code = "tls.untrusted"     // the chain verifies under no known root
	TLSInspected    Code = "tls.inspected"     // the chain verifies under the machine's roots, but not under the public or Microsoft's
	TLSNameMismatch Code = "tls.name_mismatch" // a trusted chain for another name
	TLSExpired      Code = "tls.expired"       // a trusted chain that is no longer valid at local time
	TLSNotYetValid  Code = "tls.not_yet_valid" // a trusted chain that is not yet valid at local time
	TLSRevoked      Code = "tls.revoked"       // a certificate of the chain is revoked
)

// Codes of the request and body steps.
const (
	HTTPTimeout          Code = "http.timeout"           // connected, asked, then silence
	HTTPReset            Code = "http.reset"             // the connection was reset or closed after the request, before an answer
	HTTPTruncated        Code = "http.truncated"         // the answer ended before it was complete
	HTTPMalformed        Code = "http.malformed"         // the answer is not HTTP
	HTTPTooLarge         Code = "http.too_large"         // headers, or a body that must be read whole, larger than the bound
	HTTPStatus           Code = "http.status"            // a status other than those that were asked for
	HTTPBodyMismatch     Code = "http.body_mismatch"     // a body other than the one that was asked for
	HTTPCaptivePortal    Code = "http.captive_portal"    // someone else answered, to make a user sign in
	HTTPBlockPage        Code = "http.block_page"        // someone else answered, to say that the page is blocked
	HTTPRedirectLoop     Code = "http.redirect_loop"     // redirected more often than the bound
	HTTPRangeUnsupported Code = "http.range_unsupported" // a range was asked for and the whole was answered
)

// Codes of the clock step.
const (
	NTPTimeout        Code = "ntp.timeout"        // no answer
	NTPUnreachable    Code = "ntp.unreachable"    // ICMP said that nothing listens there, or there is no route to it
	NTPKissOfDeath    Code = "ntp.kiss_of_death"  // stratum 0 with a kiss code, RFC 5905 section 7.4
	NTPUnsynchronized Code = "ntp.unsynchronized" // leap indicator 3, or stratum 16
	NTPOffset         Code = "ntp.offset"         // the local clock is off by more than the bound
	NTPInvalid        Code = "ntp.invalid"        // an answer that fails the checks of RFC 5905 section 8
)

// Codes of the NCSI probes.
const (
	NCSIDNSMismatch Code = "ncsi.dns_mismatch" // dns.msftncsi.com has other addresses than Windows expects
)

// Codes of the revocation step, beside [TLSRevoked].
const (
	RevocationUnreachable  Code = "revocation.unreachable"   // no CRL or OCSP answer could be fetched
	RevocationStale        Code = "revocation.stale"         // an answer that is not current at local time: its next update is past, or its time yet to come
	RevocationBadSignature Code = "revocation.bad_signature" // an answer that its issuer did not sign
	RevocationMalformed    Code = "revocation.malformed"     // an answer that is neither a CRL nor an OCSP response, or about other certificates
	RevocationUnknown      Code = "revocation.unknown"       // a responder that does not know the certificate, or answers with an error
)
