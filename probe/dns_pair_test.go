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
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
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

// TestLookupPairs: what a lookup says if one resolver has no address of either
// family, and whether another resolver is asked.
func TestLookupPairs(t *testing.T) {
	const first, both = "192.0.2.1", "192.0.2.1 192.0.2.2"
	const noData, noName, failure, refusal, sinkhole, blocked, refused = "no data", "no name", "failure", "refusal", "sinkhole", "blocked", "blocked by a refusal"
	replies := map[string]func(*dns.Msg) *dns.Msg{
		noData:  func(q *dns.Msg) *dns.Msg { return answerTo(q) },
		noName:  func(q *dns.Msg) *dns.Msg { return rcode(q, dns.RcodeNameError) },
		failure: func(q *dns.Msg) *dns.Msg { return rcode(q, dns.RcodeServerFailure) },
		refusal: func(q *dns.Msg) *dns.Msg { return rcode(q, dns.RcodeRefused) },
		sinkhole: func(q *dns.Msg) *dns.Msg {
			return answerTo(q, map[uint16]string{dns.TypeA: dnsHost + ". 60 IN A 0.0.0.0", dns.TypeAAAA: dnsHost + ". 60 IN AAAA ::"}[q.Question[0].Qtype])
		},
		blocked: func(q *dns.Msg) *dns.Msg { return extended(answerTo(q), dns.ExtendedErrorCodeBlocked) },
		refused: func(q *dns.Msg) *dns.Msg {
			return extended(rcode(q, dns.RcodeRefused), dns.ExtendedErrorCodeBlocked)
		},
	}
	tests := []struct {
		a, aaaa string
		code    probe.Code
		text    string // of the error, after the resolver
		asked   string
	}{
		{noData, noData, probe.DNSNoData, "neither A nor AAAA records", first},
		{noData, failure, probe.DNSServFail, "SERVFAIL", both},
		{noData, refusal, probe.DNSRefused, "REFUSED", both},
		{noData, noName, probe.DNSNXDomain, "NXDOMAIN", first},
		{noData, sinkhole, probe.DNSSinkhole, "only ::", first},
		{noName, noData, probe.DNSNXDomain, "NXDOMAIN", first},
		{noName, failure, probe.DNSNXDomain, "NXDOMAIN", first},
		{noName, sinkhole, probe.DNSSinkhole, "only ::", first},
		{noName, blocked, probe.DNSBlocked, "Blocked", first},
		{sinkhole, noData, probe.DNSSinkhole, "only 0.0.0.0", first},
		{sinkhole, noName, probe.DNSSinkhole, "only 0.0.0.0", first},
		{failure, noData, probe.DNSServFail, "SERVFAIL", both},
		{failure, noName, probe.DNSServFail, "SERVFAIL", both},
		{failure, refusal, probe.DNSServFail, "SERVFAIL", both},
		{blocked, noData, probe.DNSBlocked, "Blocked", first},
		{refused, noData, probe.DNSBlocked, "Blocked", both},
		{refused, noName, probe.DNSBlocked, "Blocked", both},
	}
	for _, tt := range tests {
		t.Run(tt.a+" and "+tt.aaaa, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := scriptedResolver(&probetest.Internet{
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"), Faults: fault(atAddr("192.0.2.2", probetest.Drop)),
				}, func(q *dns.Msg) []*dns.Msg {
					if q.Question[0].Qtype == dns.TypeA {
						return []*dns.Msg{replies[tt.a](q)}
					}
					return []*dns.Msg{replies[tt.aaaa](q)}
				})
				facts, err := n.Lookup(t.Context(), dnsHost)
				if err == nil || err.Code != tt.code || err.Err.Error() != "resolver 192.0.2.1:53: "+tt.text {
					t.Errorf("error %v, want %q: %s", err, tt.code, tt.text)
				}
				if got := asked(facts); got != tt.asked {
					t.Errorf("asked %s, want %s", got, tt.asked)
				}
			})
		})
	}
}

// extended adds an extended error.
func extended(m *dns.Msg, code uint16) *dns.Msg {
	m.SetEdns0(1232, false).IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: code}}
	return m
}

