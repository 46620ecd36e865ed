package probe_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A filter on the way answers the whole where a part is asked for.
func ExampleTarget_range() {
	internet := &probetest.Internet{
		Hosts:  []string{"dl.delivery.mp.microsoft.com", "swda01-mscdn.manage.microsoft.com"},
		Faults: []probetest.Fault{probetest.At{Host: "dl.delivery.mp.microsoft.com", Fault: probetest.IgnoreRange}},
	}
	network := internet.Network()
	for _, host := range internet.Hosts {
		file := probe.Target{Protocol: probe.HTTP, Host: host, Port: 80, Path: "/file", Range: true}
		o := network.Probe(context.Background(), file)
		fmt.Printf("%s: %d %q\n", host, o.HTTP.Status, o.HTTP.Range.Code)
	}
	// Output:
	// dl.delivery.mp.microsoft.com: 200 "http.range_unsupported"
	// swda01-mscdn.manage.microsoft.com: 206 ""
}

// What a host makes of ranges is learned by the way.
func ExampleRangeFacts() {
	internet := &probetest.Internet{Hosts: []string{"dl.delivery.mp.microsoft.com"}}
	target := probe.Target{Protocol: probe.HTTPS, Host: "dl.delivery.mp.microsoft.com", Port: 443, Range: true}

	o := internet.Network().Probe(context.Background(), target)
	fmt.Println("reached:", o.OK())
	fmt.Println("ranges:", o.HTTP.Range.Supported, o.HTTP.Range.ContentRange)
	// Output:
	// reached: true
	// ranges: true bytes 0-0/38
}

// The page of a filter behind inspection: the chain says who reads along, the
// answer who forbids.
func ExampleHTTPFacts() {
	internet := &probetest.Internet{
		Hosts: []string{"login.live.com"},
		Faults: []probetest.Fault{
			probetest.Inspect{Organization: "Fortinet"},
			probetest.Page{Status: 403, Header: http.Header{"Server": {"Zscaler/6.2"}}, Body: "<html><title>Internet Security by Zscaler</title></html>"},
		},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})

	fmt.Println(o.Code())
	fmt.Println("inspected by:", o.TLS.Vendor)
	fmt.Printf("answered by: %s, %d %q\n", o.HTTP.Vendor, o.HTTP.Status, o.HTTP.Title)
	// Output:
	// tls.inspected
	// inspected by: Fortinet
	// answered by: Zscaler, 403 "Internet Security by Zscaler"
}
