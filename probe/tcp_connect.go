package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// maxAddresses limits the addresses tried for one name: an answer can hold
	// thousands.
	maxAddresses = 32

	// maxDials limits how many of them are tried at once.
	maxDials = 16

	// minDial is the least time for one address. With less, a lost packet would
	// look like a silent host.
	minDial = 2 * time.Second
)

// A dialing says how to connect to a name.
type dialing struct {
	all   bool                  // try every address, to learn which ones work
	keep  func(netip.Addr) bool // the addresses to try; nil means all
	side  *sideDial             // the connection over IPv6 alongside, or nil
	known bool                  // IPv4 comes last if it did not work for another host of the run
}

// connect looks up a target's host and connects to it. Unless every address is
// wanted, it tries IPv4 and IPv6 addresses alternately until one works. The
// addresses share the time that is left, but each gets at least minDial. The
// facts are kept in o; those that it already has are not asked for again.
func (n Network) connect(ctx context.Context, t Target, how dialing, o *Observation) (net.Conn, *Error) {
	if o.TCP != nil && o.TCP.Remote.IsValid() {
		again := dialing{} // another request to the same host
		return n.dialAll(ctx, []netip.AddrPort{o.TCP.Remote}, again, o)
	}
	addrs, err := n.addresses(ctx, t, how.keep, o)
	if err != nil {
		return nil, err
	}
	if how.known && n.shared != nil && n.shared.ipv4Lost.Load() {
		slices.SortStableFunc(addrs, func(a, b netip.AddrPort) int { return ipv4First(b, a) })
	}
	conn, err := n.dialAll(ctx, addrs, how, o)
	if err != nil {
		return nil, o.withheld(err)
	}
	if n.shared != nil {
		n.shared.learn(o.TCP)
	}
	how.side.begin(ctx, n, t, o)
	return conn, nil
}

// withheld explains why no address of a name was reached: a resolver withheld
// the IPv4 addresses and only IPv6 ones were left. Otherwise it returns err.
// Windows would then connect over IPv6 too, if it has IPv6.
func (o *Observation) withheld(err *Error) *Error {
	switch {
	case o.DNS == nil, o.DNS.IPv4Code != DNSSinkhole && o.DNS.IPv4Code != DNSBlocked:
		return err
	case err.Code == Canceled, err.Code.local():
		return err
	}
	text := fmt.Errorf("no IPv4 address, and %s over IPv6", string(err.Code))
	return o.fail(&Error{Op: OpResolve, Addr: o.DNS.Name, Code: o.DNS.IPv4Code, Err: text})
}

// addresses looks up a target's host.
func (n Network) addresses(ctx context.Context, t Target, keep func(netip.Addr) bool, o *Observation) ([]netip.AddrPort, *Error) {
	var found []netip.Addr
	if addr, ok := parseAddr(t.Host); ok {
		found = []netip.Addr{addr.Unmap()}
	} else {
		done := o.step(OpResolve, t.Host)
		facts, err := n.lookup(ctx, t.Host)
		o.DNS = facts
		done(err)
		if err != nil {
			return nil, err
		}
		found = facts.Addresses
	}
	var addrs []netip.AddrPort
	for _, addr := range interleave(found) {
		if (keep == nil || keep(addr)) && len(addrs) < maxAddresses {
			addrs = append(addrs, netip.AddrPortFrom(addr, t.Port))
		}
	}
	if len(addrs) == 0 {
		err := &Error{Op: OpResolve, Addr: t.Host, Code: o.DNS.without(keep), Err: errors.New("no address of the requested family")}
		return nil, o.fail(err)
	}
	return addrs, nil
}

// without returns why no address passes keep.
func (f *DNSFacts) without(keep func(netip.Addr) bool) Code {
	some4, some6 := netip.AddrFrom4([4]byte{192, 0, 2, 1}), netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: 1})
	switch {
	case f == nil, keep == nil:
	case f.IPv4Code != "" && keep(some4) && !keep(some6):
		return f.IPv4Code
	case f.IPv6Code != "" && keep(some6) && !keep(some4):
		return f.IPv6Code
	}
	return DNSNoData
}

// interleave alternates IPv4 and IPv6 addresses, RFC 8305 section 4, so that
// many or silent addresses of one family do not keep the other from being
// tried. IPv4 comes first, because every network has it.
func interleave(addrs []netip.Addr) []netip.Addr {
	var families [2][]netip.Addr
	for _, a := range addrs {
		n := 0
		if a.Unmap().Is6() {
			n = 1
		}
		families[n] = append(families[n], a)
	}
	var list []netip.Addr
	for n := range max(len(families[0]), len(families[1])) {
		for _, family := range families {
			if n < len(family) {
				list = append(list, family[n])
			}
		}
	}
	return list
}

