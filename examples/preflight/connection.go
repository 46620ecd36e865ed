package main

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A connection is the network to measure, and what a reader of the report has
// to know about it.
type connection struct {
	network probe.Network
	notes   []string
	proxy   string // its URL without credentials, or ""
}

// connection returns the network that the flags ask for. It contacts nothing.
func (c command) connection(plan *readiness.Plan) (connection, error) {
	if len(c.simulate) > 0 {
		return simulated(plan, c.simulate)
	}
	n := connection{network: c.network}
	if c.resolvers != nil {
		n.network.Resolvers = c.resolvers
		n.note("The DNS servers asked were given: %v.", c.resolvers)
	}
	if c.proxy != nil {
		n.setProxy(c.proxy)
	}
	if c.roots != "" {
		certs, err := readCertificates("-roots", c.roots)
		if err != nil {
			return n, err
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			return n, fmt.Errorf("-roots: the machine's own roots: %w", err)
		}
		n.network.Roots = withCertificates(pool, certs)
		n.note("%s counted as trusted by the machine, as given.", authorities(len(certs)))
	}
	if c.publicOnly != "" {
		certs, err := readCertificates("-public-roots", c.publicOnly)
		if err != nil {
			return n, err
		}
		n.network.PublicRoots = withCertificates(x509.NewCertPool(), certs)
		n.note("%s took the place of the public ones, as given.", authorities(len(certs)))
	}
	return n, nil
}

func (n *connection) note(format string, args ...any) {
	n.notes = append(n.notes, fmt.Sprintf(format, args...))
}

// setProxy sends all web traffic through a proxy.
func (n *connection) setProxy(u *url.URL) {
	n.network.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
	n.proxy = (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	if u.User == nil {
		n.note("Web traffic went through the proxy %s.", n.proxy)
		return
	}
	n.note("Web traffic went through the proxy %s with credentials. Devices have none while they are set up: "+
		"check again without them before relying on this.", n.proxy)
}

func authorities(n int) string {
	if n == 1 {
		return "1 certificate authority"
	}
	return fmt.Sprintf("%d certificate authorities", n)
}

// asked returns the DNS servers that a run will ask.
func (c command) asked(n connection) ([]netip.AddrPort, error) {
	if n.network.Resolvers != nil {
		return n.network.Resolvers, nil
	}
	return c.system()
}
