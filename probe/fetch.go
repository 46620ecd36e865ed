package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// userAgent names this project to the servers that it asks.
const userAgent = "netready (+https://github.com/netready/netready)"

const (
	// maxBody is how much of a body is kept.
	maxBody = 512

	// maxPage is how much of an HTML page is read, if it comes. Most pages of
	// filters and portals have told by then what they are.
	maxPage = 4 << 10
)

// A fetch is a GET request, and which answers to it are accepted.
type fetch struct {
	network   Network
	protocol  Protocol // ProtocolHTTP or ProtocolHTTPS
	dialing   dialing
	agent     string
	status    []int
	body      string
	redirects int
	whole     int  // how much of the body is needed, if that is more than is kept
	ranged    bool // ask for the first byte alone
	part      bool // accept nothing but that byte

	documents  *documents // of ProtocolHTTPS
	revocation bool
}

// A page is the answer to a request.
type page struct {
	url     *url.URL
	resp    *http.Response // its body has been read
	body    []byte
	proxied bool     // asked for through a proxy
	next    *url.URL // where a redirect points, or nil
}

// attempt asks for a target, follows redirects within its host and port, and
// judges the last answer.
func (f fetch) attempt(ctx context.Context, o *Observation) *Error {
	t, u, err := f.request(o.Target)
	if err != nil {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	}
	var followed []string
	for {
		p, err := f.get(ctx, t, u, o)
		if o.HTTP != nil {
			o.HTTP.Redirects = followed
		}
		if p != nil {
			if imposed := p.imposed(); imposed != nil {
				return o.fail(imposed)
			}
		}
		if err != nil || p == nil {
			return err
		}
		if f.redirects == 0 || p.next == nil || !sameOrigin(u, p.next) {
			return f.judge(p, o)
		}
		if len(followed) >= f.redirects {
			text := fmt.Errorf("more than %d redirects", f.redirects)
			return o.fail(&Error{Op: OpRequest, Addr: u.String(), Code: HTTPRedirectLoop, Err: text})
		}
		u = p.next
		followed = append(followed, u.String())
	}
}

// request completes a target, and returns the URL to ask for.
func (f fetch) request(t Target) (Target, *url.URL, error) {
	scheme, port := "http", uint16(80)
	if f.protocol == ProtocolHTTPS {
		scheme, port = "https", 443
	}
	t.Protocol = f.protocol
	if t.Port == 0 {
		t.Port = port
	}
	if t.Path == "" {
		t.Path = "/"
	}
	if err := checkHost(t.Host); err != nil {
		return t, nil, err
	}
	if !strings.HasPrefix(t.Path, "/") || strings.HasPrefix(t.Path, "//") {
		return t, nil, fmt.Errorf("%q is not a path", t.Path)
	}
	u, err := url.ParseRequestURI(t.Path)
	if err != nil {
		return t, nil, fmt.Errorf("%q is not a path", t.Path)
	}
	u.Scheme, u.Host = scheme, t.Host
	switch {
	case t.Port != port:
		u.Host = t.Addr()
	case strings.Contains(t.Host, ":"):
		u.Host = "[" + t.Host + "]"
	}
	return t, u, nil
}

