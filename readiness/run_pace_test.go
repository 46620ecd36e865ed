package readiness_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// First attempts begin a few at a time, so that a gateway does not see a flood: about
// a thousand in the first second, unless the caller allows more.
func TestPaceOfFirstAttempts(t *testing.T) {
	const checks, burst = 1200, 16
	for _, tt := range []struct{ concurrency, opening, inOneSecond int }{{0, 512, 1100}, {8, 512, 1100}, {1024, 1024, checks}} {
		t.Run(fmt.Sprintf("concurrency %d", tt.concurrency), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				obs, err := readiness.Runner{Concurrency: tt.concurrency, Probers: everywhere(takes(0, nil))}.Run(t.Context(), small(checks))
				if err != nil {
					t.Fatal(err)
				}
				begun := make(map[time.Duration]int)
				inOneSecond := 0
				for _, o := range obs {
					at := o.Start.Sub(obs[0].Start)
					begun[at]++
					if at < time.Second {
						inOneSecond++
					}
				}
				want := make(map[time.Duration]int)
				at := time.Duration(0)
				for n := 0; n < checks; n += burst {
					want[at] = burst
					if at += 4 * time.Millisecond; n+burst >= tt.opening {
						at += 20 * time.Millisecond
					}
				}
				if diff := cmp.Diff(want, begun); diff != "" {
					t.Errorf("attempts by time (-want +got):\n%s", diff)
				}
				if inOneSecond > tt.inOneSecond {
					t.Errorf("%d attempts in a second", inOneSecond)
				}
			})
		})
	}
}

// While this machine is busy with the handshakes of some checks, others do not begin:
// they would wait for it, and not for the network. The durations of handshakes are
// those of an idle machine.
func TestChecksBeginAsTheMachineKeepsUp(t *testing.T) {
	const checks, most, latency = 300, 200, 5 * time.Millisecond
	for _, tt := range []struct {
		name      string
		handshake time.Duration // how long a processor takes
	}{
		{"a busy machine", 5 * time.Millisecond},
		{"an idle one", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Latency: latency, Faults: []probetest.Fault{probetest.NoRevocation}}
				c := ownHosts(t, checks, false, "tcp/443 https")
				for _, e := range c.Endpoints() {
					net.Hosts = append(net.Hosts, e.Host.String())
				}
				n := net.Network()
				n.PublicRoots = x509.NewCertPool()
				takes := tt.handshake * time.Duration(runtime.GOMAXPROCS(0))
				n.PublicRoots.AddCertWithConstraint(issuerOf(t, n, "host.owner1.example"), func([]*x509.Certificate) error {
					time.Sleep(takes)
					return nil
				})
				p := planOn(t, autopilot(), c, n)
				obs, err := readiness.Runner{Network: n, Timeout: time.Minute}.Run(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				inFlight := 0
				for _, o := range obs {
					if !o.OK() {
						t.Fatalf("%s: %v", o.Target, o.Error)
					}
					for _, s := range o.Steps {
						if s.Op == probe.OpHandshake && (s.Duration < 2*latency || s.Duration > 2*latency+takes) {
							t.Errorf("%s: a handshake took %v, want %v to %v", o.Target, s.Duration, 2*latency, 2*latency+takes)
						}
					}
					now := 0
					for _, other := range obs {
						if !other.Start.After(o.Start) && other.Start.Add(other.Duration).After(o.Start) {
							now++
						}
					}
					inFlight = max(inFlight, now)
				}
				last := obs[checks-1].Start.Sub(obs[0].Start)
				if busy := tt.handshake > 0; busy && inFlight > most || !busy && last != (checks-1)/16*4*time.Millisecond {
					t.Errorf("%d in progress at once, and the last began after %v", inFlight, last)
				}
			})
		})
	}
}

// issuerOf returns the certificate above a host's.
func issuerOf(t *testing.T, n probe.Network, host string) *x509.Certificate {
	t.Helper()
	conn, err := n.DialContext(t.Context(), "tcp", host+":443")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	secure := tls.Client(conn, &tls.Config{ServerName: host, InsecureSkipVerify: true}) //nolint:gosec // only the certificate matters
	if err := secure.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return secure.ConnectionState().PeerCertificates[1]
}

