package probe

import (
	"context"
	"time"
)

// DefaultTimeout bounds a probe whose context has no deadline.
const DefaultTimeout = 10 * time.Second

// observe runs an attempt and turns it into an observation. What a reset took
// before anything was answered is attempted once more, because a single one may
// be an accident: the steps of both attempts are kept, and the facts of the last.
func observe(ctx context.Context, t Target, attempt func(context.Context, *Observation) *Error) Observation {
	if _, ok := ctx.Deadline(); !ok {
		bounded, cancel := context.WithTimeout(ctx, DefaultTimeout)
		defer cancel()
		ctx = bounded
	}
	o := Observation{Target: t, Start: time.Now()}
	if ctx.Err() != nil {
		o.Error = newError(ctx, "", t.Addr(), context.Cause(ctx))
		return o
	}
	const attempts = 2
	for o.Attempts < attempts {
		o = Observation{Target: t, Attempts: o.Attempts + 1, Start: o.Start, Steps: o.Steps}
		o.Error = attempt(ctx, &o)
		if ctx.Err() != nil || !lost(o.Code()) {
			break
		}
	}
	if o.Code() == NotTestable {
		o.Attempts = 0 // nothing was sent
	}
	o.Duration = time.Since(o.Start)
	return o
}

// lost reports whether a failure is worth a second attempt.
func lost(c Code) bool { return c == TCPReset || c == TLSReset || c == HTTPReset }

// step begins a step of o. The function it returns ends it.
func (o *Observation) step(op Op, addr string) func(*Error) {
	start := time.Now()
	return func(err *Error) {
		o.Steps = append(o.Steps, Step{Op: op, Addr: addr, Start: start, Duration: time.Since(start), Error: err})
	}
}

// fail notes err at the last step of its kind, and returns it. It is for what
// turns out after a step went well, such as an answer of the wrong kind.
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
