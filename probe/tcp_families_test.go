package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// over6 limits a fault to connections over IPv6.
func over6(f probetest.Fault) probetest.Fault {
	return probetest.At{Addrs: netip.MustParsePrefix("::/0"), Fault: f}
}

func over4(f probetest.Fault) probetest.Fault {
	return probetest.At{Network: "tcp", Addrs: netip.MustParsePrefix("0.0.0.0/0"), Fault: f}
}

// dialLines formats each connection attempt as a line.
func dialLines(o probe.Observation) []string {
	var lines []string
	for _, d := range o.TCP.Dials {
		lines = append(lines, fmt.Sprintf("%s %q %v", d.Addr.Addr(), d.Code, d.Duration))
	}
	return lines
}

func TestFamilies(t *testing.T) {
	const ok4 = `203.0.113.1 "" 20ms`
	all := func(n probe.Network) bound { return bound{protocol: probe.TCP, network: n, all: true} }
	tests := []struct {
		name    string
		prober  func(probe.Network) bound // nil means TCP
		addrs   []netip.Addr              // nil means one of each family
		faults  []probetest.Fault
		timeout time.Duration // zero means 10 s
		proxied bool

		code  probe.Code
		dials []string
		took  time.Duration
	}{
		{
			name:  "both work",
			dials: []string{ok4, `2001:db8::1 "" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "both work, and a request takes longer than the second connection", prober: secure,
			dials: []string{ok4, `2001:db8::1 "" 20ms`}, took: 80 * time.Millisecond,
		}, {
			name: "both work for plain HTTP", prober: plain,
			dials: []string{ok4, `2001:db8::1 "" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "IPv6 is a black hole", faults: fault(over6(probetest.Drop)),
			dials: []string{ok4, `2001:db8::1 "tcp.timeout" 2s`}, took: 2020 * time.Millisecond,
		}, {
			name: "IPv6 is a black hole during a request", prober: secure, faults: fault(over6(probetest.Drop)),
			dials: []string{ok4, `2001:db8::1 "tcp.timeout" 2.06s`}, took: 2080 * time.Millisecond,
		}, {
			name: "IPv6 is refused", faults: fault(over6(probetest.Refuse)),
			dials: []string{ok4, `2001:db8::1 "tcp.refused" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "a router does not know the way over IPv6", faults: fault(over6(probetest.Unreachable{ICMP: true})),
			dials: []string{ok4, `2001:db8::1 "tcp.unreachable" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "the machine has no IPv6", faults: fault(over6(probetest.Unreachable{})),
			dials: []string{ok4, `2001:db8::1 "tcp.unreachable" 0s`}, took: 20 * time.Millisecond,
		}, {
			name: "IPv6 is slow", faults: fault(over6(probetest.Delay{By: 1500 * time.Millisecond})),
			dials: []string{ok4, `2001:db8::1 "" 1.52s`}, took: 1540 * time.Millisecond,
		}, {
			name: "IPv6 is too slow", faults: fault(over6(probetest.Delay{By: 3 * time.Second})),
			dials: []string{ok4, `2001:db8::1 "tcp.timeout" 2s`}, took: 2020 * time.Millisecond,
		}, {
			name: "the first IPv6 address counts", addrs: addrs("203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::2"), faults: fault(at("2001:db8::1", probetest.Refuse)),
			dials: []string{ok4, `2001:db8::1 "tcp.refused" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "no IPv6 address", addrs: addrs("203.0.113.1"),
			dials: []string{ok4}, took: 20 * time.Millisecond,
		}, {
			name: "no IPv4 address", addrs: addrs("2001:db8::1"),
			dials: []string{`2001:db8::1 "" 20ms`}, took: 20 * time.Millisecond,
		}, {
			name: "an IPv4 address in the form of an IPv6 one", addrs: addrs("203.0.113.1", "::ffff:203.0.113.2"),
			dials: []string{ok4}, took: 20 * time.Millisecond,
		}, {
			name: "IPv4 is refused, so that IPv6 is the way", faults: fault(over4(probetest.Refuse)),
			dials: []string{`203.0.113.1 "tcp.refused" 20ms`, `2001:db8::1 "" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "neither works", faults: fault(probetest.At{Network: "tcp", Fault: probetest.Refuse}), code: probe.TCPRefused,
			dials: []string{`203.0.113.1 "tcp.refused" 20ms`, `2001:db8::1 "tcp.refused" 20ms`}, took: 40 * time.Millisecond,
		}, {
			name: "all addresses are tried anyway", prober: all, faults: fault(over6(probetest.Refuse)),
			dials: []string{ok4, `2001:db8::1 "tcp.refused" 20ms`}, took: 20 * time.Millisecond,
		}, {
			name: "IPv4 is silent, so that IPv6 is the way", addrs: addrs("203.0.113.1", "203.0.113.2", "2001:db8::1"), faults: fault(at("203.0.113.1", probetest.Drop)), timeout: 3 * time.Second,
			dials: []string{`203.0.113.1 "tcp.timeout" 2s`, `2001:db8::1 "" 20ms`}, took: 2020 * time.Millisecond,
		}, {
			name: "little time is left", faults: fault(over4(probetest.Delay{By: 1500 * time.Millisecond})), timeout: 3 * time.Second,
			dials: []string{`203.0.113.1 "" 1.52s`}, took: 1520 * time.Millisecond,
		}, {
			name: "time runs out", prober: secure, faults: fault(over4(probetest.Delay{By: 480 * time.Millisecond}), over6(probetest.Drop)), timeout: 3 * time.Second,
			dials: []string{`203.0.113.1 "" 500ms`, `2001:db8::1 "tcp.timeout" 2.5s`}, took: 3 * time.Second,
		}, {
			name: "the request takes all the time", prober: plain, faults: fault(over4(probetest.Silence), over6(probetest.Drop)), code: probe.HTTPTimeout,
			dials: []string{ok4, `2001:db8::1 "tcp.timeout" 9.98s`}, took: 10 * time.Second,
		}, {
			name: "the request fails for good", prober: secure, faults: fault(over4(probetest.Close), over6(probetest.Delay{By: 480 * time.Millisecond})), code: probe.TLSClosed,
			dials: []string{ok4, `2001:db8::1 "" 500ms`}, took: 1520 * time.Millisecond,
		}, {
			name: "the request fails twice, and IPv6 is a black hole", prober: secure, faults: fault(over4(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}), over6(probetest.Drop)), code: probe.TLSReset,
			dials: []string{ok4, `2001:db8::1 "tcp.timeout" 2.02s`}, took: 2080 * time.Millisecond,
		}, {
			name: "the request fails twice, but IPv6 answered", prober: secure, faults: fault(over4(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}), over6(probetest.Unreachable{})), code: probe.TLSReset,
			dials: []string{ok4, `2001:db8::1 "tcp.unreachable" 0s`}, took: 80 * time.Millisecond,
		}, {
			name: "a proxy", prober: secure, proxied: true,
			dials: []string{`192.0.2.80 "" 20ms`}, took: 200 * time.Millisecond,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if tt.addrs == nil {
					tt.addrs = addrs("203.0.113.1", "2001:db8::1")
				}
				if tt.prober == nil {
					tt.prober = tcp
				}
				if tt.timeout == 0 {
					tt.timeout = 10 * time.Second
				}
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{host: tt.addrs}, IPv6: true, Latency: 20 * time.Millisecond,
					Faults: tt.faults,
				}
				n := i.Network().Shared()
				if tt.proxied {
					n.Proxy = func(probe.Target) (*url.URL, error) { return i.ProxyURL(), nil }
				}
				if _, err := n.Lookup(t.Context(), host); err != nil { // so that the lookup takes no time below
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), tt.timeout)
				defer cancel()
				target := probe.Target{Host: host, Families: true}
				if tt.prober(n).protocol == probe.TCP {
					target.Port = 443
				}
				o := tt.prober(n).Probe(ctx, target)
				if o.Code() != tt.code || o.Duration != tt.took {
					t.Errorf("code %q after %v, want %q after %v: %v", o.Code(), o.Duration, tt.code, tt.took, o.Error)
				}
				if diff := cmp.Diff(tt.dials, dialLines(o)); diff != "" {
					t.Errorf("dials (-want +got):\n%s", diff)
				}
				for _, d := range o.TCP.Dials {
					if d.Code == "" {
						if d.Addr != o.TCP.Remote {
							t.Errorf("went on with %v, want the first that works, %v", o.TCP.Remote, d.Addr)
						}
						break
					}
				}
				if steps := len(stepCodes(o, probe.OpConnect)); o.Attempts == 1 && steps != len(tt.dials) {
					t.Errorf("%d steps, want one for each of %d dials", steps, len(tt.dials))
				}
				checkSteps(t, o)
			})
		})
	}
}

