//go:build linux

package integration_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netready/netready/probe"
)

// within returns what connects from within a network namespace.
func within(t *testing.T, namespace string) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	open := func(path string) int {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() }) //nolint:errcheck // only read
		return int(f.Fd())
	}
	home, there := open("/proc/thread-self/ns/net"), open(filepath.Join("/run/netns", namespace))
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		runtime.LockOSThread()
		if err := unix.Setns(there, unix.CLONE_NEWNET); err != nil {
			runtime.UnlockOSThread()
			return nil, err
		}
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		// Only back at home may the thread serve others.
		if back := unix.Setns(home, unix.CLONE_NEWNET); back != nil {
			panic(back)
		}
		runtime.UnlockOSThread()
		return conn, err
	}
}

// askAll probes all targets at once. A target is a protocol and a host, as in
// "dns login.live.com".
func askAll(t *testing.T, n probe.Network, targets []string) map[string]probe.Observation {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	observations := make(map[string]probe.Observation)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, target := range targets {
		protocol, host, _ := strings.Cut(target, " ")
		wg.Go(func() {
			o := n.Probe(ctx, probe.Target{Protocol: probe.Protocol(protocol), Host: host})
			mu.Lock()
			defer mu.Unlock()
			observations[target] = o
		})
	}
	wg.Wait()
	return observations
}

// describe says what came for a question: the code, the response code, the
// flags, the SOA record, and what else stands out.
func describe(q probe.DNSQuery) string {
	words := []string{string(q.Code), q.RCode}
	if q.Authoritative {
		words = append(words, "AA")
	}
	if q.RecursionAvailable {
		words = append(words, "RA")
	}
	for _, name := range q.CNAMEs {
		words = append(words, "alias "+name)
	}
	for _, addr := range q.Addresses {
		words = append(words, addr.String())
	}
	if q.SOA != nil {
		words = append(words, fmt.Sprintf("SOA %s %s %s", q.SOA.Owner, q.SOA.MName, q.SOA.RName))
	}
	for _, e := range q.Extended {
		words = append(words, fmt.Sprintf("EDE %d %q", e.InfoCode, e.Text))
	}
	if q.Truncated {
		words = append(words, "truncated")
	}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), " ")
}

// operators are who answers for the zones of the test.
func operators() []probe.SOARecord {
	return []probe.SOARecord{
		{Owner: "microsoft.com", MName: "ns1-39.azure-dns.com", RName: "azuredns-hostmaster.microsoft.com"},
		{Owner: "windowsupdate.com", MName: "ns1-39.azure-dns.com", RName: "azuredns-hostmaster.microsoft.com"},
		{Owner: "azureedge.net", MName: "ns1-06.azure-dns.com", RName: "msnhst.microsoft.com"},
	}
}

// provesGone reports whether an observation is what comes when an operator denies
// a name, through resolvers that only pass it on. Both questions have to say so:
// a filter of IPv4 addresses leaves the operator's own answer that there are no
// IPv6 addresses.
func provesGone(o probe.Observation) bool {
	for _, q := range o.DNS.Queries {
		name := o.Target.Host
		if n := len(q.CNAMEs); n > 0 {
			name = q.CNAMEs[n-1]
		}
		switch {
		case q.Code != probe.DNSNXDomain && q.Code != probe.DNSNoData,
			!q.RecursionAvailable, q.Authoritative, len(q.Extended) > 0,
			q.SOA == nil, !slices.Contains(operators(), *q.SOA),
			name != q.SOA.Owner && !strings.HasSuffix(name, "."+q.SOA.Owner):
			return false
		}
	}
	return true
}

// TestGone shows how the answer of an operator whose name is gone differs from
// what filters answer, which real servers give: what proves the one proves none
// of the others, but for those that say so in their name.
func TestGone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts real servers")
	}
	need(t)
	r := newNames(t)
	r.serveOperators(t)
	n := probe.Network{
		Connect:   within(t, r.internet),
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort(filterAddr + ":53")},
		HostsFile: map[string][]netip.Addr{},
	}
	for _, test := range slices.Concat(harmless(), filtersOfBIND(), filtersOfUnbound(), otherFilters()) {
		t.Run(test.name, func(t *testing.T) {
			t.Cleanup(test.filter(t, r).stop)
			targets := slices.Sorted(maps.Keys(test.want))
			got := map[string]string{}
			var gone []string
			first, again := askAll(t, n, targets), askAll(t, n, targets)
			for _, target := range targets {
				questions := first[target].DNS.Queries
				if own := slices.IndexFunc(questions, func(q probe.DNSQuery) bool { return q.Authoritative }); test.either && own >= 0 {
					questions = questions[own:]
				}
				got[target] = describe(questions[0])
				if s := describe(again[target].DNS.Queries[0]); s != got[target] {
					got[target] += "; then " + s // from the cache
				}
				if provesGone(first[target]) || provesGone(again[target]) {
					gone = append(gone, target)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.gone, gone); diff != "" {
				t.Errorf("proved to be gone (-want +got):\n%s", diff)
			}
		})
	}
}
