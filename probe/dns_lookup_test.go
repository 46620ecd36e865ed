package probe_test

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A scriptedConn is a connection over which a function answers. It leaves
// unanswered questions to the connection below.
type scriptedConn struct {
	net.Conn
	script func(q *dns.Msg) []*dns.Msg

	mu    sync.Mutex
	queue [][]byte
}

func (c *scriptedConn) Write(b []byte) (int, error) {
	q := new(dns.Msg)
	if err := q.Unpack(b); err != nil {
		return 0, err
	}
	for _, m := range c.script(q) {
		raw, err := m.Pack()
		if err != nil {
			return 0, err
		}
		c.mu.Lock()
		c.queue = append(c.queue, raw)
		c.mu.Unlock()
	}
	return c.Conn.Write(b)
}

func (c *scriptedConn) Read(b []byte) (int, error) {
	c.mu.Lock()
	if len(c.queue) > 0 {
		defer c.mu.Unlock()
		n := copy(b, c.queue[0])
		c.queue = c.queue[1:]
		return n, nil
	}
	c.mu.Unlock()
	return c.Conn.Read(b)
}

// scriptedResolver returns a network whose resolver at 192.0.2.1:53 answers
// datagrams as script says. Other addresses are those of i.
func scriptedResolver(i *probetest.Internet, script func(q *dns.Msg) []*dns.Msg) probe.Network {
	i.Faults = append([]probetest.Fault{atAddr("192.0.2.1", probetest.Drop)}, i.Faults...)
	if i.Resolvers == nil {
		i.Resolvers = resolvers("192.0.2.1:53")
	}
	n := i.Network()
	n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := i.DialContext(ctx, network, address)
		if err != nil || network != "udp" || address != "192.0.2.1:53" {
			return c, err
		}
		return &scriptedConn{Conn: c, script: script}, nil
	}
	return n
}

// answerTo returns an answer with records in zone file notation.
func answerTo(q *dns.Msg, records ...string) *dns.Msg {
	m := new(dns.Msg).SetReply(q)
	m.RecursionAvailable = true
	for _, s := range records {
		rr, err := dns.NewRR(s)
		if err != nil {
			panic(err)
		}
		m.Answer = append(m.Answer, rr)
	}
	return m
}

func rcode(q *dns.Msg, code int) *dns.Msg {
	m := answerTo(q)
	m.Rcode = code
	return m
}

// asked returns the resolvers that were asked, each once, in order.
func asked(f *probe.DNSFacts) string {
	var list []string
	for _, q := range f.Queries {
		list = append(list, q.Resolver.Addr().String())
	}
	return strings.Join(slices.Compact(list), " ")
}

