package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// The protocol of SOCKS version 5, RFC 1928, and of its user names and
// passwords, RFC 1929. It is spoken here and not by a library, because those
// tell what a proxy answered in words alone.
const (
	socksVersion = 5
	socksConnect = 1 // the command

	// How to authenticate.
	socksNoAuth   = 0
	socksPassword = 2
	socksNoMethod = 0xff

	socksPasswordVersion = 1   // of RFC 1929
	socksMaxField        = 255 // of a user name or a password

	// Types of addresses.
	socksIPv4 = 1
	socksName = 3
	socksIPv6 = 4
)

// The replies of a SOCKS proxy, RFC 1928 section 6.
const (
	socksSucceeded          = 0
	socksFailure            = 1
	socksNotAllowed         = 2
	socksNetworkUnreachable = 3
	socksHostUnreachable    = 4
	socksRefused            = 5
	socksTTLExpired         = 6
	socksNoCommand          = 7
	socksNoAddressType      = 8
)

// isSOCKS reports whether a proxy speaks SOCKS, by the scheme of its URL. The
// name of a target is always left to the proxy: what it looks up is what counts.
func isSOCKS(proxy *url.URL) bool { return proxy.Scheme == "socks5" || proxy.Scheme == "socks5h" }

// checkSOCKSUser returns an error unless credentials fit into RFC 1929. It says
// nothing of what they are.
func checkSOCKSUser(user *url.Userinfo) error {
	if user == nil {
		return nil
	}
	password, _ := user.Password()
	switch name := user.Username(); {
	case name == "":
		return errors.New("the proxy's URL has credentials without a user name")
	case len(name) > socksMaxField, len(password) > socksMaxField:
		return errors.New("the proxy's URL has credentials longer than SOCKS allows")
	}
	return nil
}

// socks asks a SOCKS proxy for a connection to a target.
func (r *route) socks(ctx context.Context, t Target, o *Observation) *Error {
	err := r.socksMethod(o.Proxy)
	if err == nil {
		err = r.socksRequest(t, o)
	}
	if err != nil {
		return newError(ctx, OpProxy, proxyName(r.proxy), err)
	}
	return nil
}

// socksMethod agrees on how to authenticate, RFC 1928 section 3, and does it.
func (r *route) socksMethod(facts *ProxyFacts) error {
	methods := []byte{socksNoAuth}
	if r.proxy.User != nil {
		methods = append(methods, socksPassword)
	}
	for _, method := range methods {
		facts.Offered = append(facts.Offered, socksMethodName(method))
	}
	if _, err := r.conn.Write(append([]byte{socksVersion, byte(len(methods))}, methods...)); err != nil {
		return err
	}
	var answer [2]byte
	if _, err := io.ReadFull(r.conn, answer[:]); err != nil {
		return err
	}
	version, method := answer[0], answer[1]
	if version != socksVersion {
		return notSOCKS(answer[:])
	}
	facts.Chosen = socksMethodName(method)
	switch {
	case method == socksNoAuth:
		return nil
	case method == socksPassword && r.proxy.User != nil:
		return r.socksLogin()
	case method == socksNoMethod && r.proxy.User == nil:
		return &codedError{ProxyAuthRequired, errors.New("the proxy does not accept clients that do not authenticate")}
	case method == socksNoMethod:
		return &codedError{ProxyAuthRequired, errors.New("the proxy accepts neither a password nor none")}
	default:
		return &codedError{ProxyBadResponse, fmt.Errorf("the proxy chose authentication method %d, which was not offered", method)}
	}
}

// socksMethodName returns the name of a way to authenticate.
func socksMethodName(method byte) string {
	switch method {
	case socksNoAuth:
		return "none"
	case socksPassword:
		return "password"
	case socksNoMethod:
		return "no acceptable"
	default:
		return strconv.Itoa(int(method))
	}
}

