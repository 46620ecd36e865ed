package readiness_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
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

// First attempts begin a few at a time, so that a gateway does not see a flood.
func TestPaceOfFirstAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 33, false, "tcp/443 https"), &probetest.Internet{})
		got := make(map[time.Duration]int)
		for _, o := range r.Observations {
			got[o.Start.Sub(r.Observations[0].Start)]++
		}
		want := map[time.Duration]int{0: 16, 4 * time.Millisecond: 16, 8 * time.Millisecond: 1}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("attempts by time (-want +got):\n%s", diff)
		}
	})
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
