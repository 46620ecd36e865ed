package main

import (
	"bytes"
	"net/http"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket/layers"

	"github.com/netready/netready/endpoints/traffic"
)

// patience is how long an answer may take. Windows sends a SYN again after one
// and three seconds.
const patience = 5 * time.Second

// resend is the least time until a packet is sent again. Captures of pktmon have
// each packet several times, as it passes through Windows.
const resend = 200 * time.Millisecond

// A connKey identifies a TCP connection by its client and its server.
type connKey struct{ client, server netip.AddrPort }

// A conn is what was seen of a TCP connection.
type conn struct {
	key         connKey
	first, last time.Time // of its packets
	sent        time.Time // the client's first data

	syn       bool // the capture has its beginning
	cut       bool // the capture lacks parts of packets, so what was said is not known
	answered  bool // by a SYN with ACK
	alive     bool // the client went on after the SYN
	replied   bool // the server sent data
	reset     bool // by the server, or in its name
	closed    bool // by the server
	blackhole bool // a large packet was sent again and again, and never acknowledged

	up, down stream
	acked    uint32 // by the server
	repeats  int    // of the large packet at seq, the first that is not acknowledged
	seq      uint32
	repeated time.Time

	client, server records
	hello          []byte // bytes of a request or a ClientHello
	stage          stage
	name           string // the server name
	request        request
	status         int
	answer         []byte // the beginning of a response
	done           bool   // the exchange succeeded
	alert          alert
	icmp           *unreachable
}

// A stage is what the client is expected to send next.
type stage uint8

const (
	begin     stage = iota // a request or a ClientHello
	greeting               // the rest of a ClientHello
	exchange               // records of TLS
	responded              // nothing that is read
)

// An alert ended a handshake.
type alert struct {
	code     byte
	byClient bool
}

// packet adds a packet of the client or the server.
func (c *conn) packet(tcp *layers.TCP, fromClient bool, at time.Time) {
	c.last = at
	if fromClient {
		c.fromClient(tcp)
		return
	}
	switch {
	case tcp.SYN:
		c.answered = true
		c.down.start(tcp.Seq + 1)
	case tcp.RST:
		c.reset = true
	}
	c.closed = c.closed || tcp.FIN
	if tcp.ACK && int32(tcp.Ack-c.acked) > 0 {
		c.acked = tcp.Ack
	}
	if len(tcp.Payload) > 0 {
		c.replied = true
		if !c.done {
			c.down.add(tcp.Seq, tcp.Payload, c.fromServer)
		}
	}
}

func (c *conn) fromClient(tcp *layers.TCP) {
	if tcp.SYN {
		c.syn = true
		c.up.start(tcp.Seq + 1)
		c.acked = tcp.Seq + 1
		return
	}
	c.alive = c.alive || !tcp.RST
	if len(tcp.Payload) == 0 || c.done {
		return
	}
	if c.sent.IsZero() {
		c.sent = c.last
	}
	if len(tcp.Payload) >= 1000 && tcp.Seq == c.acked {
		switch {
		case c.seq != tcp.Seq:
			c.seq, c.repeats, c.repeated = tcp.Seq, 0, c.last
		case c.last.Sub(c.repeated) >= resend:
			c.repeats++
			c.repeated = c.last
		}
		c.blackhole = c.repeats >= 2
	}
	c.up.add(tcp.Seq, tcp.Payload, c.read)
}

// read reads what the client sent.
func (c *conn) read(b []byte) {
	switch c.stage {
	case begin:
		c.hello = append(c.hello, b...)
		c.start()
	case greeting, exchange:
		c.client.feed(b, c.clientRecord)
	case responded:
	}
}

// start recognizes what the client speaks.
func (c *conn) start() {
	switch b := c.hello; {
	case len(b) == 0:
	case b[0] == recordHandshake:
		c.hello, c.stage = nil, greeting
		c.client.feed(b, c.clientRecord)
	case isRequest(b):
		r, rest, ok := cutRequest(b)
		switch {
		case !ok && len(b) > maxHello:
			c.stage = responded
		case !ok:
		case r.method == http.MethodConnect: // what follows is another stream
			c.request, c.hello = r, append([]byte(nil), rest...)
			c.start()
		default:
			c.request, c.hello, c.stage = r, nil, responded
		}
	default:
		c.hello, c.stage = nil, responded
	}
}

func (c *conn) clientRecord(kind byte, length int, part []byte) {
	switch {
	case kind == recordHandshake && c.stage == greeting:
		c.hello = append(c.hello, part...)
		name, done := serverName(c.hello)
		if done || len(c.hello) > maxHello {
			c.name, c.hello, c.stage = name, nil, exchange
		}
	case kind == recordAlert && length == 2 && len(part) == 2: // in plain text
		c.alert = alert{part[1], true}
	case kind == recordData && length > 24:
		// The client accepted the certificate: an encrypted alert is shorter.
		c.done = true
	}
}

// fromServer reads what the server sent.
func (c *conn) fromServer(b []byte) {
	if c.request.method != "" && c.status == 0 {
		c.answer = append(c.answer, b...)
		if c.status = statusOf(c.answer); c.status == 0 {
			if len(c.answer) > maxHello {
				c.answer = nil
			}
			return
		}
		_, rest, _ := bytes.Cut(c.answer, []byte("\r\n\r\n"))
		if b, c.answer = rest, nil; c.request.method != http.MethodConnect {
			c.done = true
			return
		}
	}
	if c.stage == greeting || c.stage == exchange {
		c.server.feed(b, func(kind byte, length int, part []byte) {
			if kind == recordAlert && length == 2 && len(part) == 2 {
				c.alert = alert{code: part[1]}
			}
		})
	}
}

// entry returns what became of the connection until now. ok is false if the
// capture shows nothing of it.
func (c *conn) entry(now time.Time) (e traffic.Entry, ok bool) {
	host, port := c.target()
	if host == "" {
		return traffic.Entry{}, false
	}
	e = traffic.Entry{Time: c.first.UTC(), Host: host, Port: port, Transport: "tcp", Status: c.status}
	e.Denied, e.Reason = c.refusal()
	if e.Reason == "" {
		e.Reason = c.failure(now.Sub(c.last) >= patience || now.Sub(c.first) >= patience && !c.answered)
	}
	e.Failed = e.Reason != "" && !e.Denied
	talks := c.stage == responded && c.request.method == "" && c.replied // in a protocol that is not read
	connects := c.stage == begin && len(c.hello) == 0 && c.answered && c.alive && !c.reset && !c.cut
	e.Told = e.Reason != "" || c.done || talks || connects
	return e, true
}
