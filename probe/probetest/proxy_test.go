package probetest_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe/probetest"
)

// proxied returns a client that uses the proxy.
func proxied(i *probetest.Internet, user *url.Userinfo) *http.Client {
	n := i.Network()
	u := i.ProxyURL()
	u.User = user
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			Proxy: http.ProxyURL(u),
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if address != "proxy.example:3128" {
					return nil, errors.New("not through the proxy")
				}
				return n.Connect(ctx, network, "192.0.2.80:3128")
			},
			TLSClientConfig:     &tls.Config{RootCAs: n.Roots},
			TLSHandshakeTimeout: 4 * time.Second, // the client's own timeout does not end handshakes
			DisableKeepAlives:   true,
		},
	}
}

func TestProxy(t *testing.T) {
	const page = "This is login.live.com.\n"
	direct := probetest.At{Direct: true, Fault: probetest.Drop}
	for _, test := range []struct {
		name        string
		user        *url.Userinfo
		faults      []probetest.Fault
		http, https string // how the result begins
	}{
		{"healthy", nil, nil, "200 " + page, "200 " + page},
		{"required", nil, []probetest.Fault{direct}, "200 " + page, "200 " + page},
		{"demanding authentication", nil, []probetest.Fault{probetest.ProxyAuth{}}, "407 Negotiate,NTLM,Basic realm=\"proxy.example\" ", "error Proxy Authentication Required"},
		{"demanding one scheme", nil, []probetest.Fault{probetest.ProxyAuth{Schemes: []string{"Kerberos"}}}, "407 Kerberos ", "error Proxy Authentication Required"},
		{"given credentials", url.UserPassword("u", "p"), []probetest.Fault{probetest.ProxyAuth{Basic: "dTpw"}}, "200 " + page, "200 " + page},
		{"given wrong credentials", url.UserPassword("u", "q"), []probetest.Fault{probetest.ProxyAuth{Basic: "dTpw"}}, "407 ", "error Proxy Authentication Required"},
		{"denying", nil, []probetest.Fault{probetest.ProxyDeny{}}, "403 ", "error Forbidden"},
		{"denying otherwise", nil, []probetest.Fault{probetest.ProxyDeny{Status: 502}}, "502 ", "error Bad Gateway"},
		{"denying this host", nil, []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.ProxyDeny{}}}, "403 ", "error Forbidden"},
		{"denying another host", nil, []probetest.Fault{probetest.At{Host: "other.example", Fault: probetest.ProxyDeny{}}}, "200 " + page, "200 " + page},
		{"refused", nil, []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Refuse}}, "error proxyconnect tcp: dial tcp 192.0.2.80:3128", "error proxyconnect tcp: dial tcp 192.0.2.80:3128"},
		{"dropped", nil, []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Drop}}, "error ", "error "},
		{"silent", nil, []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Silence}}, "error ", "error "},
		{"silent after the request", nil, []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}}}, "error ", "error "},
		{"talking garbage", nil, []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Garbage{}}}, "error ", "error "},
		{"without a way to the host", nil, []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.Refuse}}, "503 ", "error Service Unavailable"},
		{"with a host that says nothing", nil, []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.Silence}}, "error ", "error "},
		{"with a host that resets", nil, []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.Reset}}, "503 ", "error read tcp"},
		{"with a host that is inspected", nil, []probetest.Fault{probetest.Inspect{Unknown: true}}, "200 " + page, "error tls: failed to verify certificate"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"login.live.com"}, Latency: 20 * time.Millisecond, Faults: test.faults}
				for scheme, want := range map[string]string{"http": test.http, "https": test.https} {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://login.live.com/", http.NoBody)
					if err != nil {
						t.Fatal(err)
					}
					got := outcome(proxied(i, test.user).Do(r))
					if !strings.HasPrefix(got, want) {
						t.Errorf("%s: got %q, want %q", scheme, got, want)
					}
				}
				time.Sleep(3 * time.Minute) // the client keeps dialing after its timeout
			})
		})
	}
}

