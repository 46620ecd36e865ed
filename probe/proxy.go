package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// A route is an open connection for requests to a target.
type route struct {
	conn    net.Conn
	proxy   *url.URL // the proxy at its other end, or nil
	known   *secrets // not to be kept
	closing closing  // of the connection, whatever runs over it
}

// open connects to an HTTP or HTTPS target, through the network's proxy for it,
// if any. With tunnel, the connection leads to the target itself. It is closed
// when ctx ends.
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
		return &route{conn: conn, known: n.secrets, closing: closeWithContext(ctx, conn)}, nil
	}
	o.Proxy = &ProxyFacts{URL: proxyName(proxy)}
	n.secrets.add(proxy.User)
	r, err := n.openProxy(ctx, proxy, o)
	if err != nil {
		return nil, o.Proxy.unreachable(proxy, err)
	}
	if tunnel || isSOCKS(proxy) {
		if err := r.tunnel(ctx, t, o); err != nil {
			r.closing.end()
			return nil, err
		}
		r.proxy = nil
	}
	return r, nil
}

// proxyFor returns the proxy of a target. If it cannot be determined, or its
// scheme is unsupported, nothing can be measured.
func (n Network) proxyFor(t Target) (*url.URL, *Error) {
	if n.Proxy == nil || t.Direct {
		return nil, nil
	}
	u, err := n.chooseProxy(t)
	switch {
	case errors.Is(err, Panicked):
		return nil, &Error{Op: OpProxy, Addr: t.Addr(), Code: Panicked, Err: err}
	case err != nil:
		return nil, &Error{Op: OpProxy, Addr: t.Addr(), Code: NotTestable, Err: &privateError{"the proxy for this target could not be determined", err}}
	case u == nil:
		return nil, nil
	}
	if err := checkProxy(u); err != nil {
		return nil, &Error{Op: OpProxy, Addr: proxyName(u), Code: NotTestable, Err: err}
	}
	return u, nil
}

// checkProxy returns an error unless u is the URL of a supported proxy. The
// error quotes nothing that may be secret.
func checkProxy(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" && !isSOCKS(u) {
		return errors.New("the scheme of the proxy's URL is none of http, https, socks5 and socks5h")
	}
	if err := checkHost(u.Hostname()); err != nil {
		return errors.New("the proxy's URL has no valid host")
	}
	if _, err := proxyPort(u); err != nil {
		return errors.New("the proxy's URL has no valid port")
	}
	if isSOCKS(u) {
		return checkSOCKSUser(u.User)
	}
	return nil
}

// A privateError replaces the text of an error, which may hold credentials or
// not help people.
type privateError struct {
	text string
	err  error
}

func (e *privateError) Error() string { return e.text }

func (e *privateError) Unwrap() error { return e.err }

// proxyName returns the URL of a proxy without credentials.
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
	case isSOCKS(u):
		return 1080, nil // assigned by IANA
	default:
		return 80, nil
	}
}

// unreachable turns an error on the way to a proxy into the proxy's, and
// records the original one. The network stack's text repeats the address and
// the code, so it is dropped.
func (f *ProxyFacts) unreachable(proxy *url.URL, err *Error) *Error {
	if err.Code == Canceled || err.Code.local() {
		return err
	}
	f.Op, f.Code = err.Op, err.Code
	e := &Error{Op: OpProxy, Addr: proxyName(proxy), Code: ProxyUnreachable, Err: err}
	if err.Op == OpConnect {
		e.Err = &privateError{fmt.Sprintf("%s %s: %s", err.Op, err.Addr, err.Code), err}
	}
	return e
}

// openProxy connects to a proxy, over TLS if its URL says so.
func (n Network) openProxy(ctx context.Context, proxy *url.URL, o *Observation) (*route, *Error) {
	port, _ := proxyPort(proxy)
	t := Target{Host: proxy.Hostname(), Port: port}
	conn, err := n.connect(ctx, t, dialing{}, o)
	if err != nil {
		return nil, err
	}
	r := &route{conn: conn, proxy: proxy, known: n.secrets, closing: closeWithContext(ctx, conn)}
	if proxy.Scheme != "https" {
		return r, nil
	}
	done := o.step(OpHandshake, t.Addr())
	err = r.secure(ctx, n, t, o)
	done(err)
	if err != nil {
		r.closing.end()
		return nil, err
	}
	return r, nil
}

// secure makes a TLS handshake with a proxy. Only the machine's roots judge its
// certificate, unlike a target's: whoever configured the proxy trusts it, and
// sends it credentials.
func (r *route) secure(ctx context.Context, n Network, t Target, o *Observation) *Error {
	facts := &TLSFacts{ServerName: t.Host}
	o.Proxy.TLS = facts
	wire := &tap{Conn: r.conn, known: r.known}
	var untrusted *Error
	conn := tls.Client(wire, &tls.Config{
		ServerName:         t.Host,
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // see verifyProxy, which says more than yes or no.
		VerifyConnection: func(s tls.ConnectionState) error {
			facts.Version = tls.VersionName(s.Version)
			facts.CipherSuite = cipherSuiteName(s.CipherSuite)
			if untrusted = n.verifyProxy(s.PeerCertificates, t, time.Now(), facts); untrusted != nil {
				return untrusted
			}
			return nil
		},
	})
	err := conn.HandshakeContext(ctx)
	switch {
	case untrusted != nil:
		return untrusted
	case err != nil:
		return newError(ctx, OpHandshake, t.Addr(), wire.explain(err))
	}
	r.conn = conn
	return nil
}

