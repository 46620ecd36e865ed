package probetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netready/netready/probe"
)

// patience is how long a prober may take to return once its context has ended.
const patience = 100 * time.Millisecond

// TestProber tests a prober against the contract of [probe.Prober], as
// testing/fstest does for file systems. It measures the target over internets
// that are healthy, broken at every stage, and silent. It returns all
// violations, or nil.
//
// The prober must be able to reach the target on an internet where the host
// exists. Serve is the healthy server for it, see [Internet].Serve; nil means
// what an [Internet] speaks by itself.
//
// Testing silence takes more than a minute, so call TestProber in a
// testing/synctest bubble, which also finds goroutines left running.
func TestProber(p probe.Prober, target probe.Target, serve func(net.Conn)) error {
	c := conformance{prober: p, target: target, serve: serve}
	c.healthy()
	for _, fault := range []Fault{
		Drop,
		Refuse,
		Unreachable{},
		Unreachable{ICMP: true},
		At{Port: 53, Fault: Drop},
		Malformed,
		ServFail, NXDomain,
		Sinkhole,
		Truncate,
		KissOfDeath,
		Unsynchronized,
	} {
		c.broken(situation(fault), fault)
	}
	for _, fault := range []Fault{
		Drop, Refuse, Unreachable{}, Untrusted, Expired, Alert{}, LargeHeader{}, RedirectLoop,
	} {
		c.brokenTCP(fault)
	}
	for stage := AfterAccept; stage <= AfterHeader; stage++ {
		for _, fault := range []Fault{Silence, Close, Reset, Garbage{}} {
			c.brokenTCP(At{Stage: stage, Fault: fault})
		}
	}
	c.canceled()
	c.ended()
	c.concurrent()
	return errors.Join(c.errs...)
}

// situation returns a fault's name.
func situation(fault Fault) string {
	if p, ok := fault.(Plain); ok {
		return string(p)
	}
	return fmt.Sprintf("%T%+v", fault, fault)
}

// A conformance is a running test.
type conformance struct {
	prober   probe.Prober
	target   probe.Target
	serve    func(net.Conn)
	resolves bool // the prober asks resolvers
	errs     []error
}

func (c *conformance) errorf(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

// internet returns one where only the faults keep a probe from the target.
func (c *conformance) internet(faults ...Fault) *Internet {
	i := &Internet{TCPPorts: []uint16{c.target.Port}, Latency: 10 * time.Millisecond, Faults: faults}
	if c.serve != nil {
		i.Serve = map[string]func(net.Conn){fmt.Sprintf(":%d", c.target.Port): c.serve}
	}
	switch c.target.Protocol {
	case probe.SRV:
		i.Services = map[string][]Server{c.target.Host: {{Host: "server.probetest.example", Port: c.target.Port}}}
	case probe.CNAME:
		i.Aliases = map[string]string{c.target.Host: "server.probetest.example"}
	default:
		i.Hosts = []string{c.target.Host}
	}
	return i
}

// probe measures the target once, and checks what holds for every result.
func (c *conformance) probe(ctx context.Context, situation string, i *Internet) probe.Observation {
	network := i.Network()
	var open atomic.Int64
	network.Connect = func(ctx context.Context, net, address string) (net.Conn, error) {
		return counted(&open)(i.DialContext(ctx, net, address))
	}
	o := c.prober(ctx, network, c.target)
	if n := open.Load(); n != 0 {
		c.errorf("%s: %d connections were left open", situation, n)
	}
	if o.Target != c.target {
		c.errorf("%s: the observation is of %v", situation, o.Target)
	}
	if o.Start.IsZero() || o.Duration < 0 {
		c.errorf("%s: started at %v, took %v", situation, o.Start, o.Duration)
	}
	if o.Error != nil && o.Error.Code == "" {
		c.errorf("%s: the error has no code: %v", situation, o.Error)
	}
	for _, step := range o.Steps {
		if step.Op == "" || step.Start.IsZero() || step.Error != nil && step.Error.Code == "" {
			c.errorf("%s: a step lacks its name, its start or its code: %+v", situation, step)
		}
	}
	return o
}

func (c *conformance) healthy() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	o := c.probe(ctx, "healthy", c.internet())
	if !o.OK() {
		c.errorf("healthy: not measured or not reached: %v", o.Error)
	}
	c.resolves = o.DNS != nil
}

// broken tests that a probe ends in time despite a fault.
func (c *conformance) broken(situation string, fault Fault) probe.Observation {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	start := time.Now()
	o := c.probe(ctx, situation, c.internet(fault))
	if late := time.Since(start) - 5*time.Second; late > patience {
		c.errorf("%s: returned %v after the deadline", situation, late)
	}
	if o.Attempts == 0 && o.Error == nil {
		c.errorf("%s: nothing was measured, and no error says why", situation)
	}
	return o
}

// brokenTCP tests that a fault of connections keeps earlier facts.
func (c *conformance) brokenTCP(fault Fault) {
	name := situation(fault) + " over TCP"
	o := c.broken(name, At{Network: "tcp", Fault: fault})
	if c.resolves && o.DNS == nil {
		c.errorf("%s: the answer of the resolver was forgotten", name)
	}
}

// canceled tests that canceling ends a running probe.
func (c *conformance) canceled() {
	for situation, fault := range map[string]Fault{
		"canceled without any answer":  Drop,
		"canceled while connecting":    At{Network: "tcp", Fault: Drop},
		"canceled while connected":     At{Network: "tcp", Fault: Silence},
		"canceled before DNS answered": Unanswered,
	} {
		ctx, cancel := context.WithCancel(context.Background())
		timer := time.AfterFunc(time.Second, cancel)
		start := time.Now()
		o := c.probe(ctx, situation, c.internet(fault))
		took := time.Since(start)
		timer.Stop()
		cancel()
		if took > time.Second+patience {
			c.errorf("%s: returned %v after it", situation, took-time.Second)
		}
		if took >= time.Second && o.Code() != probe.Canceled {
			c.errorf("%s: the code is %q, want %q", situation, o.Code(), probe.Canceled)
		}
	}
}

// ended tests that a probe with an ended context does not start.
func (c *conformance) ended() {
	const situation = "canceled before it began"
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	i := c.internet()
	o := c.probe(ctx, situation, i)
	if o.Code() != probe.Canceled {
		c.errorf("%s: the code is %q, want %q", situation, o.Code(), probe.Canceled)
	}
	if log := i.Log(); len(log) > 0 {
		c.errorf("%s: it sent %v", situation, log)
	}
}

// concurrent tests that a prober can be used concurrently. The race detector
// sees more than this function.
func (c *conformance) concurrent() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	network := c.internet().Network()
	var failed atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if !c.prober(ctx, network, c.target).OK() {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	if n := failed.Load(); n > 0 {
		c.errorf("used by eight at once: %d failed", n)
	}
}

// counted counts open connections.
func counted(open *atomic.Int64) func(net.Conn, error) (net.Conn, error) {
	return func(c net.Conn, err error) (net.Conn, error) {
		if err != nil {
			return nil, err
		}
		open.Add(1)
		if p, ok := c.(*packetConn); ok {
			return &countedPacketConn{packetConn: p, open: open}, nil
		}
		return &countedConn{Conn: c, open: open}, nil
	}
}

// A countedConn reports when it is closed. The other type is for connections
// that must remain a [net.PacketConn].
type countedConn struct {
	net.Conn
	open *atomic.Int64
	once sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

type countedPacketConn struct {
	*packetConn
	open *atomic.Int64
	once sync.Once
}

func (c *countedPacketConn) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.packetConn.Close()
}
