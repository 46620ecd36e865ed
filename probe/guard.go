package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/netready/netready/internal/panics"
)

// errNoConn is the error for a Connect function that returns nil, nil.
var errNoConn = errors.New("the network's dialer returned neither a connection nor an error")

// caught turns a panic in the caller's code into an error with the code
// [Panicked]. Callers defer it.
func caught(err *error) {
	if v := recover(); v != nil {
		*err = &codedError{Panicked, panics.New(v)}
	}
}

// shortage is how long to wait before another attempt to open a socket when
// this machine has none left.
const shortage = 50 * time.Millisecond

// dial opens a connection to an address. If this machine has no descriptor or
// port left, it waits for one, for up to half of the time that ctx has. A
// connection that is late for that reason says nothing about the address.
func (n Network) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := n.connectTo(ctx, network, address)
	if err == nil || kindOf(err) != kindResource {
		return conn, err
	}
	start, wait := time.Now(), DefaultTimeout/2
	if deadline, ok := ctx.Deadline(); ok {
		wait = time.Until(deadline) / 2
	}
	lacking := time.Duration(0)
	for err != nil && kindOf(err) == kindResource && time.Since(start) < wait && ctx.Err() == nil {
		timer := time.NewTimer(shortage)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
		lacking = time.Since(start)
		conn, err = n.connectTo(ctx, network, address)
	}
	if err != nil && ctx.Err() != nil {
		err = &codedError{LocalResource, fmt.Errorf("no socket was free for %v", lacking.Round(shortage))}
	}
	return conn, err
}

// connectTo returns a connection or an error, whatever the caller's dialer
// does.
func (n Network) connectTo(ctx context.Context, network, address string) (conn net.Conn, err error) {
	if n.Connect == nil {
		var d net.Dialer
		conn, err = d.DialContext(ctx, network, address)
		return n.counted(network, conn, err)
	}
	conn, err = opened(func() (net.Conn, error) { return n.Connect(ctx, network, address) })
	if err != nil {
		return nil, err
	}
	if packets, ok := conn.(net.PacketConn); ok && strings.HasPrefix(network, "udp") {
		return n.counted(network, &guardedPacketConn{guardedConn{conn}, packets}, nil)
	}
	return n.counted(network, &guardedConn{conn}, nil)
}

// opened returns what a dialer of the caller returns: a connection or an error.
func opened(open func() (net.Conn, error)) (conn net.Conn, err error) {
	defer caught(&err)
	conn, err = open()
	switch {
	case err != nil:
		return nil, err
	case conn == nil:
		return nil, &codedError{Panicked, errNoConn}
	}
	return conn, nil
}

// limitsSegments reports whether n can open connections with a maximum segment
// size.
func (n Network) limitsSegments() bool {
	return n.ConnectMSS != nil || n.Connect == nil && controlMSS(0) != nil
}

// dialMSS opens a TCP connection with a maximum segment size.
func (n Network) dialMSS(ctx context.Context, address string, mss int) (conn net.Conn, err error) {
	if n.ConnectMSS == nil {
		d := net.Dialer{Control: controlMSS(mss)}
		conn, err = d.DialContext(ctx, "tcp", address)
		return n.counted("tcp", conn, err)
	}
	conn, err = opened(func() (net.Conn, error) { return n.ConnectMSS(ctx, address, mss) })
	if err != nil {
		return nil, err
	}
	return n.counted("tcp", &guardedConn{conn}, nil)
}

func (n Network) chooseProxy(t Target) (proxy *url.URL, err error) {
	defer caught(&err)
	return n.Proxy(t)
}

// A guardedConn turns panics of the caller's connection into errors.
type guardedConn struct{ net.Conn }

func (c *guardedConn) Read(p []byte) (n int, err error) {
	defer caught(&err)
	return c.Conn.Read(p)
}

func (c *guardedConn) Write(p []byte) (n int, err error) {
	defer caught(&err)
	return c.Conn.Write(p)
}

// CloseWrite ends what is sent, if the connection can.
func (c *guardedConn) CloseWrite() (err error) {
	defer caught(&err)
	return closeWrite(c.Conn)
}

func (c *guardedConn) Close() (err error) {
	defer caught(&err)
	return c.Conn.Close()
}

func (c *guardedConn) SetDeadline(t time.Time) (err error) {
	defer caught(&err)
	return c.Conn.SetDeadline(t)
}

func (c *guardedConn) SetReadDeadline(t time.Time) (err error) {
	defer caught(&err)
	return c.Conn.SetReadDeadline(t)
}

func (c *guardedConn) SetWriteDeadline(t time.Time) (err error) {
	defer caught(&err)
	return c.Conn.SetWriteDeadline(t)
}

// A guardedPacketConn is still a [net.PacketConn], which resolver libraries
// expect for UDP.
type guardedPacketConn struct {
	guardedConn

	packets net.PacketConn
}

func (c *guardedPacketConn) ReadFrom(p []byte) (n int, addr net.Addr, err error) {
	defer caught(&err)
	return c.packets.ReadFrom(p)
}

func (c *guardedPacketConn) WriteTo(p []byte, addr net.Addr) (n int, err error) {
	defer caught(&err)
	return c.packets.WriteTo(p, addr)
}
