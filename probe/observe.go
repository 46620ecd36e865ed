package probe

import (
	"context"
	"errors"
	"time"
)

// DefaultTimeout limits a probe whose context has no deadline.
const DefaultTimeout = 10 * time.Second

// maxAttempts is how often a probe starts if its connections are reset.
const maxAttempts = 2

// observe runs an attempt and returns its observation. It repeats an attempt
// that was reset before any response, because one reset may be an accident:
// Steps has both attempts, and the facts are those of the last. If no time was
// left for the second attempt, the error of the first counts.
func (n Network) observe(ctx context.Context, t Target, attempt func(context.Context, Network, *Observation) *Error) Observation {
	if n.secrets == nil {
		n.secrets = new(secrets)
	}
	if _, ok := ctx.Deadline(); !ok {
		bounded, cancel := context.WithTimeout(ctx, DefaultTimeout)
		defer cancel()
		ctx = bounded
	}
	if n.shared != nil {
		n.shared.connections.begin()
		defer n.shared.connections.end()
	}
	o := Observation{Target: t, Start: time.Now()}
	if ctx.Err() != nil {
		o.Error = &Error{Addr: t.Addr(), Code: Canceled, Err: context.Cause(ctx)}
		return o.finish(n.secrets)
	}
	var first *Error
	for o.Attempts < maxAttempts {
		began := time.Now()
		o = Observation{Target: t, Attempts: o.Attempts + 1, Start: o.Start, Steps: o.Steps}
		o.Error = attempt(ctx, n, &o)
		if first != nil && o.Error != nil && time.Since(began) < minDial && timedOut(ctx) {
			o.Error = first
		}
		if ctx.Err() != nil || !lost(o.Code()) {
			break
		}
		first = o.Error
	}
	if o.Code() == NotTestable {
		o.Attempts = 0 // nothing was sent
	}
	o.Duration = time.Since(o.Start)
	return o.finish(n.secrets)
}

// timedOut reports whether the deadline of ctx has passed.
func timedOut(ctx context.Context) bool {
	return ended(ctx) && !errors.Is(ctx.Err(), context.Canceled)
}

// lost reports whether a failure deserves a second attempt.
func lost(c Code) bool { return c == TCPReset || c == TLSReset || c == HTTPReset }

// repeats reports whether there will be another attempt if one fails with err.
func (o *Observation) repeats(err *Error) bool {
	return err != nil && lost(err.Code) && o.Attempts < maxAttempts
}

// step begins a step of o. The function it returns ends it.
func (o *Observation) step(op string, addr string) func(*Error) {
	start := time.Now()
	return func(err *Error) {
		o.Steps = append(o.Steps, Step{Op: op, Addr: addr, Start: start, Duration: time.Since(start), Error: err})
	}
}

// fail sets err as the error of the last such step, and returns it. Use it for
// faults found after a step succeeded, such as an unexpected body.
func (o *Observation) fail(err *Error) *Error {
	for i := len(o.Steps) - 1; i >= 0; i-- {
		if s := &o.Steps[i]; s.Op == err.Op {
			if s.Error == nil {
				s.Error = err
			}
			break
		}
	}
	return err
}