// verifyProxy judges a proxy's chain, and keeps the result in facts.
func (n Network) verifyProxy(chain []*x509.Certificate, t Target, now time.Time, facts *TLSFacts) *Error {
	v := verifyChain(chain, now, n.machineRoots())
	nameErr := chain[0].VerifyHostname(t.Host)
	facts.Chain = n.describe(chain)
	facts.VerifiedBy, facts.ValidFrom, facts.ValidUntil = v.by, v.from, v.until
	facts.NameMatches = nameErr == nil

	e := &Error{Op: OpHandshake, Addr: t.Addr()}
	switch {
	case v.by == "":
		e.Code, e.Err = TLSUntrusted, fmt.Errorf("this machine does not trust the proxy's certificate, which %s issued: %w", facts.Chain[0].Issuer, v.err)
	case nameErr != nil:
		e.Code, e.Err = TLSNameMismatch, fmt.Errorf("the proxy's certificate is for another name: %w", nameErr)
	case now.After(v.until):
		e.Code, e.Err = TLSExpired, fmt.Errorf("the proxy's certificate was valid until %s", v.until.Format(time.RFC3339))
	case now.Before(v.from):
		e.Code, e.Err = TLSNotYetValid, fmt.Errorf("the proxy's certificate is valid from %s", v.from.Format(time.RFC3339))
	default:
		return nil
	}
	return e
}

// credentials returns those in the proxy's URL for a request's header, or "".
func (r *route) credentials() string {
	if r.proxy == nil || r.proxy.User == nil {
		return ""
	}
	password, _ := r.proxy.User.Password()
	userinfo := r.proxy.User.Username() + ":" + password
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(userinfo))
}

// tunnel asks the proxy to connect to the target.
func (r *route) tunnel(ctx context.Context, t Target, o *Observation) *Error {
	ask := r.connectMethod
	if isSOCKS(r.proxy) {
		ask = r.socks
	}
	done := o.step(OpProxy, proxyName(r.proxy))
	err := ask(ctx, t, o)
	done(err)
	return err
}

// connectMethod requests a tunnel from an HTTP proxy, RFC 9110 section 9.3.6.
// Any response is the proxy's own, because the target has not been contacted.
func (r *route) connectMethod(ctx context.Context, t Target, o *Observation) *Error {
	name := proxyName(r.proxy)
	req := &http.Request{
		Method: http.MethodConnect,
		URL:    &url.URL{Opaque: t.Addr()},
		Host:   t.Addr(),
		Header: http.Header{"User-Agent": {userAgent}},
	}
	if credentials := r.credentials(); credentials != "" {
		req.Header.Set("Proxy-Authorization", credentials)
	}
	if err := req.Write(r.conn); err != nil {
		return newError(ctx, OpProxy, name, err)
	}
	in := newMeter(r.conn, r.known)
	resp, err := in.response(req) //nolint:bodyclose // the connection is closed; reading the rest could take forever
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
	return proxyAnswer(r.proxy, resp, r.known, o)
}

// proxyAnswer judges a response of the proxy itself. Its stated reason counts,
// or else its status: proxies use 5xx for targets that they cannot reach and
// 4xx for those that they refuse.
func proxyAnswer(proxy *url.URL, resp *http.Response, known *secrets, o *Observation) *Error {
	o.Proxy.Status = resp.StatusCode
	o.Proxy.Header = identifying(resp.Header, known)
	o.Proxy.Vendor = answerVendor(o.Proxy.Header, "", nil)
	e := &Error{Op: OpProxy, Addr: proxyName(proxy), Code: ProxyDenied, Err: errors.New(statusLine(resp))}
	if proof := intermediary(resp, known); proof != "" {
		e.Err = fmt.Errorf("%w, %s", e.Err, proof)
	}
	if resp.StatusCode == http.StatusProxyAuthRequired {
		o.Proxy.Schemes = schemes(resp.Header.Values("Proxy-Authenticate"))
		e.Code = ProxyAuthRequired
		return e
	}
	unreached := []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
	switch why := decisionOf(resp, proxy); {
	case why == failed, why == undecided && slices.Contains(unreached, resp.StatusCode):
		e.Code = ProxyTargetUnreachable
	}
	return e
}

// readAhead is a connection that has been read in part.
type readAhead struct {
	net.Conn
	r *bufio.Reader
}

func (c *readAhead) Read(p []byte) (int, error) { return c.r.Read(p) }

// fromProxy reports whether the network's proxy itself answered a request in
// absolute form. 407 comes from it by definition, RFC 9110 section 15.5.8, and
// so do 502 and 504, sections 15.6.3 and 15.6.5. Other statuses are the
// target's, unless a header proves otherwise. Via is no proof: proxies add it
// to forwarded responses too.
func fromProxy(resp *http.Response, proxy *url.URL) bool {
	own := []int{http.StatusProxyAuthRequired, http.StatusBadGateway, http.StatusGatewayTimeout}
	return slices.Contains(own, resp.StatusCode) || intermediary(resp, nil) != "" || ownErrorType(resp.Header, proxy) != "" || proxySoftware(resp.Header)
}