func TestLookupGoesToTheNextResolver(t *testing.T) {
	const both, first = "192.0.2.1 192.0.2.2", "192.0.2.1"
	extended := probetest.DNSAnswer{Extended: 15}
	tests := []struct {
		name   string
		faults []probetest.Fault // of the first resolver
		second probetest.Fault   // of the second
		code   probe.Code
		asked  string
		took   time.Duration
	}{
		{name: "the first answers", asked: first, took: 10 * time.Millisecond},
		{name: "the first is dead", faults: []probetest.Fault{probetest.Drop}, asked: both, took: 4*time.Second + 10*time.Millisecond},
		{name: "the first does not listen", faults: []probetest.Fault{probetest.Refuse}, asked: both, took: 30 * time.Millisecond},
		{name: "the first cannot be reached", faults: []probetest.Fault{probetest.Unreachable{}}, asked: both, took: 10 * time.Millisecond},
		{name: "the first refuses", faults: []probetest.Fault{probetest.Refused}, asked: both, took: 20 * time.Millisecond},
		{name: "the first fails", faults: []probetest.Fault{probetest.ServFail}, asked: both, took: 20 * time.Millisecond},
		{name: "the first makes no sense", faults: []probetest.Fault{probetest.Malformed}, asked: both, took: 20 * time.Millisecond},
		{name: "the first blocks with a refusal", faults: []probetest.Fault{probetest.Refused, extended}, asked: both, took: 20 * time.Millisecond},
		{name: "the first blocks with an answer", faults: []probetest.Fault{probetest.NXDomain, extended}, code: probe.DNSBlocked, asked: first, took: 10 * time.Millisecond},
		{name: "the first refuses, and blocks IPv6", faults: []probetest.Fault{probetest.DNSAnswer{Type: "A", RCode: 5}, probetest.DNSAnswer{Type: "AAAA", Empty: true, Extended: 17}}, asked: both, took: 20 * time.Millisecond},
		{name: "the first denies the name, and fails for IPv6", faults: []probetest.Fault{probetest.DNSAnswer{Type: "A", RCode: 3}, probetest.DNSAnswer{Type: "AAAA", RCode: 2}}, code: probe.DNSNXDomain, asked: first, took: 10 * time.Millisecond},
		{name: "no such name is an answer", faults: []probetest.Fault{probetest.NXDomain}, code: probe.DNSNXDomain, asked: first, took: 10 * time.Millisecond},
		{name: "no data is an answer", faults: []probetest.Fault{probetest.NoData}, code: probe.DNSNoData, asked: first, took: 10 * time.Millisecond},
		{name: "a sinkhole is an answer", faults: []probetest.Fault{probetest.Sinkhole}, code: probe.DNSSinkhole, asked: first, took: 10 * time.Millisecond},
		{name: "both are dead", faults: []probetest.Fault{probetest.Drop}, second: probetest.Drop, code: probe.DNSTimeout, asked: both, took: 8 * time.Second},
		{name: "refusal says more than silence", faults: []probetest.Fault{probetest.Refused}, second: probetest.Drop, code: probe.DNSRefused, asked: both, took: 5*time.Second + 10*time.Millisecond},
		{name: "failure says more than nonsense", faults: []probetest.Fault{probetest.Malformed}, second: probetest.ServFail, code: probe.DNSServFail, asked: both, took: 20 * time.Millisecond},
		{name: "refusal says more than failure", faults: []probetest.Fault{probetest.ServFail}, second: probetest.Refused, code: probe.DNSRefused, asked: both, took: 20 * time.Millisecond},
		{name: "silence says less than failure", faults: []probetest.Fault{probetest.Drop}, second: probetest.ServFail, code: probe.DNSServFail, asked: both, took: 4*time.Second + 10*time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7")},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
					Latency:   10 * time.Millisecond,
					Faults:    []probetest.Fault{atAddr("192.0.2.2", tt.second)},
				}
				for _, f := range tt.faults {
					i.Faults = append(i.Faults, atAddr("192.0.2.1", f))
				}
				ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
				defer cancel()
				start := time.Now()
				facts, err := i.Network().Lookup(ctx, dnsHost)
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				if got := asked(facts); got != tt.asked {
					t.Errorf("asked %q, want %q", got, tt.asked)
				}
				if tt.code == "" {
					if diff := cmp.Diff(addrs("203.0.113.7"), facts.Addresses, equatable); diff != "" || err != nil {
						t.Errorf("addresses (-want +got):\n%s%v", diff, err)
					}
					return
				}
				if err == nil || err.Code != tt.code || len(facts.Addresses) > 0 {
					t.Errorf("error %v and addresses %v, want code %q", err, facts.Addresses, tt.code)
				}
			})
		})
	}
}

