package main

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

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
		n.note("DNS servers as given: %s.", addresses(c.resolvers))
	}
	if err := n.chooseProxy(c.options); err != nil {
		return n, err
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
		n.note("Trusted beside the machine's own roots, as given: %s.", count(len(certs), "certificate"))
	}
	if c.publicOnly != "" {
		certs, err := readCertificates("-public-roots", c.publicOnly)
		if err != nil {
			return n, err
		}
		n.network.PublicRoots = withCertificates(x509.NewCertPool(), certs)
		n.note("Taken for the public roots, as given: %s.", count(len(certs), "certificate"))
	}
	return n, nil
}

// The words that -proxy takes beside a URL.
const (
	proxyEnvironment = "environment"
	proxySystem      = "system"
)

// chooseProxy sends web traffic through the proxy that the flags ask for.
func (n *connection) chooseProxy(o options) error {
	choices := map[string]func() (func(probe.Target) (*url.URL, error), error){
		proxyEnvironment: probe.EnvironmentProxy, proxySystem: probe.SystemProxy,
	}
	choose := choices[o.proxyText]
	switch {
	case o.proxy != nil:
		n.setProxy(o.proxy)
		return nil
	case choose == nil:
		return nil
	}
	proxy, err := choose()
	switch {
	case err != nil:
		return fmt.Errorf("-proxy %s: %w", o.proxyText, err)
	case proxy == nil:
		return fmt.Errorf("-proxy %s: no proxy is set there", o.proxyText)
	}
	n.network.Proxy = proxy
	n.proxy = "that of the " + o.proxyText
	n.note("Web traffic through the proxy of the %s, if it has one for the host.", o.proxyText)
	return nil
}

func (n *connection) note(format string, args ...any) {
	n.notes = append(n.notes, fmt.Sprintf(format, args...))
}

// setProxy sends all web traffic through a proxy.
func (n *connection) setProxy(u *url.URL) {
	n.network.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
	n.proxy = (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	n.note("Web traffic through the proxy %s.", n.proxy)
	if u.User != nil {
		n.note("The proxy was given credentials. Devices have none while they are set up: check without them as well.")
	}
}

func addresses(list []netip.AddrPort) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// count writes a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// asked returns the DNS servers that a run will ask.
func (c command) asked(n connection) ([]netip.AddrPort, error) {
	if n.network.Resolvers != nil {
		return n.network.Resolvers, nil
	}
	return c.system()
}
