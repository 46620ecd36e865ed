package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/netready/netready/endpoints"
)

// target returns the host and port that the client wanted: of a request, of a
// ClientHello, or else the server's address.
func (c *conn) target() (host string, port uint16) {
	port = c.key.server.Port()
	text := c.name
	switch r := c.request; {
	case r.method == http.MethodConnect:
		text, port = authority(r.target, 443)
	case r.method != "":
		text, port = authority(r.host, port)
		if u, err := url.Parse(r.target); err == nil && u.Host != "" { // as a proxy is asked
			text, port = authority(u.Host, 80)
		}
	}
	if name := exact(text); name != "" {
		return name, port
	}
	return c.key.server.Addr().String(), c.key.server.Port()
}

// authority splits a host and a port, which may be missing.
func authority(s string, standard uint16) (host string, port uint16) {
	host, digits, err := net.SplitHostPort(s)
	if err != nil {
		return s, standard
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return host, standard
	}
	return host, uint16(n)
}

// exact returns a host in the form of [endpoints.Host], or "".
func exact(s string) string {
	h, err := endpoints.ParseHost(s)
	if err != nil || h.Kind() != endpoints.Exact {
		return ""
	}
	return h.String()
}

// refusal says whether something said that it refused the connection, and why.
func (c *conn) refusal() (denied bool, reason string) {
	switch s := c.status; {
	case s == http.StatusForbidden, s == http.StatusProxyAuthRequired, s == http.StatusNetworkAuthenticationRequired:
		return true, fmt.Sprintf("status %d", s)
	case c.icmp != nil:
		return c.icmp.prohibited, c.icmp.text
	default:
		return false, ""
	}
}

// failure says why the connection failed, or "" if it did not, or if that cannot
// be told. waited is false if an answer may still come.
func (c *conn) failure(waited bool) string {
	connect := c.request.method == http.MethodConnect
	switch {
	case c.status >= 500, connect && c.status >= 400:
		return fmt.Sprintf("status %d", c.status)
	case c.done:
		return ""
	case !c.answered && c.reset:
		return "connection refused (RST)"
	case c.syn && !c.answered && !c.alive && waited:
		return "no answer to SYN"
	case c.alert.code != 0 && c.alert.byClient:
		return fmt.Sprintf("the client ended the handshake: %v", tls.AlertError(c.alert.code))
	case c.alert.code != 0:
		return fmt.Sprintf("the server ended the handshake: %v", tls.AlertError(c.alert.code))
	case c.blackhole && int32(c.seq-c.acked) >= 0:
		return "large packets were never acknowledged"
	case c.stage == begin:
		return ""
	case c.reset:
		return "connection reset (RST) " + c.after()
	case c.closed && !c.replied:
		return "connection closed " + c.after()
	case !c.replied && c.syn && c.answered && (waited || c.last.Sub(c.sent) >= patience):
		return "no answer " + c.after()
	default:
		return ""
	}
}

// after says what the client had sent.
func (c *conn) after() string {
	if c.stage == responded {
		return "after the request"
	}
	return "during the TLS handshake"
}
