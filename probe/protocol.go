package probe

import (
	"context"
	"fmt"
)

// A Protocol says how to measure a target: it selects the prober.
type Protocol string

// The protocols that [Network.Probe] measures. Programs may add others, each
// with its own [Prober].
const (
	// DNS asks every resolver for the addresses of the host, all at once. It
	// fails only if no resolver returns a usable address. The code is then the
	// most informative one: a denial ranks before a failure, and a failure
	// before silence. The addresses are those of the first resolver, in order
	// of preference, that returned any. The facts hold each question and its
	// answer.
	//
	// There is one resolve step for each resolver, with its address. An
	// unanswered question over UDP is sent once more; an answer too large for
	// UDP is requested over TCP. Each resolver has up to 5 seconds. DNS always
	// asks, even if the run already knows the answer.
	DNS Protocol = "dns"

	// NXDomain asks every resolver for a random name directly below the host,
	// such as "com" or "microsoft.com". No such name exists, so the answer
	// should be that it does not exist, RFC 2308 section 2.1, or has no
	// addresses, RFC 9824. Filters, captive portals and some providers invent
	// an address: [DNSRewritten]. The owner of a suffix may have addresses for
	// all names below it, so it takes several suffixes of different owners to
	// convict a resolver.
	//
	// NXDomain fails if any resolver invents an address. The facts have the
	// requested name and the addresses that the first such resolver invented.
	// Queries have the code [DNSRewritten] if answered like this, and
	// [DNSNXDomain] if answered correctly. Each probe asks for a new name.
	// Questions are repeated as for [DNS].
	NXDomain Protocol = "nxdomain"

	// TCP opens a connection and sends nothing. Success only proves that
	// something accepted: transparent proxies and captive portals accept for
	// everyone. The target needs a port.
	TCP Protocol = "tcp"

	// HTTP makes one GET request over plain HTTP, without cookies or other
	// state, and follows no redirect. Any response counts as reached, whatever
	// its status, unless it proves that something else sent it: 511 comes from
	// a captive portal, 407 from a proxy, and some header fields only from
	// filters. Through a proxy, 502 and 504 are the proxy's as well. The facts
	// keep what identifies the sender. The probe reads at most 64 KiB of
	// header, and 512 bytes of a body or 4 KiB of an HTML page.
	HTTP Protocol = "http"

	// HTTPS measures whether a genuine web server answers over TLS 1.2. It
	// offers no other version, so success proves that the path allows TLS 1.2.
	// A host is reached if its chain is genuine and it gives any response over
	// HTTP/1.1. A genuine host that requests a client certificate is reached
	// even if it then breaks off. Through a proxy, the connection is a tunnel.
	//
	// A chain that is not genuine fails the probe. The request is still sent,
	// because the response often identifies the interceptor. If several faults
	// apply, the code is that of trust ([TLSInspected], [TLSUntrusted] or
	// [TLSIncomplete]) before that of the name ([TLSNameMismatch]) and that of
	// time ([TLSExpired] or [TLSNotYetValid]). The facts hold all three.
	//
	// Like Windows, the probe fetches missing intermediate certificates from
	// the URLs in the certificates, over plain HTTP on port 80. It does the
	// same for an expired intermediate above a valid leaf, because a chain is
	// valid if any path leads to a genuine root. A chain that stays incomplete
	// is [TLSUntrusted], as on Windows; the facts say what is missing. It is
	// [TLSIncomplete] if it names a public CA whose certificate is unavailable,
	// so that nobody can tell whether the chain is genuine.
	//
	// Unless the target has NoRevocation, the probe checks a genuine chain for
	// revocation, by its CRLs and OCSP responders, over plain HTTP on port 80,
	// while the request is in progress.
	// So it contacts hosts other than the target's. Only [TLSRevoked] fails the
	// probe. [DocumentTimeout] and [RevocationTimeout] limit the time. A run
	// fetches each document once; see [Network.Shared].
	HTTPS Protocol = "https"

	// NTP asks a time server for the time, RFC 5905, and measures how far the
	// local clock is off. It asks the server's addresses in turn, IPv4 first,
	// until one returns a trustworthy time. Each has up to 2 seconds, and is
	// asked twice in case a packet is lost. Attempts counts all of these
	// requests, and each has a clock step. A clock off by more than
	// [MaxClockOffset] fails with [NTPOffset].
	//
	// The source port is chosen by the system. A firewall that only allows
	// source port 123 blocks this probe, and may still allow Windows.
	NTP Protocol = "ntp"

	// NCSI measures what the Network Connectivity Status Indicator of Windows
	// would find, which decides whether Windows considers itself connected to
	// the internet.
	//
	// On port 80 it makes the web probe: a GET request over IPv4 to the host,
	// and one over IPv6 to ipv6.msftconnecttest.com at the same time. One
	// response of 200 with the body "Microsoft Connect Test" is enough. Through
	// a proxy it only asks the target's host. On port 53 it makes the DNS
	// probe: the host must have the address 131.107.255.255 or
	// fd3e:4f5a:5b81::1. An empty host means Windows' own. If the machine's
	// settings ask for other probes (see [Network].Settings), these are made
	// too, for up to 2 seconds longer, and only appear in the facts.
	//
	// Without a proxy, a response from someone else means a captive portal: a
	// redirect, a 2xx with another body, or 511. Silence, refusal and other
	// statuses do not. Source: Microsoft, "Network Connectivity Status
	// Indicator overview" and "NCSI FAQ", 2023-06-23.
	NCSI Protocol = "ncsi"

	// WPAD looks for a proxy as Windows does during setup, by Web Proxy
	// Auto-Discovery over DNS. The host is a domain of the machine; see
	// [Network].SearchDomains.
	//
	// The probe looks up "wpad" in the domain and its parents, up to the
	// registrable one, such as contoso.co.uk. It requests /wpad.dat once,
	// directly, from the first of these names with an address, and reads at
	// most 1 MiB. It never runs the script: the facts hold its hash and the
	// proxies that it mentions.
	//
	// Most networks have no such name, or block it. Then the probe is OK and
	// the facts have no URL. The probe fails if the resolvers do not say
	// whether the name exists, or if it exists and serves no file. Windows also
	// asks DHCP first (option 252); this probe does not. Source:
	// draft-ietf-wrec-wpad-01, which expired in December 1999.
	WPAD Protocol = "wpad"

	// SRV finds the servers of a service by its SRV records, RFC 2782, and
	// connects to one of them without sending anything. The host is the name of
	// the records, such as "_ldap._tcp.dc._msdcs.contoso.com". A nonzero port
	// replaces that of every record.
	//
	// Servers are tried by priority and weight, 16 at once, until one accepts.
	// The others are then [Skipped], unless the target has AllAddresses. If
	// none accepts, the error is that of the first server with a connection
	// attempt, or else of the first server. At most 64 servers are tried. If
	// none of them accepts and there are more, the code is [NotTestable]. A
	// server whose name is an address, or that only has addresses of this
	// machine or link, is not contacted.
	SRV Protocol = "srv"

	// CNAME asks every resolver whether the host is an alias, RFC 1034 section
	// 3.6.2. It is OK if a resolver says that it is, whether or not the alias
	// has an address. The facts have the chain of names from the first such
	// resolver. A name with addresses of its own is [DNSNoData], although some
	// servers return only the addresses of an alias.
	CNAME Protocol = "cname"

	// SOA asks every resolver for the zone that holds the host, by its SOA
	// record, RFC 1035 section 3.3.13. It is OK if a resolver returns one: that
	// of the host itself, or, for a host that is not the top of a zone, that of
	// the zone above it, RFC 2308 section 2.2. The zone may also hold the name
	// of which the host is an alias. The facts have each question, with the
	// record that came; see [DNSQuery].
	//
	// The answer shows what resolvers make of the name, and proves nothing of
	// any host or port. A resolver that holds a zone of its own under the name
	// answers as well; it sets the AA flag, and its record names another
	// operator. Questions are repeated as for [DNS].
	SOA Protocol = "soa"
)

