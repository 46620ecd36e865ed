package probetest_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/proxy"

	"github.com/netready/netready/probe/probetest"
)

// throughSOCKS returns a client that uses the SOCKS proxy through another
// implementation.
func throughSOCKS(t *testing.T, i *probetest.Internet, auth *proxy.Auth) *http.Client {
	t.Helper()
	n := i.Network()
	dialer, err := proxy.SOCKS5("tcp", "192.0.2.80:1080", auth, forward(n.Connect))
	if err != nil {
		t.Fatal(err)
	}
	with, ok := dialer.(proxy.ContextDialer)
	if !ok {
		t.Fatalf("%T takes no context", dialer)
	}
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				ctx, cancel := context.WithTimeout(ctx, 5*time.Second) // the client's deadline is not passed on
				defer cancel()
				return with.DialContext(ctx, network, address)
			},
			TLSClientConfig:     &tls.Config{RootCAs: n.Roots},
			TLSHandshakeTimeout: 4 * time.Second,
			DisableKeepAlives:   true,
		},
	}
}

// A forward dials through the SOCKS proxy.
type forward func(ctx context.Context, network, address string) (net.Conn, error)

func (f forward) Dial(network, address string) (net.Conn, error) {
	return f(context.Background(), network, address)
}

func (f forward) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return f(ctx, network, address)
}

func TestSOCKS(t *testing.T) {
	const page = "200 This is login.live.com.\n"
	someone, other := &proxy.Auth{User: "u", Password: "p"}, &proxy.Auth{User: "u", Password: "q"}
	at := func(f probetest.Fault) []probetest.Fault {
		return []probetest.Fault{probetest.At{Host: "login.live.com", Network: "tcp", Fault: f}}
	}
	all := func(f ...probetest.Fault) []probetest.Fault { return f }
	ofProxy := func(f probetest.Fault) []probetest.Fault { return all(probetest.At{Port: 1080, Fault: f}) }
	for _, test := range []struct {
		name   string
		auth   *proxy.Auth
		faults []probetest.Fault
		want   string // how the result ends
	}{
		{"healthy", nil, nil, page},
		{"required", nil, all(probetest.At{Direct: true, Fault: probetest.Drop}), page},
		{"given credentials that it does not need", someone, nil, page},
		{"demanding authentication", nil, all(probetest.ProxyAuth{}), "no acceptable authentication methods"},
		{"given credentials", someone, all(probetest.ProxyAuth{Basic: "dTpw"}), page},
		{"given wrong credentials", other, all(probetest.ProxyAuth{Basic: "dTpw"}), "authentication failed"},
		{"given credentials where none are right", someone, all(probetest.ProxyAuth{}), "authentication failed"},
		{"denying", nil, all(probetest.ProxyDeny{}), "connection not allowed by ruleset"},
		{"denying otherwise", nil, all(probetest.ProxyDeny{Reply: 8}), "address type not supported"},
		{"denying this host", nil, at(probetest.ProxyDeny{}), "connection not allowed by ruleset"},
		{"denying another host", nil, all(probetest.At{Host: "other.example", Fault: probetest.ProxyDeny{}}), page},
		{"without a way to the host", nil, at(probetest.Refuse), "connection refused"},
		{"without a route to the host", nil, at(probetest.Unreachable{}), "network unreachable"},
		{"told that there is no route", nil, at(probetest.Unreachable{ICMP: true}), "host unreachable"},
		{"that hears nothing", nil, at(probetest.Drop), "i/o timeout"},
		{"refused", nil, ofProxy(probetest.Refuse), ": " + probetest.ConnRefused.Error()},
		{"silent", nil, ofProxy(probetest.Silence), "i/o timeout"},
		{"silent after the request", nil, ofProxy(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}), "i/o timeout"},
		{"closing after the request", nil, ofProxy(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}), "EOF"},
		{"talking garbage", nil, ofProxy(probetest.Garbage{}), "unexpected protocol version 50"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"login.live.com"}, Latency: 20 * time.Millisecond, Faults: test.faults}
				for _, scheme := range []string{"http", "https"} {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://login.live.com/", http.NoBody)
					if err != nil {
						t.Fatal(err)
					}
					got := outcome(throughSOCKS(t, i, test.auth).Do(r))
					got = strings.Replace(strings.TrimPrefix(got, "error "), "200  ", "200 ", 1)
					if !strings.HasSuffix(got, test.want) {
						t.Errorf("%s: got %q, want %q", scheme, got, test.want)
					}
				}
				time.Sleep(3 * time.Minute) // the client keeps dialing after its timeout
			})
		})
	}
}

