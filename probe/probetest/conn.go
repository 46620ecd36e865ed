package probetest

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A conn is one end of an in-memory stream, buffered in both directions.
type conn struct {
	in, out       *half
	local, remote net.Addr

	// client marks the end that dialed. When it closes, the other end learns it
	// at once instead of after the latency: nobody can see the difference, and
	// nothing waits for time to pass.
	client bool

	closing sync.Once
	done    chan struct{} // closed by Close
}

// newStream returns both ends of a stream whose bytes take delay to arrive.
func newStream(client, server net.Addr, delay time.Duration) (c, s *conn) {
	up, down := &half{delay: delay}, &half{delay: delay}
	c = &conn{in: down, out: up, local: client, remote: server, client: true, done: make(chan struct{})}
	s = &conn{in: up, out: down, local: server, remote: client, done: make(chan struct{})}
	return c, s
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.wrap("read", err)
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	return n, c.wrap("write", err)
}

// Close ends both directions. Data written before still arrives.
func (c *conn) Close() error {
	return c.end(io.EOF)
}

// CloseWrite ends the direction in which c writes, as [net.TCPConn] does.
func (c *conn) CloseWrite() error {
	c.out.finish(io.EOF)
	return nil
}

// reset ends both directions and reports a reset to the other end.
func (c *conn) reset() {
	_ = c.end(os.NewSyscallError(callRead, connReset))
}

func (c *conn) end(err error) error {
	closed := net.ErrClosed
	c.closing.Do(func() {
		c.out.finish(err)
		c.in.abandon()
		if c.client {
			c.out.hurry()
		}
		close(c.done)
		closed = nil
	})
	return c.wrap("close", closed)
}

// drain reads and discards until the other end closes.
func (c *conn) drain() {
	_, _ = io.Copy(io.Discard, c)
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

func (c *conn) SetDeadline(t time.Time) error {
	c.in.setReadDeadline(t)
	c.out.setWriteDeadline(t)
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.setReadDeadline(t)
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.out.setWriteDeadline(t)
	return nil
}

// wrap returns an error in the form that package net uses.
func (c *conn) wrap(op string, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return &net.OpError{Op: op, Net: c.local.Network(), Source: c.local, Addr: c.remote, Err: err}
}