// A dialed is the result for one address.
type dialed struct {
	addr     string
	conn     net.Conn
	start    time.Time
	duration time.Duration
	err      *Error
	noRoute  bool
}

// dialAll connects to addresses, and returns the first connection in their
// order, or else the first error.
func (n Network) dialAll(ctx context.Context, addrs []netip.AddrPort, how dialing, o *Observation) (net.Conn, *Error) {
	if o.TCP == nil {
		o.TCP = new(TCPFacts)
	}
	var results []dialed
	if how.all && len(addrs) > 1 {
		results = n.dialAtOnce(ctx, addrs)
	} else {
		results = n.dialInTurn(ctx, addrs)
	}
	var conn net.Conn
	for i, r := range results {
		d := Dial{Addr: addrs[i], Duration: r.duration, NoRoute: r.noRoute}
		if r.err != nil {
			d.Code = r.err.Code
		}
		o.TCP.Dials = append(o.TCP.Dials, d)
		o.Steps = append(o.Steps, Step{Op: OpConnect, Addr: r.addr, Start: r.start, Duration: r.duration, Error: r.err})
		switch {
		case r.conn == nil:
		case conn == nil:
			conn, o.TCP.Remote = r.conn, addrs[i]
		default:
			r.conn.Close()
		}
	}
	switch {
	case conn == nil && errors.Is(ctx.Err(), context.Canceled):
		return nil, newError(ctx, OpConnect, addrs[0].String(), context.Cause(ctx))
	case conn == nil:
		return nil, results[0].err
	case ctx.Err() != nil:
		conn.Close()
		return nil, newError(ctx, OpConnect, o.TCP.Remote.String(), context.Cause(ctx))
	}
	return conn, nil
}

func (n Network) dialInTurn(ctx context.Context, addrs []netip.AddrPort) []dialed {
	var results []dialed
	for i, addr := range addrs {
		r := n.dialOne(ctx, addr, time.Now(), len(addrs)-i)
		results = append(results, r)
		if r.conn != nil || ctx.Err() != nil {
			break
		}
	}
	return results
}

// dialAtOnce leaves enough time to use an address that works while others are
// silent.
func (n Network) dialAtOnce(ctx context.Context, addrs []netip.AddrPort) []dialed {
	rounds := (len(addrs) + maxDials - 1) / maxDials
	results := make([]dialed, len(addrs))
	slots := make(chan struct{}, maxDials)
	var wg sync.WaitGroup
	for i, addr := range addrs {
		slots <- struct{}{}
		left := rounds - i/maxDials + 1
		start := time.Now() // here, so that steps stay in order
		wg.Go(func() {
			defer func() { <-slots }()
			results[i] = n.dialOne(ctx, addr, start, left)
		})
	}
	wg.Wait()
	return results
}

// dialOne connects to one address within its share of the time.
func (n Network) dialOne(ctx context.Context, addr netip.AddrPort, start time.Time, shares int) dialed {
	r := dialed{addr: addr.String(), start: start}
	if deadline, ok := ctx.Deadline(); ok && shares > 1 {
		share := max(time.Until(deadline)/time.Duration(shares), minDial)
		bounded, cancel := context.WithTimeout(ctx, share)
		defer cancel()
		ctx = bounded
	}
	conn, err := n.dial(ctx, "tcp", r.addr)
	r.duration = time.Since(r.start)
	if err != nil {
		r.err = newError(ctx, OpConnect, r.addr, err)
		r.noRoute = r.err.Code == TCPUnreachable && n.lacksRoute(ctx, addr)
		return r
	}
	r.conn = conn
	return r
}

// lacksRoute reports whether this machine has no route to an address.
// Connecting a UDP socket shows that and sends nothing.
func (n Network) lacksRoute(ctx context.Context, addr netip.AddrPort) bool {
	conn, err := n.dial(ctx, "udp", addr.String())
	if err == nil {
		conn.Close()
		return false
	}
	k := kindOf(err)
	return k == kindNoRoute || k == kindUnreachable
}

// checkHost returns an error unless a host is an IP address or a name that can
// be looked up and put into a request. Patterns such as "*.example.com" are
// neither.
func checkHost(host string) error {
	if addr, ok := parseAddr(host); ok && addr.Zone() == "" {
		return nil
	}
	const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	if host == "" || len(host) > 253 || strings.ContainsFunc(host, func(r rune) bool { return !strings.ContainsRune(chars, r) }) {
		return fmt.Errorf("%q is not a host name or address", host)
	}
	return nil
}
