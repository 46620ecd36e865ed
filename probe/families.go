package probe

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"
)

// familyLaggard is how long the connection over IPv6 is waited for once the rest
// of the probe is over.
const familyLaggard = 2 * time.Second

// errFamilyLaggard is why a wait of familyLaggard ends.
var errFamilyLaggard = errors.New("no answer, long after the one over IPv4")

// A sideDial is a connection over IPv6 beside one over IPv4, for the facts alone.
// A nil sideDial does nothing.
type sideDial struct {
	addr  netip.AddrPort
	hurry context.CancelCauseFunc
	done  chan dialed // nil until it begins
}

// besides returns what connects over IPv6 too, if the target wants that and it
// does not happen anyway.
func besides(t Target, all bool) *sideDial {
	if !t.Families || all {
		return nil
	}
	return new(sideDial)
}

// begin connects to the first IPv6 address of a name that was just connected to
// over IPv4. It needs as much time as any other address: what is cut short says
// nothing of the network.
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

// finish adds what came of the connection to the facts. It has to be called at
// the end of every attempt, with its outcome.
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

// families is attempt, with a connection over IPv6 beside it if the target wants
// one.
func (f fetch) families(ctx context.Context, o *Observation) *Error {
	f.dialing.side = besides(o.Target, f.dialing.all)
	err := f.attempt(ctx, o)
	f.dialing.side.finish(o, err)
	return err
}
