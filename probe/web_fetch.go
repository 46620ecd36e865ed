package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// userAgent names this project to servers.
const userAgent = "netready (+https://github.com/netready/netready)"

const (
	// maxBody is how much of a body is kept, in bytes.
	maxBody = 512

	// maxPage is how much of an HTML page is read, if that much arrives. By
	// then most pages of filters and portals have said what they are.
	maxPage = 4 << 10
)

// A fetch is a GET request.
type fetch struct {
	network    Network
	protocol   Protocol // HTTP or HTTPS
	dialing    dialing
	agent      string
	need       int        // bytes of the body needed, if more than are kept
	ranged     bool       // request only the first byte
	documents  *documents // for HTTPS
	revocation bool
}

// A page is the response to a request.
type page struct {
	url     *url.URL
	resp    *http.Response // its body has been read
	body    []byte
	proxied bool     // requested through a proxy
	reused  bool     // over a connection that had served another request
	known   *secrets // not to be kept
	next    *url.URL // the redirect target, or nil
}

// attempt requests a target, and judges who answered.
func (f fetch) attempt(ctx context.Context, o *Observation) *Error {
	t, u, err := f.request(o.Target)
	if err != nil {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	}
	p, failed := f.get(ctx, t, u, o)
	if p != nil {
		if imposed := p.imposed(); imposed != nil {
			return o.fail(imposed)
		}
	}
	return failed
}

// request fills in a target's defaults, and returns the URL to request.
func (f fetch) request(t Target) (Target, *url.URL, error) {
	port := builtinFor(f.protocol).port
	t.Protocol, t.Port = f.protocol, cmp.Or(t.Port, port)
	if t.Path == "" {
		t.Path = "/"
	}
	if err := checkHost(t.Host); err != nil {
		return t, nil, err
	}
	if !strings.HasPrefix(t.Path, "/") || strings.HasPrefix(t.Path, "//") {
		return t, nil, fmt.Errorf("%q is not a URL path", t.Path)
	}
	u, err := url.ParseRequestURI(t.Path)
	if err != nil {
		return t, nil, fmt.Errorf("%q is not a URL path", t.Path)
	}
	u.Scheme, u.Host = string(f.protocol), t.Host
	switch {
	case t.Port != port:
		u.Host = t.Addr()
	case strings.Contains(t.Host, ":"):
		u.Host = "[" + t.Host + "]"
	}
	return t, u, nil
}

// get sends one request on a new connection. The page is nil if there was no
// response, which is not always an error.
func (f fetch) get(ctx context.Context, t Target, u *url.URL, o *Observation) (*page, *Error) {
	r, err := f.network.open(ctx, t, f.dialing, f.protocol == HTTPS, o)
	if err != nil {
		return nil, err
	}
	defer r.closing.end()
	if f.protocol == HTTPS {
		return f.secure(ctx, r, t, u, o)
	}
	return f.exchange(ctx, r, r.conn, u, o)
}

// exchange sends a request on a connection.
func (f fetch) exchange(ctx context.Context, r *route, conn net.Conn, u *url.URL, o *Observation) (*page, *Error) {
	addr := u.String()
	o.HTTP = &HTTPFacts{URL: addr}
	done := o.step(OpRequest, addr)
	req := request{url: u, agent: f.agent, ranged: f.ranged}
	if err := req.send(conn, r); err != nil {
		e := newError(ctx, OpRequest, addr, err)
		done(e)
		return nil, e
	}
	in := newMeter(conn, r.known)
	resp, err := in.response(&http.Request{Method: http.MethodGet, URL: u}) //nolint:bodyclose // the connection is closed; reading the rest could take forever
	if err != nil {
		e := newError(ctx, OpRequest, addr, err)
		done(e)
		return nil, e
	}
	done(nil)
	p := &page{url: u, resp: resp, proxied: o.Proxy != nil, known: r.known}
	p.describe(o.HTTP)
	e := p.read(ctx, in, max(maxBody, f.need), o)
	o.HTTP.Title = title(p.body, r.known)
	if !o.TLS.genuine() { // otherwise the host answered, whatever the response looks like
		o.HTTP.Vendor = answerVendor(o.HTTP.Header, o.HTTP.Location, p.body)
	}
	if f.ranged {
		o.HTTP.Range = readRange(resp, p.body, r.known, e != nil)
	}
	if r.proxy != nil && fromProxy(resp, r.proxy) {
		return nil, o.fail(p.refused(r.proxy, o))
	}
	return p, e
}

