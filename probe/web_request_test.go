package probe_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// What is sent, byte for byte.
func TestRequestText(t *testing.T) {
	const accept = "Accept: */*\r\nAccept-Encoding: identity\r\n"
	tests := []struct {
		name, url, proxy string
		ranged, keep     bool
		post             string
		want             string
	}{
		{
			name: "a page", url: "https://a.example/",
			want: "GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: agent\r\nConnection: close\r\n" + accept + "\r\n",
		},
		{
			name: "its first byte, with a query, at another port", url: "http://a.example:8080/b%20c?d=e%0d%0af", ranged: true,
			want: "GET /b%20c?d=e%0d%0af HTTP/1.1\r\nHost: a.example:8080\r\nUser-Agent: agent\r\nConnection: close\r\n" + accept + "Range: bytes=0-0\r\n\r\n",
		},
		{
			name: "from an address of IPv6", url: "http://[2001:db8::1]/",
			want: "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\nUser-Agent: agent\r\nConnection: close\r\n" + accept + "\r\n",
		},
		{
			name: "from a proxy that wants credentials", url: "http://a.example/b", proxy: "http://user:pass@proxy.example:3128",
			want: "GET http://a.example/b HTTP/1.1\r\nHost: a.example\r\nUser-Agent: agent\r\nConnection: close\r\n" + accept + "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n",
		},
		{
			name: "an OCSP request, of several on a connection", url: "http://a.example", keep: true, post: "question",
			want: "POST / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: agent\r\n" + accept + "Content-Type: application/ocsp-request\r\nContent-Length: 8\r\n\r\nquestion",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := url.Parse(test.url)
			if err != nil {
				t.Fatal(err)
			}
			var proxy *url.URL
			if test.proxy != "" {
				if proxy, err = url.Parse(test.proxy); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.want, probe.RequestText(u, proxy, test.ranged, test.keep, []byte(test.post))); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}
