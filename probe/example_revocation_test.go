package probe_test

import (
	"context"
	"fmt"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// Where the servers of the authority cannot be reached, the host is fine, and
// the facts tell what Windows would miss.
func ExampleHTTPS_revocation() {
	internet := &probetest.Internet{
		Hosts: []string{"login.live.com"},
		Faults: []probetest.Fault{
			probetest.At{Host: "crl.probetest.example", Port: 80, Fault: probetest.Page{Status: 403}},
			probetest.At{Host: "ocsp.probetest.example", Port: 80, Fault: probetest.Refuse},
		},
	}
	network := internet.Network().Shared()
	o := network.Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com"})
	fmt.Println(o.OK(), o.Revocation.Code)
	for _, s := range o.Revocation.Sources {
		fmt.Println(s.Kind, s.URL, s.Code)
	}
	// Output:
	// true revocation.unreachable
	// ocsp http://ocsp.probetest.example tcp.refused
	// crl http://crl.probetest.example/issuing-ca-01.crl http.status
	// ocsp http://ocsp.probetest.example tcp.refused
	// crl http://crl.probetest.example/root-ca.crl http.status
}

// A revoked certificate fails the probe.
func ExampleRevocationFacts() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.Revoke, probetest.Staple},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com"})
	fmt.Println(o.Code())
	for _, s := range o.Revocation.Sources {
		fmt.Println(s.Subject, s.Kind, s.Status)
	}
	// Output:
	// tls.revoked
	// CN=login.live.com stapled revoked
	// CN=login.live.com ocsp revoked
	// CN=login.live.com crl revoked
	// CN=Probetest Public Trust Issuing CA 01,O=Probetest Public Trust ocsp good
	// CN=Probetest Public Trust Issuing CA 01,O=Probetest Public Trust crl good
}

// The server sent its own certificate alone, and Windows would fetch the other.
func ExampleTLSFacts() {
	internet := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.LeafOnly}}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com"})
	fmt.Println(o.OK(), len(o.TLS.Chain), o.TLS.FetchedIssuers)
	// Output: true 1 [http://aia.probetest.example/issuing-ca-01.crt]
}
