package probe_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// queriesSent counts the queries for dnsHost.
func queriesSent(i *probetest.Internet) int {
	n := 0
	for _, e := range i.Log() {
		if e.Kind == probetest.EventQuery && e.Host == dnsHost {
			n++
		}
	}
	return n
}

// TestSharedLookupOnce: a run looks up a name once, for all callers and
// whatever the result.
func TestSharedLookupOnce(t *testing.T) {
	tests := []struct {
		name    string
		faults  []probetest.Fault
		code    probe.Code
		queries int
	}{
		{name: "addresses", queries: 2},
		{name: "no such name", faults: []probetest.Fault{probetest.NXDomain}, code: probe.DNSNXDomain, queries: 2},
		{name: "a dead resolver", faults: []probetest.Fault{probetest.Drop}, code: probe.DNSTimeout, queries: 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{dnsHost}, Faults: tt.faults, Latency: 50 * time.Millisecond}
				n := i.Network().Shared()
				check := func(host string) {
					facts, err := n.Lookup(t.Context(), host)
					if tt.code == "" && err != nil || tt.code != "" && (err == nil || err.Code != tt.code || err.Addr != host) {
						t.Errorf("error %v, want code %q", err, tt.code)
					}
					if facts.Name != host || len(facts.Queries) != 2 {
						t.Errorf("facts %+v", facts)
					}
					// Changes to one caller's copy do not affect the others.
					facts.Queries[0].Addresses = append(facts.Queries[0].Addresses[:0], netip.Addr{})
					clear(facts.Addresses)
				}
				var wg sync.WaitGroup
				for range 10 {
					wg.Go(func() { check(dnsHost) })
				}
				wg.Wait()
				check("LOGIN.live.com")
				if got := queriesSent(i); got != tt.queries {
					t.Errorf("%d queries, want %d", got, tt.queries)
				}
				facts, _ := n.Lookup(t.Context(), dnsHost)
				if tt.code == "" && (len(facts.Addresses) != 1 || !facts.Addresses[0].IsValid() || !facts.Queries[0].Addresses[0].IsValid()) {
					t.Errorf("a caller changed the facts of others: %+v", facts)
				}
				if _, err := i.Network().Shared().Lookup(t.Context(), dnsHost); (err == nil) != (tt.code == "") {
					t.Errorf("error %v", err)
				}
				if got := queriesSent(i); got != 2*tt.queries {
					t.Errorf("%d queries after the next run, want %d", got, 2*tt.queries)
				}
			})
		})
	}
}

// The memory for lookups does not grow with the plan: the oldest are forgotten, and
// what is looked up again is a new question.
func TestSharedLookupsAreForgotten(t *testing.T) {
	const n, most = 2_500, 2_048
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{}
		for k := range n {
			i.Hosts = append(i.Hosts, fmt.Sprintf("host-%d.example.com", k))
		}
		network := i.Network().Shared()
		queries := func(host string) int {
			before := len(i.Log())
			if _, err := network.Lookup(t.Context(), host); err != nil {
				t.Error(err)
			}
			return len(i.Log()) - before
		}
		for _, host := range i.Hosts {
			if _, err := network.Lookup(t.Context(), host); err != nil {
				t.Error(err)
			}
		}
		if kept := network.KeptNames(); kept != most {
			t.Errorf("%d lookups are kept, want %d", kept, most)
		}
		if again := queries(i.Hosts[n-1]); again != 0 {
			t.Errorf("%d questions for the newest name, want none", again)
		}
		if again := queries(i.Hosts[0]); again == 0 {
			t.Error("no question for the oldest name")
		}
	})
}

