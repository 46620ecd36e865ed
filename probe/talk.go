package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// Talk is the basis for custom probers. It resolves t.Host, connects over
// network, "tcp" or "udp", passes the connection to talk, and closes it
// afterward or when ctx ends. It uses no proxy. It records the steps and facts.
// A context without a deadline gets [DefaultTimeout]. The connection is not that
// of the dialer; it forwards CloseWrite, and over UDP it is a [net.PacketConn] if
// the dialer's is.
//
// An error of talk belongs to the step [OpTalk]. Its code is the [Code] in its
// chain, or [Panicked] for a panic. If the first connection is reset, Talk
// calls talk once more on a new one.
func (n Network) Talk(ctx context.Context, network string, t Target, talk func(net.Conn) error) Observation {
	return n.observe(ctx, t, func(ctx context.Context, n Network, o *Observation) *Error {
		if err := checkTalk(network, t); err != nil {
			return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
		}
		conn, failed := n.connectOver(ctx, network, t, o)
		if failed != nil {
			return failed
		}
		done := o.step(OpTalk, t.Addr())
		closing := closeWithContext(ctx, conn)
		err := call(talk, conn)
		closing.end()
		if err != nil {
			failed = newError(ctx, OpTalk, t.Addr(), err)
		}
		done(failed)
		return failed
	})
}

func checkTalk(network string, t Target) error {
	switch {
	case network != "tcp" && network != "udp":
		return fmt.Errorf("cannot talk over network %q: want tcp or udp", network)
	case t.Port == 0:
		return errors.New("no port")
	}
	return checkHost(t.Host)
}

func call(talk func(net.Conn) error, conn net.Conn) (err error) {
	defer caught(&err)
	return talk(conn)
}

func (n Network) connectOver(ctx context.Context, network string, t Target, o *Observation) (net.Conn, *Error) {
	if network == "tcp" {
		return n.connect(ctx, t, dialing{all: t.AllAddresses}, o)
	}
	addrs, failed := n.addresses(ctx, t, nil, o)
	if failed != nil {
		return nil, failed
	}
	done := o.step(OpConnect, t.Addr())
	conn, err := n.dialFirst(ctx, network, addrs)
	if err != nil {
		failed = newError(ctx, OpConnect, t.Addr(), err)
	}
	done(failed)
	return conn, failed
}

// DialContext connects to a host and port, as [net.Dialer.DialContext] does.
// The resolvers of n resolve names. It uses no proxy, and fits
// [net/http.Transport]. The error's chain has a [Code].
func (n Network) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return fail(err)
	}
	number, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return fail(&net.AddrError{Err: "the port is not a number", Addr: address})
	}
	family := "ip"
	if last := network[max(0, len(network)-1):]; last == "4" || last == "6" {
		family += last
	}
	found, err := n.LookupNetIP(ctx, family, host)
	if err != nil {
		return fail(err)
	}
	addrs := make([]netip.AddrPort, 0, len(found))
	for _, addr := range interleave(found)[:min(len(found), maxAddresses)] {
		addrs = append(addrs, netip.AddrPortFrom(addr, uint16(number)))
	}
	conn, err := n.dialFirst(ctx, network, addrs)
	if err != nil {
		return fail(&Error{Op: OpConnect, Addr: address, Code: classify(ctx, OpConnect, err), Err: err})
	}
	return conn, nil
}

// dialFirst connects to the first address that works. The addresses share the
// time equally.
func (n Network) dialFirst(ctx context.Context, network string, addrs []netip.AddrPort) (net.Conn, error) {
	var first error
	for i, addr := range addrs {
		share, cancel := ctx, context.CancelFunc(func() {})
		if deadline, ok := ctx.Deadline(); ok && i < len(addrs)-1 {
			share, cancel = context.WithTimeout(ctx, max(time.Until(deadline)/time.Duration(len(addrs)-i), minDial))
		}
		conn, err := n.dial(share, network, addr.String())
		cancel()
		if err == nil {
			return conn, nil
		}
		first = cmp.Or(first, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// LookupNetIP asks the resolvers of n for the addresses of a host, as
// [net.Resolver.LookupNetIP] does. The network is "ip", "ip4" or "ip6". The
// result for an address is that address. An error is an [*Error], with
// [DNSNoData] if the host only has addresses of the other family.
func (n Network) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	facts, failed := n.lookup(ctx, host)
	if failed != nil {
		return nil, failed
	}
	var addrs []netip.Addr
	for _, addr := range facts.Addresses {
		if v4 := addr.Unmap().Is4(); network == "ip" || network == "ip4" && v4 || network == "ip6" && !v4 {
			addrs = append(addrs, addr)
		}
	}
	if len(addrs) == 0 {
		return nil, &Error{Op: OpResolve, Addr: host, Code: DNSNoData, Err: fmt.Errorf("no address for network %q", network)}
	}
	return addrs, nil
}
