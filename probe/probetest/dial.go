package probetest

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"
)

// connectTimeout is when a kernel gives up on an unanswered connection request.
const connectTimeout = 127 * time.Second

// DialContext connects to an address of i, for fields such as DialContext of
// [http.Transport]. The network is "tcp" or "udp", optionally with "4" or "6";
// the address is an IP address with a port. Its errors are those of package
// net.
func (i *Internet) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	f, err := i.flow(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	switch network {
	case "tcp", "tcp4", "tcp6":
		f.network = "tcp"
		return i.dialTCP(ctx, f, ethernet-headers(f))
	case "udp", "udp4", "udp6":
		f.network = "udp"
		return i.dialUDP(ctx, f)
	}
	return nil, &net.OpError{Op: "dial", Net: network, Err: net.UnknownNetworkError(network)}
}

// DialMSS connects to an address of i over TCP with segments of at most mss
// bytes in both directions; see [probe.Network].ConnectMSS.
func (i *Internet) DialMSS(ctx context.Context, address string, mss int) (net.Conn, error) {
	f, err := i.flow(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	f.network = "tcp"
	return i.dialTCP(ctx, f, mss)
}

// flow returns a flow to an address.
func (i *Internet) flow(address string) (flow, error) {
	i.init()
	addr, err := netip.ParseAddrPort(address)
	if err != nil {
		return flow{}, &net.AddrError{Err: "not an IP address with a port", Addr: address}
	}
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	return flow{addr: addr, hosts: i.zone.namesOf(addr.Addr()), proxied: isProxy(addr)}, nil
}

func (i *Internet) dialTCP(ctx context.Context, f flow, mss int) (net.Conn, error) {
	remote := net.TCPAddrFromAddrPort(f.addr)
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: remote, Err: err}
	}
	if err := ctx.Err(); err != nil {
		return fail(err)
	}
	i.log.add(EventConnect, f, "")
	f.earlier = i.lost.next("tcp " + f.addr.String())
	if err := i.limit(ctx, &f); err != nil {
		return fail(err)
	}
	rtt := i.rtt(f)
	after, errno := rtt, error(nil)
	_, agent := first[accepting](i, f)
	switch i.route(f) {
	case routeNone:
		if agent {
			return i.accept(f, 0), nil
		}
		return fail(os.NewSyscallError(callConnect, netUnreach))
	case routeBlackHole:
		after, errno = connectTimeout, timedOut
	case routeUnreachable:
		errno = hostUnreach
	case routeRefused:
		errno = connRefused
	case routeOpen:
	}
	if agent && errno != nil {
		return i.accept(f, after), nil //nolint:nilerr // the agent hides what happens behind it
	}
	if agent {
		after = 0
	}
	if err := pause(ctx, after); err != nil {
		return fail(err)
	}
	if errno != nil {
		return fail(os.NewSyscallError(callConnect, errno))
	}
	local := net.TCPAddrFromAddrPort(i.local(f.addr.Addr()))
	client, server := newStream(local, remote, rtt/2)
	i.shape(client, f, mss)
	go i.serve(server, f)
	return client, nil
}

// accept returns a connection to a host that cannot be reached, which is found
// out after a time.
func (i *Internet) accept(f flow, after time.Duration) net.Conn {
	client, server := newStream(net.TCPAddrFromAddrPort(i.local(f.addr.Addr())), net.TCPAddrFromAddrPort(f.addr), 0)
	go func() {
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-client.done:
		}
		_ = server.Close()
	}()
	return client
}

func (i *Internet) dialUDP(ctx context.Context, f flow) (net.Conn, error) {
	remote := net.UDPAddrFromAddrPort(f.addr)
	if err := ctx.Err(); err != nil {
		return nil, &net.OpError{Op: "dial", Net: "udp", Addr: remote, Err: err}
	}
	if i.route(f) == routeNone {
		err := os.NewSyscallError(callConnect, netUnreach)
		return nil, &net.OpError{Op: "dial", Net: "udp", Addr: remote, Err: err}
	}
	return &packetConn{
		local:    net.UDPAddrFromAddrPort(i.local(f.addr.Addr())),
		remote:   remote,
		exchange: func(datagram []byte) []reply { return i.datagram(f, datagram) },
	}, nil
}

// A route is what happens to the first packet to an address.
type route int

const (
	routeOpen        route = iota
	routeRefused           // the host exists, but nothing listens
	routeBlackHole         // the packet vanishes
	routeUnreachable       // a router reports it
	routeNone              // this machine has no route
)

func (i *Internet) route(f flow) route {
	if d, ok := first[packetFault](i, f); ok {
		return d.route()
	}
	if i.losesConnection(f) {
		return routeBlackHole
	}
	a := f.addr.Addr()
	switch {
	case a.IsLoopback(), a.IsUnspecified(), f.addr.Port() == 0:
		return routeRefused
	case a.Is6() && !i.IPv6 && !slices.Contains(i.resolvers(), f.addr):
		return routeNone
	case i.service(f) == nil:
		return routeRefused
	}
	return routeOpen
}

// rtt returns the round-trip time.
func (i *Internet) rtt(f flow) time.Duration {
	d := i.Latency
	for s := range faults[Delay](i, f) {
		d += s.By
	}
	return d
}

// local returns an address of the machine with an unused port.
func (i *Internet) local(remote netip.Addr) netip.AddrPort {
	port := uint16(49152 + i.port.Add(1)%16384)
	if remote.Is4() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 10}), port)
	}
	return netip.AddrPortFrom(netip.MustParseAddr("2001:db8:ffff::10"), port)
}

// pause waits, at most until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
