package probetest_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/miekg/dns"

	"github.com/netready/netready/probe/probetest"
)

// ask sends one question to the first resolver.
func ask(t *testing.T, i *probetest.Internet, network, name string, qtype uint16) (*dns.Msg, error) {
	t.Helper()
	n := i.Network()
	return askAt(t, n.Resolvers[0], i, network, name, qtype)
}

func askAt(t *testing.T, resolver netip.AddrPort, i *probetest.Internet, network, name string, qtype uint16) (*dns.Msg, error) {
	t.Helper()
	c, err := i.DialContext(t.Context(), network, resolver.String())
	if err != nil {
		return nil, err
	}
	defer c.Close()
	m := new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype)
	m.SetEdns0(1232, false)
	client := &dns.Client{Timeout: 5 * time.Second}
	answer, _, err := client.ExchangeWithConnContext(t.Context(), m, &dns.Conn{Conn: c})
	return answer, err
}

// addresses returns a name's addresses of one type.
func addresses(t *testing.T, i *probetest.Internet, name string, qtype uint16) []netip.Addr {
	t.Helper()
	m, err := ask(t, i, "udp", name, qtype)
	if err != nil {
		t.Fatalf("asking for %s: %v", name, err)
	}
	return addrsOf(m)
}

func addrsOf(m *dns.Msg) []netip.Addr {
	var addrs []netip.Addr
	for _, rr := range m.Answer {
		switch rr := rr.(type) {
		case *dns.A:
			a, _ := netip.AddrFromSlice(rr.A.To4())
			addrs = append(addrs, a)
		case *dns.AAAA:
			a, _ := netip.AddrFromSlice(rr.AAAA)
			addrs = append(addrs, a)
		}
	}
	return addrs
}

// client returns an HTTP client on i that does not follow redirects.
func client(i *probetest.Internet) *http.Client {
	n := i.Network()
	return &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				host, port, _ := net.SplitHostPort(address)
				if _, err := netip.ParseAddr(host); err != nil {
					c, err := n.Connect(ctx, "udp", n.Resolvers[0].String())
					if err != nil {
						return nil, err
					}
					defer c.Close()
					m := new(dns.Msg).SetQuestion(dns.Fqdn(host), dns.TypeA)
					answer, _, err := new(dns.Client).ExchangeWithConnContext(ctx, m, &dns.Conn{Conn: c})
					if err != nil {
						return nil, err
					}
					addrs := addrsOf(answer)
					if len(addrs) == 0 {
						return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
					}
					address = net.JoinHostPort(addrs[0].String(), port)
				}
				return n.Connect(ctx, network, address)
			},
			TLSClientConfig:     &tls.Config{RootCAs: n.Roots},
			TLSHandshakeTimeout: 4 * time.Second, // the client's own timeout does not end handshakes
			DisableKeepAlives:   true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get returns the status and the body of a URL.
func get(t *testing.T, i *probetest.Internet, url string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client(i).Do(r)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, string(body), err
}

func TestHealthy(t *testing.T) {
	for _, test := range []struct {
		url    string
		status int
		body   string
	}{
		{"http://www.msftconnecttest.com/connecttest.txt", 200, "Microsoft Connect Test"},
		{"http://www.msftncsi.com/ncsi.txt", 200, "Microsoft NCSI"},
		{"http://login.live.com/", 200, "This is login.live.com.\n"},
		{"https://login.live.com/any", 200, "This is login.live.com.\n"},
		{"https://login.live.com:443/", 200, "This is login.live.com.\n"},
	} {
		t.Run(test.url, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"login.live.com"}, Latency: 50 * time.Millisecond}
				answer, body, err := get(t, i, test.url)
				if err != nil {
					t.Fatal(err)
				}
				if answer.StatusCode != test.status || body != test.body {
					t.Errorf("got %d %q, want %d %q", answer.StatusCode, body, test.status, test.body)
				}
				if answer.Header.Get("Date") != time.Now().UTC().Format(http.TimeFormat) {
					t.Errorf("Date: %s", answer.Header.Get("Date"))
				}
			})
		})
	}
}
