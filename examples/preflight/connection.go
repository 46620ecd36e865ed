package main

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/netready/netready/probe"
)

// A connection is the network to measure, and what a reader of the report must
// know about it.
type connection struct {
	network probe.Network
	notes   []string
	proxy   string // its URL without credentials, or ""
}

// connection returns the network that the flags select. It contacts nothing.
// For a simulation, it returns only what the plan needs, because the simulated
// hosts come from the plan.
func (c command) connection() (connection, error) {
	if len(c.simulate) > 0 {
		n := connection{network: probe.Network{SearchDomains: []string{}, Settings: map[string]string{}}}
		if c.proxied {
			n.network.Proxy = func(probe.Target) (*url.URL, error) { return nil, nil }
		}
		return n, nil
	}
	n := connection{network: c.network}
	n.network.SearchDomains = c.searchDomains()
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
		n.note("Trusted in addition to the machine's own roots, as given: %s.", count(len(certs), "certificate"))
	}
	if c.publicOnly != "" {
		certs, err := readCertificates("-public-roots", c.publicOnly)
		if err != nil {
			return n, err
		}
		n.network.PublicRoots = withCertificates(x509.NewCertPool(), certs)
		n.note("Used as the public roots, as given: %s.", count(len(certs), "certificate"))
	}
	return n, nil
}

// The words that -proxy accepts besides a URL.
const (
	proxyEnvironment = "environment"
	proxySystem      = "system"
)

// chooseProxy sends web traffic through the proxy that the flags select.
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
		return fmt.Errorf("-proxy %s: no proxy is set", o.proxyText)
	}
	n.network.Proxy = proxy
	n.proxy = "the " + o.proxyText + "'s proxy"
	n.note("Web traffic through the proxy of the %s, if it sets one for the host.", o.proxyText)
	return nil
}

// searchDomains returns the DNS domains of this machine, never nil.
func (c command) searchDomains() []string {
	if c.domains == nil {
		return []string{}
	}
	domains, err := c.domains()
	if err != nil {
		c.log("could not read the DNS domains of this machine, so the checks do not look for a proxy in them: " + err.Error())
	}
	return append([]string{}, domains...)
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
		n.note("The proxy got credentials. Devices have none during setup: also check without them.")
	}
}

func addresses(list []netip.AddrPort) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// count formats a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// asked returns the DNS servers that a run will use.
func (c command) asked(n connection) ([]netip.AddrPort, error) {
	if n.network.Resolvers != nil {
		return n.network.Resolvers, nil
	}
	return c.system()
}
