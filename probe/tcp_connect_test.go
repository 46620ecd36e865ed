package probe_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func at(addr string, f probetest.Fault) probetest.Fault {
	return probetest.At{Addrs: netip.PrefixFrom(netip.MustParseAddr(addr), netip.MustParseAddr(addr).BitLen()), Fault: f}
}

func TestAddresses(t *testing.T) {
	const one, two, three, six = "203.0.113.1", "203.0.113.2", "203.0.113.3", "2001:db8::1"
	type dial struct {
		Addr string
		Code probe.Code
		Took time.Duration
	}
	tests := []struct {
		name   string
		all    bool
		faults []probetest.Fault
		dials  []dial
		remote string
		code   probe.Code
		took   time.Duration
	}{
		{
			name:  "all work",
			dials: []dial{{one, "", 0}}, remote: one,
		},
		{
			name: "the first refuses", faults: fault(at(one, probetest.Refuse)),
			dials: []dial{{one, probe.TCPRefused, 0}, {six, "", 0}}, remote: six,
		},
		{
			name: "the first drops packets", faults: fault(at(one, probetest.Drop)),
			dials: []dial{{one, probe.TCPTimeout, 5 * time.Second}, {six, "", 0}}, remote: six, took: 5 * time.Second,
		},
		{
			name: "the first refuses on a machine without IPv6", faults: fault(at(one, probetest.Refuse), at(six, probetest.Unreachable{})),
			dials: []dial{{one, probe.TCPRefused, 0}, {six, probe.TCPUnreachable, 0}, {two, "", 0}}, remote: two,
		},
		{
			name: "only the last works", faults: fault(at(one, probetest.Refuse), at(two, probetest.Drop), at(six, probetest.Unreachable{})),
			dials:  []dial{{one, probe.TCPRefused, 0}, {six, probe.TCPUnreachable, 0}, {two, probe.TCPTimeout, 10 * time.Second}, {three, "", 0}},
			remote: three, took: 10 * time.Second,
		},
		{
			name: "none works, and the first decides", faults: fault(probetest.At{Port: 443, Fault: probetest.Refuse}, at(six, probetest.Drop)),
			dials: []dial{{one, probe.TCPRefused, 0}, {six, probe.TCPRefused, 0}, {two, probe.TCPRefused, 0}, {three, probe.TCPRefused, 0}},
			code:  probe.TCPRefused,
		},
		{
			name: "all drop packets", faults: fault(probetest.At{Port: 443, Fault: probetest.Drop}),
			dials: []dial{
				{one, probe.TCPTimeout, 5 * time.Second},
				{six, probe.TCPTimeout, 5 * time.Second},
				{two, probe.TCPTimeout, 5 * time.Second},
				{three, probe.TCPTimeout, 5 * time.Second},
			},
			code: probe.TCPTimeout, took: 20 * time.Second,
		},
		{
			name: "all are tried and work", all: true,
			dials: []dial{{one, "", 0}, {six, "", 0}, {two, "", 0}, {three, "", 0}}, remote: one,
		},
		{
			name: "all are tried, the first drops packets, and IPv6 has no route", all: true,
			faults: fault(at(one, probetest.Drop), at(six, probetest.Unreachable{})),
			dials:  []dial{{one, probe.TCPTimeout, 10 * time.Second}, {six, probe.TCPUnreachable, 0}, {two, "", 0}, {three, "", 0}},
			remote: two, took: 10 * time.Second,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{host: {
						netip.MustParseAddr(six), netip.MustParseAddr(one), netip.MustParseAddr(two), netip.MustParseAddr(three),
					}},
					IPv6: true, Faults: test.faults,
				}
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				o := bound{protocol: probe.TCP, network: i.Network(), all: test.all}.Probe(ctx, tcpTarget)

				var dials []dial
				for _, d := range o.TCP.Dials {
					dials = append(dials, dial{d.Addr.Addr().String(), d.Code, d.Duration})
				}
				if diff := cmp.Diff(test.dials, dials); diff != "" {
					t.Errorf("dials (-want +got):\n%s", diff)
				}
				remote := ""
				if o.TCP.Remote.IsValid() {
					remote = o.TCP.Remote.Addr().String()
				}
				if remote != test.remote || o.Code() != test.code || o.Duration.Round(time.Millisecond) != test.took.Round(time.Millisecond) {
					t.Errorf("went on with %q, code %q, after %v; want %q, %q, %v", remote, o.Code(), o.Duration, test.remote, test.code, test.took)
				}
				checkSteps(t, o)
			})
		})
	}
}