// TestFamiliesAsked: a target connects twice only on request.
func TestFamiliesAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, IPv6: true}
		for _, p := range []bound{tcp(i.Network()), plain(i.Network()), secure(i.Network())} {
			if o := p.Probe(t.Context(), probe.Target{Host: host, Port: 443}); len(o.TCP.Dials) != 1 {
				t.Errorf("%s: dials %v", p.protocol, o.TCP.Dials)
			}
		}
	})
}

// TestFamiliesOfAnAddress: an address has one family.
func TestFamiliesOfAnAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{IPv6: true}
		for _, host := range []string{"203.0.113.1", "2001:db8::1"} {
			o := tcp(i.Network()).Probe(t.Context(), probe.Target{Host: host, Port: 443, Families: true})
			if !o.OK() || len(o.TCP.Dials) != 1 {
				t.Errorf("%s: dials %v, error %v", host, o.TCP.Dials, o.Error)
			}
		}
	})
}

// TestFamiliesCanceled: a cancellation keeps what was learned before it.
func TestFamiliesCanceled(t *testing.T) {
	for name, tt := range map[string]struct {
		prober func(probe.Network) bound
		fault  probetest.Fault
		code   probe.Code
	}{
		"while the second connection is waited for": {tcp, over6(probetest.Drop), ""},
		"while both are under way":                  {secure, probetest.At{Network: "tcp", Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}}, probe.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, IPv6: true, Faults: fault(tt.fault, over6(probetest.Drop))}
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(errors.New("the user went home")) })
				before := running()
				o := tt.prober(i.Network()).Probe(ctx, probe.Target{Host: host, Port: 443, Families: true})
				if o.Code() != tt.code || o.Duration < time.Second || o.Duration > 1100*time.Millisecond {
					t.Errorf("error %v after %v", o.Error, o.Duration)
				}
				if len(o.TCP.Dials) != 2 || o.TCP.Dials[0].Code != "" || o.TCP.Dials[1].Code != probe.Canceled {
					t.Errorf("dials %v", o.TCP.Dials)
				}
				synctest.Wait()
				if after := running(); after > before {
					t.Errorf("%d goroutines before, %d after", before, after)
				}
			})
		})
	}
}

