package probe_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/netready/netready/probe"
)

// A webScript is a connection on which the peer says the same whatever it is
// told, and then closes it.
type webScript struct{ *bytes.Reader }

func (webScript) Write(p []byte) (int, error)      { return len(p), nil }
func (webScript) Close() error                     { return nil }
func (webScript) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (webScript) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (webScript) SetDeadline(time.Time) error      { return nil }
func (webScript) SetReadDeadline(time.Time) error  { return nil }
func (webScript) SetWriteDeadline(time.Time) error { return nil }

// webScripted is a network on which every connection is one to such a peer.
func webScripted(answer []byte) probe.Network {
	return probe.Network{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return webScript{bytes.NewReader(answer)}, nil
	}}
}

// checkFacts checks that what a stranger said is bounded and can be shown.
func checkFacts(t *testing.T, o probe.Observation) {
	t.Helper()
	check := func(what, s string, limit int) {
		shown := func(r rune) bool { return r == '\n' || r == '\t' || r >= ' ' && r != 0x7f && r != 0x202e }
		if len(s) > limit || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !shown(r) }) {
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
		for _, f := range o.HTTP.Header {
			check(f.Name, f.Value, 256)
		}
	}
	if o.Proxy != nil {
		for _, f := range o.Proxy.Header {
			check(f.Name, f.Value, 256)
		}
		for _, s := range o.Proxy.Schemes {
			check("scheme", s, 64)
		}
	}
	if o.TLS != nil {
		check("alert", o.TLS.Alert, 64)
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
	file := probe.Target{Protocol: probe.ProtocolHTTP, Host: "203.0.113.1"}
	f.Fuzz(func(t *testing.T, answer []byte) {
		n := webScripted(answer)
		for _, p := range []probe.Prober{probe.HTTP{Network: n, Redirects: 2}, probe.HTTPS{Network: n}} {
			o := p.Probe(t.Context(), target)
			checkFacts(t, o)
			if o.OK() && o.HTTP.Status < 200 {
				t.Errorf("%T: reached, with status %d", p, o.HTTP.Status)
			}
			if o.OK() && !bytes.HasPrefix(answer, []byte("HTTP/")) {
				t.Errorf("%T: reached, by an answer that begins with %.5q", p, answer)
			}
		}
		part := probe.ByteRange{Network: n}.Probe(t.Context(), file)
		checkFacts(t, part)
		if r := part.HTTP; part.OK() && (r.Status != http.StatusPartialContent || len(r.Body) != 1 && r.Body != "\ufffd" || r.Range.Code != "") {
			t.Errorf("a part that is none: %+v", r)
		}
		n.Proxy = func(probe.Target) (*url.URL, error) { return url.Parse("http://203.0.113.2:3128") }
		for _, p := range []probe.Prober{probe.HTTP{Network: n}, probe.HTTPS{Network: n}} {
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
		p := probe.NCSI{Network: webScripted(answer), IPv6Host: "203.0.113.6"}
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
