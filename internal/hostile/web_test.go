package hostile_test

import (
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	ok      = "HTTP/1.1 200 OK\r\n"
	hello   = "\x16\x03\x03\x00\x31\x02\x00\x00\x2d\x03\x03" // a ServerHello begins
	xs      = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	field   = "A: " + xs + "\r\n"
	warning = "\x15\x03\x03\x00\x02\x01\x5a" // user_canceled
)

// A webPeer answers a request over plain HTTP, or a CONNECT.
type webPeer struct {
	name    string
	peer    peer
	code    probe.Code
	connect probe.Code // as the proxy of an HTTPS probe
}

func webPeers() []webPeer {
	return []webPeer{
		{"silence", says(), probe.HTTPTimeout, probe.Timeout},
		{"a header without end", repeats(ok, field, 0), probe.HTTPTooLarge, probe.ProxyBadResponse},
		{"a header line without end", repeats(ok+"A: ", xs, 0), probe.HTTPTooLarge, probe.ProxyBadResponse},
		{"a status line without end", repeats("HTTP/1.1 200 ", xs, 0), probe.HTTPTooLarge, probe.ProxyBadResponse},
		{"interim answers without end", repeats("", "HTTP/1.1 103 Early Hints\r\n\r\n", 0), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"a header that trickles", repeats(ok, "A: b\r\n", time.Second), probe.HTTPTimeout, probe.Timeout},
		{"a body that trickles", repeats(ok+"Content-Length: 400\r\n\r\n", "x", time.Second/2), probe.HTTPTimeout, probe.TLSNotTLS},
		{"a body without end", repeats(ok+"\r\n", xs, 0), "", probe.TLSNotTLS},
		{"a page without end", repeats(ok+"Content-Type: text/html\r\n\r\n", "<title>"+xs, 0), "", probe.TLSNotTLS},
		{"a body shorter than promised", leaves(ok, "Content-Length: 10\r\n\r\nx"), probe.HTTPTruncated, probe.TLSNotTLS},
		{"a length of a petabyte", leaves(ok, "Content-Length: 1000000000000000\r\n\r\nx"), probe.HTTPTruncated, probe.TLSNotTLS},
		{"a negative length", leaves(ok, "Content-Length: -1\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"two lengths", leaves(ok, "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"a length and chunks", leaves(ok, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"), "", probe.TLSNotTLS},
		{"chunks of one byte without end", repeats(ok+"Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 0), "", probe.TLSNotTLS},
		{"a chunk extension without end", repeats(ok+"Transfer-Encoding: chunked\r\n\r\n1;", xs, 0), probe.HTTPMalformed, probe.TLSNotTLS},
		{"a chunk of an exabyte", leaves(ok, "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nx"), probe.HTTPTruncated, probe.TLSNotTLS},
		{"a chunk of no size", leaves(ok, "Transfer-Encoding: chunked\r\n\r\nzz\r\nx"), probe.HTTPMalformed, probe.TLSNotTLS},
		{"a trailer without end", repeats(ok+"Transfer-Encoding: chunked\r\n\r\n0\r\n", field, 0), probe.HTTPMalformed, probe.TLSNotTLS},
		{"compressed, as nobody asked for", leaves(ok, "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08"), "", probe.TLSNotTLS},
		{"no status line", leaves("<html>go away</html>"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"a status that is no number", leaves("HTTP/1.1 abc\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"status 99", leaves("HTTP/1.1 099 x\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"status 999", leaves("HTTP/1.1 999 x\r\n\r\n"), "", probe.ProxyDenied},
		{"another protocol, 101", leaves("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"HTTP/2", leaves("\x00\x00\x12\x04\x00\x00\x00\x00\x00" + xs), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"HTTP/3.0", leaves("HTTP/3.0 200 OK\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"a mail server", leaves("220 mail.example ESMTP\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"zero bytes", leaves(strings.Repeat("\x00", 4096)), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"TLS", leaves("\x15\x03\x01\x00\x02\x02\x28"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"nothing", leaves(), probe.HTTPReset, probe.ProxyBadResponse},
		{"half a status line", leaves("HTTP/1"), probe.HTTPTruncated, probe.ProxyBadResponse},
		{"half a header", leaves(ok, "Serv"), probe.HTTPTruncated, probe.ProxyBadResponse},
		{"folded fields", leaves(ok, "Server: a\r\n b\r\n c\r\n\r\n"), "", probe.TLSClosed},
		{"a field without a name", leaves(ok, ": a\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"a field of control characters", leaves(ok, "Server: \x1b[31m\r\n\r\n"), probe.HTTPMalformed, probe.ProxyBadResponse},
		{"a redirect to this machine", leaves("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"), "", probe.ProxyDenied},
		{"a redirect to a file", leaves("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"), "", probe.ProxyDenied},
		{"a redirect to nowhere", leaves("HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"), "", probe.ProxyDenied},
		{"511", leaves("HTTP/1.1 511 x\r\n\r\n"), probe.HTTPCaptivePortal, probe.ProxyDenied},
	}
}

func TestWebPeers(t *testing.T) {
	for _, way := range []struct {
		name  string
		proxy func(*probetest.Internet) *url.URL
	}{{"direct", direct}, {"SOCKS", socksProxy}} {
		for _, p := range webPeers() {
			t.Run(way.name+"/"+p.name, func(t *testing.T) {
				i := &probetest.Internet{Serve: map[string]func(net.Conn){host + ":80": p.peer}}
				o := observe(t, i, way.proxy, probe.Target{Protocol: probe.HTTP, Host: host})
				if o.Code() != p.code {
					t.Errorf("%v, want %q", o.Error, p.code)
				}
			})
		}
	}
}

// A tlsPeer does not finish a handshake, or with a SOCKS client a negotiation.
type tlsPeer struct {
	name string
	peer peer
	code probe.Code
}

func tlsPeers() []tlsPeer {
	fragment := "\x16\x03\x03\x00\x01\x02"
	return []tlsPeer{
		{"silence", says(), probe.TLSTimeout},
		{"nothing", leaves(), probe.TLSClosed},
		{"a web page", leaves("HTTP/1.1 400 Bad Request\r\n\r\n"), probe.TLSNotTLS},
		{"a mail server", leaves("220 mail.example ESMTP\r\n"), probe.TLSNotTLS},
		{"zero bytes", leaves(strings.Repeat("\x00", 4096)), probe.TLSNotTLS},
		{"SSL 2.0", leaves("\x80\x2e\x04\x00\x01\x00\x02" + xs), probe.TLSNotTLS},
		{"an oversized record", says("\x16\x03\x03\xff\xff" + xs), probe.TLSMalformed},
		{"an oversized message", says("\x16\x03\x03\x00\x04\x02\xff\xff\xff"), probe.TLSMalformed},
		{"another message first", says("\x16\x03\x03\x00\x04\x0e\x00\x00\x00"), probe.TLSMalformed},
		{"data first", says("\x17\x03\x03\x00\x05hello"), probe.TLSMalformed},
		{"a message of no type", says("\x16\x03\x03\x00\x04\x63\x00\x00\x00"), probe.TLSMalformed},
		{"an empty ServerHello", says("\x16\x03\x03\x00\x04\x02\x00\x00\x00"), probe.TLSMalformed},
		{"a ServerHello that never ends", says(hello), probe.TLSTimeout},
		{"a record that trickles", repeats("\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", "x", time.Second), probe.TLSTimeout},
		{"a message in fragments of one byte", repeats(fragment+"\x16\x03\x03\x00\x03\x00\x0f\xff", "\x16\x03\x03\x00\x01x", 0), probe.TLSMalformed},
		{"empty records without end", repeats("", "\x16\x03\x03\x00\x00", 0), probe.TLSMalformed},
		{"warnings without end", repeats("", warning, 0), probe.TLSMalformed},
		{"an alert", says("\x15\x03\x03\x00\x02\x02\x28"), probe.TLSAlert},
		{"an alert of no kind", says("\x15\x03\x03\x00\x02\x02\xff"), probe.TLSAlert},
		{"an alert of no level", says("\x15\x03\x03\x00\x02\x09\x28"), probe.TLSMalformed},
		{"half an alert", leaves("\x15\x03\x03\x00\x02\x02"), probe.TLSClosed},
		{"goodbye", says("\x15\x03\x03\x00\x02\x01\x00"), probe.TLSClosed},
		{"an old version", says("\x15\x03\x03\x00\x02\x02\x46"), probe.TLSVersion},
	}
}

func TestTLSPeers(t *testing.T) {
	for _, way := range []struct {
		name  string
		proxy func(*probetest.Internet) *url.URL
	}{{"direct", direct}, {"a proxy", httpProxy}, {"SOCKS", socksProxy}} {
		for _, p := range tlsPeers() {
			t.Run(way.name+"/"+p.name, func(t *testing.T) {
				i := &probetest.Internet{Serve: map[string]func(net.Conn){host + ":443": p.peer}}
				o := observe(t, i, way.proxy, probe.Target{Protocol: probe.HTTPS, Host: host})
				if o.Code() != p.code {
					t.Errorf("%v, want %q", o.Error, p.code)
				}
			})
		}
	}
}

// A proxy's answer to CONNECT is as hostile as any.
func TestProxyPeers(t *testing.T) {
	for _, p := range webPeers() {
		t.Run(p.name, func(t *testing.T) {
			i := &probetest.Internet{Serve: map[string]func(net.Conn){":3128": p.peer}}
			o := observe(t, i, httpProxy, probe.Target{Protocol: probe.HTTPS, Host: host})
			if o.Code() != p.connect {
				t.Errorf("%v, want %q", o.Error, p.connect)
			}
		})
	}
}

func TestSOCKSPeers(t *testing.T) {
	for _, p := range []tlsPeer{
		{"silence", says(), probe.Timeout},
		{"nothing", leaves(), probe.ProxyBadResponse},
		{"HTTP", leaves("HTTP/1.1 400 Bad Request\r\n\r\n"), probe.ProxyBadResponse},
		{"version 4", leaves("\x00\x5a\x00\x00\x00\x00\x00\x00"), probe.ProxyBadResponse},
		{"a method that was not offered", says("\x05\x01"), probe.ProxyBadResponse},
		{"no method", says("\x05\xff"), probe.ProxyAuthRequired},
		{"half a method", leaves("\x05"), probe.ProxyBadResponse},
		{"a method and silence", says("\x05\x00"), probe.Timeout},
		{"a refusal", says("\x05\x00", "\x05\x02"), probe.ProxyDenied},
		{"a reply of no kind", says("\x05\x00", "\x05\xc8"), probe.ProxyBadResponse},
		{"an address of no kind", says("\x05\x00", "\x05\x00\x00\x09"), probe.ProxyBadResponse},
		{"a name without end", says("\x05\x00", "\x05\x00\x00\x03\xff"+xs), probe.Timeout},
		{"a reply that trickles", repeats("\x05\x00\x05\x00\x00\x03\xff", "x", time.Second), probe.Timeout},
		{"a reply that is cut short", leaves("\x05\x00\x05\x00\x00\x01"), probe.ProxyBadResponse},
	} {
		t.Run(p.name, func(t *testing.T) {
			i := &probetest.Internet{Serve: map[string]func(net.Conn){":1080": p.peer}}
			o := observe(t, i, socksProxy, probe.Target{Protocol: probe.HTTPS, Host: host})
			if o.Code() != p.code {
				t.Errorf("%v, want %q", o.Error, p.code)
			}
		})
	}
}
