package probe

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	// maxIdle limits the connections that a run keeps.
	maxIdle = 16

	// maxIdleTime is how long a connection waits for another request. Servers
	// and firewalls keep it for longer. A response must come as soon.
	maxIdleTime = 2 * time.Second
)

// connections holds idle connections to responders. A few of these answer for
// most certificates. Connections are kept only while probes of the run are in
// progress: the last one to end closes them, so a run leaves none. The zero
// value is ready to use and safe for concurrent use.
type connections struct {
	mu     sync.Mutex
	probes int // in progress
	idle   []idle
}

// An idle connection waits for another request to a server.
type idle struct {
	server string
	conn   net.Conn
	since  time.Time
}

// begin counts a probe.
func (c *connections) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probes++
}

// end ends one, and with the last one the connections.
func (c *connections) end() {
	c.mu.Lock()
	c.probes--
	var left []idle
	if c.probes == 0 {
		left, c.idle = c.idle, nil
	}
	c.mu.Unlock()
	for _, i := range left {
		i.conn.Close()
	}
}

// take returns a connection to a server, or nil.
func (c *connections) take(server string) net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at, i := range slices.Backward(c.idle) { // the freshest first
		if i.server == server && time.Since(i.since) < maxIdleTime {
			c.idle = slices.Delete(c.idle, at, at+1)
			return i.conn
		}
	}
	return nil
}

// keep keeps a connection, and closes those that have waited for too long, or
// the oldest one if there are many.
func (c *connections) keep(server string, conn net.Conn) {
	c.mu.Lock()
	old := max(0, len(c.idle)+1-maxIdle)
	for old < len(c.idle) && time.Since(c.idle[old].since) >= maxIdleTime {
		old++
	}
	closing := slices.Clone(c.idle[:old])
	c.idle = append(slices.Delete(c.idle, 0, old), idle{server, conn, time.Now()})
	c.mu.Unlock()
	for _, i := range closing {
		i.conn.Close()
	}
}

// connected returns a route over a connection that has served a request before,
// or nil. Its next response must arrive soon: something on the path may have
// forgotten the connection.
func (n Network) connected(ctx context.Context, server string) *route {
	if n.shared == nil {
		return nil
	}
	conn := n.shared.connections.take(server)
	switch {
	case conn == nil:
		return nil
	case conn.SetReadDeadline(time.Now().Add(maxIdleTime)) != nil:
		conn.Close()
		return nil
	}
	return &route{conn: conn, known: n.secrets, closing: closeWithContext(ctx, conn)}
}
