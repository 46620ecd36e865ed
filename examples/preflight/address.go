package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/examples/internal/cli"
)

// addResolvers adds a list of DNS servers separated by commas.
func (o *options) addResolvers(s string) error {
	for _, word := range cli.Words(s) {
		addr, err := parseResolver(word)
		if err != nil {
			return err
		}
		if !slices.Contains(o.resolvers, addr) {
			o.resolvers = append(o.resolvers, addr)
		}
	}
	return nil
}

// parseResolver parses a DNS server's IP address and port. An IPv6 address is
// in brackets.
func parseResolver(s string) (netip.AddrPort, error) {
	bare := s
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		bare = s[1 : len(s)-1]
	}
	if a, err := netip.ParseAddr(bare); err == nil {
		return netip.AddrPort{}, fmt.Errorf("port missing, as in %s", netip.AddrPortFrom(a, 53))
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return netip.AddrPort{}, errors.New("want an IP address and a port, as in 10.0.0.53:53 or [fd00::53]:53")
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is not an IP address: want an address and a port, as in 10.0.0.53:53 or [fd00::53]:53", host)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return netip.AddrPort{}, fmt.Errorf("%q is not a port: want a number from 1 to 65535, as in %s", port, netip.AddrPortFrom(a, 53))
	}
	if a.IsUnspecified() || a.IsMulticast() {
		return netip.AddrPort{}, fmt.Errorf("%s is not a server address", a)
	}
	return netip.AddrPortFrom(a.Unmap(), uint16(n)), nil
}

// parseProxy parses a proxy's URL. Its errors do not quote the URL, because it
// may contain credentials.
func parseProxy(s string) (*url.URL, error) {
	want := errors.New("want environment, system, or a URL with the scheme http, https or socks5, a host, and nothing after its port, as in http://proxy.example:3128")
	u, err := url.Parse(s)
	if err != nil || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) || u.Hostname() == "" ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, want
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, errors.New("the port of the proxy is not a number from 1 to 65535")
		}
	}
	return u, nil
}
