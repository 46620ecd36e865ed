package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// SOCKS version 5, RFC 1928, with user name and password, RFC 1929. Libraries
// report the proxy's reply only as text, so this package speaks it itself.
const (
	socksVersion = 5
	socksConnect = 1 // the command

	// Authentication methods.
	socksNoAuth   = 0
	socksPassword = 2
	socksNoMethod = 0xff

	socksPasswordVersion = 1   // of RFC 1929
	socksMaxField        = 255 // of a user name or a password

	// Address types.
	socksIPv4 = 1
	socksName = 3
	socksIPv6 = 4
)

// SOCKS replies, RFC 1928 section 6.
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

// isSOCKS reports whether a proxy's URL has a SOCKS scheme. The proxy always
// resolves the target's name, because its own lookup is what counts.
func isSOCKS(proxy *url.URL) bool { return proxy.Scheme == "socks5" || proxy.Scheme == "socks5h" }

// checkSOCKSUser returns an error unless credentials fit into RFC 1929. The
// error does not quote them.
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

// socks asks a SOCKS proxy to connect to a target.
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

// socksMethod negotiates an authentication method, RFC 1928 section 3, and
// authenticates.
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
		return &codedError{ProxyAuthRequired, errors.New("the proxy requires authentication")}
	case method == socksNoMethod:
		return &codedError{ProxyAuthRequired, errors.New("the proxy accepts none of the authentication methods offered")}
	default:
		return &codedError{ProxyBadResponse, fmt.Errorf("the proxy chose authentication method %d, which was not offered", method)}
	}
}

// socksMethodName returns the name of an authentication method.
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

// socksLogin sends the credentials in the proxy's URL, RFC 1929.
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
	// Some proxies reply with a version other than RFC 1929's. Only the status
	// counts.
	var answer [2]byte
	if _, err := io.ReadFull(r.conn, answer[:]); err != nil {
		return err
	}
	if answer[1] != 0 {
		return &codedError{ProxyAuthRequired, errors.New("the proxy refused the credentials")}
	}
	return nil
}

// socksRequest requests the connection, RFC 1928 sections 4 to 6.
func (r *route) socksRequest(t Target, o *Observation) error {
	b := append([]byte{socksVersion, socksConnect, 0}, socksAddress(t.Host)...)
	if _, err := r.conn.Write(append(b, byte(t.Port>>8), byte(t.Port))); err != nil {
		return err
	}
	var answer [2]byte // some proxies end a refusal here, contrary to the RFC
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

// socksBound skips the address from which the proxy connects.
func (r *route) socksBound() error {
	var rest [2]byte // a reserved byte, and the address type
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
		return &codedError{ProxyBadResponse, fmt.Errorf("the proxy replied with unknown address type %d", kind)}
	}
	const port = 2
	_, err := io.ReadFull(r.conn, make([]byte, size+port))
	return err
}

// socksAddress encodes a host, RFC 1928 section 5.
func socksAddress(host string) []byte {
	addr, ok := parseAddr(host)
	switch addr = addr.Unmap(); {
	case !ok:
		name := strings.TrimSuffix(host, ".")
		return append([]byte{socksName, byte(len(name))}, name...)
	case addr.Is4():
		return append([]byte{socksIPv4}, addr.AsSlice()...)
	default:
		return append([]byte{socksIPv6}, addr.AsSlice()...)
	}
}

// notSOCKS returns the error for a reply in another protocol.
func notSOCKS(answer []byte) error {
	return &codedError{ProxyBadResponse, fmt.Errorf("the reply begins with %q, which is not SOCKS version 5", answer)}
}

// socksCode returns the code of a reply. A proxy that does not support what
// every client needs counts as refusing.
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

// socksText describes a reply.
func socksText(reply byte) error {
	texts := []string{
		socksFailure:            "general failure",
		socksNotAllowed:         "not allowed by the proxy's rules",
		socksNetworkUnreachable: "network unreachable",
		socksHostUnreachable:    "host unreachable",
		socksRefused:            "connection refused",
		socksTTLExpired:         "time to live expired",
		socksNoCommand:          "command not supported",
		socksNoAddressType:      "address type not supported",
	}
	if int(reply) < len(texts) {
		return fmt.Errorf("SOCKS reply %d: %s", reply, texts[reply])
	}
	return fmt.Errorf("SOCKS reply %d, which is not assigned", reply)
}