// describe records what the header of a response says.
func (p *page) describe(facts *HTTPFacts) {
	const maxLocation = 1024
	facts.Status = p.resp.StatusCode
	facts.Proto = p.resp.Proto
	facts.Header = identifying(p.resp.Header, p.known)
	if date, err := http.ParseTime(p.resp.Header.Get("Date")); err == nil {
		facts.Date = date.UTC()
	}
	if p.resp.StatusCode/100 != 3 {
		return
	}
	if next, err := p.resp.Location(); err == nil {
		next.User = nil
		p.next = next
		facts.Location = printable(p.nextText(), maxLocation)
	}
}

// nextText returns the redirect target for people. A secret in it is recognized
// as it came, before it was parsed.
func (p *page) nextText() string {
	text := p.next.String()
	if raw := p.resp.Header.Get("Location"); p.known.hide(raw) != raw {
		text = raw
	}
	return withoutUsers(p.known.hide(text))
}

// read reads the beginning of the body, of which need bytes are required. It
// reads more of an HTML page, but accepts if that never comes.
func (p *page) read(ctx context.Context, in *meter, need int, o *Observation) *Error {
	if p.resp.Body == http.NoBody {
		return nil
	}
	limit := need
	if strings.Contains(strings.ToLower(p.resp.Header.Get("Content-Type")), "html") {
		limit = max(need, maxPage)
	}
	done := o.step(OpBody, o.HTTP.URL)
	body, err := in.body(p.resp, limit)
	p.body = body
	if len(body) >= need && !errors.Is(ctx.Err(), context.Canceled) {
		err = nil
	}
	o.HTTP.Body = printable(p.known.hideCut(string(body)), maxBody)
	var e *Error
	if err != nil {
		e = newError(ctx, OpBody, o.HTTP.URL, err)
	}
	done(e)
	return e
}

// refused returns the error for a response from the proxy itself.
func (p *page) refused(proxy *url.URL, o *Observation) *Error {
	e := proxyAnswer(proxy, p.resp, p.known, o)
	e.Op = OpRequest
	return e
}

// imposed returns an error if a response proves that someone else sent it.
func (p *page) imposed() *Error {
	fault := func(code Code, text string) *Error {
		return &Error{Op: OpRequest, Addr: p.url.String(), Code: code, Err: errors.New(statusLine(p.resp) + text)}
	}
	switch proof := intermediary(p.resp, p.known); {
	case p.resp.StatusCode == http.StatusNetworkAuthenticationRequired:
		return fault(HTTPCaptivePortal, "") // RFC 6585 section 6
	case p.url.Scheme != "http":
		return nil // the host is genuine, or known not to be
	case p.resp.StatusCode == http.StatusProxyAuthRequired:
		return fault(ProxyAuthRequired, "") // from an intercepting proxy
	case proof == "":
		return nil
	case decisionOf(p.resp, nil) == failed:
		return fault(ProxyTargetUnreachable, ", "+proof)
	default:
		return fault(HTTPBlockPage, ", "+proof)
	}
}

// bodyOp returns the step in which the body was seen: a response may have none.
func (p *page) bodyOp() string {
	if p.resp.Body == http.NoBody {
		return OpRequest
	}
	return OpBody
}

// bodyIs reports whether the body is want, optionally followed by a line break.
// One more byte has been read, if there was one.
func (p *page) bodyIs(want string) bool {
	rest, ok := strings.CutPrefix(string(p.body), want)
	return ok && (rest == "" || rest == "\n" || rest == "\r\n")
}
