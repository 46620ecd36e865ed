package probe

import (
	"errors"
	"net"
	"strings"
	"sync/atomic"
)

// Traffic is what measuring costs the network. The zero Traffic means that
// nothing was counted.
type Traffic struct {
	Connections int `json:"connections"` // over TCP, that were opened
	Datagrams   int `json:"datagrams"`   // over UDP, in both directions

	// Sent and Received are bytes in connections and datagrams, without the
	// headers of TCP, UDP and IP.
	Sent     int64 `json:"sent_bytes"`
	Received int64 `json:"received_bytes"`
}

// Traffic returns what was counted so far by all users of n, if n or what n was
// copied from was returned by [Network.Shared]. For other networks it is zero.
func (n Network) Traffic() Traffic {
	if n.tally == nil {
		return Traffic{}
	}
	return Traffic{
		Connections: int(n.tally.connections.Load()), Datagrams: int(n.tally.datagrams.Load()),
		Sent: n.tally.sent.Load(), Received: n.tally.received.Load(),
	}
}

// A tally counts traffic.
type tally struct{ connections, datagrams, sent, received atomic.Int64 }

// counted returns a new connection whose traffic n counts.
func (n Network) counted(network string, conn net.Conn, err error) (net.Conn, error) {
	if err != nil || n.tally == nil {
		return conn, err
	}
	if !strings.HasPrefix(network, "udp") {
		n.tally.connections.Add(1)
		return &countedConn{conn, n.tally}, nil
	}
	messages := countedMessages{conn, n.tally}
	if packets, ok := conn.(net.PacketConn); ok {
		return &countedPackets{messages, packets}, nil
	}
	return &messages, nil
}

type countedConn struct {
	net.Conn

	tally *tally
}

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.tally.received.Add(int64(n))
	return n, err
}

func (c *countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.tally.sent.Add(int64(n))
	return n, err
}

// CloseWrite ends what is sent, as that of [net.TCPConn] does, if the connection
// can.
func (c *countedConn) CloseWrite() error { return closeWrite(c.Conn) }

func closeWrite(conn net.Conn) error {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// countedMessages reads and writes a datagram at a time.
type countedMessages struct {
	net.Conn

	tally *tally
}

func (c *countedMessages) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.tally.packet(&c.tally.received, n, err)
	return n, err
}

func (c *countedMessages) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.tally.packet(&c.tally.sent, n, err)
	return n, err
}

// countedPackets is still a [net.PacketConn], which resolver libraries expect for
// UDP.
type countedPackets struct {
	countedMessages

	packets net.PacketConn
}

func (c *countedPackets) ReadFrom(p []byte) (int, net.Addr, error) {
	n, addr, err := c.packets.ReadFrom(p)
	c.tally.packet(&c.tally.received, n, err)
	return n, addr, err
}

func (c *countedPackets) WriteTo(p []byte, addr net.Addr) (int, error) {
	n, err := c.packets.WriteTo(p, addr)
	c.tally.packet(&c.tally.sent, n, err)
	return n, err
}

func (t *tally) packet(bytes *atomic.Int64, n int, err error) {
	if err == nil {
		t.datagrams.Add(1)
		bytes.Add(int64(n))
	}
}
