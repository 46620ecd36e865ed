package probe_test

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe/probetest"
)

// A firstOnly is a socket behind hardware that takes its port back after the first
// answer, and drops the others.
type firstOnly struct {
	net.Conn

	answered bool
}

func (c *firstOnly) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err != nil || !c.answered {
			c.answered = true
			return n, err
		}
	}
}

// TestLookupSockets: if an answer is lost because another one came to the same
// port, the question is put over a socket of its own, and a run remembers that.
func TestLookupSockets(t *testing.T) {
	const usual, reopening = "192.0.2.1:53", "192.0.2.2:53"
	type lookup struct {
		Host    string
		Queries []string
		Took    time.Duration
	}
	v4, v6 := netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("2001:db8::7")
	hosts := []string{"a.example", "b.example"}
	whole := []string{"A udp*1 NOERROR", "AAAA udp*1 NOERROR"}
	tests := []struct {
		name     string
		resolver string
		want     []lookup
		sockets  int32
	}{
		{
			name: "both answers come to one port", resolver: usual,
			want:    []lookup{{"a.example", whole, 10 * time.Millisecond}, {"b.example", whole, 10 * time.Millisecond}},
			sockets: 2,
		}, {
			name: "only the first answer to a port comes", resolver: reopening,
			want: []lookup{
				{"a.example", []string{"A udp*1 NOERROR", "AAAA udp*2 NOERROR"}, 270 * time.Millisecond},
				{"b.example", whole, 10 * time.Millisecond},
			},
			sockets: 2 + 2,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Addresses: map[string][]netip.Addr{}, Resolvers: resolvers(test.resolver), Latency: 10 * time.Millisecond}
				for _, host := range hosts {
					i.Addresses[host] = []netip.Addr{v4, v6}
				}
				n := i.Network()
				var sockets atomic.Int32
				n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
					c, err := i.DialContext(ctx, network, address)
					if sockets.Add(1); err == nil && address == reopening {
						c = &firstOnly{Conn: c}
					}
					return c, err
				}
				n = n.Shared()
				var got []lookup
				for _, host := range hosts {
					start := time.Now()
					facts, err := n.Lookup(t.Context(), host)
					if diff := cmp.Diff([]netip.Addr{v4, v6}, facts.Addresses, equatable); diff != "" || err != nil {
						t.Errorf("%s: addresses (-want +got):\n%s%v", host, diff, err)
					}
					got = append(got, lookup{host, queryLines(facts.Queries), time.Since(start)})
				}
				if diff := cmp.Diff(test.want, got); diff != "" || sockets.Load() != test.sockets {
					t.Errorf("%d sockets, want %d; lookups (-want +got):\n%s", sockets.Load(), test.sockets, diff)
				}
			})
		})
	}
}

// TestLookupTimes: each answer has its own time, also if both come to one port.
func TestLookupTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7", "2001:db8::7")},
			Resolvers: resolvers("192.0.2.1:53"), Latency: 10 * time.Millisecond,
		}
		n := i.Network()
		n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := i.DialContext(ctx, network, address)
			return &slowSecond{Conn: c}, err
		}
		start := time.Now()
		facts, err := n.Lookup(t.Context(), dnsHost)
		if err != nil {
			t.Fatal(err)
		}
		got := []time.Duration{facts.Queries[0].Duration, facts.Queries[1].Duration, time.Since(start)}
		if diff := cmp.Diff([]time.Duration{10 * time.Millisecond, 110 * time.Millisecond, 110 * time.Millisecond}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A slowSecond is a socket whose second answer comes late.
type slowSecond struct {
	net.Conn

	answers int
}

func (c *slowSecond) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.answers++; c.answers == 2 {
		time.Sleep(100 * time.Millisecond)
	}
	return n, err
}
