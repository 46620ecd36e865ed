package probe_test

import (
	"context"
	"fmt"
	"net/url"
	"os"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A network on which only the proxy gets out: the same host is reached through it,
// and not directly.
func ExampleTarget_direct() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.At{Direct: true, Port: 443, Fault: probetest.Refuse}},
	}
	network := internet.Network()
	network.Proxy = func(probe.Target) (*url.URL, error) { return internet.ProxyURL(), nil }
	for _, direct := range []bool{false, true} {
		o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443, Direct: direct})
		fmt.Printf("%s: %q\n", o.Target, o.Code())
	}
	// Output:
	// https login.live.com:443: ""
	// https login.live.com:443 direct: "tcp.refused"
}

// A SOCKS proxy says as a number why it refused.
func ExampleProxyFacts() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.ProxyDeny{}},
	}
	network := internet.Network()
	network.Proxy = func(probe.Target) (*url.URL, error) { return internet.SOCKSURL(), nil }

	o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})
	fmt.Println(o.Code(), o.Proxy.Reply)
	fmt.Println(o.Error)
	// Output:
	// proxy.denied 2
	// proxy socks5://proxy.example:1080: proxy.denied: SOCKS reply 2: not allowed by the proxy's rules
}

func ExampleEnvironmentProxy() {
	for name, value := range map[string]string{"https_proxy": "http://proxy.contoso.com:8080", "no_proxy": "contoso.com"} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Println(err)
		}
		defer func() { _ = os.Unsetenv(name) }()
	}
	proxy, err := probe.EnvironmentProxy()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, host := range []string{"login.live.com", "wiki.contoso.com"} {
		u, err := proxy(probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443})
		fmt.Println(host, u, err)
	}
	// Output:
	// login.live.com http://proxy.contoso.com:8080 <nil>
	// wiki.contoso.com <nil> <nil>
}

// The choice fits into a network. It is nil if there is no proxy.
func ExampleSystemProxy() {
	proxy, err := probe.SystemProxy()
	if err != nil {
		fmt.Println("what the machine does is not known:", err)
		return
	}
	network := probe.Network{Proxy: proxy}
	fmt.Printf("%T\n", network)
	// Output: probe.Network
}

// The domain above tells its machines which proxy to use.
func ExampleWPAD() {
	internet := &probetest.Internet{Faults: []probetest.Fault{probetest.WPAD{Domain: "contoso.com"}}}
	network := internet.Network()
	o := network.Probe(context.Background(), probe.Target{Protocol: probe.WPAD, Host: "emea.contoso.com"})
	for _, n := range o.WPAD.Names {
		fmt.Printf("%s %q\n", n.Name, n.Code)
	}
	fmt.Println(o.WPAD.URL, o.WPAD.Status, o.WPAD.ContentType)
	fmt.Println("mentions", o.WPAD.Mentions)

	o = network.Probe(context.Background(), probe.Target{Protocol: probe.WPAD, Host: "fabrikam.com"})
	fmt.Printf("fabrikam.com: %t %q\n", o.OK(), o.WPAD.URL)
	// Output:
	// wpad.emea.contoso.com "dns.nxdomain"
	// wpad.contoso.com ""
	// http://wpad.contoso.com/wpad.dat 200 application/x-ns-proxy-autoconfig
	// mentions [proxy.example:3128]
	// fabrikam.com: true ""
}
