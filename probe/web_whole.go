package probe

import (
	"context"
	"time"
)

// A wholeRequest is a request without Range alongside one with it. It tells
// whether the range is why the latter fails. A nil wholeRequest does nothing.
type wholeRequest struct {
	begin  chan struct{} // closed to begin at once
	cancel context.CancelFunc
	done   chan Observation
}

// whole returns one if the target asks for a range. It begins on its own when
// half of the time is over, because a filter may leave the range unanswered.
func (f fetch) whole(ctx context.Context, t Target) *wholeRequest {
	if !f.ranged {
		return nil
	}
	f.ranged, t.Range, t.Handshakes = false, false, false
	f.dialing = dialing{}
	ctx, cancel := context.WithCancel(ctx)
	w := &wholeRequest{make(chan struct{}), cancel, make(chan Observation, 1)}
	half := DefaultTimeout / 2
	if deadline, ok := ctx.Deadline(); ok {
		half = time.Until(deadline) / 2
	}
	go func() {
		timer := time.NewTimer(half)
		defer timer.Stop()
		o := Observation{Target: t}
		select {
		case <-w.begin:
		case <-timer.C:
		case <-ctx.Done():
		}
		if err := ctx.Err(); err != nil {
			o.Error = &Error{Addr: t.Addr(), Code: Canceled, Err: err}
		} else {
			o.Error = f.attempt(ctx, &o)
		}
		w.done <- o
	}()
	return w
}

// settle returns the outcome of an attempt to request a range. If it failed in
// a way that the range may explain, and the whole arrives, the target is
// reached and the facts say how the range failed. Unless it cost all the time,
// the range is requested once more first.
func (f fetch) settle(ctx context.Context, w *wholeRequest, failed *Error, o *Observation) *Error {
	if w == nil {
		return failed
	}
	defer w.cancel()
	if !rangeMayFail(failed) {
		w.cancel()
		<-w.done
		return failed
	}
	close(w.begin)
	whole := <-w.done
	o.Steps = append(o.Steps, whole.Steps...)
	if whole.Error != nil {
		return failed
	}
	if ctx.Err() == nil {
		again := Observation{Target: o.Target}
		again.Target.Handshakes = false
		f.dialing = dialing{}
		err := f.attempt(ctx, &again)
		o.Steps = append(o.Steps, again.Steps...)
		if err == nil {
			o.adopt(again)
			return nil
		}
	}
	o.adopt(whole)
	o.HTTP.Range = &RangeFacts{Code: failed.Code}
	return nil
}

// adopt takes over who answered another request to the target, and what.
func (o *Observation) adopt(other Observation) {
	o.HTTP, o.Proxy = other.HTTP, other.Proxy
	if other.Revocation != nil {
		o.Revocation = other.Revocation
	}
}

// rangeMayFail reports whether a failure may be due to the range: the peer is
// known, and no valid response came.
func rangeMayFail(err *Error) bool {
	if err == nil || err.Op != OpRequest && err.Op != OpBody {
		return false
	}
	switch err.Code {
	case HTTPTimeout, HTTPReset, HTTPTruncated, HTTPMalformed:
		return true
	case ProxyTargetUnreachable, ProxyBadResponse: // the proxy met the same
		return true
	}
	return false
}
