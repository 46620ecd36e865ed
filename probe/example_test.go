package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A prober of one's own, with a step and a code of its own.
func ExampleProber() {
	const noBadge probe.Code = "contoso.no_badge"
	badge := func(_ context.Context, _ probe.Network, t probe.Target) probe.Observation {
		return probe.Observation{
			Target: t, Attempts: 1, Start: time.Now(),
			Error: &probe.Error{Op: "badge", Addr: t.Addr(), Code: noBadge},
		}
	}
	var p probe.Prober = badge
	o := p(context.Background(), probe.Network{}, probe.Target{Protocol: "badge", Host: "door.contoso.com", Port: 9000})
	fmt.Println(o.OK(), o.Error)
	// Output:
	// false badge door.contoso.com:9000: contoso.no_badge
}

// A code is found in any error that a probe's error is wrapped in.
func ExampleCode() {
	internet := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.Expired},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.HTTPS, Host: "login.live.com"})
	err := fmt.Errorf("sign-in: %w", o.Error)

	fmt.Println(errors.Is(err, probe.TLSExpired), errors.Is(err, probe.TLSUntrusted))
	if e, ok := errors.AsType[*probe.Error](err); ok {
		fmt.Println(e.Op, e.Addr, e.Code)
	}
	// Output:
	// true false
	// handshake login.live.com:443 tls.expired
}

// The probes of one run look each name up once.
func ExampleNetwork_Shared() {
	internet := &probetest.Internet{Hosts: []string{"login.live.com"}}
	run := internet.Network().Shared()

	for _, protocol := range []probe.Protocol{probe.HTTP, probe.HTTPS} {
		o := run.Probe(context.Background(), probe.Target{Protocol: protocol, Host: "login.live.com", NoRevocation: true})
		fmt.Println(o.HTTP.Status == http.StatusOK)
	}
	queries := 0
	for _, e := range internet.Log() {
		if e.Kind == probetest.EventQuery {
			queries++
		}
	}
	fmt.Println(queries, "queries: A and AAAA")
	// Output:
	// true
	// true
	// 2 queries: A and AAAA
}