// Malformed requests are refused where SOCKS has a reply for that.
func TestSOCKSNonsense(t *testing.T) {
	for _, test := range []struct{ name, said, want string }{
		{"another version", "\x04\x01\x00", ""},
		{"half a greeting", "\x05", ""},
		{"no methods", "\x05\x00", "\x05\xff"},
		{"methods that it does not have", "\x05\x02\x01\x80", "\x05\xff"},
		{"another version later", "\x05\x01\x00\x04\x01\x00\x01aaaapp", "\x05\x00"},
		{"another command", "\x05\x01\x00\x05\x02\x00\x01aaaapp", "\x05\x00\x05\x07\x00\x01\x00\x00\x00\x00\x00\x00"},
		{"another type of address", "\x05\x01\x00\x05\x01\x00\x02aaaapp", "\x05\x00\x05\x08\x00\x01\x00\x00\x00\x00\x00\x00"},
		{"half an address", "\x05\x01\x00\x05\x01\x00\x01aa", "\x05\x00"},
		{"half a name", "\x05\x01\x00\x05\x01\x00\x03\x09aa", "\x05\x00"},
		{"no port", "\x05\x01\x00\x05\x01\x00\x03\x02aa", "\x05\x00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{}
				c, err := i.DialContext(t.Context(), "tcp", "192.0.2.80:1080")
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				if _, err := io.WriteString(c, test.said); err != nil {
					t.Fatal(err)
				}
				if half, ok := c.(interface{ CloseWrite() error }); ok {
					_ = half.CloseWrite()
				}
				got, err := io.ReadAll(c)
				if string(got) != test.want || err != nil {
					t.Errorf("answered %q, %v, want %q", got, err, test.want)
				}
			})
		})
	}
}

func TestSecureProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"login.live.com"}}
		n := i.Network()
		client := &http.Client{Transport: &http.Transport{
			Proxy:           http.ProxyURL(i.SecureProxyURL()),
			TLSClientConfig: &tls.Config{RootCAs: n.Roots},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if address != "proxy.example:3129" {
					return nil, errors.New("not through the proxy")
				}
				return n.Connect(ctx, network, "192.0.2.80:3129")
			},
			DisableKeepAlives: true,
		}}
		for _, target := range []string{"http://login.live.com/", "https://login.live.com/"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := outcome(client.Do(r)), "200 This is login.live.com.\n"; got != want {
				t.Errorf("%s: got %q, want %q", target, got, want)
			}
		}
		// That port does not speak plain HTTP.
		c, err := n.Connect(t.Context(), "tcp", "192.0.2.80:3129")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, _ = io.WriteString(c, "GET http://login.live.com/ HTTP/1.1\r\n\r\n")
		if line, err := bufio.NewReader(c).ReadString('\n'); strings.HasPrefix(line, "HTTP/") && strings.Contains(line, "200") {
			t.Errorf("answered %q, %v", line, err)
		}
	})
}

func TestWPADFault(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{
		probetest.WPAD{}, probetest.WPAD{Domain: "Fabrikam.com", Script: "a script"},
	}}
	for target, want := range map[string]string{
		"http://wpad.contoso.com/wpad.dat":  "function FindProxyForURL(url, host) { return \"PROXY proxy.example:3128\"; }\n",
		"http://wpad.fabrikam.com/wpad.dat": "a script",
		"http://wpad.contoso.com/else":      "This is wpad.contoso.com.\n",
		"http://login.live.com/wpad.dat":    "This is login.live.com.\n",
	} {
		answer, body, err := get(t, i, target)
		if err != nil || body != want {
			t.Errorf("%s: %v, %q, want %q", target, err, body, want)
			continue
		}
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		isFile := u.Path == "/wpad.dat" && strings.HasPrefix(u.Host, "wpad.")
		if got := answer.Header.Get("Content-Type") == "application/x-ns-proxy-autoconfig"; got != isFile {
			t.Errorf("%s: Content-Type %q", target, answer.Header.Get("Content-Type"))
		}
	}
}
