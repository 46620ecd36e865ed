package probe_test

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// saidLines formats what each resolver said as a line: its last octet, the
// type, the response code, the addresses, and how the question failed.
func saidLines(queries []probe.DNSQuery) []string {
	var lines []string
	for _, q := range queries {
		s := fmt.Sprint(q.Resolver.Addr().As4()[3], " ", q.Type, " ", q.RCode, " ", q.Addresses)
		if q.Truncated {
			s += " truncated, " + q.Transport
		}
		if q.Code != "" {
			s += " " + string(q.Code)
		}
		lines = append(lines, s)
	}
	return lines
}

// TestDNSResolversDisagree: the facts tell who said what, and the probe uses
// the first usable answer.
func TestDNSResolversDisagree(t *testing.T) {
	const good1, good2 = "1 A NOERROR [203.0.113.7]", "2 A NOERROR [203.0.113.7]"
	const nothing1, nothing2 = "1 AAAA NOERROR [] dns.nodata", "2 AAAA NOERROR [] dns.nodata"
	tests := []struct {
		name          string
		first, second []probetest.Fault
		want          []netip.Addr
		said          []string
	}{
		{
			name: "they agree", want: addrs("203.0.113.7"),
			said: []string{good1, nothing1, good2, nothing2},
		}, {
			name: "a sinkhole", first: fault(probetest.Sinkhole), want: addrs("203.0.113.7"),
			said: []string{"1 A NOERROR [0.0.0.0] dns.sinkhole", "1 AAAA NOERROR [::] dns.sinkhole", good2, nothing2},
		}, {
			name: "no such name", first: fault(probetest.NXDomain), want: addrs("203.0.113.7"),
			said: []string{"1 A NXDOMAIN [] dns.nxdomain", "1 AAAA NXDOMAIN [] dns.nxdomain", good2, nothing2},
		}, {
			name: "a filter in second place", second: fault(probetest.NXDomain, probetest.DNSAnswer{Extended: 15}), want: addrs("203.0.113.7"),
			said: []string{good1, nothing1, "2 A NXDOMAIN [] dns.blocked", "2 AAAA NXDOMAIN [] dns.blocked"},
		}, {
			name: "another address, which may be as good", first: fault(probetest.DNSAnswer{Addrs: addrs("10.0.0.1")}), want: addrs("10.0.0.1"),
			said: []string{"1 A NOERROR [10.0.0.1]", nothing1, good2, nothing2},
		}, {
			name: "one is dead", first: fault(probetest.Drop), want: addrs("203.0.113.7"),
			said: []string{"1 A  [] dns.timeout", "1 AAAA  [] dns.timeout", good2, nothing2},
		}, {
			name: "one needs TCP, which is blocked", first: fault(probetest.Truncate, probetest.At{Network: "tcp", Fault: probetest.Drop}), want: addrs("203.0.113.7"),
			said: []string{"1 A NOERROR [] truncated, tcp dns.timeout", "1 AAAA NOERROR [] truncated, tcp dns.timeout", good2, nothing2},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7")},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
				}
				for _, f := range tt.first {
					i.Faults = append(i.Faults, atAddr("192.0.2.1", f))
				}
				for _, f := range tt.second {
					i.Faults = append(i.Faults, atAddr("192.0.2.2", f))
				}
				o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost})
				if !o.OK() {
					t.Errorf("error %v", o.Error)
				}
				if diff := cmp.Diff(tt.want, o.DNS.Addresses, equatable); diff != "" {
					t.Errorf("addresses (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.said, saidLines(o.DNS.Queries)); diff != "" {
					t.Errorf("what was said (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestDNSLeavesDecisionToFirstResolver: what the second resolver knows does not
// keep a run's other probes from failing as devices do.
func TestDNSLeavesDecisionToFirstResolver(t *testing.T) {
	tests := []struct {
		name     string
		resolver string // that denies the name
		want     probe.Code
	}{
		{"the first denies the name", "192.0.2.1", probe.DNSNXDomain},
		{"the second denies the name", "192.0.2.2", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7")},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
					Faults:    fault(atAddr(tt.resolver, probetest.NXDomain)),
				}
				n := i.Network().Shared()
				if o := n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost}); !o.OK() {
					t.Errorf("DNS: %v", o.Error)
				}
				o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: dnsHost, Port: 443, NoRevocation: true})
				if o.Code() != tt.want {
					t.Errorf("HTTPS: %v, want code %q", o.Error, tt.want)
				}
			})
		})
	}
}