// TestLoopbackFamilies connects to this machine over each family that it has.
func TestLoopbackFamilies(t *testing.T) {
	v4, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer v4.Close()
	local := netip.MustParseAddrPort(v4.Addr().String())
	v6, err := new(net.ListenConfig).Listen(t.Context(), "tcp", netip.AddrPortFrom(netip.IPv6Loopback(), local.Port()).String())
	hasIPv6 := err == nil
	if hasIPv6 {
		defer v6.Close()
	}
	resolver := serveDNS(t, func(_ string, q *dns.Msg) []any {
		if q.Question[0].Qtype == dns.TypeAAAA {
			return []any{answerTo(q, dnsHost+". 60 IN AAAA ::1")}
		}
		return []any{answerTo(q, dnsHost+". 60 IN A 127.0.0.1")}
	})
	n := probe.Network{Resolvers: []netip.AddrPort{resolver}}
	o := n.Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: dnsHost, Port: local.Port(), Families: true})
	if !o.OK() || o.TCP.Remote != local || len(o.TCP.Dials) != 2 {
		t.Fatalf("error %v, facts %+v", o.Error, o.TCP)
	}
	if d := o.TCP.Dials[1]; d.Addr.Addr() != netip.IPv6Loopback() || (d.Code == "") != hasIPv6 {
		t.Errorf("over IPv6, which this machine has: %v: %+v", hasIPv6, d)
	}
}

// IPv6 is broken, and an IPv4 connection hides it.
func ExampleTarget_families() {
	v4, v6 := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("2001:db8::1")
	internet := &probetest.Internet{
		Addresses: map[string][]netip.Addr{"login.live.com": {v4, v6}},
		IPv6:      true,
		Faults:    []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(v6, 128), Fault: probetest.Refuse}},
	}
	target := probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443, Families: true}
	o := bound{protocol: probe.HTTPS, network: internet.Network()}.Probe(context.Background(), target)
	fmt.Println("reached:", o.OK())
	for _, d := range o.TCP.Dials {
		fmt.Printf("%s %q\n", d.Addr, d.Code)
	}
	// Output:
	// reached: true
	// 203.0.113.1:443 ""
	// [2001:db8::1]:443 "tcp.refused"
}
