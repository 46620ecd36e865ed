package hostile_test

import (
	"context"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A lab is servers on real sockets of this machine.
type lab struct {
	network probe.Network
	catalog *endpoints.Catalog
}

// newLab starts a web server, one that speaks no TLS where TLS is expected, and
// a resolver. Nothing listens on the ports of the fourth host.
func newLab(t *testing.T) lab {
	t.Helper()
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	secure, open := httptest.NewUnstartedServer(hello), httptest.NewServer(hello)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // runs that are canceled leave early
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(open.Close)
	names, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	resolver := &dns.Server{PacketConn: names, Handler: dns.HandlerFunc(resolve)}
	go resolver.ActivateAndServe() //nolint:errcheck // until the socket is closed
	t.Cleanup(func() { _ = names.Close() })
	at := map[string]string{
		"192.0.2.1:443": secure.Listener.Addr().String(), "192.0.2.2:80": open.Listener.Addr().String(),
		"192.0.2.3:443": open.Listener.Addr().String(), "192.0.2.53:53": names.LocalAddr().String(),
	}
	var l lab
	l.network = probe.Network{
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}, SearchDomains: []string{}, HostsFile: map[string][]netip.Addr{},
		PublicRoots: x509.NewCertPool(), Roots: x509.NewCertPool(),
		Connect: func(ctx context.Context, network, address string) (net.Conn, error) {
			to, ok := at[address]
			if !ok {
				to = "127.0.0.1:1" // which is closed
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		},
	}
	l.network.PublicRoots.AddCert(secure.Certificate())
	var list []endpoints.Endpoint
	for host, port := range map[string]string{"a": "tcp/443 https", "b": "tcp/80 http", "c": "tcp/443 https", "d": "tcp/443 https"} {
		e, err := endpoints.New(endpoints.Service(host), host+".example.com", port)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	if l.catalog, err = new(endpoints.Catalog).With(list...); err != nil {
		t.Fatal(err)
	}
	return l
}

// resolve answers for the hosts of a lab: a is 192.0.2.1, and so on.
func resolve(w dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable = true
	name, zone, _ := strings.Cut(q.Question[0].Name, ".")
	switch {
	case zone != "example.com." || len(name) != 1:
		m.Rcode = dns.RcodeNameError
	case q.Question[0].Qtype == dns.TypeA:
		m.Answer = append(m.Answer, address(q.Question[0].Name, net.IPv4(192, 0, 2, name[0]-'a'+1)))
	}
	_ = w.WriteMsg(m)
}

// A use is what a process holds.
type use struct{ goroutines, descriptors, kilobytes int }

func used() use {
	runtime.GC()
	runtime.GC() // what has a finalizer goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := use{goroutines: runtime.NumGoroutine(), kilobytes: int(m.HeapAlloc >> 10)}
	if list, err := os.ReadDir("/proc/self/fd"); err == nil { // only Linux has it
		u.descriptors = len(list)
	}
	return u
}

// Runs in one process, several at a time and some of them canceled, show the same
// and leave nothing behind. NETREADY_RUNS is how many there are; without it, there
// are a few hundred.
func TestManyRuns(t *testing.T) {
	const (
		atOnce = 16
		spare  = 4 * atOnce // connections that the servers have not closed yet
	)
	runs := 160
	if s := os.Getenv("NETREADY_RUNS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		runs = n
	}
	l := newLab(t)
	want := map[string]probe.Code{"a": "", "b": "", "c": probe.TLSNotTLS, "d": probe.TCPRefused}
	round := func(canceled bool) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		runner := readiness.Runner{Network: l.network, Catalog: l.catalog}
		if canceled {
			runner.OnResult = func(readiness.Check, probe.Observation) { cancel() }
		}
		r, err := runner.Assess(ctx, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
		if err != nil {
			t.Error(err)
			return
		}
		got := make(map[string]probe.Code)
		for _, f := range r.Findings {
			got[string(f.Service)] = f.Code
		}
		if diff := cmp.Diff(want, got); diff != "" && !canceled {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	several := func(n int) {
		var wait sync.WaitGroup
		for worker := range atOnce {
			wait.Go(func() {
				for i := worker; i < n; i += atOnce {
					round(i%5 == 0)
				}
			})
		}
		wait.Wait()
	}
	several(2 * atOnce)
	before, start := used(), time.Now()
	several(runs)
	after := used()
	t.Logf("%d runs in %v: %+v, then %+v", runs, time.Since(start).Round(time.Millisecond), before, after)
	if after.goroutines > before.goroutines+spare || after.descriptors > before.descriptors+spare || after.kilobytes > before.kilobytes+2<<10 {
		t.Errorf("%+v before %d runs, %+v after", before, runs, after)
	}
}