// TestLookupComparesResolvers: in a run, all resolvers known to answer are
// asked for every name, and what they say changes nothing.
func TestLookupComparesResolvers(t *testing.T) {
	tests := []struct {
		name  string
		fault probetest.Fault // of the second
		want  []string
	}{
		{"the second denies the name", probetest.At{Host: dnsHost, Fault: probetest.NXDomain}, []string{
			"1 A NOERROR [203.0.113.7]", "1 AAAA NOERROR [] dns.nodata", "2 A NXDOMAIN [] dns.nxdomain", "2 AAAA NXDOMAIN [] dns.nxdomain",
		}},
		{"the second is dead", probetest.Drop, []string{"1 A NOERROR [203.0.113.7]", "1 AAAA NOERROR [] dns.nodata"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Hosts:     []string{"other.example"},
					Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7")},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
					Faults:    fault(atAddr("192.0.2.2", tt.fault)),
				}
				n := i.Network().Shared()
				n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: "other.example"})
				o := n.Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: dnsHost, Port: 443})
				if !o.OK() {
					t.Errorf("error %v", o.Error)
				}
				if diff := cmp.Diff(tt.want, saidLines(o.DNS.Queries)); diff != "" {
					t.Errorf("what was said (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestTCPBlockedForDNS: only answers too large for a datagram show whether TCP
// reaches the resolver, and the facts say that it does not.
func TestTCPBlockedForDNS(t *testing.T) {
	overTCP := func(f probetest.Fault) []probetest.Fault {
		return fault(probetest.At{Network: "tcp", Port: 53, Fault: f})
	}
	var large []netip.Addr
	for n := range 100 {
		large = append(large, netip.AddrFrom4([4]byte{203, 0, 113, byte(n)}))
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		addrs  []netip.Addr
		code   probe.Code
		tcp    probe.Code // of the question that TCP was needed for
		took   time.Duration
	}{
		{name: "nothing is blocked", addrs: large, took: 60 * time.Millisecond},
		{name: "blocked, but not needed", faults: overTCP(probetest.Drop), addrs: addrs("203.0.113.7"), took: 20 * time.Millisecond},
		{name: "a black hole", faults: overTCP(probetest.Drop), addrs: large, code: probe.DNSTimeout, tcp: probe.DNSTimeout, took: 5 * time.Second},
		{name: "refused", faults: overTCP(probetest.Refuse), addrs: large, code: probe.DNSNotListening, tcp: probe.DNSNotListening, took: 40 * time.Millisecond},
		{name: "reset", faults: overTCP(probetest.Reset), addrs: large, code: probe.DNSNotListening, tcp: probe.DNSNotListening, took: 50 * time.Millisecond},
		{name: "unreachable", faults: overTCP(probetest.Unreachable{ICMP: true}), addrs: large, code: probe.DNSUnreachable, tcp: probe.DNSUnreachable, took: 40 * time.Millisecond},
		{name: "accepted, but not answered", faults: overTCP(probetest.Unanswered), addrs: large, code: probe.DNSTimeout, tcp: probe.DNSTimeout, took: 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Addresses: map[string][]netip.Addr{dnsHost: tt.addrs}, Latency: 20 * time.Millisecond, Faults: tt.faults}
				for name, p := range map[string]bound{"DNS": {protocol: probe.DNS, network: i.Network()}, "TCP": {protocol: probe.TCP, network: i.Network()}} {
					o := p.Probe(t.Context(), probe.Target{Host: dnsHost, Port: 443})
					if o.Code() != tt.code {
						t.Errorf("%s: error %v, want %q", name, o.Error, tt.code)
					}
					q := o.DNS.Queries[0]
					if needed := len(tt.addrs) > 1; q.Type != "A" || q.Truncated != needed || (q.Transport == "tcp") != needed || q.Code != tt.tcp || q.RCode != "NOERROR" {
						t.Errorf("%s: question %+v", name, q)
					}
					if name == "DNS" && o.Duration != tt.took {
						t.Errorf("took %v, want %v", o.Duration, tt.took)
					}
				}
			})
		})
	}
}

// TestDeadResolverInRun: a dead resolver only slows down the first probe of a
// run, and the facts show it.
func TestDeadResolverInRun(t *testing.T) {
	tests := []struct {
		name string
		warm bool // the plan tests the resolvers first
		took []time.Duration
		said []string // for the first name
	}{
		{
			name: "found by the first probe",
			took: []time.Duration{4850 * time.Millisecond, 100 * time.Millisecond, 100 * time.Millisecond},
			said: []string{"1 A  [] dns.timeout", "1 AAAA  [] dns.timeout", "2 A NOERROR [203.0.113.1]", "2 AAAA NOERROR [] dns.nodata"},
		}, {
			name: "found by a test of the resolvers", warm: true,
			took: []time.Duration{100 * time.Millisecond, 100 * time.Millisecond, 100 * time.Millisecond},
			said: []string{"2 A NOERROR [203.0.113.1]", "2 AAAA NOERROR [] dns.nodata"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{"a.example": addrs("203.0.113.1"), "b.example": addrs("203.0.113.2"), "c.example": addrs("203.0.113.3"), dnsHost: addrs("203.0.113.7")},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
					Faults:    fault(atAddr("192.0.2.1", probetest.Drop)),
					Latency:   20 * time.Millisecond,
				}
				n := i.Network().Shared()
				if tt.warm {
					o := n.Probe(t.Context(), comTarget)
					if diff := cmp.Diff([]probe.Code{probe.DNSTimeout, ""}, stepCodes(o, probe.OpResolve)); diff != "" {
						t.Errorf("resolvers (-want +got):\n%s", diff)
					}
				}
				for k, host := range []string{"a.example", "b.example", "c.example"} {
					o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: host, NoRevocation: true})
					if !o.OK() || o.Duration != tt.took[k] {
						t.Errorf("%s: error %v after %v, want none after %v", host, o.Error, o.Duration, tt.took[k])
					}
					if k > 0 {
						continue
					}
					if diff := cmp.Diff(tt.said, saidLines(o.DNS.Queries)); diff != "" {
						t.Errorf("what was said (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
}
