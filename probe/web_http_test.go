package probe_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// raw answers a request with raw bytes, and closes the connection.
func raw(answer string) []probetest.Fault {
	return fault(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Garbage{Data: strings.ReplaceAll(answer, "\n", "\r\n")}})
}

func TestAnswers(t *testing.T) {
	interim := strings.Repeat("HTTP/1.1 103 Early Hints\nLink: </a>\n\n", 5)
	tests := []struct {
		name   string
		answer string
		code   probe.Code
		status int
		body   string
	}{
		{"complete", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "", 200, "hi"},
		{"without a reason", "HTTP/1.1 200\nContent-Length: 2\n\nhi", "", 200, "hi"},
		{"HTTP/1.0, to the end of the connection", "HTTP/1.0 404 Not Found\n\nhi", "", 404, "hi"},
		{"without a body", "HTTP/1.1 204 No Content\n\n", "", 204, ""},
		{"in chunks", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n", "", 200, "hi"},
		{"after interim answers", interim + "HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n", "", 403, ""},
		{"a status that no standard has", "HTTP/1.1 999 No\nContent-Length: 0\n\n", "", 999, ""},
		{"after too many interim answers", interim + interim + "HTTP/1.1 200 OK\n\n", probe.HTTPMalformed, 0, ""},
		{"another protocol, unasked", "HTTP/1.1 101 Switching Protocols\nUpgrade: h2c\n\n", probe.HTTPMalformed, 0, ""},
		{"no status", "HTTP/1.1 fine\n\n", probe.HTTPMalformed, 0, ""},
		{"no protocol", "200 OK\n\n", probe.HTTPMalformed, 0, ""},
		{"HTTP/2", "\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80", probe.HTTPMalformed, 0, ""},
		{"two lengths", "HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\nhi", probe.HTTPMalformed, 0, ""},
		{"nothing", "", probe.HTTPReset, 0, ""},
		{"half a protocol", "HTT", probe.HTTPTruncated, 0, ""},
		{"half a header", "HTTP/1.1 200 OK\nContent-Le", probe.HTTPTruncated, 0, ""},
		{"half a body", "HTTP/1.1 200 OK\nContent-Length: 9\n\nhi", probe.HTTPTruncated, 200, "hi"},
		{"half of the chunks", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n", probe.HTTPTruncated, 200, "hi"},
		{"chunks that are none", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nxyz\n", probe.HTTPMalformed, 200, ""},
		{"a chunk with an extension without end", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + strings.Repeat("1;"+strings.Repeat("x", 4000)+"\na\n", 40) + "0\n\n", probe.HTTPMalformed, 200, "aaaa"},
		{"a line without end", "HTTP/1.1 200 OK\nX: " + strings.Repeat("x", 1<<20), probe.HTTPTooLarge, 0, ""},
		{"a header of the most that may be", "HTTP/1.1 200 OK\nContent-Length: 0\nX: " + strings.Repeat("x", 60<<10) + "\n\n", "", 200, ""},
		{"a long body", "HTTP/1.1 200 OK\nContent-Length: 1000000\n\n" + strings.Repeat("x", 1000000), "", 200, strings.Repeat("x", 512)},
		{"blocked for legal reasons", "HTTP/1.1 451 No\nLink: <https://isp.example/>; rel=\"blocked-by\"\nContent-Length: 0\n\n", probe.HTTPBlockPage, 451, ""},
		{"unavailable for legal reasons", "HTTP/1.1 451 No\nContent-Length: 0\n\n", "", 451, ""},
		{"of a transparent proxy that did not get through", "HTTP/1.1 503 No\nX-Squid-Error: ERR_CONNECT_FAIL 110\nContent-Length: 0\n\n", probe.ProxyTargetUnreachable, 503, ""},
		{"of a portal, cut short", "HTTP/1.1 511 No\nContent-Length: 9\n\nhi", probe.HTTPCaptivePortal, 511, "hi"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.answer == "" {
				test.answer = " "
			}
			s := situation{faults: raw(test.answer), prober: plain, target: httpTarget}
			if test.answer == " " {
				s.faults = fault(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close})
			}
			synctest.Test(t, func(t *testing.T) {
				o := s.observe(t.Context(), s.internet())
				if o.Code() != test.code || o.HTTP.Status != test.status || o.HTTP.Body != test.body {
					t.Errorf("error %v, status %d, body %q; want %q, %d, %q", o.Error, o.HTTP.Status, o.HTTP.Body, test.code, test.status, test.body)
				}
			})
		})
	}
}

func TestHTTPFacts(t *testing.T) {
	answer := `HTTP/1.1 302 Found
Date: Tue, 15 Nov 1994 08:12:31 GMT
Server: gateway
Via: 1.1 a
Via: 1.0 b
Set-Cookie: secret
Location: //user:password@portal.example/login?x=1#y
Content-Type: text/plain
WWW-Authenticate: Basic
X-Cache: MISS from a
Content-Length: 9

a	b` + "\x00\xff\u202ec\r\nd"
	synctest.Test(t, func(t *testing.T) {
		s := situation{faults: raw(answer), prober: plain, target: probe.Target{Host: host, Port: 80, Path: "/a%2Fb?c=d"}}
		o := s.observe(t.Context(), s.internet())
		want := &probe.HTTPFacts{
			URL: "http://login.live.com/a%2Fb?c=d", Status: 302, Proto: "HTTP/1.1",
			Header: probe.Header{
				"Content-Type":     {"text/plain"},
				"Location":         {"//portal.example/login?x=1#y"},
				"Server":           {"gateway"},
				"Via":              {"1.1 a, 1.0 b"},
				"WWW-Authenticate": {"Basic"},
				"X-Cache":          {"MISS from a"},
			},
			Location: "http://portal.example/login?x=1#y",
			Date:     time.Date(1994, 11, 15, 8, 12, 31, 0, time.UTC),
			Body:     "a b\ufffd\ufffd\ufffdc",
		}
		if diff := cmp.Diff(want, o.HTTP); diff != "" {
			t.Errorf("HTTP facts (-want +got):\n%s", diff)
		}
	})
}

// Requests are the same for every host, and contain no secrets.
func TestRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []http.Header
		var hosts []string
		i := &probetest.Internet{Hosts: []string{host}, IPv6: true, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = append(got, r.Header)
			hosts = append(hosts, r.Method+" "+r.Host+" "+r.RequestURI)
		})}
		n := i.Network()
		ctx := t.Context()
		plain(n).Probe(ctx, httpTarget)
		secure(n).Probe(ctx, probe.Target{Host: host, Path: "/x?y"})
		plain(n).Probe(ctx, probe.Target{Host: "2001:db8::7"})

		header := http.Header{"User-Agent": {probe.UserAgent}, "Accept": {"*/*"}, "Accept-Encoding": {"identity"}, "Connection": {"close"}}
		if diff := cmp.Diff([]http.Header{header, header, header}, got); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"GET login.live.com /", "GET login.live.com /x?y", "GET [2001:db8::7] /"}, hosts); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// A redirect is a response like any other.
func TestRedirects(t *testing.T) {
	for _, location := range []string{"/there", "http://elsewhere.example/", "http://127.0.0.1/", "file:///etc/passwd", "http://["} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{host, "elsewhere.example"}, Faults: fault(probetest.Page{Status: 302, Header: http.Header{"Location": {location}}})}
			o := i.Network().Probe(t.Context(), httpTarget)
			if !o.OK() || o.HTTP.Status != 302 {
				t.Errorf("%s: error %v, status %d", location, o.Error, o.HTTP.Status)
			}
			for _, e := range i.Log() {
				if e.Kind == probetest.EventConnect && e.Host != host || e.Kind == probetest.EventQuery && e.Host != host {
					t.Errorf("%s: contacted %s %s", location, e.Host, e.Addr)
				}
			}
		})
	}
}
