package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/beevik/ntp"
)

const (
	// MaxClockOffset is how far the local clock may be off before the probe
	// fails with [NTPOffset]. It is the largest correction that the Windows
	// Time service makes by default, MaxPosPhaseCorrection and
	// MaxNegPhaseCorrection of 54,000 seconds. If the measurement's error bound
	// leaves doubt, the probe does not fail.
	MaxClockOffset = 15 * time.Hour

	// ntpTimeout limits the wait for one response. Good servers respond in
	// milliseconds, and a slower response is less accurate.
	ntpTimeout = 2 * time.Second

	// ntpPackets is how often to ask each address, in case a packet is lost.
	ntpPackets = 2
)

func measureNTP(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	if err := checkHost(t.Host); err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
	}
	t.Port = cmp.Or(t.Port, builtinFor(NTP).port)
	addrs, err := n.addresses(ctx, t, nil, o)
	if err != nil {
		return err
	}
	slices.SortStableFunc(addrs, ipv4First) // each address takes up to ntpTimeout, and IPv6 may not work
	o.Attempts = 0
	err = n.askClocks(ctx, addrs, o)
	if err != nil && (err.Code == NTPTimeout || err.Code == NTPUnreachable) {
		err = o.withheld(err)
	}
	return err
}

func ipv4First(a, b netip.AddrPort) int {
	return cmp.Compare(a.Addr().Unmap().BitLen(), b.Addr().Unmap().BitLen())
}

// askClocks asks addresses until one returns the time. If none does, the error
// and the facts are those of the first that responded.
func (n Network) askClocks(ctx context.Context, addrs []netip.AddrPort, o *Observation) *Error {
	var worst *Error
	for _, addr := range addrs {
		facts, err := n.askClock(ctx, addr, o)
		switch {
		case err == nil, err.Code == NTPOffset:
			o.NTP = facts
			return err
		case err.Code == Canceled:
			return err
		}
		if worst == nil || o.NTP == nil && facts != nil {
			worst, o.NTP = err, facts
		}
		if ended(ctx) {
			break
		}
	}
	return worst
}

// askClock asks one address, up to ntpPackets times. The facts are nil if no
// response matched a request.
func (n Network) askClock(ctx context.Context, addr netip.AddrPort, o *Observation) (*NTPFacts, *Error) {
	for sent := 1; ; sent++ {
		o.Attempts++
		done := o.step(OpClock, addr.String())
		facts, err := n.queryTime(ctx, addr)
		if err == nil {
			err = facts.judge()
		}
		done(err)
		if err == nil || err.Code != NTPTimeout || sent == ntpPackets || ended(ctx) {
			return facts, err
		}
	}
}

// judge compares the offset with the limit, allowing for the measurement's
// bound.
func (f *NTPFacts) judge() *Error {
	if f.Offset.Abs()-f.Bound <= MaxClockOffset {
		return nil
	}
	return &Error{
		Op: OpClock, Addr: f.Server.String(), Code: NTPOffset,
		Err: fmt.Errorf("the local clock is off by %v", f.Offset),
	}
}

// queryTime sends one request to one address. The client takes no context, so
// its connection closes when the context ends.
func (n Network) queryTime(ctx context.Context, addr netip.AddrPort) (*NTPFacts, *Error) {
	ctx, cancel := context.WithTimeout(ctx, ntpTimeout)
	defer cancel()
	fail := func(err error) *Error {
		e := newError(ctx, OpClock, addr.String(), err)
		if e.Code == NTPTimeout {
			e.Err = errors.New("no response")
		}
		return e
	}
	conn, err := n.dial(ctx, "udp", addr.String())
	if err != nil {
		return nil, fail(err)
	}
	defer closeWithContext(ctx, conn).end()

	deadline, _ := ctx.Deadline()
	filter := &ntpConn{Conn: conn}
	response, err := ntp.QueryWithOptions(addr.String(), ntp.QueryOptions{
		Timeout:       time.Until(deadline),
		GetSystemTime: time.Now,
		Dialer:        func(string, string) (net.Conn, error) { return filter, nil },
	})
	switch {
	case filter.answer != nil:
		return readTime(addr, filter.answer, response, err)
	case filter.stray && !errors.Is(ctx.Err(), context.Canceled):
		return nil, &Error{Op: OpClock, Addr: addr.String(), Code: NTPInvalid, Err: errors.New("only responses to other requests")}
	default:
		return nil, fail(err)
	}
}
