package probe_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// stuck returns the places where a probe can wait forever. Each is reached
// within a second.
func stuck() []situation {
	web := func(f probetest.Fault) []probetest.Fault { return fault(probetest.At{Network: "tcp", Fault: f}) }
	all := func(n probe.Network) bound { return bound{protocol: probe.TCP, network: n, all: true} }
	return []situation{
		{name: "a silent resolver", faults: fault(probetest.At{Port: 53, Fault: probetest.Drop}), prober: secure, target: httpsTarget, op: probe.OpResolve, code: probe.DNSTimeout},
		{name: "a host that drops packets", faults: web(probetest.Drop), prober: tcp, target: tcpTarget, op: probe.OpConnect, code: probe.TCPTimeout},
		{name: "all addresses of a host that drops packets", ipv6: true, faults: web(probetest.Drop), prober: all, target: tcpTarget, op: probe.OpConnect, code: probe.TCPTimeout},
		{name: "silent TLS", faults: web(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Silence}), prober: secure, target: httpsTarget, op: probe.OpHandshake, code: probe.TLSTimeout},
		{name: "silent HTTP", faults: web(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}), prober: plain, target: httpTarget, op: probe.OpRequest, code: probe.HTTPTimeout},
		{name: "silent HTTP over TLS", faults: web(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}), prober: secure, target: httpsTarget, op: probe.OpRequest, code: probe.HTTPTimeout},
		{name: "a body that stops", faults: web(probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Silence}), prober: plain, target: httpTarget, op: probe.OpBody, code: probe.HTTPTimeout},
		{name: "a body that stops, over TLS", faults: web(probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Silence}), prober: secure, target: httpsTarget, op: probe.OpBody, code: probe.HTTPTimeout},
		{name: "a silent proxy", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Silence}), prober: secure, target: httpsTarget, op: probe.OpProxy, code: probe.Timeout},
		{name: "a proxy that drops packets", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Drop}), prober: secure, target: httpsTarget, op: probe.OpProxy, code: probe.ProxyUnreachable},
		{name: "a silent SOCKS proxy", machine: through(socksProxy), faults: fault(probetest.At{Port: 1080, Fault: probetest.Silence}), prober: secure, target: httpsTarget, op: probe.OpProxy, code: probe.Timeout},
		{name: "a SOCKS proxy that is silent after the request", machine: through(socksProxy), faults: fault(probetest.At{Port: 1080, Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}}), prober: plain, target: httpTarget, op: probe.OpProxy, code: probe.Timeout},
		{name: "a SOCKS proxy without a route", machine: through(socksProxy), faults: fault(probetest.At{Host: host, Network: "tcp", Fault: probetest.Drop}), prober: plain, target: httpTarget, op: probe.OpProxy, code: probe.Timeout},
		{name: "silent TLS of a proxy", machine: through(secureProxy), faults: fault(probetest.At{Port: 3129, Fault: probetest.Silence}), prober: secure, target: httpsTarget, op: probe.OpProxy, code: probe.ProxyUnreachable},
		{name: "a proxy over TLS that is silent after the request", machine: through(secureProxy), faults: fault(probetest.At{Port: 3129, Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}}), prober: secure, target: httpsTarget, op: probe.OpProxy, code: probe.Timeout},
		{name: "a silent resolver for WPAD", faults: fault(probetest.At{Port: 53, Fault: probetest.Drop}), prober: wpad, target: wpadTarget, op: probe.OpResolve, code: probe.DNSTimeout},
		{name: "a silent WPAD host", faults: fault(probetest.WPAD{Domain: wpadTarget.Host}, probetest.At{Network: "tcp", Fault: probetest.Silence}), prober: wpad, target: wpadTarget, op: probe.OpRequest, code: probe.HTTPTimeout},
		{name: "NCSI over two families that drop packets", ipv6: true, faults: web(probetest.Drop), prober: ncsi, target: webTarget, op: probe.OpConnect, code: probe.TCPTimeout},
		{name: "NCSI with a server of the machine's own, all of which drop packets", machine: ownServer, faults: web(probetest.Drop), prober: ncsi, target: webTarget, op: probe.OpConnect, code: probe.TCPTimeout},
		{name: "NCSI over two silent families", ipv6: true, faults: web(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}), prober: ncsi, target: webTarget, op: probe.OpRequest, code: probe.HTTPTimeout},
	}
}

// A bubble ends only when all that was started in it has ended.
func TestCancel(t *testing.T) {
	const after, within = time.Second, 100 * time.Millisecond
	cause := errors.New("the user went home")
	for _, s := range stuck() {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				timer := time.AfterFunc(after, func() { cancel(cause) })
				defer timer.Stop()

				o := s.observe(ctx, s.internet())
				if o.Code() != probe.Canceled || !errors.Is(o.Error, cause) {
					t.Errorf("error = %v, want %s because %v", o.Error, probe.Canceled, cause)
				}
				if o.Duration < after || o.Duration > after+within {
					t.Errorf("took %v, want %v and at most %v more", o.Duration, after, within)
				}
				checkSteps(t, o)
			})
		})
	}
}

func TestDeadline(t *testing.T) {
	const within = 100 * time.Millisecond
	for _, s := range stuck() {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const deadline = 3 * time.Second
				ctx, cancel := context.WithTimeout(t.Context(), deadline)
				defer cancel()

				o := s.observe(ctx, s.internet())
				if o.Code() != s.code || o.Error.Op != s.op {
					t.Errorf("error = %v, want %s of %s", o.Error, s.code, s.op)
				}
				if o.Duration > deadline+within {
					t.Errorf("took %v, want at most %v", o.Duration, deadline)
				}
			})
		})
	}
}

func TestDefaultTimeout(t *testing.T) {
	for _, s := range stuck() {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if o := s.observe(t.Context(), s.internet()); o.Duration > probe.DefaultTimeout {
					t.Errorf("took %v, want at most %v", o.Duration, probe.DefaultTimeout)
				}
			})
		})
	}
}

func TestContextThatEndedBefore(t *testing.T) {
	canceled := func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx, cancel
	}
	expired := func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, -time.Second)
	}
	for _, s := range stuck() {
		for name, ended := range map[string]func(context.Context) (context.Context, context.CancelFunc){"canceled": canceled, "expired": expired} {
			t.Run(s.name+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := ended(t.Context())
					defer cancel()
					i := s.internet()
					o := s.observe(ctx, i)
					if o.Code() != probe.Canceled || o.Attempts != 0 || o.OK() {
						t.Errorf("code %q after %d attempts, want %q after none", o.Code(), o.Attempts, probe.Canceled)
					}
					if log := i.Log(); len(log) != 0 {
						t.Errorf("contacted %v", log)
					}
				})
			})
		}
	}
}
