package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// documentAgent is Windows' user agent for such documents. Some proxies allow
// it by name.
const documentAgent = "Microsoft-CryptoAPI/10.0"

// maxText limits the length of texts in errors and facts.
const maxText = 256

// maxHops limits the redirects followed to a document.
const maxHops = 3

// A retrieval fetches a document that a certificate points to. It uses only
// plain HTTP on port 80, as is usual: over TLS, it would depend on its own
// result. The URL is untrusted, so the program never contacts this machine or
// link for it.
type retrieval struct {
	url   string
	post  []byte // an OCSP request, or nil to GET
	limit int    // on the size of the document, in bytes
	local bool   // the host that served the certificate is on this machine or link, so the document may be too
	quick bool   // its connection may serve other requests, and it comes at once
	hold  *holding
}

// run fetches the document, and returns it with its final URL.
func (r retrieval) run(ctx context.Context, n Network) (*page, *Error) {
	u, err := r.parse(r.url)
	if err != nil {
		return nil, &Error{Op: OpRequest, Addr: r.url, Code: NotTestable, Err: err}
	}
	for hops := 0; ; hops++ {
		p, err := r.get(ctx, n, u)
		if err != nil {
			return nil, err
		}
		if p.next == nil || r.post != nil {
			return p, p.accepted()
		}
		if hops == maxHops {
			return nil, &Error{Op: OpRequest, Addr: u.String(), Code: HTTPRedirectLoop, Err: fmt.Errorf("more than %d redirects", maxHops)}
		}
		next, e := r.parse(p.next.String())
		if e != nil {
			return nil, &Error{Op: OpRequest, Addr: u.String(), Code: HTTPStatus, Err: fmt.Errorf("%s to %s: %w", statusLine(p.resp), printable(p.nextText(), maxText), e)}
		}
		u = next
	}
}

// parse returns a URL, unless it must not be contacted.
func (r retrieval) parse(text string) (*url.URL, error) {
	const maxURL = 2048
	if len(text) > maxURL {
		return nil, errors.New("the URL is too long")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("not a URL")
	case u.Scheme != "http":
		return nil, fmt.Errorf("scheme %q is not supported, only http is", printable(u.Scheme, maxText))
	case u.Port() != "" && u.Port() != "80":
		return nil, fmt.Errorf("port %s is not supported, only 80 is", u.Port())
	case u.User != nil:
		return nil, errors.New("the URL has credentials")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if err := checkHost(host); err != nil {
		return nil, err
	}
	addr, ok := parseAddr(host)
	if !r.local && (ok && !r.keep(addr) || host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return nil, fmt.Errorf("%s is this machine or link", host)
	}
	u.Fragment = ""
	return u, nil
}

// server names what may serve requests for a URL.
func (r retrieval) server(u *url.URL) string { return fmt.Sprint(u.Host, r.local) }

// keep reports whether an address may be contacted.
func (r retrieval) keep(addr netip.Addr) bool {
	a := addr.Unmap()
	here := a.IsUnspecified() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast()
	return r.local || !here
}

// get sends one request, over a connection that has served the same server if
// there is one. If no document comes over that, as from a server that closes
// idle connections with a status of its own, the request is sent over a new one.
func (r retrieval) get(ctx context.Context, n Network, u *url.URL) (*page, *Error) {
	if r.quick {
		if to := n.connected(ctx, r.server(u)); to != nil {
			p, err := r.exchange(ctx, n, u, to, new(Observation))
			switch {
			case err == nil && p.resp.StatusCode == http.StatusOK:
				p.reused = true
				return p, nil
			case ctx.Err() != nil:
				return nil, newError(ctx, OpRequest, u.String(), ctx.Err())
			}
		}
	}
	t := Target{Protocol: HTTP, Host: strings.TrimSuffix(u.Hostname(), "."), Port: 80, Path: u.RequestURI()}
	var way Observation
	to, err := n.open(ctx, t, dialing{keep: r.keep, known: true}, false, &way)
	if err != nil {
		if err.Code == DNSNoData && way.DNS != nil && len(way.DNS.Addresses) > 0 {
			err = &Error{Op: OpResolve, Addr: t.Host, Code: DNSSinkhole, Err: errors.New("every address is on this machine or link")}
		}
		return nil, err
	}
	return r.exchange(ctx, n, u, to, &way)
}

// exchange sends a request over a connection, and closes the connection unless
// it may serve another request.
func (r retrieval) exchange(ctx context.Context, n Network, u *url.URL, to *route, way *Observation) (*page, *Error) {
	kept := false
	defer func() {
		if !kept {
			to.closing.end()
		}
	}()
	req := request{url: u, agent: documentAgent, post: r.post, keep: r.quick && n.shared != nil && way.Proxy == nil}
	if err := req.send(to.conn, to); err != nil {
		return nil, newError(ctx, OpRequest, u.String(), err)
	}
	in := newMeter(to.conn, to.known)
	resp, e := in.response(&http.Request{Method: http.MethodGet, URL: u}) //nolint:bodyclose // the connection is closed; reading the rest could take forever
	if e != nil {
		return nil, newError(ctx, OpRequest, u.String(), e)
	}
	p := &page{url: u, resp: resp, proxied: way.Proxy != nil, known: to.known}
	if to.proxy != nil && fromProxy(resp, to.proxy) {
		return nil, p.refused(to.proxy, way)
	}
	if err := p.imposed(); err != nil {
		return nil, err
	}
	if resp.StatusCode/100 == 3 {
		p.next = nextOf(resp)
	}
	if resp.StatusCode == http.StatusOK {
		p.body, e = r.read(ctx, in, resp)
	}
	if e != nil {
		return nil, newError(ctx, OpBody, u.String(), e)
	}
	if req.keep && resp.StatusCode == http.StatusOK && !resp.Close && in.buf.Buffered() == 0 && to.closing.release() {
		kept = true
		n.shared.connections.keep(r.server(u), to.conn)
	}
	return p, nil
}

// nextOf returns the target of a redirect, or nil.
func nextOf(resp *http.Response) *url.URL {
	next, err := resp.Location()
	if err != nil {
		return nil
	}
	next.User = nil
	return next
}

// read reads a document. It takes room for all of it first, or for a small one
// if the server does not say how large it is.
func (r retrieval) read(ctx context.Context, in *meter, resp *http.Response) ([]byte, error) {
	tooLarge := &codedError{HTTPTooLarge, fmt.Errorf("more than %d bytes", r.limit)}
	if resp.ContentLength > int64(r.limit) {
		return nil, tooLarge
	}
	size := min(small, r.limit+1)
	if resp.ContentLength >= 0 {
		size = int(resp.ContentLength) + 1
	}
	r.hold.release() // what a redirect said
	if err := r.hold.take(ctx, size); err != nil {
		return nil, err
	}
	body, err := in.fill(resp, make([]byte, 0, size), size)
	if err == nil && len(body) == size && size <= r.limit {
		if err := r.hold.take(ctx, r.limit+1); err != nil {
			return nil, err
		}
		body, err = in.fill(resp, append(make([]byte, 0, r.limit+1), body...), r.limit+1)
	}
	if len(body) > r.limit {
		return nil, tooLarge
	}
	return body, err
}

// accepted returns an error unless the response carries a document.
func (p *page) accepted() *Error {
	if p.resp.StatusCode == http.StatusOK {
		return nil
	}
	return &Error{Op: OpRequest, Addr: p.url.String(), Code: HTTPStatus, Err: errors.New(statusLine(p.resp))}
}
