package probetest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe/probetest"
)

func TestConnect(t *testing.T) {
	refuse := probetest.Refuse
	for _, test := range []struct {
		name    string
		address string
		network string
		faults  []probetest.Fault
		want    error // nil for a connection
		after   time.Duration
	}{
		{name: "HTTPS", address: "203.0.113.1:443", after: 40 * time.Millisecond},
		{name: "HTTP over IPv4 alone", network: "tcp4", address: "203.0.113.1:80", after: 40 * time.Millisecond},
		{name: "an address of no name", address: "203.0.113.9:443", after: 40 * time.Millisecond},
		{name: "a mapped address", address: "[::ffff:203.0.113.1]:443", after: 40 * time.Millisecond},
		{name: "IPv6", address: "[2001:db8::1]:443", after: 40 * time.Millisecond},
		{name: "a resolver", address: "192.0.2.53:53", after: 40 * time.Millisecond},
		{name: "a port that was named", address: "203.0.113.1:993", after: 40 * time.Millisecond},
		{name: "another port", address: "203.0.113.1:22", want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "port 0", address: "203.0.113.1:0", want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "loopback", address: "127.0.0.1:443", want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "unspecified", address: "0.0.0.0:443", want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "refused", address: "203.0.113.1:443", faults: []probetest.Fault{refuse}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "dropped", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.Drop}, want: probetest.TimedOut, after: 127 * time.Second},
		{name: "no route", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.Unreachable{}}, want: probetest.NetUnreach},
		{name: "unreachable, says a router", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.Unreachable{ICMP: true}}, want: probetest.HostUnreach, after: 40 * time.Millisecond},
		{name: "slow", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.Delay{By: time.Second}}, after: 1040 * time.Millisecond},
		{name: "slow and dropped", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.Delay{By: time.Second}, refuse}, want: probetest.ConnRefused, after: 1040 * time.Millisecond},
		{name: "its port", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Port: 443, Fault: refuse}}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "not its port", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Port: 80, Fault: refuse}}, after: 40 * time.Millisecond},
		{name: "its name", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Host: "one.example", Fault: refuse}}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "its alias", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Host: "www.example", Fault: refuse}}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "not its name", address: "203.0.113.9:443", faults: []probetest.Fault{probetest.At{Host: "one.example", Fault: refuse}}, after: 40 * time.Millisecond},
		{name: "its address", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("203.0.113.1/32"), Fault: refuse}}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "not its address", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("203.0.113.2/32"), Fault: refuse}}, after: 40 * time.Millisecond},
		{name: "its family", address: "[2001:db8::1]:443", faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("::/0"), Fault: refuse}}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "not its family", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("::/0"), Fault: refuse}}, after: 40 * time.Millisecond},
		{name: "not its transport", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Network: "udp", Fault: refuse}}, after: 40 * time.Millisecond},
		{name: "without the proxy", address: "203.0.113.1:443", faults: []probetest.Fault{probetest.At{Direct: true, Fault: refuse}}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
		{name: "to the proxy", address: "192.0.2.80:3128", faults: []probetest.Fault{probetest.At{Direct: true, Fault: refuse}}, after: 40 * time.Millisecond},
		{name: "the first fault", address: "203.0.113.1:443", faults: []probetest.Fault{refuse, probetest.Drop}, want: probetest.ConnRefused, after: 40 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{"one.example": addrs("203.0.113.1")},
					Aliases:   map[string]string{"www.example": "one.example"},
					IPv6:      true, TCPPorts: []uint16{993},
					Latency: 40 * time.Millisecond, Faults: test.faults,
				}
				network := test.network
				if network == "" {
					network = "tcp"
				}
				start := time.Now()
				c, err := i.DialContext(t.Context(), network, test.address)
				if d := time.Since(start); d != test.after {
					t.Errorf("took %v, want %v", d, test.after)
				}
				if !errors.Is(err, test.want) {
					t.Errorf("error: %v, want %v", err, test.want)
				}
				var op *net.OpError
				if err != nil && (!errors.As(err, &op) || op.Op != "dial" || op.Addr == nil) {
					t.Errorf("not an error of package net: %#v", err)
				}
				if c != nil {
					c.Close()
				}
			})
		})
	}
}

