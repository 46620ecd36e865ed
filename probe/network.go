package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"net"
	"net/netip"
	"net/url"
)

// A Network is everything through which probes reach the outside world. The
// zero value is this machine's network, without a proxy. A nil list or root set
// means this machine's, and an empty one means none.
//
// A Network is safe for concurrent use while its fields do not change. A panic
// in one of its functions becomes an error with the code [Panicked].
type Network struct {
	// Connect opens connections. The network is "tcp" or "udp", and the address
	// always an IP address with a port. Connect must obey ctx and return a
	// connection or an error. Nil means a [net.Dialer].
	Connect func(ctx context.Context, network, address string) (net.Conn, error)

	// ConnectMSS opens a TCP connection on which neither side sends more than
	// mss bytes in one segment, as with the option TCP_MAXSEG, RFC 9293 section
	// 3.7.1. It obeys the rules of Connect. Only probes of targets with
	// Handshakes use it. Nil means a [net.Dialer] on Linux if Connect is nil
	// too; otherwise there are no such connections.
	ConnectMSS func(ctx context.Context, address string, mss int) (net.Conn, error)

	// Resolvers are the DNS servers to ask, in order of preference.
	//
	// Nil means those of this machine, at port 53. On Windows these are the
	// servers of the network adapters that are up, adapters with a gateway
	// first and then by metric, without the placeholders that Windows sets if
	// no IPv6 server is configured (fec0:0:0:ffff::1 to ::3). Elsewhere they
	// are the first three nameserver lines of /etc/resolv.conf.
	Resolvers []netip.AddrPort

	// SearchDomains are the machine's DNS domains, in order of preference, in
	// lower case and without trailing dots. Windows looks for a proxy there;
	// see [WPAD].
	//
	// Nil means those of this machine, at most 16. On Windows these are its
	// primary domain, the domains of network adapters that are up, and the
	// search list set by policy or an administrator. Elsewhere they are those
	// of the last search or domain line of /etc/resolv.conf, or else the part
	// of the host name after its first dot, resolv.conf(5).
	SearchDomains []string

	// HostsFile are the names in the machine's hosts file, in lower case and
	// without trailing dots, with their addresses. They only appear in the
	// facts: probes still ask the resolvers for these names.
	//
	// Nil means this machine's file, System32\drivers\etc\hosts on Windows and
	// /etc/hosts elsewhere, with at most 32 addresses for a name. If a file has
	// a read error, more than 16 MiB or a line of more than 64 KiB, only the
	// part before that is used.
	HostsFile map[string][]netip.Addr

	// Settings are the Windows settings that make this machine test internet
	// access or find a proxy differently from a new device, by their names in
	// the registry. They change no result: probes do as a new device would, and
	// the facts for [NCSI] show what these settings lead to. Nil means those of this machine. On Windows these are, below
	// HKEY_LOCAL_MACHINE:
	//
	//   - in SYSTEM\CurrentControlSet\Services\NlaSvc\Parameters\Internet:
	//     EnableActiveProbing, ActiveWebProbeHost, ActiveWebProbePath,
	//     ActiveWebProbeContent, ActiveDnsProbeHost and ActiveDnsProbeContent,
	//     and the last five also with V6 at the end;
	//   - in SOFTWARE\Policies\Microsoft\Windows\NetworkConnectivityStatusIndicator:
	//     NoActiveProbe;
	//   - in SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings:
	//     ProxyServer and AutoConfigURL, if the policy ProxySettingsPerUser is 0
	//     and they are in use, and WinHttp\DisableWpad;
	//   - WinHttpAutoProxySvc, the value Start of that service.
	//
	// Elsewhere there are none.
	Settings map[string]string

	// Proxy returns the proxy for a target, or nil for a direct connection. It
	// is called only for web traffic of targets that are not Direct; nothing
	// else uses a proxy. Nil means that everything is direct, because a
	// factory-fresh device has no proxy configured. See [SystemProxy] and
	// [EnvironmentProxy].
	//
	// The scheme of the URL selects how to speak to the proxy: http; https for
	// HTTP over TLS; socks5 or socks5h, which are equivalent, for SOCKS 5, RFC
	// 1928. The proxy always resolves the names of targets. The user
	// information of the URL is sent to the proxy as Basic credentials, RFC
	// 7617, or as in RFC 1929, and never recorded.
	Proxy func(Target) (*url.URL, error)

	// Roots are the roots that the machine trusts. Nil means the system's.
	Roots *x509.CertPool

	// PublicRoots are the public roots of genuine chains. Nil means Mozilla's
	// set. Roots that Windows trusts always count as genuine too: those that
	// Microsoft ships and no public bundle has (Microsoft Root Certificate
	// Authority 2010 and 2011, Microsoft ECC Product Root Certificate Authority
	// 2018, Microsoft TLS RSA Root G2), and those of the Windows root program
	// for servers, as published on 2026-07-19.
	PublicRoots *x509.CertPool

	// shared is what the probes of one run share, or nil.
	shared *shared

	// secrets are what proxies were told, by a run or a probe.
	secrets *secrets

	// tally counts the traffic of all networks that were shared from one, or is
	// nil.
	tally *tally
}