// outcome formats a response: the status, the proxy's offered schemes, and the
// body.
func outcome(answer *http.Response, err error) string {
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		return "error " + err.Error()
	}
	defer answer.Body.Close()
	s := answer.Status[:3] + " " + strings.Join(answer.Header.Values("Proxy-Authenticate"), ",")
	if schemes := answer.Header.Values("Proxy-Authenticate"); len(schemes) > 0 {
		s += " "
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return "error " + err.Error()
	}
	return s + string(body)
}

func TestProxyOfUnknownHost(t *testing.T) {
	i := &probetest.Internet{}
	for _, target := range []string{"http://absent.example/", "https://absent.example/", "https://absent.example:99999/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(proxied(i, nil).Do(r)); !strings.HasPrefix(got, "503 ") && got != "error Service Unavailable" {
			t.Errorf("%s: %s", target, got)
		}
	}
}

// Only the proxy receives the credentials.
func TestProxyKeepsCredentials(t *testing.T) {
	i := &probetest.Internet{
		Hosts:   []string{"login.live.com"},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = r.Header.Write(w) }),
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://login.live.com/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got := outcome(proxied(i, url.UserPassword("u", "p")).Do(r))
	if !strings.HasPrefix(got, "200 ") || strings.Contains(got, "Proxy-") {
		t.Errorf("the host was told %q", got)
	}
}

// The log distinguishes the proxy's actions from the machine's.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Addresses: map[string][]netip.Addr{"login.live.com": addrs("203.0.113.1")}, Latency: time.Second}
		if log := i.Log(); len(log) != 0 {
			t.Errorf("before anything happened: %v", log)
		}
		i.Network()
		if _, _, err := get(t, i, "https://login.live.com/x"); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://login.live.com/y", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(proxied(i, nil).Do(r)); !strings.HasPrefix(got, "200 ") {
			t.Fatal(got)
		}
		if _, err := askTime(t, i); err != nil {
			t.Fatal(err)
		}
		start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		at := func(half int) time.Time { return start.Add(time.Duration(half) * time.Second / 2) }
		dns, web, proxy, clock := netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("203.0.113.1:443"), netip.MustParseAddrPort("192.0.2.80:3128"), netip.MustParseAddrPort("203.0.113.123:123")
		want := []probetest.Event{
			{Time: at(0), Kind: probetest.EventQuery, Network: "udp", Addr: dns, Host: "login.live.com", Detail: "A"},
			{Time: at(2), Kind: probetest.EventConnect, Network: "tcp", Addr: web, Host: "login.live.com"},
			{Time: at(5), Kind: probetest.EventHandshake, Network: "tcp", Addr: web, Host: "login.live.com"},
			{Time: at(7), Kind: probetest.EventRequest, Network: "tcp", Addr: web, Host: "login.live.com", Detail: "GET /x"},
			{Time: at(8), Kind: probetest.EventConnect, Network: "tcp", Addr: proxy, Host: "proxy.example", Proxied: true},
			{Time: at(11), Kind: probetest.EventRequest, Network: "tcp", Addr: proxy, Host: "login.live.com", Detail: "CONNECT login.live.com:443", Proxied: true},
			{Time: at(11), Kind: probetest.EventConnect, Network: "tcp", Addr: web, Host: "login.live.com", Proxied: true},
			{Time: at(16), Kind: probetest.EventHandshake, Network: "tcp", Addr: web, Host: "login.live.com", Proxied: true},
			{Time: at(20), Kind: probetest.EventRequest, Network: "tcp", Addr: web, Host: "login.live.com", Detail: "GET /y", Proxied: true},
			{Time: at(22), Kind: probetest.EventDatagram, Network: "udp", Addr: clock},
		}
		sameAddr := cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })
		if diff := cmp.Diff(want, i.Log(), sameAddr); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	})
}
