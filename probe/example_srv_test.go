package probe_test

import (
	"context"
	"fmt"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// The controllers of a domain are found by its SRV records. One that accepts is enough.
func ExampleSRV() {
	internet := &probetest.Internet{
		Services: map[string][]probetest.Server{
			"_ldap._tcp.dc._msdcs.contoso.com": {{Host: "dc1.contoso.com", Port: 389}, {Host: "dc2.contoso.com", Port: 389}},
		},
		TCPPorts: []uint16{88},
		Faults:   []probetest.Fault{probetest.At{Host: "dc1.contoso.com", Port: 88, Fault: probetest.Refuse}},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{
		Protocol: probe.SRV, Host: "_ldap._tcp.dc._msdcs.contoso.com", Port: 88,
	})
	fmt.Println(o.OK())
	for _, s := range o.SRV.Servers {
		fmt.Println(s.Host, s.Code)
	}
	// Output:
	// true
	// dc1.contoso.com tcp.refused
	// dc2.contoso.com
}

// What a name of a tenant's domain is an alias of.
func ExampleCNAME() {
	internet := &probetest.Internet{
		Aliases: map[string]string{"enterpriseenrollment.contoso.com": "enterpriseenrollment-s.manage.microsoft.com"},
	}
	network := internet.Network()
	for _, host := range []string{"enterpriseenrollment.contoso.com", "enterpriseregistration.contoso.com"} {
		o := network.Probe(context.Background(), probe.Target{Protocol: probe.CNAME, Host: host})
		fmt.Printf("%s %v %q\n", host, o.DNS.CNAMEs, o.Code())
	}
	// Output:
	// enterpriseenrollment.contoso.com [enterpriseenrollment-s.manage.microsoft.com] ""
	// enterpriseregistration.contoso.com [] "dns.nxdomain"
}