// TestSharedLookupWaiters has callers with different patience.
func TestSharedLookupWaiters(t *testing.T) {
	type caller struct {
		begins, timeout, cancel time.Duration // zero means never
	}
	type outcome struct {
		Code probe.Code
		At   time.Duration
	}
	const s = time.Second
	tests := []struct {
		name    string
		callers []caller
		want    []outcome
		queries int
	}{
		{
			name:    "the first is canceled, the second waits on",
			callers: []caller{{cancel: 1 * s}, {begins: s / 2}},
			want:    []outcome{{probe.Canceled, 1 * s}, {"", 3 * s}},
			queries: 4,
		}, {
			name:    "the second is canceled, the first does not notice",
			callers: []caller{{}, {begins: s / 2, cancel: s / 2}},
			want:    []outcome{{"", 3 * s}, {probe.Canceled, 1 * s}},
			queries: 4,
		}, {
			name:    "all are canceled, and nothing is left",
			callers: []caller{{cancel: 1 * s}, {begins: s / 2, cancel: s}},
			want:    []outcome{{probe.Canceled, 1 * s}, {probe.Canceled, s * 3 / 2}},
			queries: 2,
		}, {
			name:    "the next one begins anew after all were canceled",
			callers: []caller{{cancel: 1 * s}, {begins: 2 * s}},
			want:    []outcome{{probe.Canceled, 1 * s}, {"", 5 * s}},
			queries: 6,
		}, {
			name:    "the next one has too little time of its own after all were canceled",
			callers: []caller{{cancel: 1 * s}, {begins: 2 * s, timeout: s / 2}},
			want:    []outcome{{probe.Canceled, 1 * s}, {probe.DNSTimeout, 2475 * time.Millisecond}},
			queries: 6,
		}, {
			name:    "the first had too little time, which is not the answer for the second",
			callers: []caller{{timeout: 2 * s}, {begins: 1 * s, timeout: 9 * s}},
			want:    []outcome{{probe.DNSTimeout, 1900 * time.Millisecond}, {"", 4900 * time.Millisecond}},
			queries: 8,
		}, {
			name:    "the first had too little time, and the second has just enough to ask again",
			callers: []caller{{timeout: 2 * s}, {begins: 1 * s, timeout: 1900 * time.Millisecond}},
			want:    []outcome{{probe.DNSTimeout, 1900 * time.Millisecond}, {probe.DNSTimeout, 2850 * time.Millisecond}},
			queries: 8,
		}, {
			name:    "the second has too little time",
			callers: []caller{{}, {begins: s, timeout: s / 2}},
			want:    []outcome{{"", 3 * s}, {probe.DNSTimeout, s * 3 / 2}},
			queries: 4,
		}, {
			name:    "the second has little more time than the first, too little to ask again",
			callers: []caller{{timeout: 2 * s}, {begins: s / 10, timeout: 2 * s}},
			want:    []outcome{{probe.DNSTimeout, 1900 * time.Millisecond}, {probe.DNSTimeout, 1900 * time.Millisecond}},
			queries: 4,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{dnsHost}, Latency: 3 * s}
				n := i.Network().Shared()
				start := time.Now()
				got := make([]outcome, len(tt.callers))
				var wg sync.WaitGroup
				for k, c := range tt.callers {
					wg.Go(func() {
						time.Sleep(c.begins)
						ctx, cancel := context.WithCancel(t.Context())
						defer cancel()
						if c.cancel > 0 {
							time.AfterFunc(c.cancel, cancel)
						}
						if c.timeout > 0 {
							ctx, cancel = context.WithTimeout(ctx, c.timeout)
							defer cancel()
						}
						facts, err := n.Lookup(ctx, dnsHost)
						if facts.Name != dnsHost {
							t.Errorf("facts of %q", facts.Name)
						}
						got[k].At = time.Since(start)
						if err != nil {
							got[k].Code = err.Code
						}
					})
				}
				wg.Wait()
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				time.Sleep(time.Minute) // a running lookup would send again
				if got := queriesSent(i); got != tt.queries {
					t.Errorf("%d queries, want %d", got, tt.queries)
				}
			})
		})
	}
}

// TestSharedLookupKeepsFacts: a caller that reaches its deadline still gets
// what was learned before.
func TestSharedLookupKeepsFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Faults: []probetest.Fault{probetest.Drop}}
		n := i.Network().Shared()
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				facts, err := n.Lookup(ctx, dnsHost)
				if err == nil || err.Code != probe.DNSTimeout {
					t.Errorf("error %v", err)
				}
				want := []string{"A udp*2  dns.timeout", "AAAA udp*2  dns.timeout"}
				if diff := cmp.Diff(want, queryLines(facts.Queries)); diff != "" {
					t.Errorf("queries (-want +got):\n%s", diff)
				}
			})
		}
		wg.Wait()
		if ctx.Err() != nil {
			t.Error("the lookup took all the time there was")
		}
	})
}

// TestSharedLookupCanceledKeepsFacts: the last caller that leaves gets what was
// learned before.
func TestSharedLookupCanceledKeepsFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"), Faults: fault(atAddr("192.0.2.1", probetest.Refuse), atAddr("192.0.2.2", probetest.Drop))}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		facts, err := i.Network().Shared().Lookup(ctx, dnsHost)
		if err == nil || err.Code != probe.Canceled || err.Addr != dnsHost {
			t.Errorf("error %v", err)
		}
		if len(facts.Queries) < 2 || facts.Queries[0].Code != probe.DNSNotListening {
			t.Errorf("queries %v, want those of the resolver that does not listen", queryLines(facts.Queries))
		}
	})
}

// TestSharedDeadResolver: a dead resolver makes one lookup slow, not all.
func TestSharedDeadResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Hosts:     []string{"*.example.com"},
			Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
			Faults:    []probetest.Fault{atAddr("192.0.2.1", probetest.Drop)},
			Latency:   10 * time.Millisecond,
		}
		n := i.Network().Shared()
		lookup := func(host string) string {
			start := time.Now()
			facts, err := n.Lookup(t.Context(), host)
			code := probe.Code("ok")
			if err != nil {
				code = err.Code
			}
			return fmt.Sprint(asked(facts), " ", code, " ", time.Since(start))
		}
		var got []string
		for _, host := range []string{"a.example.com", "b.example.com", "c.example.com"} {
			got = append(got, lookup(host))
		}
		want := []string{
			"192.0.2.1 192.0.2.2 ok 5.01s",
			"192.0.2.2 ok 10ms",
			"192.0.2.2 ok 10ms",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("lookups (-want +got):\n%s", diff)
		}
	})
}

