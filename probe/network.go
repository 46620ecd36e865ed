package probe

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
)

// A Network is everything through which probes touch the outside world. Its
// zero value is the host's own network. Every prober takes one, so that a
// program can be pointed at a test network unchanged.
//
// A Network is safe for concurrent use as long as its fields are not written.
type Network struct {
	// DialContext opens connections. The network is "tcp" or "udp", the address
	// is always an IP address with a port, never a name. It must obey ctx.
	// Nil means a [net.Dialer].
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)

	// Resolvers are the DNS servers to ask, in order of preference. Nil means
	// those that the system is configured with, see [SystemResolvers].
	Resolvers []netip.AddrPort

	// HostsFile are the names that the hosts file of the machine gives addresses,
	// in lower case and without trailing dots. They are for the facts alone: probes
	// ask the resolvers for these names too. Nil means those of the system's file,
	// see [SystemHostsFile].
	HostsFile map[string][]netip.Addr

	// Proxy returns the proxy for a target, or nil for a direct connection. It is
	// asked for HTTP and HTTPS targets only, unless they are Direct: nothing else
	// goes through a proxy, as NTP cannot. Nil means that everything is direct. See
	// [SystemProxy] and [EnvironmentProxy].
	//
	// The scheme of the URL says how to speak to the proxy: http, or https for
	// HTTP over TLS, or socks5 and socks5h, which are the same, for SOCKS version
	// 5, RFC 1928. Each is left to look up the names of targets. The user
	// information of the URL, if any, is sent to the proxy, as Basic credentials,
	// RFC 7617, or as RFC 1929 has it, and never recorded.
	Proxy func(Target) (*url.URL, error)

	// Roots are the roots that the machine trusts. Nil means the system's.
	Roots *x509.CertPool

	// PublicRoots are the roots that a genuine chain ends in. Nil means
	// Mozilla's set. The roots of [MicrosoftRoots] count as genuine in addition,
	// whatever is set here.
	PublicRoots *x509.CertPool

	// shared is what the probes of one run have in common, or nil.
	shared *shared
}

// Shared returns a copy of n whose users share what they learn: each name is
// looked up once, root sets and the hosts file are loaded once, and what
// certificates point to is fetched once. Use one for each run, so that every run
// sees the network as it is then. Nothing has to be closed.
func (n Network) Shared() Network {
	n.shared = new(shared)
	return n
}

func (n Network) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if n.DialContext != nil {
		return n.DialContext(ctx, network, address)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}
