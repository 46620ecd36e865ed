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
	documents *documents // for a handshake on it; nil means none
	addr      netip.AddrPort
	hurry     context.CancelCauseFunc
	done      chan alongside     // nil until it begins
	connected chan time.Duration // how long connecting took, if a handshake follows
}

// An alongside is the result of such a connection.
type alongside struct {
	dialed
	steps  []Step    // of the handshake
	tls    *TLSFacts // nil without a handshake
	failed Code      // how the handshake failed
}

// besides returns a sideDial if the target asks for both families. If the probe
// tries all addresses anyway, only a handshake is missing.
func besides(t Target, d *documents) *sideDial {
	if !t.Families || t.AllAddresses && d == nil {
		return nil
	}
	return &sideDial{documents: d}
}

// begin connects to the first IPv6 address of a name just reached over IPv4. It
// takes as much time as any other address: a shorter wait would say nothing
// about the network.
func (s *sideDial) begin(ctx context.Context, n Network, t Target, o *Observation) {
	if s == nil || o.DNS == nil || !o.TCP.Remote.Addr().Is4() {
		return
	}
	at := slices.IndexFunc(o.DNS.Addresses, func(a netip.Addr) bool { return a.Unmap().Is6() })
	if deadline, ok := ctx.Deadline(); at < 0 || ok && time.Until(deadline) < minDial {
		return
	}
	s.addr = netip.AddrPortFrom(o.DNS.Addresses[at], o.TCP.Remote.Port())
	if d := o.TCP.dial(s.addr); d != nil && d.Code != "" {
		return
	}
	ctx, s.hurry = context.WithCancelCause(ctx)
	s.done, s.connected = make(chan alongside, 1), make(chan time.Duration, 1)
	start := time.Now()
	go func() {
		r := alongside{dialed: n.dialOne(ctx, s.addr, start, 1)}
		switch {
		case r.conn == nil:
		case s.documents != nil:
			s.connected <- r.duration
			n.greet(ctx, &r, s.documents, t)
		default:
			r.conn.Close()
		}
		s.done <- r
	}()
}

// greet makes a handshake on a connection, sends no request, and closes it.
func (n Network) greet(ctx context.Context, r *alongside, d *documents, t Target) {
	defer closeWithContext(ctx, r.conn).end()
	var seen Observation
	s := n.handshake(ctx, r.conn, t, &seen, nil)
	s.documents = d
	unknown := n.complete(ctx, &s, t, &seen)
	r.tls, r.steps = seen.TLS, seen.Steps
	for i := range r.steps {
		if r.steps[i].Op == OpHandshake {
			r.steps[i].Addr = r.conn.RemoteAddr().String() // not to confuse it with the one over IPv4
		}
	}
	switch {
	case s.failed != nil && s.rejected(seen.TLS):
	case s.failed != nil:
		r.failed = s.fault(&seen).Code
		if errors.Is(s.failed.Err, errFamilyLaggard) {
			r.failed = TLSTimeout
		}
	case unknown != nil:
		r.failed = TLSIncomplete
	case s.foreign != nil:
		r.failed = s.foreign.Code
	}
}

// finish adds the result of the connection to the facts. Every attempt must end
// with it, and passes its outcome.
func (s *sideDial) finish(o *Observation, outcome *Error) {
	if s == nil || s.done == nil {
		return
	}
	defer s.hurry(nil)
	patience := familyLaggard
	if o.repeats(outcome) {
		patience = 0
	}
	r := s.wait(patience)
	if r.err != nil && errors.Is(r.err.Err, errFamilyLaggard) {
		if patience == 0 {
			return
		}
		r.err.Code = TCPTimeout
	}
	d := o.TCP.dial(s.addr)
	switch {
	case d == nil:
		o.TCP.Dials = append(o.TCP.Dials, Dial{Addr: s.addr, Duration: r.duration, NoRoute: r.noRoute})
		d = &o.TCP.Dials[len(o.TCP.Dials)-1]
		if r.err != nil {
			d.Code = r.err.Code
		}
	case r.err != nil:
		return // it was reached before
	}
	d.TLS, d.TLSCode = r.tls, r.failed
	o.Steps = append(o.Steps, Step{Op: OpConnect, Addr: s.addr.String(), Start: r.start, Duration: r.duration, Error: r.err})
	o.Steps = append(o.Steps, r.steps...)
	slices.SortStableFunc(o.Steps, func(a, b Step) int { return a.Start.Compare(b.Start) })
}

// dial returns the attempt to connect to an address, or nil.
func (f *TCPFacts) dial(addr netip.AddrPort) *Dial {
	for i := range f.Dials {
		if f.Dials[i].Addr == addr {
			return &f.Dials[i]
		}
	}
	return nil
}

func (s *sideDial) wait(patience time.Duration) alongside {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case r := <-s.done:
		return r
	case <-timer.C:
	}
	if patience > 0 {
		select {
		case took := <-s.connected: // slowly, perhaps: a handshake takes twice as long
			const margin = 2
			timer.Reset(margin * 2 * took)
			select {
			case r := <-s.done:
				return r
			case <-timer.C:
			}
		default:
		}
	}
	s.hurry(errFamilyLaggard)
	return <-s.done
}

// families runs attempt, with a connection over IPv6 alongside if the target
// asks for it.
func (f fetch) families(ctx context.Context, o *Observation) *Error {
	const usual = 6 // resolve, connect, handshake, request, body and revocation
	o.Steps = slices.Grow(o.Steps, usual)
	f.dialing = dialing{all: o.Target.AllAddresses, side: besides(o.Target, f.documents)}
	whole := f.whole(ctx, o.Target)
	err := f.settle(ctx, whole, f.attempt(ctx, o), o)
	f.dialing.side.finish(o, err)
	return err
}