// get makes one request on a connection of its own. The page is nil if nothing
// was answered, which can be without an error.
func (f fetch) get(ctx context.Context, t Target, u *url.URL, o *Observation) (*page, *Error) {
	r, err := f.network.open(ctx, t, f.dialing, f.protocol == ProtocolHTTPS, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if f.protocol == ProtocolHTTPS {
		return f.secure(ctx, r, t, u, o)
	}
	return f.exchange(ctx, r, r.conn, u, o)
}

// exchange makes a request on a connection.
func (f fetch) exchange(ctx context.Context, r *route, conn net.Conn, u *url.URL, o *Observation) (*page, *Error) {
	o.HTTP = &HTTPFacts{URL: u.String()}
	req := &http.Request{
		Method: http.MethodGet,
		URL:    u,
		Host:   u.Host,
		Header: http.Header{"User-Agent": {f.agent}, "Accept": {"*/*"}, "Accept-Encoding": {"identity"}},
		Close:  true, // one request for each connection
	}
	if f.ranged {
		req.Header.Set("Range", firstByte)
	}
	write := req.Write
	if r.proxy != nil {
		r.authorize(req.Header)
		write = req.WriteProxy
	}
	done := o.step(OpRequest, u.String())
	if err := write(conn); err != nil {
		e := newError(ctx, OpRequest, u.String(), err)
		done(e)
		return nil, e
	}
	in := newMeter(conn)
	resp, err := in.response(req) //nolint:bodyclose // the connection is closed; reading the rest could take for ever
	if err != nil {
		e := newError(ctx, OpRequest, u.String(), err)
		done(e)
		return nil, e
	}
	done(nil)
	p := &page{url: u, resp: resp, proxied: o.Proxy != nil}
	p.describe(o.HTTP)
	e := p.read(ctx, in, max(maxBody, f.whole, len(f.body)+len("\r\n+")), o)
	o.HTTP.Title = title(p.body)
	o.HTTP.Vendor = answerVendor(o.HTTP.Header, o.HTTP.Location, p.body)
	if f.ranged {
		o.HTTP.Range = readRange(resp, p.body, e != nil)
	}
	if r.proxy != nil && fromProxy(resp, r.proxy) {
		return nil, o.fail(p.refused(r.proxy, o))
	}
	return p, e
}

// describe keeps what the header of an answer says.
func (p *page) describe(facts *HTTPFacts) {
	const maxLocation = 1024
	facts.Status = p.resp.StatusCode
	facts.Proto = p.resp.Proto
	facts.Header = identifying(p.resp.Header)
	if date, err := http.ParseTime(p.resp.Header.Get("Date")); err == nil {
		facts.Date = date.UTC()
	}
	if p.resp.StatusCode/100 != 3 {
		return
	}
	if next, err := p.resp.Location(); err == nil {
		next.User = nil
		p.next = next
		facts.Location = printable(next.String(), maxLocation)
	}
}

// read reads the beginning of the body, of which so much is needed. Of an HTML
// page it reads more, and does not mind if that never comes.
func (p *page) read(ctx context.Context, in *meter, need int, o *Observation) *Error {
	if p.resp.Body == http.NoBody {
		return nil
	}
	limit := need
	if strings.Contains(strings.ToLower(p.resp.Header.Get("Content-Type")), "html") {
		limit = max(need, maxPage)
	}
	done := o.step(OpBody, p.url.String())
	body, err := in.body(p.resp, limit)
	p.body = body
	if len(body) >= need && !errors.Is(ctx.Err(), context.Canceled) {
		err = nil
	}
	o.HTTP.Body = printable(string(body), maxBody)
	var e *Error
	if err != nil {
		e = newError(ctx, OpBody, p.url.String(), err)
	}
	done(e)
	return e
}

// refused is the error of an answer that a proxy made itself.
func (p *page) refused(proxy *url.URL, o *Observation) *Error {
	e := proxyAnswer(proxy, p.resp, o)
	e.Op = OpRequest
	return e
}

// judge says whether an answer is one that is accepted.
func (f fetch) judge(p *page, o *Observation) *Error {
	if f.part {
		return p.judgePart(o)
	}
	if f.status != nil && !slices.Contains(f.status, p.resp.StatusCode) {
		return o.fail(&Error{Op: OpRequest, Addr: p.url.String(), Code: HTTPStatus, Err: errors.New(statusLine(p.resp))})
	}
	if f.body != "" && !p.bodyIs(f.body) {
		return o.fail(&Error{Op: p.bodyOp(), Addr: p.url.String(), Code: HTTPBodyMismatch, Err: fmt.Errorf("the body begins with %q", printable(string(p.body), 64))})
	}
	return nil
}

// imposed returns an error if an answer proves that someone else made it.
func (p *page) imposed() *Error {
	e := &Error{Op: OpRequest, Addr: p.url.String(), Err: errors.New(statusLine(p.resp))}
	switch proof := intermediary(p.resp); {
	case p.resp.StatusCode == http.StatusNetworkAuthenticationRequired:
		e.Code = HTTPCaptivePortal // RFC 6585 section 6
	case p.url.Scheme != "http":
		return nil // a genuine host, or one that is known not to be
	case p.resp.StatusCode == http.StatusProxyAuthRequired:
		e.Code = ProxyAuthRequired // of a proxy that intercepts
	case proof == "":
		return nil
	case decisionOf(p.resp, nil) == failed:
		e.Code, e.Err = ProxyTargetUnreachable, fmt.Errorf("%w, %s", e.Err, proof)
	default:
		e.Code, e.Err = HTTPBlockPage, fmt.Errorf("%w, %s", e.Err, proof)
	}
	return e
}

// bodyOp is the step at which the body was seen. An answer can have none.
func (p *page) bodyOp() Op {
	if p.resp.Body == http.NoBody {
		return OpRequest
	}
	return OpBody
}

// bodyIs reports whether the body is want, but for a line break at its end. One
// byte more than that has been read, if there was one.
func (p *page) bodyIs(want string) bool {
	rest, ok := strings.CutPrefix(string(p.body), want)
	return ok && (rest == "" || rest == "\n" || rest == "\r\n")
}

// sameOrigin reports whether two URLs have the scheme, host and port in common.
func sameOrigin(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		switch {
		case u.Port() != "":
			return u.Port()
		case u.Scheme == "https":
			return strconv.Itoa(443)
		default:
			return strconv.Itoa(80)
		}
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}
