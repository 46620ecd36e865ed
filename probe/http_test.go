package probe_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// raw answers a request with bytes, and closes the connection.
func raw(answer string) []probetest.Fault {
	return fault(probetest.Garbage{Stage: probetest.AfterRequest, Data: strings.ReplaceAll(answer, "\n", "\r\n")})
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
				s.faults = fault(probetest.Close{Stage: probetest.AfterRequest})
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
			Header: []probe.Field{
				{Name: "Content-Type", Value: "text/plain"},
				{Name: "Location", Value: "//portal.example/login?x=1#y"},
				{Name: "Server", Value: "gateway"},
				{Name: "Via", Value: "1.1 a, 1.0 b"},
				{Name: "WWW-Authenticate", Value: "Basic"},
				{Name: "X-Cache", Value: "MISS from a"},
			},
			Location: "http://portal.example/login?x=1#y",
			Date:     time.Date(1994, 11, 15, 8, 12, 31, 0, time.UTC),
			Body:     "a\tb\ufffd\ufffd\ufffdc",
		}
		if diff := cmp.Diff(want, o.HTTP); diff != "" {
			t.Errorf("HTTP facts (-want +got):\n%s", diff)
		}
	})
}

// What is sent is the same for everyone, and holds nothing that is secret.
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

func TestRedirects(t *testing.T) {
	to := func(location string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, location, http.StatusFound)
			}
		})
	}
	tests := []struct {
		name     string
		handler  http.Handler
		limit    int
		followed []string
		status   int
	}{
		{"followed on the same host", to("/there"), 1, []string{"http://login.live.com/there"}, 200},
		{"followed with the port named", to("http://LOGIN.live.com:80/there"), 5, []string{"http://LOGIN.live.com:80/there"}, 200},
		{"not followed unless asked to", to("/there"), 0, nil, 302},
		{"not followed to another host", to("http://elsewhere.example/"), 5, nil, 302},
		{"not followed to another port", to("http://login.live.com:8080/"), 5, nil, 302},
		{"not followed to TLS", to("https://login.live.com/there"), 5, nil, 302},
		{"not followed to an address", to("http://127.0.0.1/"), 5, nil, 302},
		{"not followed to a file", to("file:///etc/passwd"), 5, nil, 302},
		{"not followed to nowhere", to("http://["), 5, nil, 302},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host, "elsewhere.example"}, Handler: test.handler}
				o := probe.HTTP{Network: i.Network(), Redirects: test.limit}.Probe(t.Context(), httpTarget)
				if !o.OK() || o.HTTP.Status != test.status {
					t.Errorf("error %v, status %d, want none, %d", o.Error, o.HTTP.Status, test.status)
				}
				if diff := cmp.Diff(test.followed, o.HTTP.Redirects); diff != "" {
					t.Errorf("redirects followed (-want +got):\n%s", diff)
				}
				var connects, queries int
				for _, e := range i.Log() {
					if e.Kind == probetest.EventConnect {
						connects++
						if e.Host != host || e.Addr.Port() != 80 {
							t.Errorf("contacted %s %s", e.Host, e.Addr)
						}
					}
					if e.Kind == probetest.EventQuery {
						queries++
					}
				}
				if want := 1 + len(test.followed); connects != want || queries != 2 {
					t.Errorf("%d connections and %d queries, want %d and 2", connects, queries, want)
				}
			})
		})
	}
}

func TestRedirectLoopFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.RedirectLoop{})}
		o := probe.HTTPS{Network: i.Network(), Redirects: 2}.Probe(t.Context(), httpsTarget)
		want := []string{"https://login.live.com/a", "https://login.live.com/b"}
		if diff := cmp.Diff(want, o.HTTP.Redirects); diff != "" || o.Code() != probe.HTTPRedirectLoop {
			t.Errorf("error %v, redirects followed (-want +got):\n%s", o.Error, diff)
		}
	})
}

func TestAcceptedAnswers(t *testing.T) {
	page := func(status int, body string) []probetest.Fault {
		return fault(probetest.Page{Status: status, Body: body})
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		status []int
		body   string
		code   probe.Code
	}{
		{"any", page(500, "oops"), nil, "", ""},
		{"a status asked for", page(404, ""), []int{200, 404}, "", ""},
		{"a status not asked for", page(404, ""), []int{200}, "", probe.HTTPStatus},
		{"no status will do", page(200, ""), []int{}, "", probe.HTTPStatus},
		{"the body asked for", page(0, "hello"), nil, "hello", ""},
		{"the body and a line break", page(0, "hello\r\n"), nil, "hello", ""},
		{"the body and two line breaks", page(0, "hello\n\n"), nil, "hello", probe.HTTPBodyMismatch},
		{"the body and more", page(0, "hello world"), nil, "hello", probe.HTTPBodyMismatch},
		{"less than the body", page(0, "hell"), nil, "hello", probe.HTTPBodyMismatch},
		{"no body", page(0, ""), nil, "hello", probe.HTTPBodyMismatch},
		{"a long body", page(0, strings.Repeat("x", 3000)), nil, strings.Repeat("x", 3000), ""},
		{"longer than a long body", page(0, strings.Repeat("x", 3001)), nil, strings.Repeat("x", 3000), probe.HTTPBodyMismatch},
		{"both wrong", page(404, "no"), []int{200}, "hello", probe.HTTPStatus},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
				for _, p := range []probe.Prober{
					probe.HTTP{Network: i.Network(), Status: test.status, Body: test.body},
					probe.HTTPS{Network: i.Network(), Status: test.status, Body: test.body},
				} {
					if o := p.Probe(t.Context(), httpTarget); o.Code() != test.code {
						t.Errorf("%T: error %v, want %q", p, o.Error, test.code)
					}
				}
			})
		})
	}
}

func TestPrintable(t *testing.T) {
	tests := []struct {
		name, in, want string
		limit          int
	}{
		{"text", "a b", "a b", 10},
		{"line breaks and tabs", "a\r\nb\tc\n", "a\nb\tc\n", 10},
		{"a lone carriage return", "a\rb", "a\ufffdb", 10},
		{"controls", "\x1b[31m", "\ufffd[31m", 10},
		{"text that runs backwards", "\u202ea", "\ufffda", 10},
		{"not UTF-8", "\xffa\xc3", "\ufffda\ufffd", 10},
		{"too long", "abcdef", "abc", 3},
		{"too long, in the middle of a rune", "ab\u00e9", "ab", 3},
		{"too long by replacing", "\x00\x00\x00", "\ufffd", 3},
		{"no room", "abc", "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := probe.Printable(test.in, test.limit)
			if got != test.want || len(got) > test.limit || !utf8.ValidString(got) {
				t.Errorf("got %q of %d bytes, want %q", got, len(got), test.want)
			}
		})
	}
}