// TestSharedSilence: a resolver is asked last after it answered neither question,
// however that shows. One that says anything to either is not silent.
func TestSharedSilence(t *testing.T) {
	const first, last = "192.0.2.1", "192.0.2.2"
	unanswered := func(qtype uint16) func(*dns.Msg) []*dns.Msg {
		return func(q *dns.Msg) []*dns.Msg {
			if q.Question[0].Qtype == qtype {
				return nil
			}
			return []*dns.Msg{rcode(q, dns.RcodeRefused)}
		}
	}
	tests := []struct {
		name   string
		fault  probetest.Fault
		script func(*dns.Msg) []*dns.Msg // instead of a fault
		want   string                    // the resolver that the next lookup asks first
	}{
		{name: "no answer", fault: probetest.Drop, want: last},
		{name: "nothing listens", fault: probetest.Refuse, want: last},
		{name: "no route", fault: probetest.Unreachable{}, want: last},
		{name: "a router says unreachable", fault: probetest.Unreachable{ICMP: true}, want: last},
		{name: "no answer for IPv4", script: unanswered(dns.TypeA), want: first},
		{name: "no answer for IPv6", script: unanswered(dns.TypeAAAA), want: first},
		{name: "garbage", fault: probetest.DNSAnswer{Raw: []byte("garbage")}, want: first},
		{name: "a failure", fault: probetest.ServFail, want: first},
		{name: "no data", fault: probetest.NoData, want: first},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"*.example.com"}, Resolvers: resolvers(first+":53", last+":53")}
				var n probe.Network
				if tt.script != nil {
					n = scriptedResolver(i, tt.script)
				} else {
					i.Faults = fault(atAddr(first, tt.fault))
					n = i.Network()
				}
				n = n.Shared()
				_, _ = n.Lookup(t.Context(), "a.example.com")
				facts, _ := n.Lookup(t.Context(), "b.example.com")
				if got := facts.Queries[0].Resolver.Addr().String(); got != tt.want {
					t.Errorf("%s is asked first, want %s", got, tt.want)
				}
			})
		})
	}
}

// TestSharedSilentResolverComesBack: a resolver that answers again is preferred
// again.
func TestSharedSilentResolverComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Hosts:     []string{"*.example.com"},
			Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
			Faults: []probetest.Fault{
				probetest.At{Host: "a.example.com", Fault: atAddr("192.0.2.1", probetest.Unanswered)},
				probetest.At{Host: "b.example.com", Fault: atAddr("192.0.2.2", probetest.Unanswered)},
			},
		}
		n := i.Network().Shared()
		var got []string
		for _, host := range []string{"a.example.com", "b.example.com", "c.example.com"} {
			facts, _ := n.Lookup(t.Context(), host)
			got = append(got, asked(facts))
		}
		want := []string{"192.0.2.1 192.0.2.2", "192.0.2.2 192.0.2.1", "192.0.2.1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("resolvers asked (-want +got):\n%s", diff)
		}
	})
}

// TestSharedTruncatingResolver: a resolver with incomplete answers is not dead.
func TestSharedTruncatingResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Hosts:     []string{"*.example.com"},
			Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
			Faults: []probetest.Fault{
				probetest.At{Host: "a.example.com", Fault: atAddr("192.0.2.1", probetest.Truncate)},
				probetest.At{Network: "tcp", Fault: atAddr("192.0.2.1", probetest.Drop)},
			},
		}
		n := i.Network().Shared()
		var got []string
		for _, host := range []string{"a.example.com", "b.example.com"} {
			facts, _ := n.Lookup(t.Context(), host)
			got = append(got, asked(facts))
		}
		if diff := cmp.Diff([]string{"192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2"}, got); diff != "" {
			t.Errorf("resolvers asked (-want +got):\n%s", diff)
		}
	})
}

// TestSharedDNS: what the DNS probe learned is not asked again, and the rest
// is.
func TestSharedDNS(t *testing.T) {
	for _, tt := range []struct {
		fault   probetest.Fault
		queries int
	}{{probetest.Delay{By: 1}, 2}, {probetest.NXDomain, 4}} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{dnsHost}, Faults: []probetest.Fault{tt.fault}}
			n := i.Network().Shared()
			o := n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost})
			facts, err := n.Lookup(t.Context(), dnsHost)
			if diff := cmp.Diff(o.DNS.Addresses, facts.Addresses, equatable); diff != "" || (err == nil) != o.OK() {
				t.Errorf("addresses (-want +got):\n%s%v", diff, err)
			}
			if got := queriesSent(i); got != tt.queries {
				t.Errorf("%d queries, want %d", got, tt.queries)
			}
		})
	}
}
