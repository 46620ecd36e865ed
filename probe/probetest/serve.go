package probetest

import (
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
)

// A service speaks a protocol on a stream until it ends.
type service func(c *conn, f flow)

// service returns the server that listens at the address of f, or nil. For UDP
// only whether it is nil matters.
func (i *Internet) service(f flow) service {
	switch {
	case slices.Contains(i.resolvers(), f.addr):
		return i.serveDNS
	case f.network == "udp" && f.addr.Port() == 123:
		return i.serveNothing
	case f.network == "udp":
		return nil
	case i.own(f) != nil:
		return func(c *conn, f flow) { i.own(f)(c) }
	case f.addr == proxyAddr():
		return i.serveProxy
	case f.addr == secureProxyAddr():
		return i.serveSecureProxy
	case f.addr == socksAddr():
		return i.serveSOCKS
	case f.addr.Port() == 80:
		return i.serveHTTP
	case f.addr.Port() == 443:
		return i.serveTLS
	case slices.Contains(i.TCPPorts, f.addr.Port()):
		return i.serveNothing
	}
	return nil
}

// own returns the user's server at the address of f, or nil.
func (i *Internet) own(f flow) func(net.Conn) {
	port := strconv.Itoa(int(f.addr.Port()))
	for address, serve := range i.Serve {
		host, at, err := net.SplitHostPort(address)
		if err == nil && at == port && host != "" && slices.Contains(f.hosts, canonical(host)) {
			return serve
		}
	}
	return i.Serve[":"+port]
}

// serve owns c until either end closes it.
func (i *Internet) serve(c *conn, f flow) {
	defer func() { _ = c.Close() }()
	if i.interrupt(AfterAccept, f, c, c) {
		return
	}
	i.service(f)(c, f)
}

func (i *Internet) serveNothing(c *conn, _ flow) { c.drain() }

// datagram returns the replies to a datagram.
func (i *Internet) datagram(f flow, datagram []byte) []reply {
	isDNS := slices.Contains(i.resolvers(), f.addr)
	question := flow{}
	kind := ""
	if isDNS {
		question, kind = questionOf(f, datagram)
		i.log.add(EventQuery, question, kind)
	} else {
		i.log.add(EventDatagram, f, "")
	}
	if i.loses(f, kind, question.hosts) {
		return nil
	}
	after := i.rtt(f)
	switch i.route(f) {
	case routeBlackHole:
		return nil
	case routeRefused:
		return []reply{{err: connRefused, after: after}}
	case routeUnreachable, routeNone:
		return []reply{{err: hostUnreach, after: after}}
	case routeOpen:
	}
	var answers [][]byte
	if isDNS {
		answers = i.answerDNS(question, datagram)
	} else {
		answers = i.answerNTP(f, datagram)
	}
	replies := make([]reply, 0, len(answers))
	for _, a := range answers {
		replies = append(replies, reply{data: a, after: after})
	}
	return replies
}

// A single is a listener that accepts one connection. A second Accept blocks
// until that connection is closed, so that a server returns when it is done.
type single struct {
	c    net.Conn
	done <-chan struct{} // closed with c
	once sync.Once
}

func (s *single) Accept() (net.Conn, error) {
	var c net.Conn
	s.once.Do(func() { c = s.c })
	if c != nil {
		return c, nil
	}
	<-s.done
	return nil, io.EOF
}

func (s *single) Close() error   { return nil }
func (s *single) Addr() net.Addr { return s.c.LocalAddr() }