// A rejecting is a socket whose AAAA questions a gateway rejects. The system then
// fails the next read, whichever question that waits for.
type rejecting struct {
	net.Conn

	gateway net.Conn
	reject  atomic.Bool
}

func (c *rejecting) Write(p []byte) (int, error) {
	if m := new(dns.Msg); m.Unpack(p) == nil && m.Question[0].Qtype == dns.TypeAAAA {
		c.reject.Store(true)
		return c.gateway.Write(p)
	}
	return c.Conn.Write(p)
}

func (c *rejecting) Read(p []byte) (int, error) {
	if c.reject.Load() {
		return c.gateway.Read(p)
	}
	return c.Conn.Read(p)
}

func (c *rejecting) Close() error {
	c.gateway.Close()
	return c.Conn.Close()
}

// TestRejectedQuestion: a question that a gateway rejects does not take the other
// one with it, although both were put over one socket.
func TestRejectedQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const resolver, gateway = "192.0.2.1:53", "192.0.2.9:53"
		v4 := addrs("203.0.113.7")
		i := &probetest.Internet{
			Addresses: map[string][]netip.Addr{"a.example": v4},
			Resolvers: resolvers(resolver),
			Latency:   10 * time.Millisecond,
			Faults:    []probetest.Fault{atAddr("192.0.2.9", probetest.Refuse)},
		}
		n := i.Network()
		n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := i.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			g, err := i.DialContext(ctx, network, gateway)
			if err != nil {
				c.Close()
				return nil, err
			}
			return &rejecting{Conn: c, gateway: g}, nil
		}
		facts, err := n.Lookup(t.Context(), "a.example")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v4, facts.Addresses, equatable); diff != "" {
			t.Errorf("addresses (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"A udp*2 NOERROR", "AAAA udp*2  dns.not_listening"}, queryLines(facts.Queries)); diff != "" {
			t.Errorf("queries (-want +got):\n%s", diff)
		}
	})
}

// A lateAAAA is a socket on which answers to AAAA questions come later.
type lateAAAA struct {
	net.Conn

	by time.Duration
}

func (c *lateAAAA) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if m := new(dns.Msg); err == nil && m.Unpack(p[:n]) == nil && m.Question[0].Qtype == dns.TypeAAAA {
		time.Sleep(c.by)
	}
	return n, err
}

// TestSlowResolver: where answers take long, the second may come long after the
// first, and no question is put twice.
func TestSlowResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Addresses: map[string][]netip.Addr{"a.example": addrs("203.0.113.7", "2001:db8::7")},
			Resolvers: resolvers("192.0.2.1:53"),
			Latency:   1200 * time.Millisecond,
		}
		n := i.Network()
		n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := i.DialContext(ctx, network, address)
			return &lateAAAA{c, 400 * time.Millisecond}, err
		}
		facts, err := n.Lookup(t.Context(), "a.example")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"A udp*1 NOERROR", "AAAA udp*1 NOERROR"}, queryLines(facts.Queries)); diff != "" {
			t.Errorf("queries (-want +got):\n%s", diff)
		}
	})
}

// TestExtendedErrors: a resolver that refuses says that the name is blocked with the
// extended errors Blocked, Censored and Filtered, RFC 8914 section 4, and no other.
func TestExtendedErrors(t *testing.T) {
	for _, tt := range []struct {
		code uint16
		want probe.Code
	}{
		{14, probe.DNSRefused}, {15, probe.DNSBlocked}, {16, probe.DNSBlocked}, {17, probe.DNSBlocked}, {18, probe.DNSRefused},
	} {
		n := scriptedResolver(new(probetest.Internet), func(q *dns.Msg) []*dns.Msg {
			return []*dns.Msg{extended(rcode(q, dns.RcodeRefused), tt.code)}
		})
		if _, err := n.Lookup(t.Context(), dnsHost); err == nil || err.Code != tt.want {
			t.Errorf("extended error %d: %v, want %q", tt.code, err, tt.want)
		}
	}
}
