package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// All addresses of a name are tried, to find those that do not work.
func ExampleTCP() {
	good, bad := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")
	internet := &probetest.Internet{
		Addresses: map[string][]netip.Addr{"login.live.com": {good, bad}},
		Faults:    []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(bad, 32), Fault: probetest.Refuse}},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{
		Protocol: probe.TCP, Host: "login.live.com", Port: 443, AllAddresses: true,
	})
	fmt.Println("reached:", o.OK())
	for _, d := range o.TCP.Dials {
		fmt.Printf("%s %q\n", d.Addr, d.Code)
	}
	// Output:
	// reached: true
	// 203.0.113.1:443 ""
	// 203.0.113.2:443 "tcp.refused"
}

// A filter that answers in place of the host gives itself away.
func ExampleHTTP() {
	internet := &probetest.Internet{
		Hosts:  []string{"crl.microsoft.com", "emdl.ws.microsoft.com"},
		Faults: []probetest.Fault{probetest.At{Host: "emdl.ws.microsoft.com", Fault: probetest.BlockPage{By: "proxy.contoso.com"}}},
	}
	network := internet.Network()
	for _, host := range []string{"crl.microsoft.com", "emdl.ws.microsoft.com"} {
		o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTP, Host: host, Port: 80})
		fmt.Printf("%s: %d %q\n", host, o.HTTP.Status, o.Code())
		if via := o.HTTP.Header.Get("Via"); via != "" {
			fmt.Println("  by", via)
		}
	}
	// Output:
	// crl.microsoft.com: 200 ""
	// emdl.ws.microsoft.com: 403 "http.block_page"
	//   by 1.1 proxy.contoso.com (squid/6.13)
}

// The chain says who reads along.
func ExampleHTTPS() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.Inspect{Organization: "Contoso Gateway"}},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})

	if errors.Is(o.Error, probe.TLSInspected) {
		fmt.Println("inspected by", o.TLS.Chain[0].Organization)
	}
	for _, s := range o.Steps {
		fmt.Println(s.Op, s.Error == nil)
	}
	// Output:
	// inspected by Contoso Gateway
	// resolve true
	// connect true
	// handshake false
	// request true
	// body true
}

// What Windows would make of a network with a captive portal.
func ExampleNCSI() {
	internet := &probetest.Internet{Faults: []probetest.Fault{probetest.Portal{}}}
	network := internet.Network()
	web := network.Probe(context.Background(), probe.Target{Protocol: probe.NCSI, Host: "www.msftconnecttest.com", Port: 80})
	fmt.Println(web.Code())
	fmt.Println(web.NCSI.Reason)
	fmt.Println(web.NCSI.IPv4.Status, web.NCSI.IPv4.Location)

	dns := network.Probe(context.Background(), probe.Target{Protocol: probe.NCSI, Host: "dns.msftncsi.com", Port: 53})
	fmt.Println(dns.OK(), dns.NCSI.DNS.Addresses)
	// Output:
	// http.captive_portal
	// ActiveHttpProbeFailedHotspotDetected
	// 302 http://portal.example/login
	// true [131.107.255.255 fd3e:4f5a:5b81::1]
}
