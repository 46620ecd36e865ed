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
	// ntpPort is the port that a zero target port stands for.
	ntpPort = 123

	// ntpTimeout bounds the wait for one answer. Better servers answer in
	// milliseconds, and the longer it takes, the less the answer is worth.
	ntpTimeout = 2 * time.Second

	// ntpPackets is how often an address is asked, in case a packet is lost.
	ntpPackets = 2
)

// NTP asks a time server for the time, as version 4 of RFC 5905 has it, and
// measures by how much the local clock is off. Port zero means 123.
//
// The addresses of the host are asked in turn, IPv4 first, until one gives a
// time that can be trusted. Each is waited for up to 2 seconds, and a second
// time in case a packet was lost. Observation.Attempts counts all of these
// tries, and each has a clock step with the address.
//
// The request leaves from a port that the system chooses. A firewall that only
// lets port 123 through as the source blocks this probe, and may let Windows
// pass.
type NTP struct {
	Network Network

	// MaxOffset is by how much the local clock may be off. What lies within the
	// bound of the measurement is no failure. Zero means that the offset is a
	// fact like others, and no reason to fail.
	MaxOffset time.Duration
}

// Probe measures t. Its codes are those of the resolve and clock steps.
func (p NTP) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		if err := checkHost(t.Host); err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
		}
		if t.Port == 0 {
			t.Port = ntpPort
		}
		addrs, err := p.Network.addresses(ctx, t, nil, o)
		if err != nil {
			return err
		}
		slices.SortStableFunc(addrs, ipv4First) // each takes its time, so there is none to lose on a family that is not there
		o.Attempts = 0
		err = p.askInTurn(ctx, addrs, o)
		if err != nil && (err.Code == NTPTimeout || err.Code == NTPUnreachable) {
			err = o.withheld(err)
		}
		return err
	})
}

// ipv4First compares addresses by their families.
func ipv4First(a, b netip.AddrPort) int {
	return cmp.Compare(a.Addr().Unmap().BitLen(), b.Addr().Unmap().BitLen())
}

// askInTurn asks addresses until one gives the time. If none does, the error is
// that of the first that said anything, and its facts are kept.
func (p NTP) askInTurn(ctx context.Context, addrs []netip.AddrPort, o *Observation) *Error {
	var worst *Error
	for _, addr := range addrs {
		facts, err := p.ask(ctx, addr, o)
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

// ask asks one address, twice if need be. The facts are nil if there was no
// answer that belongs to the question.
func (p NTP) ask(ctx context.Context, addr netip.AddrPort, o *Observation) (*NTPFacts, *Error) {
	for sent := 1; ; sent++ {
		o.Attempts++
		done := o.step(OpClock, addr.String())
		facts, err := p.Network.queryTime(ctx, addr)
		if err == nil {
			err = p.judge(facts)
		}
		done(err)
		if err == nil || err.Code != NTPTimeout || sent == ntpPackets || ended(ctx) {
			return facts, err
		}
	}
}

// judge compares the offset with the bound, as far as it was measured at all.
func (p NTP) judge(facts *NTPFacts) *Error {
	off := facts.Offset.Abs() - facts.Bound
	if p.MaxOffset == 0 || off <= p.MaxOffset {
		return nil
	}
	return &Error{
		Op: OpClock, Addr: facts.Server.String(), Code: NTPOffset,
		Err: fmt.Errorf("the local clock is off by %v", facts.Offset),
	}
}

// queryTime sends one request to one address. The client has no context, so it
// gets a connection that closes when the context ends.
func (n Network) queryTime(ctx context.Context, addr netip.AddrPort) (*NTPFacts, *Error) {
	ctx, cancel := context.WithTimeout(ctx, ntpTimeout)
	defer cancel()
	fail := func(err error) *Error {
		e := newError(ctx, OpClock, addr.String(), err)
		if e.Code == NTPTimeout {
			e.Err = errors.New("no answer")
		}
		return e
	}
	conn, err := n.dial(ctx, "udp", addr.String())
	if err != nil {
		return nil, fail(err)
	}
	defer closeWithContext(ctx, conn)()

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
		return nil, &Error{Op: OpClock, Addr: addr.String(), Code: NTPInvalid, Err: errors.New("only answers to other questions")}
	default:
		return nil, fail(err)
	}
}
