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

	// Addr is the destination address.
	Addr netip.AddrPort

	// Host is the intended name: the name in a DNS question, the server name of
	// a handshake, the host of a request. For a connection it is the name with
	// this address, if there is only one.
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
	EventConnect   EventKind = "connect"   // a TCP connection was requested, whatever the result
	EventDatagram  EventKind = "datagram"  // a datagram was sent, other than to a resolver
	EventQuery     EventKind = "query"     // a DNS query was sent, whether or not it arrived
	EventHandshake EventKind = "handshake" // a TLS server received a ClientHello
	EventRequest   EventKind = "request"   // a web server or proxy received an HTTP request
)

// Log returns all events so far, in order. Tests use it to check what was
// contacted, how often, and what was not.
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
