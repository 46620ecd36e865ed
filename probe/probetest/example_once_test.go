package probetest_test

import (
	"context"
	"fmt"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A success on the second attempt still shows the first.
func ExampleOnce() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.At{Port: 443, Fault: probetest.Once{Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}}}},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})
	fmt.Println(o.OK(), "after", o.Attempts, "attempts")
	for _, s := range o.Steps {
		if s.Error != nil {
			fmt.Println(s.Op, s.Error.Code)
		}
	}
	// Output:
	// true after 2 attempts
	// handshake tls.reset
}
