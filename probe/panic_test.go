package probe_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// everything returns a target of each protocol.
func everything() []probe.Target {
	return []probe.Target{
		{Protocol: probe.DNS, Host: host},
		{Protocol: probe.NXDomain, Host: "com"},
		{Protocol: probe.CNAME, Host: host},
		{Protocol: probe.SOA, Host: host},
		{Protocol: probe.TCP, Host: host, Port: 443, Families: true},
		{Protocol: probe.TCP, Host: host, Port: 443, AllAddresses: true},
		{Protocol: probe.HTTP, Host: host},
		{Protocol: probe.HTTPS, Host: host},
		{Protocol: probe.NTP, Host: host},
		{Protocol: probe.NCSI},
		{Protocol: probe.NCSI, Port: 53},
		{Protocol: probe.WPAD, Host: "contoso.com"},
		{Protocol: probe.SRV, Host: "_ldap._tcp.contoso.com"},
	}
}

// brokenDialers break the contract of Connect in every way.
func brokenDialers(i *probetest.Internet) map[string]func(context.Context, string, string) (net.Conn, error) {
	return map[string]func(context.Context, string, string) (net.Conn, error){
		"panics": func(context.Context, string, string) (net.Conn, error) { panic("the embedder's mistake") },
		"returns nothing": func(context.Context, string, string) (net.Conn, error) {
			return nil, nil //nolint:nilnil // the mistake
		},
		"returns nothing of a type": func(context.Context, string, string) (net.Conn, error) {
			return (*net.TCPConn)(nil), nil
		},
		"panics over TCP": func(ctx context.Context, network, address string) (net.Conn, error) {
			if network == "tcp" {
				panic(errors.New("the embedder's mistake"))
			}
			return i.DialContext(ctx, network, address)
		},
		"returns a connection that panics": func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := i.DialContext(ctx, network, address)
			return panickyConn{c}, err
		},
	}
}

// A panickyConn panics when used.
type panickyConn struct{ net.Conn }

func (panickyConn) Write([]byte) (int, error) { panic("the embedder's mistake") }

// A dialer that breaks its contract makes the probe fail, and nothing else.
func TestBrokenDialers(t *testing.T) {
	i := func() *probetest.Internet {
		return &probetest.Internet{
			Hosts: []string{host, "wpad.contoso.com"}, IPv6: true,
			Services: map[string][]probetest.Server{"_ldap._tcp.contoso.com": {{Host: "dc.contoso.com", Port: 443}}},
		}
	}
	for name := range brokenDialers(nil) {
		for _, target := range everything() {
			t.Run(name+"/"+target.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					i := i()
					n := i.Network()
					n.Connect = brokenDialers(i)[name]
					for _, n := range []probe.Network{n, n.Shared()} {
						o := n.Probe(t.Context(), target)
						udp := target.Protocol == probe.DNS || target.Protocol == probe.NXDomain || target.Protocol == probe.NTP || target.Port == 53
						quiet := target.Protocol == probe.TCP || target.Protocol == probe.SRV
						switch {
						case name == "panics over TCP" && udp, name == "panics over TCP" && (target.Protocol == probe.CNAME || target.Protocol == probe.SOA):
							if errors.Is(o.Error, probe.Panicked) {
								t.Errorf("nothing of it is over TCP: %v", o.Error)
							}
						case !errors.Is(o.Error, probe.Panicked):
							t.Errorf("error %v, want %s", o.Error, probe.Panicked)
						case strings.HasPrefix(name, "panics") && !quiet && !strings.Contains(o.Error.Error(), "the embedder's mistake"):
							t.Errorf("the value is lost: %v", o.Error)
						case strings.HasPrefix(name, "panics") && !strings.Contains(o.Error.Error(), "panic_test.go"):
							t.Errorf("the stack is lost: %v", o.Error)
						}
					}
				})
			})
		}
	}
}

// A dialer that keeps its contract is the harmless twin.
func TestWholeDialer(t *testing.T) {
	for _, target := range everything() {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{
				Hosts:    []string{host},
				Services: map[string][]probetest.Server{"_ldap._tcp.contoso.com": {{Host: "dc.contoso.com", Port: 443}}},
			}
			o := i.Network().Probe(t.Context(), target)
			if errors.Is(o.Error, probe.Panicked) {
				t.Errorf("%s: %v", target, o.Error)
			}
		})
	}
}

// A successful probe has no code.
func TestNoError(t *testing.T) {
	var o probe.Observation
	if errors.Is(o.Error, probe.Panicked) || errors.Unwrap(o.Error) != nil || o.Error.Error() != "<nil>" {
		t.Errorf("%v", o.Error)
	}
}

func TestProxyThatPanics(t *testing.T) {
	for _, target := range []probe.Target{httpTarget, httpsTarget, webTarget} {
		synctest.Test(t, func(t *testing.T) {
			n := (&probetest.Internet{Hosts: []string{host}}).Network()
			n.Proxy = func(probe.Target) (*url.URL, error) {
				none := make([]*url.URL, 0)
				return none[len(none)], nil // a runtime error
			}
			o := n.Probe(t.Context(), target)
			if o.Code() != probe.Panicked || o.Error.Op != probe.OpProxy || !strings.Contains(o.Error.Error(), "index out of range") {
				t.Errorf("%s: %v", target, o.Error)
			}
			if n.Resolves(target) {
				t.Errorf("%s: resolves, through who knows which proxy", target)
			}
			target.Direct = true
			if o := n.Probe(t.Context(), target); !o.OK() {
				t.Errorf("%s: %v", target, o.Error)
			}
		})
	}
}

// Panics count whenever they occur, and a working address makes up for one that
// does not work.
func TestPanicOfOneAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := netip.MustParseAddr("203.0.113.1")
		i := &probetest.Internet{Addresses: map[string][]netip.Addr{host: {bad, netip.MustParseAddr("203.0.113.2")}}, Latency: time.Second}
		n := i.Network()
		n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasPrefix(address, bad.String()) {
				time.Sleep(20 * time.Second) // after the end of the context
				panic("late")
			}
			return i.DialContext(ctx, network, address)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		o := n.Probe(ctx, probe.Target{Protocol: probe.TCP, Host: host, Port: 443})
		if o.Code() != probe.Panicked || !strings.Contains(o.Error.Error(), "late") {
			t.Errorf("error %v", o.Error)
		}
		o = n.Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: host, Port: 443, AllAddresses: true})
		if o.TCP == nil || o.TCP.Dials[0].Code != probe.Panicked || o.TCP.Dials[1].Code != "" {
			t.Errorf("error %v, dials %+v", o.Error, o.TCP)
		}
	})
}