// A name can have thousands of addresses.
func TestAddressesAreBounded(t *testing.T) {
	var addrs []netip.Addr
	for n := range 200 {
		addrs = append(addrs, netip.AddrFrom4([4]byte{203, 0, 113, byte(n + 1)}))
	}
	for _, all := range []bool{false, true} {
		t.Run(fmt.Sprint("all=", all), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{host: addrs},
					Faults:    fault(probetest.At{Port: 443, Fault: probetest.Refuse}),
				}
				o := bound{protocol: probe.TCP, network: i.Network(), all: all}.Probe(t.Context(), tcpTarget)
				if got, want := len(o.TCP.Dials), 32; got != want {
					t.Errorf("%d addresses were tried, want %d", got, want)
				}
			})
		})
	}
}

// Many addresses of one family do not keep the other from being tried.
func TestAddressesOfBothFamilies(t *testing.T) {
	var four, six []netip.Addr
	for n := range 40 {
		four = append(four, netip.AddrFrom4([4]byte{203, 0, 113, byte(n + 1)}))
		six = append(six, netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: byte(n + 1)}))
	}
	refused := probetest.At{Port: 443, Fault: probetest.Refuse}
	tests := []struct {
		name   string
		addrs  []netip.Addr
		faults []probetest.Fault
		all    bool
		four   int // tried
		six    int
		ok     bool
	}{
		{name: "both", addrs: append(slices.Clone(four), six...), four: 1, ok: true},
		{name: "all of both", all: true, addrs: append(slices.Clone(four), six...), four: 16, six: 16, ok: true},
		{name: "both refused", addrs: append(slices.Clone(four), six...), faults: fault(refused), four: 16, six: 16},
		{name: "many IPv4 refused and one IPv6 address", addrs: append(slices.Clone(four), six[0]), faults: fault(over4(probetest.Refuse)), four: 1, six: 1, ok: true},
		{name: "many IPv4 silent and one IPv6 address", addrs: append(slices.Clone(four), six[0]), faults: fault(over4(probetest.Drop)), four: 1, six: 1, ok: true},
		{name: "all of many IPv4 and one IPv6 address", all: true, addrs: append(slices.Clone(four), six[0]), four: 31, six: 1, ok: true},
		{name: "many IPv4 refused and two IPv6 addresses", addrs: append(slices.Clone(four), six[:2]...), faults: fault(refused), four: 30, six: 2},
		{name: "one IPv4 silent and many IPv6 addresses", addrs: append(slices.Clone(six), four[0]), faults: fault(over4(probetest.Drop)), four: 1, six: 1, ok: true},
		{name: "IPv6 alone", addrs: six, faults: fault(refused), six: 32},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Addresses: map[string][]netip.Addr{host: test.addrs}, IPv6: true, Faults: test.faults}
				o := bound{protocol: probe.TCP, network: i.Network(), all: test.all}.Probe(t.Context(), tcpTarget)
				var tried4, tried6 int
				for _, d := range o.TCP.Dials {
					if d.Addr.Addr().Is4() {
						tried4++
					} else {
						tried6++
					}
				}
				if tried4 != test.four || tried6 != test.six || o.OK() != test.ok {
					t.Errorf("tried %d and %d, error %v; want %d, %d, ok: %t", tried4, tried6, o.Error, test.four, test.six, test.ok)
				}
				kept := 0 // up to 32 of each family
				for _, family := range [][]netip.Addr{four, six} {
					kept += min(32, len(slices.DeleteFunc(slices.Clone(test.addrs), func(a netip.Addr) bool { return !slices.Contains(family, a) })))
				}
				if len(o.DNS.Addresses) != kept || test.four > 0 && !o.DNS.Addresses[0].Is4() {
					t.Errorf("the facts hold %d addresses, the first %v", len(o.DNS.Addresses), o.DNS.Addresses[0])
				}
			})
		})
	}
}