func TestNoIPv6(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}}
	for _, network := range []string{"tcp", "udp"} {
		if _, err := i.DialContext(t.Context(), network, "[2001:db8::1]:443"); !errors.Is(err, probetest.NetUnreach) {
			t.Errorf("%s: %v, want that the network is unreachable", network, err)
		}
	}
}

func TestBadAddress(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}}
	for _, test := range []struct{ network, address string }{
		{"tcp", "login.live.com:443"}, {"tcp", "203.0.113.1"}, {"tcp", ""}, {"unix", "203.0.113.1:443"}, {"", "203.0.113.1:443"},
	} {
		if c, err := i.DialContext(t.Context(), test.network, test.address); err == nil {
			c.Close()
			t.Errorf("%s %s: connected", test.network, test.address)
		}
	}
}

func TestDialEndsWithContext(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(ctx context.Context) (context.Context, context.CancelFunc)
		want error
	}{
		{"at its deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 3*time.Second)
		}, context.DeadlineExceeded},
		{"when canceled", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Faults: []probetest.Fault{probetest.Drop}}
				ctx, cancel := test.end(t.Context())
				defer cancel()
				start := time.Now()
				_, err := i.DialContext(ctx, "tcp", "203.0.113.1:443")
				if !errors.Is(err, test.want) {
					t.Errorf("error: %v, want %v", err, test.want)
				}
				if d := time.Since(start); d != 3*time.Second {
					t.Errorf("took %v, want 3s", d)
				}
				for _, network := range []string{"tcp", "udp"} {
					if _, err := i.DialContext(ctx, network, "203.0.113.1:443"); !errors.Is(err, test.want) {
						t.Errorf("%s with a context that has ended: %v, want %v", network, err, test.want)
					}
				}
			})
		})
	}
}

func TestDatagrams(t *testing.T) {
	for _, test := range []struct {
		name    string
		address string
		faults  []probetest.Fault
		want    error
		after   time.Duration
	}{
		{"a port without a listener", "203.0.113.1:9", nil, probetest.ConnRefused, 40 * time.Millisecond},
		{"refused", "203.0.113.1:123", []probetest.Fault{probetest.Refuse}, probetest.ConnRefused, 40 * time.Millisecond},
		{"unreachable, says a router", "203.0.113.1:123", []probetest.Fault{probetest.Unreachable{ICMP: true}}, probetest.HostUnreach, 40 * time.Millisecond},
		{"dropped", "203.0.113.1:123", []probetest.Fault{probetest.Drop}, os.ErrDeadlineExceeded, 5 * time.Second},
		{"not a request", "203.0.113.1:123", nil, os.ErrDeadlineExceeded, 5 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Latency: 40 * time.Millisecond, Faults: test.faults}
				c, err := i.DialContext(t.Context(), "udp", test.address)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				start := time.Now()
				if err := c.SetDeadline(start.Add(5 * time.Second)); err != nil {
					t.Fatal(err)
				}
				if _, err := c.Write([]byte("?")); err != nil {
					t.Fatal(err)
				}
				_, err = c.Read(make([]byte, 100))
				if !errors.Is(err, test.want) {
					t.Errorf("error: %v, want %v", err, test.want)
				}
				if d := time.Since(start); d != test.after {
					t.Errorf("took %v, want %v", d, test.after)
				}
			})
		})
	}
}