// A builtin is a prober of this package.
type builtin struct {
	protocol Protocol
	port     uint16 // the default for port 0
	resolves bool   // it asks the resolvers for the target's name, unless a proxy does
	proxied  bool   // it uses the network's proxy
	measure  func(ctx context.Context, n Network, o *Observation) *Error
}

// builtins are all of them. A new prober is declared here and nowhere else.
func builtins() [11]builtin { // an array, which needs no memory of its own
	return [...]builtin{
		{DNS, 0, true, false, measureDNS},
		{NXDomain, 0, true, false, measureNXDomain},
		{TCP, 0, true, false, measureTCP},
		{HTTP, 80, true, true, measureHTTP},
		{HTTPS, 443, true, true, measureHTTPS},
		{NTP, 123, true, false, measureNTP},
		{NCSI, 80, true, true, measureNCSI},
		{WPAD, 80, true, false, measureWPAD},
		{SRV, 0, true, false, measureSRV},
		{CNAME, 0, true, false, measureCNAME},
		{SOA, 0, true, false, measureSOA},
	}
}

// BuiltIn reports whether [Network.Probe] measures p.
func (p Protocol) BuiltIn() bool {
	for _, b := range builtins() {
		if b.protocol == p {
			return true
		}
	}
	return false
}

// builtinFor returns the prober of a protocol. Without one, it returns a prober
// that reports [NotTestable].
func builtinFor(p Protocol) builtin {
	for _, b := range builtins() {
		if b.protocol == p {
			return b
		}
	}
	return builtin{protocol: p, measure: func(_ context.Context, _ Network, o *Observation) *Error {
		return &Error{Addr: o.Target.Addr(), Code: NotTestable, Err: fmt.Errorf("no prober for protocol %q", p)}
	}}
}

// A Prober measures one target, only over the given network. A failure to reach
// the target is part of the observation. [Network.Talk] makes a prober from a
// conversation; a wrapper of a built-in prober calls [Network.Probe].
//
// A Prober returns promptly once ctx ends, leaves nothing running, keeps the
// facts learned before a failure, and is safe for concurrent use.
//
// The deadline of ctx, or else [DefaultTimeout], says how long to wait for a
// response. The attempts share this time, and an attempt without a response in
// its share has timed out. So choose the deadline for the target, and not by
// the time left for other work. To end a probe early, cancel ctx: the code is
// then [Canceled], which says nothing about the target. The same code results
// from a context that has already ended.
type Prober func(ctx context.Context, n Network, t Target) Observation