// socksLogin sends the credentials of the proxy's URL, RFC 1929.
func (r *route) socksLogin() error {
	password, _ := r.proxy.User.Password()
	b := []byte{socksPasswordVersion}
	for _, field := range []string{r.proxy.User.Username(), password} {
		b = append(b, byte(len(field)))
		b = append(b, field...)
	}
	if _, err := r.conn.Write(b); err != nil {
		return err
	}
	// Some proxies answer with another version than RFC 1929 has. The status is
	// what counts.
	var answer [2]byte
	if _, err := io.ReadFull(r.conn, answer[:]); err != nil {
		return err
	}
	if answer[1] != 0 {
		return &codedError{ProxyAuthRequired, errors.New("the proxy refused the credentials")}
	}
	return nil
}

// socksRequest asks for the connection, RFC 1928 sections 4 to 6.
func (r *route) socksRequest(t Target, o *Observation) error {
	b := append([]byte{socksVersion, socksConnect, 0}, socksAddress(t.Host)...)
	if _, err := r.conn.Write(append(b, byte(t.Port>>8), byte(t.Port))); err != nil {
		return err
	}
	var answer [2]byte // a refusal may end here, whatever the RFC says
	if _, err := io.ReadFull(r.conn, answer[:]); err != nil {
		return err
	}
	if answer[0] != socksVersion {
		return notSOCKS(answer[:])
	}
	if reply := answer[1]; reply != socksSucceeded {
		o.Proxy.Reply = reply
		return &codedError{socksCode(reply), socksText(reply)}
	}
	return r.socksBound()
}

// socksBound reads past the address that the proxy connects from.
func (r *route) socksBound() error {
	var rest [2]byte // a reserved byte, and the type of address
	if _, err := io.ReadFull(r.conn, rest[:]); err != nil {
		return err
	}
	size := 0
	switch kind := rest[1]; kind {
	case socksIPv4:
		size = 4
	case socksIPv6:
		size = 16
	case socksName:
		var length [1]byte
		if _, err := io.ReadFull(r.conn, length[:]); err != nil {
			return err
		}
		size = int(length[0])
	default:
		return &codedError{ProxyBadResponse, fmt.Errorf("the proxy gave an address of the unknown type %d", kind)}
	}
	const port = 2
	_, err := io.ReadFull(r.conn, make([]byte, size+port))
	return err
}

// socksAddress returns a host as SOCKS has it, RFC 1928 section 5.
func socksAddress(host string) []byte {
	addr, err := netip.ParseAddr(host)
	switch addr = addr.Unmap(); {
	case err != nil:
		name := strings.TrimSuffix(host, ".")
		return append([]byte{socksName, byte(len(name))}, name...)
	case addr.Is4():
		return append([]byte{socksIPv4}, addr.AsSlice()...)
	default:
		return append([]byte{socksIPv6}, addr.AsSlice()...)
	}
}

// notSOCKS is the error of an answer in another protocol.
func notSOCKS(answer []byte) error {
	return &codedError{ProxyBadResponse, fmt.Errorf("the answer begins with %q, which is not SOCKS version 5", answer)}
}

// socksCode returns the code of a reply. A proxy that cannot do what every
// client asks of it was not meant to.
func socksCode(reply byte) Code {
	switch reply {
	case socksNotAllowed, socksNoCommand, socksNoAddressType:
		return ProxyDenied
	case socksFailure, socksNetworkUnreachable, socksHostUnreachable, socksRefused, socksTTLExpired:
		return ProxyTargetUnreachable
	default:
		return ProxyBadResponse
	}
}

// socksText says what a reply means.
func socksText(reply byte) error {
	texts := []string{
		socksFailure:            "general failure",
		socksNotAllowed:         "not allowed by the proxy's rules",
		socksNetworkUnreachable: "network unreachable",
		socksHostUnreachable:    "host unreachable",
		socksRefused:            "connection refused",
		socksTTLExpired:         "time to live expired",
		socksNoCommand:          "command not supported",
		socksNoAddressType:      "type of address not supported",
	}
	if int(reply) < len(texts) {
		return fmt.Errorf("SOCKS reply %d: %s", reply, texts[reply])
	}
	return fmt.Errorf("SOCKS reply %d, which is not assigned", reply)
}
