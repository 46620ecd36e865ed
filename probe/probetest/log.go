package probetest

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// An Event is something that reached the internet, or tried to.
type Event struct {
	Time time.Time
	Kind EventKind

	// Network is "tcp" or "udp".
	Network string

	// Addr is the address that was sent to.
	Addr netip.AddrPort

	// Host is the name that was meant: the name asked for, the server name of a
	// handshake, the host of a request. For a connection it is the name that has
	// the address, if one alone has it.
	Host string

	// Detail is the type of a query, as in "AAAA", or the method and path of a
	// request, as in "GET /connecttest.txt".
	Detail string

	// Proxied says that the proxy did it.
	Proxied bool
}

// An EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	EventConnect   EventKind = "connect"   // a TCP connection was asked for, whatever came of it
	EventDatagram  EventKind = "datagram"  // a datagram was sent, other than to a resolver
	EventQuery     EventKind = "query"     // a DNS query was sent, whether or not it arrived
	EventHandshake EventKind = "handshake" // a TLS server was shown a ClientHello
	EventRequest   EventKind = "request"   // a web server or proxy was shown an HTTP request
)

// Log returns everything that has happened so far, in order. It is how a test
// shows what was contacted, how often, and what was not.
func (i *Internet) Log() []Event {
	i.log.mu.Lock()
	defer i.log.mu.Unlock()
	return slices.Clone(i.log.events)
}

type eventLog struct {
	mu     sync.Mutex
	events []Event
}

func (l *eventLog) add(kind EventKind, f flow, detail string) {
	e := Event{
		Time: time.Now(), Kind: kind, Network: f.network, Addr: f.addr,
		Detail: detail, Proxied: f.proxied,
	}
	if len(f.hosts) == 1 {
		e.Host = f.hosts[0]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}
