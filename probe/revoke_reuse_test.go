package probe_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A server that answers several requests on a connection is asked for the
// documents of several checks on one, and whatever it does after the first
// response, the next check gets its answer.
func TestConnectionToResponder(t *testing.T) {
	tests := []struct {
		name   string
		server func(*second)
		alone  bool // no other probe is in progress between the checks
		pause  time.Duration
		dials  int // for the second check
	}{
		{name: "it answers again"},
		{name: "it closes the connection", server: func(c *second) { c.then = io.EOF }, dials: 1},
		{name: "it resets the connection", server: func(c *second) { c.then = syscall.ECONNRESET }, dials: 1},
		{name: "something forgets the connection", server: func(c *second) { c.then = os.ErrDeadlineExceeded }, dials: 1},
		{name: "it says that it closes the connection", server: func(c *second) { c.closes = true }, dials: 1},
		{name: "it says more than was asked", server: func(c *second) { c.excess = true }, dials: 1},
		{name: "it says goodbye later", server: func(c *second) {
			c.rest = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
		}, dials: 1},
		{name: "a response for something else comes later", server: func(c *second) { c.repeats = true }, dials: 1},
		{name: "after a while", pause: 3 * time.Second, dials: 1},
		{name: "after all probes of the run have ended", alone: true, dials: 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const first, next, silent = "first.example", "next.example", "silent.example"
				i := &probetest.Internet{Hosts: []string{first, next, silent}, Faults: fault(probetest.At{Host: silent, Port: 443, Fault: probetest.Drop})}
				n := i.Network().Shared()
				var l ledger
				var mu sync.Mutex
				dials := 0 // of responders
				open := l.dial(n.Connect)
				n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
					c, err := open(ctx, network, address)
					if err != nil || !strings.HasSuffix(address, ":80") {
						return c, err
					}
					mu.Lock()
					defer mu.Unlock()
					dials++
					s := &second{Conn: c}
					if test.server != nil {
						test.server(s)
					}
					return s, nil
				}
				var other sync.WaitGroup
				if !test.alone {
					other.Go(func() {
						n.Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: silent, Port: 443})
						if l.open.Load() != 0 {
							t.Errorf("%d connections are open after the run", l.open.Load())
						}
					})
				}
				check := func(host string) {
					mu.Lock()
					dials = 0
					mu.Unlock()
					o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: host})
					if !o.OK() || o.Revocation == nil || o.Revocation.Code != "" || len(o.Revocation.Sources) != 4 {
						t.Errorf("%s: %v, revocation %+v", host, o.Error, o.Revocation)
					}
					if test.alone && l.open.Load() != 0 {
						t.Errorf("%d connections are open after a probe", l.open.Load())
					}
				}
				check(first)
				time.Sleep(test.pause)
				check(next)
				if dials != test.dials {
					t.Errorf("%d connections to responders for the second check, want %d", dials, test.dials)
				}
				other.Wait()
			})
		})
	}
}

// A second is a connection on which the second response is different.
type second struct {
	net.Conn

	then    error  // in place of the response; [os.ErrDeadlineExceeded] for none
	closes  bool   // the server says with the first response that it closes
	excess  bool   // the server sends more with the first response
	rest    string // the server sends this before the second response
	repeats bool   // the first response comes before the second

	requests int
}

func (c *second) Write(p []byte) (int, error) {
	c.requests++
	if c.closes {
		_, err := c.Conn.Write(bytes.Replace(p, []byte("\r\n"), []byte("\r\nConnection: close\r\n"), 1))
		return len(p), err
	}
	if c.requests > 1 && c.then != nil {
		return len(p), nil //nolint:nilerr // the error is that of Read
	}
	return c.Conn.Write(p)
}

func (c *second) Read(p []byte) (int, error) {
	if c.requests > 1 && c.then != nil && c.then != os.ErrDeadlineExceeded { //nolint:errorlint // the value itself
		return 0, c.then
	}
	if c.requests > 1 && c.rest != "" {
		n := copy(p, c.rest)
		c.rest = c.rest[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p)
	if c.repeats && c.requests == 1 {
		c.rest += string(p[:n])
	}
	if c.excess && n > 0 && n < len(p) {
		p[n] = 'x'
		n++
	}
	return n, err
}