// Shared returns a copy of n whose users share what they learn: each name is
// looked up once, unless 2,048 others followed, root sets and the hosts file are
// loaded once, and each document that certificates point to is fetched once.
// Connections for OCSP responses are used again until no probe is in progress.
// Use a new one for each run, so that it sees the network's current state. It
// needs no closing.
//
// Shared also begins to count [Network.Traffic]. If n counts it already, the copy
// adds to the same count.
func (n Network) Shared() Network {
	n.shared, n.secrets = new(shared), new(secrets)
	if n.tally == nil {
		n.tally = new(tally)
	}
	return n
}

// Probe measures t with the built-in prober of its protocol. A failure to reach
// the target is part of the observation. A protocol without a built-in prober
// is [NotTestable].
//
// Probe returns within a tenth of a second after ctx ends, and leaves nothing
// running. A context without a deadline gets [DefaultTimeout].
func (n Network) Probe(ctx context.Context, t Target) Observation {
	measure := builtinFor(t.Protocol).measure
	return n.observe(ctx, t, measure)
}

// Resolves reports whether measuring t asks the resolvers of n for its name.
// They are not asked if the host is an address or a proxy is used. It is false
// for protocols without a built-in prober.
func (n Network) Resolves(t Target) bool {
	b := builtinFor(t.Protocol)
	if _, ok := parseAddr(t.Host); ok || !b.resolves {
		return false
	}
	if !b.proxied || t.Protocol == NCSI && t.Port == dnsPort {
		return true
	}
	proxy, err := n.proxyFor(t)
	return proxy == nil && err == nil
}

// Load returns n with its nil lists read from this machine. It contacts
// nothing. An unconfigured list is empty, which is not an error. If a list
// cannot be read, Load returns an error with the code [LocalConfig], and still
// sets the others.
func (n Network) Load() (Network, error) {
	var errs []error
	note := func(what string, err error) {
		if err != nil {
			errs = append(errs, &Error{Addr: what, Code: LocalConfig, Err: err})
		}
	}
	if n.Resolvers == nil {
		list, err := systemResolvers()
		note("resolvers", err)
		n.Resolvers = append([]netip.AddrPort{}, list...)
	}
	if n.SearchDomains == nil {
		list, err := systemSearchDomains()
		note("search domains", err)
		n.SearchDomains = append([]string{}, list...)
	}
	if n.HostsFile == nil {
		hosts, err := systemHostsFile()
		note("hosts file", err)
		n.HostsFile = make(map[string][]netip.Addr, len(hosts))
		maps.Copy(n.HostsFile, hosts)
	}
	if n.Settings == nil {
		set, err := systemSettings()
		note("settings", err)
		n.Settings = make(map[string]string, len(set))
		maps.Copy(n.Settings, set)
	}
	return n, errors.Join(errs...)
}