// TestLookupTypes has resolvers that treat A and AAAA differently.
func TestLookupTypes(t *testing.T) {
	const v4, v6 = dnsHost + ". 60 IN A 203.0.113.7", dnsHost + ". 60 IN AAAA 2001:db8::7"
	answer := func(rr string) func(*dns.Msg) *dns.Msg {
		return func(q *dns.Msg) *dns.Msg { return answerTo(q, rr) }
	}
	fail := func(code int) func(*dns.Msg) *dns.Msg {
		return func(q *dns.Msg) *dns.Msg { return rcode(q, code) }
	}
	silence := func(*dns.Msg) *dns.Msg { return nil }
	tests := []struct {
		name    string
		a, aaaa func(*dns.Msg) *dns.Msg
		code    probe.Code
		want    []netip.Addr
		queries []string // of the first resolver
		asked   string
		took    time.Duration
	}{
		{
			name: "AAAA is never answered", a: answer(v4), aaaa: silence,
			want: addrs("203.0.113.7"), queries: []string{"A udp*1 NOERROR", "AAAA udp*2  dns.timeout"}, asked: "192.0.2.1", took: 1250 * time.Millisecond,
		}, {
			name: "AAAA fails", a: answer(v4), aaaa: fail(dns.RcodeServerFailure),
			want: addrs("203.0.113.7"), queries: []string{"A udp*1 NOERROR", "AAAA udp*1 SERVFAIL dns.servfail"}, asked: "192.0.2.1",
		}, {
			name: "A fails, so IPv4 is asked for elsewhere", a: fail(dns.RcodeServerFailure), aaaa: answer(v6),
			want: addrs("203.0.113.9"), queries: []string{"A udp*1 SERVFAIL dns.servfail", "AAAA udp*1 NOERROR"}, asked: "192.0.2.1 192.0.2.2",
		}, {
			name: "A is never answered, so IPv4 is asked for elsewhere", a: silence, aaaa: answer(v6),
			want: addrs("203.0.113.9"), queries: []string{"A udp*3  dns.timeout", "AAAA udp*1 NOERROR"}, asked: "192.0.2.1 192.0.2.2", took: 5 * time.Second,
		}, {
			name: "no such name for A, nothing for AAAA", a: fail(dns.RcodeNameError), aaaa: silence, code: probe.DNSNXDomain,
			queries: []string{"A udp*1 NXDOMAIN dns.nxdomain", "AAAA udp*2  dns.timeout"}, asked: "192.0.2.1", took: 1250 * time.Millisecond,
		}, {
			name: "A is a sinkhole, AAAA is good", a: answer(dnsHost + ". 60 IN A 0.0.0.0"), aaaa: answer(v6),
			want: addrs("2001:db8::7"), queries: []string{"A udp*1 NOERROR dns.sinkhole", "AAAA udp*1 NOERROR"}, asked: "192.0.2.1",
		}, {
			name: "A is a sinkhole, AAAA fails", a: answer(dnsHost + ". 60 IN A 0.0.0.0"), aaaa: fail(dns.RcodeServerFailure), code: probe.DNSSinkhole,
			queries: []string{"A udp*1 NOERROR dns.sinkhole", "AAAA udp*1 SERVFAIL dns.servfail"}, asked: "192.0.2.1",
		}, {
			name: "A has no data, AAAA is never answered", a: fail(0), aaaa: silence,
			want: addrs("203.0.113.9"), queries: []string{"A udp*1 NOERROR dns.nodata", "AAAA udp*3  dns.timeout"}, asked: "192.0.2.1 192.0.2.2", took: 5 * time.Second,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := scriptedResolver(&probetest.Internet{
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
					Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.9")},
				}, func(q *dns.Msg) []*dns.Msg {
					script := tt.a
					if q.Question[0].Qtype == dns.TypeAAAA {
						script = tt.aaaa
					}
					if m := script(q); m != nil {
						return []*dns.Msg{m}
					}
					return nil
				})
				start := time.Now()
				facts, err := n.Lookup(t.Context(), dnsHost)
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				if tt.code == "" && err != nil || tt.code != "" && (err == nil || err.Code != tt.code) {
					t.Errorf("error %v, want code %q", err, tt.code)
				}
				if diff := cmp.Diff(tt.want, facts.Addresses, equatable); diff != "" {
					t.Errorf("addresses (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.queries, queryLines(facts.Queries[:2])); diff != "" {
					t.Errorf("queries (-want +got):\n%s", diff)
				}
				if got := asked(facts); got != tt.asked {
					t.Errorf("asked %q, want %q", got, tt.asked)
				}
			})
		})
	}
}

