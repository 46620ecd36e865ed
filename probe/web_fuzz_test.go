package probe_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/netready/netready/probe"
)

// A webScript is a connection whose peer sends the same whatever it receives,
// and then closes it.
type webScript struct{ *bytes.Reader }

func (webScript) Write(p []byte) (int, error)      { return len(p), nil }
func (webScript) Close() error                     { return nil }
func (webScript) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (webScript) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (webScript) SetDeadline(time.Time) error      { return nil }
func (webScript) SetReadDeadline(time.Time) error  { return nil }
func (webScript) SetWriteDeadline(time.Time) error { return nil }

// webScripted returns a network where every host is such a peer.
func webScripted(answer []byte) probe.Network {
	return probe.Network{Resolvers: []netip.AddrPort{}, Connect: func(context.Context, string, string) (net.Conn, error) {
		return webScript{bytes.NewReader(answer)}, nil
	}}
}

// checkFacts checks that texts from outside are bounded and printable.
func checkFacts(t *testing.T, o probe.Observation) {
	t.Helper()
	check := func(what, s string, limit int) {
		if len(s) > limit || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%s = %q of %d bytes", what, s, len(s))
		}
	}
	if o.HTTP != nil {
		check("body", o.HTTP.Body, 512)
		check("location", o.HTTP.Location, 1024)
		check("title", o.HTTP.Title, 128)
		if r := o.HTTP.Range; r != nil {
			check("range", r.ContentRange, 128)
			check("ranges", r.AcceptRanges, 128)
		}
		for name := range o.HTTP.Header {
			check(name, o.HTTP.Header.Get(name), 256)
		}
	}
	if o.Proxy != nil {
		for name := range o.Proxy.Header {
			check(name, o.Proxy.Header.Get(name), 256)
		}
		for _, s := range o.Proxy.Schemes {
			check("scheme", s, 64)
		}
	}
	if o.TLS != nil {
		check("alert", o.TLS.Alert, 64)
	}
	for _, s := range o.Steps {
		check("step", s.Addr, 1024)
		if s.Error != nil {
			check("error of a step", s.Error.Error(), 4096)
		}
	}
	if o.Error != nil {
		check("error", o.Error.Error(), 4096)
	}
	if o.Error != nil && o.Error.Code == "" {
		t.Errorf("error without a code: %v", o.Error)
	}
}

var answers = []string{
	"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nMicrosoft Connect Test",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\nMicrosoft Connect Test\r\n0\r\n\r\n",
	"HTTP/1.1 302 Found\r\nLocation: http://user:x@portal.example/\x00\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate, Basic realm=\"a, \\\"b\"\r\n\r\n",
	"HTTP/1.1 503 No\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\nVia: 1.1 a\r\n\r\n",
	"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 511 No\r\n\r\n<html>",
	"HTTP/1.1 451 No\r\nLink: <>; rel=blocked-by\r\n\r\n",
	"HTTP/1.0 200 OK\r\n\r\nMicrosoft Connect Test\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
	"HTTP/1.1 206 OK\r\nContent-Range: bytes 0-0/9\r\nAccept-Ranges: bytes\r\nContent-Length: 1\r\n\r\nx",
	"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: Zscaler/6.2\r\n\r\n<title>x</title>",
	"SSH-2.0-x\r\n",
	"\x15\x03\x03\x00\x02\x02\x46",
	"\x16\x03\x01\x00\x2d\x02\x00\x00\x29\x03\x01rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\x00\xc0\x2f\x00",
	"",
}

func FuzzAnswer(f *testing.F) {
	for _, a := range answers {
		f.Add([]byte(a))
	}
	target := probe.Target{Host: "203.0.113.1", Range: true}
	f.Fuzz(func(t *testing.T, answer []byte) {
		n := webScripted(answer)
		for _, p := range []bound{plain(n), secure(n)} {
			o := p.Probe(t.Context(), target)
			checkFacts(t, o)
			if o.OK() && o.HTTP.Status < 200 {
				t.Errorf("%s: reached, with status %d", p.protocol, o.HTTP.Status)
			}
			if r := o.HTTP; r != nil && r.Range != nil && r.Range.Supported && (r.Status != http.StatusPartialContent || utf8.RuneCountInString(r.Body) > 1) { // a space is cut
				t.Errorf("a part that is none: %+v", r)
			}
			if o.OK() && !bytes.HasPrefix(answer, []byte("HTTP/")) {
				t.Errorf("%s: reached, by an answer that begins with %.5q", p.protocol, answer)
			}
		}
		n.Proxy = func(probe.Target) (*url.URL, error) { return url.Parse("http://203.0.113.2:3128") }
		for _, p := range []bound{plain(n), secure(n)} {
			checkFacts(t, p.Probe(t.Context(), target))
		}
	})
}

func FuzzNCSI(f *testing.F) {
	for _, a := range answers {
		f.Add([]byte(a))
	}
	const content = "Microsoft Connect Test"
	f.Fuzz(func(t *testing.T, answer []byte) {
		p := ncsi(webScripted(answer))
		o := p.Probe(t.Context(), probe.Target{Host: "203.0.113.4"})
		checkFacts(t, o)
		body := o.HTTP.Body
		if o.OK() && (o.HTTP.Status != 200 || strings.TrimSuffix(body, "\n") != content) {
			t.Errorf("on the internet, with status %d and body %q", o.HTTP.Status, body)
		}
		network := []probe.Code{probe.HTTPReset, probe.HTTPTruncated, probe.HTTPMalformed, probe.HTTPTooLarge}
		if slices.Contains(network, o.Code()) && o.NCSI.Reason == "ActiveHttpProbeFailedHotspotDetected" {
			t.Errorf("%v is taken for a portal", o.Error)
		}
		if o.Code() == probe.HTTPCaptivePortal && o.HTTP.Status < 200 {
			t.Errorf("a portal that answered nothing: %+v", o.HTTP)
		}
	})
}
