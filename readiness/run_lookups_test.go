package readiness_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A forwarder is a resolver that asks another one, and refuses what is more than a
// number of questions at a time.
type forwarder struct {
	limit int
	takes time.Duration

	mu                  sync.Mutex
	inProgress, refused int
}

func (f *forwarder) connect(ctx context.Context, i *probetest.Internet, network, address string) (net.Conn, error) {
	c, err := i.DialContext(ctx, network, address)
	if err == nil && network == "udp" {
		c = &forwarded{Conn: c, by: f}
	}
	return c, err
}

// A forwarded is a socket for questions to a forwarder.
type forwarded struct {
	net.Conn

	by      *forwarder
	answers [][]byte // refusals
}

func (c *forwarded) Write(question []byte) (int, error) {
	f := c.by
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.inProgress >= f.limit {
		f.refused++
		answer := bytes.Clone(question)
		answer[2], answer[3] = answer[2]|0x80, 0x85 // a response that refuses, RFC 1035 section 4.1.1
		c.answers = append(c.answers, answer)
		return len(question), nil
	}
	f.inProgress++
	time.AfterFunc(f.takes, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.inProgress--
	})
	return c.Conn.Write(question)
}

func (c *forwarded) Read(p []byte) (int, error) {
	if len(c.answers) > 0 {
		n := copy(p, c.answers[0])
		c.answers = c.answers[1:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// A resolver that refuses what exceeds a number of questions, as dnsmasq does, delays
// a run of many hosts by less than a second and fails no check, not even for a while.
// At others, no lookup waits.
func TestManyLookups(t *testing.T) {
	const hosts, toHosts, begun = 400, 20 * time.Millisecond, 96 * time.Millisecond
	for _, tt := range []struct {
		name    string
		latency time.Duration // of the resolver
		limit   int
		refused bool
		most    time.Duration
	}{
		{"dnsmasq that soon has the answers", 10 * time.Millisecond, 150, false, begun + 10*time.Millisecond + toHosts},
		{"dnsmasq that waits for them", 80 * time.Millisecond, 150, true, 700 * time.Millisecond},
		{"dnsmasq that waits long for them", 200 * time.Millisecond, 150, true, 1600 * time.Millisecond},
		{"no limit", 80 * time.Millisecond, 2 * hosts, false, begun + 80*time.Millisecond + toHosts},
		{"no limit, behind a satellite", 600 * time.Millisecond, 2 * hosts, false, begun + 600*time.Millisecond + toHosts},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := ownHosts(t, hosts, false, "tcp/25 smtp")
				i := &probetest.Internet{
					TCPPorts: []uint16{25}, Latency: min(toHosts, tt.latency),
					Faults: []probetest.Fault{onPort("udp", 53, probetest.Delay{By: tt.latency - min(toHosts, tt.latency)})},
				}
				for _, e := range c.Endpoints() {
					i.Hosts = append(i.Hosts, e.Host.String())
				}
				f := &forwarder{limit: tt.limit, takes: tt.latency - time.Millisecond}
				n := i.Network()
				n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
					return f.connect(ctx, i, network, address)
				}
				p := planOn(t, autopilot(), c, n)
				start := time.Now()
				obs, err := readiness.Runner{Network: n}.Run(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				took := time.Since(start)
				for _, o := range obs {
					if !o.OK() || o.Attempts != 1 || o.DNS.IPv6Code != "" {
						t.Fatalf("%s: %d attempts, %v, %s", o.Target, o.Attempts, o.Error, o.DNS.IPv6Code)
					}
				}
				t.Logf("took %v, %d of %d questions refused", took, f.refused, 2*hosts)
				if took > tt.most || f.refused > 0 != tt.refused {
					t.Errorf("took %v, want at most %v; %d questions refused", took, tt.most, f.refused)
				}
			})
		})
	}
}