// An address needs no resolver.
func TestAddressAsHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{IPv6: true}
		for _, host := range []string{"203.0.113.1", "2001:db8::1"} {
			target := probe.Target{Host: host}
			o := plain(i.Network()).Probe(t.Context(), target)
			if !o.OK() || o.DNS != nil || o.HTTP.Status != 200 {
				t.Errorf("%s: error %v, DNS facts %v, HTTP facts %v", host, o.Error, o.DNS, o.HTTP)
			}
		}
		for _, e := range i.Log() {
			if e.Kind == probetest.EventQuery {
				t.Errorf("a resolver was asked: %v", e)
			}
		}
	})
}

// With little time, an address gets enough for one lost packet, and the others
// are not tried.
func TestLittleTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Addresses: map[string][]netip.Addr{host: {
				netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2"), netip.MustParseAddr("203.0.113.3"), netip.MustParseAddr("203.0.113.4"),
			}},
			Faults: fault(probetest.At{Port: 443, Fault: probetest.Drop}),
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		o := tcp(i.Network()).Probe(ctx, tcpTarget)
		var took []time.Duration
		for _, d := range o.TCP.Dials {
			took = append(took, d.Duration)
		}
		if diff := cmp.Diff([]time.Duration{2 * time.Second, time.Second}, took); diff != "" || o.Code() != probe.TCPTimeout {
			t.Errorf("error %v, dials (-want +got):\n%s", o.Error, diff)
		}
	})
}

// A failure of an earlier address does not hide a cancellation.
func TestCancelAfterRefusal(t *testing.T) {
	for _, all := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			const one, two = "203.0.113.1", "203.0.113.2"
			i := &probetest.Internet{
				Addresses: map[string][]netip.Addr{host: {netip.MustParseAddr(one), netip.MustParseAddr(two)}},
				Faults:    fault(at(one, probetest.Refuse), at(two, probetest.Drop)),
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer time.AfterFunc(time.Second, cancel).Stop()
			o := bound{protocol: probe.TCP, network: i.Network(), all: all}.Probe(ctx, tcpTarget)
			if o.Code() != probe.Canceled || len(o.TCP.Dials) != 2 || o.TCP.Dials[0].Code != probe.TCPRefused {
				t.Errorf("all=%t: error %v, dials %v", all, o.Error, o.TCP.Dials)
			}
		})
	}
}

// There is no second attempt without time.
func TestNoSecondAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const one, two = "203.0.113.1", "203.0.113.2"
		i := &probetest.Internet{
			Addresses: map[string][]netip.Addr{host: {netip.MustParseAddr(one), netip.MustParseAddr(two)}},
			Faults:    fault(at(two, probetest.Drop)),
		}
		n := i.Network()
		n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == one+":443" {
				return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNRESET)}
			}
			return i.DialContext(ctx, network, address)
		}
		o := tcp(n).Probe(t.Context(), tcpTarget)
		if o.Code() != probe.TCPReset || o.Attempts != 1 || o.Duration != probe.DefaultTimeout {
			t.Errorf("%v after %d attempts and %v, want %s after 1 and %v", o.Error, o.Attempts, o.Duration, probe.TCPReset, probe.DefaultTimeout)
		}
	})
}

// A connection that breaks before any response gets a second chance.
func TestSecondAttempt(t *testing.T) {
	tests := []struct {
		name   string
		prober func(probe.Network) bound
		target probe.Target
	}{
		{"TCP", tcp, tcpTarget},
		{"TLS", secure, httpsTarget},
		{"HTTP", plain, httpTarget},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				good := &probetest.Internet{Hosts: []string{host}}
				bad := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.Reset)}
				n := good.Network()
				dialed := 0
				n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
					if network == "tcp" {
						dialed++
						switch {
						case dialed > 1:
						case test.name == "TCP":
							return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNRESET)}
						default:
							return bad.DialContext(ctx, network, address)
						}
					}
					return good.DialContext(ctx, network, address)
				}
				o := test.prober(n).Probe(t.Context(), test.target)
				if !o.OK() || o.Attempts != 2 || len(o.TCP.Dials) != 1 {
					t.Errorf("error %v, %d attempts, dials %v; want none, 2, and one", o.Error, o.Attempts, o.TCP.Dials)
				}
				var lost int
				for _, s := range o.Steps {
					if s.Error != nil {
						lost++
					}
				}
				if lost != 1 {
					t.Errorf("%d steps failed, want that of the first attempt alone: %v", lost, o.Steps)
				}
			})
		})
	}
}