// Second attempts begin after a while, one at a time, within a quarter of the
// timeout.
func TestPaceOfSecondAttempts(t *testing.T) {
	for _, tt := range []struct {
		name    string
		hosts   int
		timeout time.Duration
		want    []time.Duration // after the first
	}{
		{"few", 2, 10 * time.Second, []time.Duration{800 * time.Millisecond, 850 * time.Millisecond}},
		{"as many as fit", 2, 400 * time.Millisecond, []time.Duration{800 * time.Millisecond, 850 * time.Millisecond}},
		{"more", 4, 400 * time.Millisecond, []time.Duration{775 * time.Millisecond, 800 * time.Millisecond, 825 * time.Millisecond, 850 * time.Millisecond}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Refuse)}}
				r, _ := assessOwn(t, readiness.Runner{Timeout: tt.timeout}, ownHosts(t, tt.hosts, false, "tcp/443 https"), net)
				var got []time.Duration
				for _, o := range r.Observations {
					for _, s := range o.Steps {
						if s.Op == probe.OpConnect && s.Start.After(o.Start) {
							got = append(got, s.Start.Sub(o.Start))
						}
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("second attempts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Chains without a revocation check, and handshakes that end with an alert, are
// measured again if there are few: of more, neither a lost packet nor a server is the
// reason.
func TestHowManyAreMeasuredAgain(t *testing.T) {
	noSource := []probetest.Fault{
		probetest.At{Host: "crl.probetest.example", Network: "tcp", Fault: probetest.Refuse},
		probetest.At{Host: "ocsp.probetest.example", Network: "tcp", Fault: probetest.Refuse},
	}
	alert := []probetest.Fault{onPort("tcp", 443, probetest.Alert{Description: 80})}
	for _, tt := range []struct {
		name     string
		faults   []probetest.Fault
		hosts    int
		attempts int
	}{
		{"ten chains", noSource, 10, 2},
		{"eleven chains", noSource, 11, 1},
		{"twenty alerts", alert, 20, 3},
		{"twenty-one alerts", alert, 21, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Faults: tt.faults}
				r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, tt.hosts, false, "tcp/443 https"), net)
				for _, o := range r.Observations {
					if o.Attempts != tt.attempts {
						t.Errorf("%s: %d attempts, want %d", o.Target, o.Attempts, tt.attempts)
					}
				}
			})
		})
	}
}

// losing runs checks that fail until a host's first attempts are over. It returns how
// many each took.
func losing(t *testing.T, attempts []int) []int {
	t.Helper()
	c := ownHosts(t, len(attempts), false, "tcp/25 smtp")
	p := planOn(t, autopilot(), c, probe.Network{})
	world := func(f ...probetest.Fault) func(ctx context.Context, network, address string) (net.Conn, error) {
		i := &probetest.Internet{Addresses: make(map[string][]netip.Addr), TCPPorts: []uint16{25}, Faults: f}
		for k, c := range p.Checks {
			i.Addresses[c.Target.Host] = []netip.Addr{address4(k)}
		}
		return i.Network().Connect
	}
	open, refused := world(), world(probetest.Refuse)
	var mu sync.Mutex
	made := make(map[string]int)
	n := (&probetest.Internet{}).Network()
	n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		made[address]++
		for k := range attempts {
			if address == netip.AddrPortFrom(address4(k), 25).String() && made[address] <= attempts[k] {
				return refused(ctx, network, address)
			}
		}
		return open(ctx, network, address)
	}
	obs, err := readiness.Runner{Network: n}.Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	for _, o := range obs {
		out = append(out, o.Attempts)
	}
	return out
}

// On a network that limits connections, there are at most six rounds of further
// attempts, and none after two in which no host recovered.
func TestRoundsOfFurtherAttempts(t *testing.T) {
	for _, tt := range []struct {
		name string
		lost []int // attempts at each host
		want []int // attempts made
	}{
		{"a host recovers in each", []int{1, 1, 1, 1, 2, 3, 4, 5, 6, 7}, []int{2, 2, 2, 2, 3, 4, 5, 6, 7, 7}},
		{"no host recovers in the third", []int{1, 1, 1, 1, 2, 4}, []int{2, 2, 2, 2, 3, 5}},
		{"no host recovers in the third and the fourth", []int{1, 1, 1, 1, 2, 6}, []int{2, 2, 2, 2, 3, 5}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if diff := cmp.Diff(tt.want, losing(t, tt.lost)); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A network limits connections if one host in four recovers, or one in twelve of very
// many.
func TestHowManyRecoverAtALimit(t *testing.T) {
	const forever, once, more = 100, 2, 4
	for _, tt := range []struct {
		recover, of int
		attempts    int // at a host that does not
	}{
		{4, 16, more}, {4, 17, once}, {3, 12, once}, {16, 192, more}, {16, 193, once}, {15, 180, once},
	} {
		t.Run(fmt.Sprintf("%d of %d", tt.recover, tt.of), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lost := slices.Repeat([]int{forever}, tt.of)
				order := make([]int, tt.of)
				for i := range order {
					order[i] = i
				}
				parts := max(1, tt.of/10) // as they are tried again: those of each part in turn
				slices.SortStableFunc(order, func(a, b int) int { return a%parts - b%parts })
				for _, i := range order[tt.of-tt.recover:] { // before, they would be a larger share
					lost[i] = 1
				}
				got := losing(t, lost)
				if n := slices.Max(got); n != tt.attempts {
					t.Errorf("%d attempts, want %d", n, tt.attempts)
				}
			})
		})
	}
}