// TestDNSTypes: a missing record of one type says nothing if the other question
// fails.
func TestDNSTypes(t *testing.T) {
	for failing, noData := range map[uint16]uint16{dns.TypeA: dns.TypeAAAA, dns.TypeAAAA: dns.TypeA} {
		synctest.Test(t, func(t *testing.T) {
			n := scriptedResolver(new(probetest.Internet), func(q *dns.Msg) []*dns.Msg {
				if q.Question[0].Qtype == noData {
					return []*dns.Msg{answerTo(q)}
				}
				return []*dns.Msg{rcode(q, dns.RcodeServerFailure)}
			})
			o := n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost})
			if o.Code() != probe.DNSServFail {
				t.Errorf("%s fails: error %v, want code %q", dns.TypeToString[failing], o.Error, probe.DNSServFail)
			}
		})
	}
}

// TestLookupIPv6Fallback: addresses of one family are used if no resolver knows
// the other.
func TestLookupIPv6Fallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := scriptedResolver(&probetest.Internet{
			Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
			Faults:    []probetest.Fault{atAddr("192.0.2.2", probetest.Refused)},
		}, func(q *dns.Msg) []*dns.Msg {
			if q.Question[0].Qtype == dns.TypeA {
				return []*dns.Msg{rcode(q, dns.RcodeServerFailure)}
			}
			return []*dns.Msg{answerTo(q, dnsHost+". 60 IN AAAA 2001:db8::7")}
		})
		facts, err := n.Lookup(t.Context(), dnsHost)
		if diff := cmp.Diff(addrs("2001:db8::7"), facts.Addresses, equatable); diff != "" || err != nil {
			t.Errorf("addresses (-want +got):\n%s%v", diff, err)
		}
	})
}

func TestLookupAddress(t *testing.T) {
	for host, want := range map[string][]netip.Addr{
		"203.0.113.7":        addrs("203.0.113.7"),
		"2001:db8::7":        addrs("2001:db8::7"),
		"::ffff:203.0.113.7": addrs("203.0.113.7"),
		"127.0.0.1":          addrs("127.0.0.1"), // an address named by the caller is not a sinkhole
		"fe80::1%eth0":       addrs("fe80::1%eth0"),
	} {
		i := new(probetest.Internet)
		facts, err := i.Network().Lookup(t.Context(), host)
		if diff := cmp.Diff(&probe.DNSFacts{Name: host, Addresses: want}, facts, equatable); diff != "" || err != nil {
			t.Errorf("%s (-want +got):\n%s%v", host, diff, err)
		}
		if len(i.Log()) > 0 {
			t.Errorf("%s: sent %v", host, i.Log())
		}
	}
}

// TestLookupLoopback: an address of this machine is a valid answer if the
// caller named a resolver on this machine.
func TestLookupLoopback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := scriptedResolver(new(probetest.Internet), func(q *dns.Msg) []*dns.Msg {
			return []*dns.Msg{answerTo(q, dnsHost+". 60 IN A 127.0.0.1")}
		})
		dial := n.Connect
		n.Connect = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial(ctx, network, "192.0.2.1:53")
		}
		for resolver, want := range map[string]probe.Code{
			"127.0.0.1:53":           "",
			"[::1]:5353":             "",
			"[::ffff:127.0.0.53]:53": "",
			"192.0.2.1:53":           probe.DNSSinkhole,
			"[fe80::1%eth0]:53":      probe.DNSSinkhole,
		} {
			n.Resolvers = resolvers(resolver)
			_, err := n.Lookup(t.Context(), dnsHost)
			if want == "" && err != nil || want != "" && (err == nil || err.Code != want) {
				t.Errorf("resolver %s: error %v, want code %q", resolver, err, want)
			}
		}
		// The system's own stub resolver is not the caller's choice.
		n = n.WithSystemResolvers(resolvers("127.0.0.99:53"))
		facts, err := n.Lookup(t.Context(), dnsHost)
		if got := asked(facts); got != "127.0.0.99" || err == nil || err.Code != probe.DNSSinkhole {
			t.Errorf("error %v of %s, want code %q", err, got, probe.DNSSinkhole)
		}
	})
}
