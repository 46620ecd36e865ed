package probetest

import (
	"fmt"
	"sync"
	"time"
)

// A packetFault decides what happens to packets.
type packetFault interface{ route() route }

// Unreachable makes an address unreachable. By default this machine has no
// route, which it reports at once. With ICMP, a router reports it.
type Unreachable struct {
	ICMP bool
}

func (u Unreachable) in(flow) Fault { return u }

func (u Unreachable) route() route {
	if u.ICMP {
		return routeUnreachable
	}
	return routeNone
}

// Delay adds to the round-trip time.
type Delay struct {
	By time.Duration
}

func (d Delay) in(flow) Fault { return d }

// Loss loses datagrams, and connection requests. It does not affect streams,
// because TCP retransmits.
type Loss struct {
	// First is how many datagrams are lost at the beginning, among those to the
	// same address with the same DNS question.
	First int

	// Rate is the share of datagrams, questions and answers alike, that are
	// lost, from 0 to 1. Which ones depends on the Seed of the Internet, the
	// address, the DNS question, and its repetition.
	Rate float64

	// Connections is the share of connections, from 0 to 1, whose requests are
	// all lost. Which ones depends on the Seed of the Internet, the address,
	// and the number of earlier connections to it.
	Connections float64
}

func (l Loss) in(flow) Fault { return l }

// loses reports whether the nth datagram of a kind is lost, counting from zero.
func (l Loss) loses(seed uint64, kind string, n int) bool {
	return n < l.First || draws(l.Rate, seed, kind, n)
}

// draws reports whether chance, at a rate, selects the nth event of a kind.
func draws(rate float64, seed uint64, kind string, n int) bool {
	const resolution = 1 << 24
	draw := mix(seed^hash(fmt.Sprint(kind, " ", n))) % resolution
	return float64(draw) < rate*resolution
}

// mix spreads the bits of x, as SplitMix64's finalizer does, because texts that
// differ only in the last letter have similar hashes.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// A lossCounter counts datagrams and connections by kind.
type lossCounter struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *lossCounter) next(kind string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	n := c.seen[kind]
	c.seen[kind]++
	return n
}

// losesConnection reports whether the requests of a connection are lost.
func (i *Internet) losesConnection(f flow) bool {
	for l := range faults[Loss](i, f) {
		if f.network == "tcp" && l.Connections > 0 && draws(l.Connections, i.Seed, "tcp "+f.addr.String(), f.earlier) {
			return true
		}
	}
	return false
}

// loses reports whether a datagram is lost. Its question distinguishes it from
// others to the same address.
func (i *Internet) loses(f flow, question string, names []string) bool {
	lost, counted, n := false, false, 0
	kind := fmt.Sprint(f.addr, question, names)
	for l := range faults[Loss](i, f) {
		if !counted {
			n, counted = i.lost.next(kind), true
		}
		lost = lost || l.loses(i.Seed, kind, n)
	}
	return lost
}
