package probetest_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func Example() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.Inspect{Organization: "Example Web Gateway"}},
	}
	target := probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443}
	o := internet.Network().Probe(context.Background(), target)
	fmt.Println(o.Code())
	fmt.Println(o.TLS.Chain[0].Organization)
	// Output:
	// tls.inspected
	// Example Web Gateway
}

// Names that are not listed do not exist.
func ExampleInternet() {
	internet := &probetest.Internet{
		Hosts:   []string{"login.live.com", "*.manage.microsoft.com"},
		Aliases: map[string]string{"www.contoso.com": "login.live.com"},
	}
	network := internet.Network()
	for _, host := range []string{"login.live.com", "www.contoso.com", "fef.manage.microsoft.com", "manage.microsoft.com", "qzjxkv.com"} {
		o := network.Probe(context.Background(), probe.Target{Protocol: probe.DNS, Host: host})
		if o.OK() {
			fmt.Println(host, o.DNS.Addresses)
		} else {
			fmt.Println(host, o.Code())
		}
	}
	// Output:
	// login.live.com [198.19.255.29]
	// www.contoso.com [198.19.255.29]
	// fef.manage.microsoft.com [198.19.111.30]
	// manage.microsoft.com dns.nodata
	// qzjxkv.com dns.nxdomain
}

// An HTTP client can use the internet too. It does not ask the resolvers, so it
// needs the server's address.
func ExampleInternet_DialContext() {
	internet := &probetest.Internet{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, "You asked for", r.URL.Path)
	})}
	client := &http.Client{Transport: &http.Transport{DialContext: internet.DialContext, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://203.0.113.1/path", http.NoBody)
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := client.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Print(string(body), err)
	// Output:
	// You asked for /path
	// <nil>
}

// Errors are those of package net, with the system's error numbers.
func ExampleRefuse() {
	internet := &probetest.Internet{Faults: []probetest.Fault{probetest.Refuse}}
	target := probe.Target{Protocol: probe.TCP, Host: "203.0.113.1", Port: 443}
	o := internet.Network().Probe(context.Background(), target)
	fmt.Println(o.Code())
	// Output: tcp.refused
}

// A fault can be limited to a place: here, to one of two resolvers.
func ExampleAt() {
	first, second := netip.MustParseAddrPort("192.0.2.1:53"), netip.MustParseAddrPort("192.0.2.2:53")
	internet := &probetest.Internet{
		Hosts:     []string{"login.live.com"},
		Resolvers: []netip.AddrPort{first, second},
		Faults: []probetest.Fault{
			probetest.At{Addrs: netip.PrefixFrom(first.Addr(), 32), Fault: probetest.ServFail},
		},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.DNS, Host: "login.live.com"})
	for _, q := range o.DNS.Queries {
		if q.Type == "A" {
			fmt.Println(q.Resolver, q.RCode)
		}
	}
	// Output:
	// 192.0.2.1:53 SERVFAIL
	// 192.0.2.2:53 NOERROR
}

// The log shows what was contacted.
func ExampleInternet_Log() {
	internet := &probetest.Internet{Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("203.0.113.1")}}}
	target := probe.Target{Protocol: probe.TCP, Host: "login.live.com", Port: 443}
	internet.Network().Probe(context.Background(), target)
	for _, e := range internet.Log() {
		if e.Kind == probetest.EventConnect {
			fmt.Println(e.Kind, e.Network, e.Addr, e.Host)
		}
	}
	// Output: connect tcp 203.0.113.1:443 login.live.com
}

// On this network, only the proxy has internet access, and it requires
// authentication.
func ExampleInternet_ProxyURL() {
	internet := &probetest.Internet{
		Hosts: []string{"login.live.com"},
		Faults: []probetest.Fault{
			probetest.At{Direct: true, Network: "tcp", Fault: probetest.Drop},
			probetest.ProxyAuth{Schemes: []string{"Negotiate"}},
		},
	}
	network := internet.Network()
	network.Proxy = func(probe.Target) (*url.URL, error) { return internet.ProxyURL(), nil }
	target := probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443}
	o := network.Probe(context.Background(), target)
	fmt.Println(o.Code(), o.Proxy.Schemes)
	// Output: proxy.auth_required [Negotiate]
}

// The machine's roots differ from the public ones if an administrator has
// installed a middlebox's CA.
func ExampleInternet_Network() {
	internet := &probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{}}}
	network := internet.Network()
	fmt.Println(network.Resolvers)
	fmt.Println(network.Roots.Equal(network.PublicRoots), network.PublicRoots.Equal(x509.NewCertPool()))
	// Output:
	// [192.0.2.53:53]
	// false false
}

// A prober that measures nothing fails. Call TestProber in a testing/synctest
// bubble, because a real prober waits for timeouts.
func ExampleTestProber() {
	lazy := func(_ context.Context, _ probe.Network, t probe.Target) probe.Observation {
		return probe.Observation{Target: t, Start: time.Now()}
	}
	err := probetest.TestProber(lazy, probe.Target{Protocol: "badge", Host: "door.contoso.com", Port: 9000}, nil)
	first, _, _ := strings.Cut(err.Error(), "\n")
	fmt.Println(first)
	// Output: healthy: not measured or not reached: <nil>
}

// The proxy also speaks SOCKS.
func ExampleInternet_SOCKSURL() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Refuse}},
	}
	network := internet.Network()
	network.Proxy = func(probe.Target) (*url.URL, error) { return internet.SOCKSURL(), nil }
	o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})
	fmt.Println(o.Code(), o.Proxy.Reply)
	// Output: proxy.target_unreachable 5
}

// Connections to the proxy can use TLS, and its certificate can be wrong.
func ExampleInternet_SecureProxyURL() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.At{Host: "proxy.example", Fault: probetest.Untrusted}},
	}
	network := internet.Network()
	network.Proxy = func(probe.Target) (*url.URL, error) { return internet.SecureProxyURL(), nil }
	o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})
	fmt.Println(o.Code(), errors.Is(o.Error, probe.TLSUntrusted))
	// Output: proxy.unreachable true
}

// A network that announces a proxy.
func ExampleWPAD() {
	internet := &probetest.Internet{Faults: []probetest.Fault{probetest.WPAD{Domain: "contoso.com"}}}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.WPAD, Host: "contoso.com"})
	fmt.Println(o.WPAD.URL, o.WPAD.Mentions)
	// Output: http://wpad.contoso.com/wpad.dat [proxy.example:3128]
}
