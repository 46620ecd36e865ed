package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// A route is an open connection on which to speak to a target.
type route struct {
	conn  net.Conn
	proxy *url.URL // what the connection leads to instead, if it is not nil
	close func()   // waits until nothing of the connection is running any more
}

// open connects to an HTTP or HTTPS target, through a proxy if the network has
// one for it. With a tunnel, the connection returned leads to the target itself.
// The connection is closed when ctx ends.
func (n Network) open(ctx context.Context, t Target, how dialing, tunnel bool, o *Observation) (*route, *Error) {
	proxy, err := n.proxyFor(t)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		conn, err := n.connect(ctx, t, how, o)
		if err != nil {
			return nil, err
		}
		return &route{conn: conn, close: closeWithContext(ctx, conn)}, nil
	}
	o.Proxy = &ProxyFacts{URL: proxyName(proxy)}
	r, err := n.openProxy(ctx, proxy, o)
	if err != nil {
		return nil, proxyUnreachable(proxy, err)
	}
	if tunnel {
		if err := r.tunnel(ctx, t, o); err != nil {
			r.close()
			return nil, err
		}
	}
	return r, nil
}

// proxyFor asks for the proxy of a target. A proxy that cannot be determined, or
// that this package cannot speak to, leaves nothing to measure.
func (n Network) proxyFor(t Target) (*url.URL, *Error) {
	if n.Proxy == nil {
		return nil, nil
	}
	u, err := n.Proxy(t)
	switch {
	case err != nil:
		return nil, &Error{Op: OpProxy, Addr: t.Addr(), Code: NotTestable, Err: &privateError{"the proxy for this target could not be determined", err}}
	case u == nil:
		return nil, nil
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, &Error{Op: OpProxy, Addr: proxyName(u), Code: NotTestable, Err: fmt.Errorf("proxies of scheme %q are not supported", u.Scheme)}
	}
	if err := checkHost(u.Hostname()); err != nil {
		return nil, &Error{Op: OpProxy, Addr: proxyName(u), Code: NotTestable, Err: errors.New("the proxy's URL has no valid host")}
	}
	if _, err := proxyPort(u); err != nil {
		return nil, &Error{Op: OpProxy, Addr: proxyName(u), Code: NotTestable, Err: errors.New("the proxy's URL has no valid port")}
	}
	return u, nil
}

// A privateError hides the text of an error, which may hold credentials.
type privateError struct {
	text string
	err  error
}

func (e *privateError) Error() string { return e.text }

func (e *privateError) Unwrap() error { return e.err }

// proxyName returns the URL of a proxy without anything that may be secret.
func proxyName(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

func proxyPort(u *url.URL) (uint16, error) {
	switch {
	case u.Port() != "":
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		return uint16(port), err
	case u.Scheme == "https":
		return 443, nil
	default:
		return 80, nil
	}
}

// proxyUnreachable says that an error on the way to a proxy was about the proxy.
func proxyUnreachable(proxy *url.URL, err *Error) *Error {
	switch err.Code {
	case Canceled, LocalResource, LocalDenied:
		return err
	}
	return &Error{Op: OpProxy, Addr: proxyName(proxy), Code: ProxyUnreachable, Err: err}
}

// openProxy connects to a proxy, over TLS if its URL says so. Unlike that of a
// target, the certificate of a proxy is judged by the machine's roots: whoever
// set the proxy trusts it, and is the one to send credentials to it.
func (n Network) openProxy(ctx context.Context, proxy *url.URL, o *Observation) (*route, *Error) {
	port, _ := proxyPort(proxy)
	t := Target{Host: proxy.Hostname(), Port: port}
	conn, err := n.connect(ctx, t, dialing{}, o)
	if err != nil {
		return nil, err
	}
	r := &route{conn: conn, proxy: proxy, close: closeWithContext(ctx, conn)}
	if proxy.Scheme != "https" {
		return r, nil
	}
	done := o.step(OpHandshake, t.Addr())
	tlsConn := tls.Client(conn, &tls.Config{ServerName: t.Host, RootCAs: n.Roots, MinVersion: tls.VersionTLS12})
	if e := tlsConn.HandshakeContext(ctx); e != nil {
		err := newError(ctx, OpHandshake, t.Addr(), e)
		done(err)
		r.close()
		return nil, err
	}
	done(nil)
	r.conn = tlsConn
	return r, nil
}

// authorize adds the credentials of the proxy's URL to the header of a request.
func (r *route) authorize(h http.Header) {
	if r.proxy == nil || r.proxy.User == nil {
		return
	}
	password, _ := r.proxy.User.Password()
	userinfo := r.proxy.User.Username() + ":" + password
	h.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(userinfo)))
}

// tunnel asks the proxy for a connection to the target, RFC 9110 section 9.3.6.
func (r *route) tunnel(ctx context.Context, t Target, o *Observation) *Error {
	done := o.step(OpProxy, proxyName(r.proxy))
	err := r.connectMethod(ctx, t, o)
	done(err)
	return err
}

func (r *route) connectMethod(ctx context.Context, t Target, o *Observation) *Error {
	name := proxyName(r.proxy)
	req := &http.Request{
		Method: http.MethodConnect,
		URL:    &url.URL{Opaque: t.Addr()},
		Host:   t.Addr(),
		Header: http.Header{"User-Agent": {userAgent}},
	}
	r.authorize(req.Header)
	if err := req.Write(r.conn); err != nil {
		return newError(ctx, OpProxy, name, err)
	}
	in := newMeter(r.conn)
	resp, err := in.response(req) //nolint:bodyclose // the connection is closed; reading the rest could take for ever
	if err != nil {
		if c, ok := errors.AsType[*codedError](err); ok {
			c.code = ProxyBadResponse
		}
		return newError(ctx, OpProxy, name, err)
	}
	if resp.StatusCode/100 == 2 {
		r.conn = &readAhead{Conn: r.conn, r: in.buf}
		in.lift()
		return nil
	}
	return proxyAnswer(r.proxy, resp, o)
}

// proxyAnswer judges an answer that is the proxy's own. It names 5xx apart,
// because a proxy uses it for targets that it could not reach, and 4xx for those
// that it was told not to.
func proxyAnswer(proxy *url.URL, resp *http.Response, o *Observation) *Error {
	o.Proxy.Status = resp.StatusCode
	o.Proxy.Header = identifying(resp.Header)
	e := &Error{Op: OpProxy, Addr: proxyName(proxy), Code: ProxyDenied, Err: errors.New(statusLine(resp))}
	switch resp.StatusCode {
	case http.StatusProxyAuthRequired:
		o.Proxy.Schemes = schemes(resp.Header.Values("Proxy-Authenticate"))
		e.Code = ProxyAuthRequired
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		e.Code = ProxyTargetUnreachable
	}
	return e
}

// readAhead is a connection of which a part has been read already.
type readAhead struct {
	net.Conn
	r *bufio.Reader
}

func (c *readAhead) Read(p []byte) (int, error) { return c.r.Read(p) }

// fromProxy reports whether an answer to a request in absolute form is the
// proxy's own. By definition 407 is, RFC 9110 section 15.5.8, and the gateway
// statuses 502 and 504, sections 15.6.3 and 15.6.5. Other statuses belong to
// whoever answered, unless a header proves that it was not the target.
func fromProxy(resp *http.Response) bool {
	own := []int{http.StatusProxyAuthRequired, http.StatusBadGateway, http.StatusGatewayTimeout}
	return slices.Contains(own, resp.StatusCode) || intermediary(resp) != ""
}
