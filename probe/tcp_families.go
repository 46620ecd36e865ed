package probe

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"
)

// familyLaggard is how long to wait for the connection over IPv6 after the rest
// of the probe is done.
const familyLaggard = 2 * time.Second

// errFamilyLaggard is the error when that time has passed.
var errFamilyLaggard = errors.New("no response over IPv6, long after the one over IPv4")

// A sideDial is a connection over IPv6 alongside one over IPv4, only for the
// facts. A nil sideDial does nothing.
type sideDial struct {
	addr  netip.AddrPort
	hurry context.CancelCauseFunc
	done  chan dialed // nil until it begins
}

// besides returns a sideDial if the target asks for both families and the probe
// does not try all addresses anyway.
func besides(t Target) *sideDial {
	if !t.Families || t.AllAddresses {
		return nil
	}
	return new(sideDial)
}

// begin connects to the first IPv6 address of a name just reached over IPv4. It
// takes as much time as any other address: a shorter wait would say nothing
// about the network.
func (s *sideDial) begin(ctx context.Context, n Network, o *Observation) {
	if s == nil || o.DNS == nil || !o.TCP.Remote.Addr().Is4() {
		return
	}
	at := slices.IndexFunc(o.DNS.Addresses, func(a netip.Addr) bool { return a.Unmap().Is6() })
	if deadline, ok := ctx.Deadline(); at < 0 || ok && time.Until(deadline) < minDial {
		return
	}
	s.addr = netip.AddrPortFrom(o.DNS.Addresses[at], o.TCP.Remote.Port())
	ctx, s.hurry = context.WithCancelCause(ctx)
	s.done = make(chan dialed, 1)
	start := time.Now()
	go func() {
		r := n.dialOne(ctx, s.addr, start, 1)
		if r.conn != nil {
			r.conn.Close()
		}
		s.done <- r
	}()
}

// finish adds the result of the connection to the facts. Every attempt must end
// with it, and passes its outcome.
func (s *sideDial) finish(o *Observation, outcome *Error) {
	if s == nil || s.done == nil {
		return
	}
	defer s.hurry(nil)
	patience := familyLaggard
	if outcome != nil && lost(outcome.Code) {
		patience = 0 // there may be another attempt
	}
	r := s.wait(patience)
	if r.err != nil && errors.Is(r.err.Err, errFamilyLaggard) {
		if patience == 0 {
			return
		}
		r.err.Code = TCPTimeout
	}
	d := Dial{Addr: s.addr, Duration: r.duration}
	if r.err != nil {
		d.Code = r.err.Code
	}
	o.TCP.Dials = append(o.TCP.Dials, d)
	o.Steps = append(o.Steps, Step{Op: OpConnect, Addr: s.addr.String(), Start: r.start, Duration: r.duration, Error: r.err})
	slices.SortStableFunc(o.Steps, func(a, b Step) int { return a.Start.Compare(b.Start) })
}

func (s *sideDial) wait(patience time.Duration) dialed {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case r := <-s.done:
		return r
	case <-timer.C:
		s.hurry(errFamilyLaggard)
		return <-s.done
	}
}

// families runs attempt, with a connection over IPv6 alongside if the target
// asks for it.
func (f fetch) families(ctx context.Context, o *Observation) *Error {
	f.dialing = dialing{all: o.Target.AllAddresses, side: besides(o.Target)}
	err := f.attempt(ctx, o)
	f.dialing.side.finish(o, err)
	return err
}
