package readiness

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netready/netready/probe"
)

const (
	// maxInFlight limits the attempts in progress, and so the sockets in use. It
	// has room for two attempts at each of two thousand hosts.
	maxInFlight = 4096

	// standing is how long a check may wait for answers before it gives up its
	// place. Checks that are answered rarely take longer.
	standing = 250 * time.Millisecond

	// burst is how many attempts begin at once. The next ones follow after
	// pause, and after lull once opening, or what the caller allows at once if that
	// is more, have begun. A check takes a connection and two questions. See "Pace"
	// in docs/design.md for what gateways make of that.
	burst   = 16
	pause   = 4 * time.Millisecond
	opening = 512
	lull    = 24 * time.Millisecond
)

// A look is one attempt at a check, in progress or done.
type look struct {
	check int
	done  chan struct{}
	o     *probe.Observation // written before done is closed; nil once settled

	stop    atomic.Pointer[context.CancelCauseFunc] // nil once done, which frees the context
	settled bool                                    // the result is final; written before done is closed, or by whoever waited for it
}

// cut ends a look early.
func (l *look) cut(cause error) {
	if stop := l.stop.Load(); stop != nil {
		(*stop)(cause)
	}
}

// begin starts the checks with the indices from up to, but not including, to,
// and returns once all have begun. A first attempt that leaves no doubt settles
// its check.
func (e *execution) begin(ctx context.Context, from, to int) []*look {
	limit := e.runner.Concurrency
	if limit <= 0 {
		limit = DefaultConcurrency
	}
	places := make(chan struct{}, limit)
	hold := min(standing, max(0, e.runner.Timeout/4-pauses(to-from, limit))*time.Duration(limit)/time.Duration(max(1, to-from)))
	var looks []*look
	for i := from; i < to; i++ {
		if e.skipped != nil && e.skipped[i] {
			e.observe(ctx, i)
			continue
		}
		if n := len(looks); n > 0 && n%burst == 0 && !over(ctx) {
			sleep(ctx, pauses(n+1, limit)-pauses(n, limit))
			e.network.KeepUp(ctx)
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
		}
		if over(ctx) {
			e.obs[i] = interrupted(ctx, probe.Observation{Target: e.plan.Checks[i].Target})
			e.observe(ctx, i)
			continue
		}
		looks = append(looks, e.first(ctx, i, e.leaver(i, places, hold)))
	}
	return looks
}

// pauses returns how long the pauses take in which n checks begin.
func pauses(n, limit int) time.Duration {
	all := (n - 1) / burst
	short := min(all, (max(opening, limit)-1)/burst)
	return time.Duration(short)*pause + time.Duration(all-short)*lull
}

// builtIn reports whether a check is measured by a prober of package probe.
func (e *execution) builtIn(check int) bool {
	return e.runner.Probers[e.plan.Checks[check].Target.Protocol] == nil
}

// leaver returns a function by which a check leaves its place. A check of a
// built-in prober does so after a time, even if it is not done.
func (e *execution) leaver(check int, places <-chan struct{}, hold time.Duration) func() {
	leave := sync.OnceFunc(func() { <-places })
	if !e.builtIn(check) {
		return leave
	}
	timer := time.AfterFunc(hold, leave)
	return func() {
		timer.Stop()
		leave()
	}
}

// first starts the first attempt at a check, which calls leave when it is done.
func (e *execution) first(ctx context.Context, check int, leave func()) *look {
	return e.look(ctx, check, e.network, func(l *look) {
		leave()
		if over(ctx) || !e.builtIn(check) || !doubtful(*l.o) {
			e.settle(ctx, l, *l.o)
		} else {
			e.obs[check] = *l.o
		}
	})
}

// look starts an attempt at a check, and calls then when it is done.
func (e *execution) look(ctx context.Context, check int, n probe.Network, then func(*look)) *look {
	own, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	l := &look{check: check, done: make(chan struct{})}
	l.stop.Store(&stop)
	e.inFlight <- struct{}{} // each attempt ends, by its timeout or with the run
	go func() {
		o := e.probe(ctx, own, e.plan.Checks[check].Target, n)
		l.o = &o
		stop(nil)
		l.stop.Store(nil)
		<-e.inFlight
		then(l)
		close(l.done)
	}()
	return l
}

// settle makes o the result of a check.
func (e *execution) settle(ctx context.Context, l *look, o probe.Observation) {
	e.obs[l.check] = o
	l.o, l.settled = nil, true
	e.observe(ctx, l.check)
	if e.runner.Forget && e.builtIn(l.check) {
		e.obs[l.check] = e.keeper.keep(e.obs[l.check])
	}
}

// probe measures one target until own ends. The check gets its full timeout
// even if the run's deadline is closer, because with less time it would give up
// on hosts that answer. If the end of the run cancels the check, it counts as
// not completed, whatever it returned.
func (e *execution) probe(ctx, own context.Context, t probe.Target, n probe.Network) probe.Observation {
	own, cut := context.WithCancelCause(own)
	cutOff := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(cutOff)
		cut(context.Cause(ctx))
	})
	defer func() {
		if !stop() {
			<-cutOff
		}
		cut(nil)
	}()
	own, cancel := context.WithTimeout(own, e.runner.Timeout)
	defer cancel()
	o := e.measure(ctx, own, t, n)
	if over(ctx) {
		return interrupted(ctx, o)
	}
	return o
}

// awaitAll waits until all looks are done, at most for a time.
func awaitAll(looks []*look, patience time.Duration) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for _, l := range looks {
		select {
		case <-l.done:
		case <-timer.C:
			return
		}
	}
}

// sleep waits, at most until ctx ends. It reports whether ctx goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return !over(ctx)
}