// A sender gets the ICMP message that arrived before its next datagram.
func TestWriteAfterICMP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Latency: 40 * time.Millisecond}
		c, err := i.DialContext(t.Context(), "udp", "203.0.113.1:9")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for n, want := range []error{nil, probetest.ConnRefused, nil} {
			if _, err := c.Write([]byte("?")); !errors.Is(err, want) {
				t.Errorf("datagram %d: %v, want %v", n, err, want)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestLoss(t *testing.T) {
	lost := func(seed uint64) (pattern string) {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Seed: seed, Hosts: []string{"*.example"}, Faults: []probetest.Fault{probetest.Loss{Rate: 0.3}}}
			for range 400 {
				if _, err := ask(t, i, "udp", "a.example", 1); err != nil {
					pattern += "x"
				} else {
					pattern += "."
				}
			}
		})
		return pattern
	}
	one, again, two := lost(1), lost(1), lost(2)
	if one != again {
		t.Errorf("the same seed lost others:\n%s\n%s", one, again)
	}
	if one == two {
		t.Error("another seed lost the same")
	}
	n := 0
	for _, c := range one {
		if c == 'x' {
			n++
		}
	}
	if n < 80 || n > 160 {
		t.Errorf("%d of 400 were lost, at a rate of 0.3", n)
	}
}

func TestLossOfTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"*"}, Faults: []probetest.Fault{probetest.At{Port: 53, Fault: probetest.Loss{First: 2}}}}
		for _, name := range []string{"a.example", "b.example"} {
			for n, want := range []bool{true, true, false, false} {
				if _, err := ask(t, i, "udp", name, 1); (err != nil) != want {
					t.Errorf("query %d for %s: %v", n, name, err)
				}
			}
		}
	})
}

// A path that loses large packets: nothing that follows one arrives, unless it was
// agreed to send smaller ones.
func TestPathMTU(t *testing.T) {
	const large, small = 4000, 100
	for _, test := range []struct {
		name     string
		fault    probetest.PathMTU
		address  string
		mss      int
		up, down int
		want     int // bytes that come back, after as many were sent
	}{
		{"small both ways", probetest.PathMTU{}, "203.0.113.1:7", 0, small, small, small},
		{"a large upload", probetest.PathMTU{}, "203.0.113.1:7", 0, large, small, 0},
		{"a large download", probetest.PathMTU{}, "203.0.113.1:7", 0, small, large, 0},
		{"a large download where uploads are lost", probetest.PathMTU{Upload: true}, "203.0.113.1:7", 0, small, large, large},
		{"a large upload where downloads are lost", probetest.PathMTU{Download: true}, "203.0.113.1:7", 0, large, small, small},
		{"small segments", probetest.PathMTU{}, "203.0.113.1:7", 1360, large, large, large},
		{"segments a little too large", probetest.PathMTU{}, "203.0.113.1:7", 1361, large, small, 0},
		{"small segments over IPv6", probetest.PathMTU{}, "[2001:db8::1]:7", 1340, large, large, large},
		{"segments a little too large over IPv6", probetest.PathMTU{}, "[2001:db8::1]:7", 1341, large, small, 0},
		{"a path of the usual size", probetest.PathMTU{Bytes: 1500}, "203.0.113.1:7", 0, large, large, large},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{IPv6: true, Faults: []probetest.Fault{test.fault}, Serve: map[string]func(net.Conn){":7": func(c net.Conn) {
					if _, err := io.ReadFull(c, make([]byte, test.up)); err == nil {
						_, _ = c.Write(make([]byte, test.down))
					}
				}}}
				dial := func() (net.Conn, error) { return i.DialContext(t.Context(), "tcp", test.address) }
				if test.mss > 0 {
					dial = func() (net.Conn, error) { return i.DialMSS(t.Context(), test.address, test.mss) }
				}
				c, err := dial()
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
					t.Fatal(err)
				}
				if _, err := c.Write(make([]byte, test.up)); err != nil {
					t.Fatal(err)
				}
				n, err := io.ReadFull(c, make([]byte, test.down))
				if n != test.want || (err != nil) != (n == 0) {
					t.Errorf("got %d bytes and %v, want %d", n, err, test.want)
				}
			})
		})
	}
}
