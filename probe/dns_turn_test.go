package probe_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// TestLookupsTakeTurns: only a resolver that refuses what is too much gets a few
// lookups at a time, and only there a lookup that was refused is tried again.
func TestLookupsTakeTurns(t *testing.T) {
	const rtt = 80 * time.Millisecond
	type result struct {
		Refused int // in the end
		Took    time.Duration
	}
	tests := []struct {
		name     string
		lookups  int
		capacity int // of the resolver
		want     result
		most     int // questions
	}{
		{"as many as it has room for", 300, 300, result{0, rtt}, 300},
		{"more than it has room for", 300, 75, result{0, rtt + 4*rtt}, 600}, // 75 at first, then 64 at a time
		{"few, all refused", probe.FewLookups, 0, result{probe.FewLookups, rtt}, probe.FewLookups},
		{"many, all refused", 300, 0, result{300, rtt + 5*rtt}, 600},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				n := (&probetest.Internet{}).Network().Shared()
				var mu sync.Mutex
				inProgress, asked := 0, 0
				ask := func() (refused bool) {
					mu.Lock()
					asked++
					refused = inProgress >= tt.capacity
					if refused && tt.capacity > 0 {
						mu.Unlock()
						return true
					}
					inProgress++
					mu.Unlock()
					time.Sleep(rtt)
					mu.Lock()
					inProgress--
					mu.Unlock()
					return refused
				}
				var got result
				start := time.Now()
				var wg sync.WaitGroup
				for range tt.lookups {
					wg.Go(func() {
						refused := false
						n.InTurn(ctx, netip.AddrPort{}, func() bool { refused = ask(); return refused })
						mu.Lock()
						defer mu.Unlock()
						if refused {
							got.Refused++
						}
					})
				}
				wg.Wait()
				got.Took = time.Since(start)
				if tt.capacity == 0 {
					got.Took = min(got.Took, tt.want.Took) // less if places were free for some
				}
				if diff := cmp.Diff(tt.want, got); diff != "" || asked > tt.most {
					t.Errorf("%d questions, want at most %d; (-want +got):\n%s", asked, tt.most, diff)
				}
			})
		})
	}
}

// TestTurnsAreShort: names whose servers are silent do not keep others waiting for
// long, and a wait leaves most of a check's time.
func TestTurnsAreShort(t *testing.T) {
	const forever = time.Minute
	for _, tt := range []struct {
		name    string
		timeout time.Duration
		want    time.Duration
	}{
		{"a check with time", 10 * time.Second, time.Second},
		{"a check with little time", 2 * time.Second, 500 * time.Millisecond},
		{"a check that is over", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := (&probetest.Internet{}).Network().Shared()
				ctx, cancel := context.WithTimeout(t.Context(), forever)
				defer cancel()
				for range probe.FewLookups {
					go n.InTurn(ctx, netip.AddrPort{}, func() bool { <-ctx.Done(); return false })
				}
				synctest.Wait()
				own, stop := context.WithTimeout(t.Context(), max(tt.timeout, time.Second))
				defer stop()
				start := time.Now()
				var last time.Duration
				n.InTurn(own, netip.AddrPort{}, func() bool {
					if tt.timeout == 0 {
						stop()
					}
					last = time.Since(start)
					return true
				})
				if last != tt.want {
					t.Errorf("last asked after %v, want %v", last, tt.want)
				}
			})
		})
	}
}

// TestRefusedInTurn: a question that was refused among many is put again, an answer
// stands, and the number of datagrams is that of both times.
func TestRefusedInTurn(t *testing.T) {
	const yes, no = dns.RcodeSuccess, dns.RcodeRefused
	tests := []struct {
		name    string
		target  probe.Target
		others  int              // lookups in progress
		answers map[uint16][]int // in order, by type
		want    []string
	}{
		{
			"both refused at first",
			probe.Target{Protocol: probe.DNS},
			probe.FewLookups,
			map[uint16][]int{dns.TypeA: {no, yes}, dns.TypeAAAA: {no, yes}},
			[]string{"A udp*2 NOERROR", "AAAA udp*2 NOERROR"},
		},
		{
			"AAAA refused at first",
			probe.Target{Protocol: probe.DNS},
			probe.FewLookups,
			map[uint16][]int{dns.TypeA: {yes, yes}, dns.TypeAAAA: {no, yes}},
			[]string{"A udp*2 NOERROR", "AAAA udp*2 NOERROR"},
		},
		{
			"AAAA refused, and both later",
			probe.Target{Protocol: probe.DNS},
			probe.FewLookups,
			map[uint16][]int{dns.TypeA: {yes, no}, dns.TypeAAAA: {no, no}},
			[]string{"A udp*2 NOERROR", "AAAA udp*2 REFUSED dns.refused"},
		},
		{
			"refused alone",
			probe.Target{Protocol: probe.DNS},
			0,
			map[uint16][]int{dns.TypeA: {no, yes}, dns.TypeAAAA: {no, yes}},
			[]string{"A udp*1 REFUSED dns.refused", "AAAA udp*1 REFUSED dns.refused"},
		},
		{
			"a zone refused at first",
			probe.Target{Protocol: probe.SOA},
			probe.FewLookups,
			map[uint16][]int{dns.TypeSOA: {no, yes}},
			[]string{"SOA udp*2 NOERROR"},
		},
		{
			"a zone refused alone",
			probe.Target{Protocol: probe.SOA},
			0,
			map[uint16][]int{dns.TypeSOA: {no, yes}},
			[]string{"SOA udp*1 REFUSED dns.refused"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked [256]atomic.Int32
				n := scriptedResolver(&probetest.Internet{}, func(q *dns.Msg) []*dns.Msg {
					question := q.Question[0]
					if strings.HasPrefix(question.Name, "silent") {
						return nil
					}
					m := answerTo(q, map[uint16]string{
						dns.TypeA:    question.Name + " 300 IN A 203.0.113.7",
						dns.TypeAAAA: question.Name + " 300 IN AAAA 2001:db8::7",
						dns.TypeSOA:  question.Name + " 300 IN SOA ns.example. hostmaster.example. 1 2 3 4 5",
					}[question.Qtype])
					if code := tt.answers[question.Qtype][asked[question.Qtype].Add(1)-1]; code != yes {
						m = rcode(q, code)
					}
					return []*dns.Msg{m}
				}).Shared()
				for k := range tt.others {
					go n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: fmt.Sprintf("silent%d.example", k)})
				}
				synctest.Wait()
				tt.target.Host = dnsHost
				o := n.Probe(t.Context(), tt.target)
				if diff := cmp.Diff(tt.want, queryLines(o.DNS.Queries)); diff != "" {
					t.Errorf("(-want +got):\n%s%v", diff, o.Error)
				}
			})
		})
	}
}
