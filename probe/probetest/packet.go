package probetest

import (
	"net"
	"os"
	"sync"
	"time"
)

// A packetConn is a connected UDP socket. It is also a [net.PacketConn], by
// which DNS libraries tell datagrams from streams.
//
// A function answers each datagram at once, and only the arrival takes time. So
// it needs no goroutine.
type packetConn struct {
	local, remote *net.UDPAddr

	// exchange returns the replies to a datagram.
	exchange func(datagram []byte) []reply

	mu       sync.Mutex
	changed  chan struct{} // closed when anything below changes; nil without waiters
	queue    []packet      // in transit or waiting to be read; all take equally long
	closed   bool
	deadline time.Time
}

// A reply is a datagram or an ICMP error, and its time of arrival after the
// request.
type reply struct {
	data  []byte
	err   error
	after time.Duration
}

type packet struct {
	data []byte
	err  error
	at   time.Time
}

func (c *packetConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		now := time.Now()
		if c.closed {
			return 0, c.wrap("read", net.ErrClosed)
		}
		if passed(c.deadline, now) {
			return 0, c.wrap("read", os.ErrDeadlineExceeded)
		}
		var next time.Time
		if len(c.queue) > 0 {
			head := c.queue[0]
			if next = head.at; !next.After(now) {
				c.queue = c.queue[1:]
				if head.err != nil {
					return 0, c.wrap("read", os.NewSyscallError(callRead, head.err))
				}
				return copy(p, head.data), nil
			}
		}
		c.wait(earlier(c.deadline, next))
	}
}

// Write sends a datagram. It reports an ICMP error for an earlier one, as
// connected sockets do.
func (c *packetConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.closed {
		return 0, c.wrap("write", net.ErrClosed)
	}
	if len(c.queue) > 0 && c.queue[0].err != nil && !c.queue[0].at.After(now) {
		err := c.queue[0].err
		c.queue = c.queue[1:]
		return 0, c.wrap("write", os.NewSyscallError(callWrite, err))
	}
	for _, r := range c.exchange(append([]byte(nil), p...)) {
		c.queue = append(c.queue, packet{r.data, r.err, now.Add(r.after)})
	}
	c.wake()
	return len(p), nil
}

func (c *packetConn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := c.Read(p)
	if err != nil {
		return n, nil, err
	}
	return n, c.remote, nil
}

// WriteTo fails, because the socket is connected.
func (c *packetConn) WriteTo([]byte, net.Addr) (int, error) {
	return 0, c.wrap("write", net.ErrWriteToConnected)
}

func (c *packetConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.wrap("close", net.ErrClosed)
	}
	c.closed = true
	c.queue = nil
	c.wake()
	return nil
}

func (c *packetConn) LocalAddr() net.Addr  { return c.local }
func (c *packetConn) RemoteAddr() net.Addr { return c.remote }

func (c *packetConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *packetConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	c.wake()
	return nil
}

// SetWriteDeadline does nothing, because sending never waits.
func (c *packetConn) SetWriteDeadline(time.Time) error { return nil }

func (c *packetConn) wait(t time.Time) {
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	changed := c.changed
	c.mu.Unlock()
	defer c.mu.Lock()
	sleep(changed, t)
}

func (c *packetConn) wake() {
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

func (c *packetConn) wrap(op string, err error) error {
	return &net.OpError{Op: op, Net: "udp", Source: c.local, Addr: c.remote, Err: err}
}
