package readiness

import (
	"context"
	"errors"
	"time"

	"github.com/netready/netready/internal/panics"
	"github.com/netready/netready/probe"
)

const (
	// overtime is how long a prober may run past its timeout. The built-in
	// probers return within 0.1 seconds of it, so one that takes longer is
	// broken.
	overtime = time.Second

	// farewell is how long checks and hooks that are still running may take
	// after the run ends. It lets Run return within 0.1 seconds.
	farewell = 75 * time.Millisecond

	// glance is the minimum time for a call of the hook.
	glance = 10 * time.Millisecond
)

var (
	errExited   = errors.New("it called runtime.Goexit")
	errOvertime = errors.New("the prober did not return when its time was up")
)

// OpHook is the step of an observation in which [Runner.OnResult] failed.
const OpHook = "hook"

// measure runs a check's prober in its own goroutine, because custom probers
// and dialers may panic or never return.
func (e *execution) measure(run, check context.Context, t probe.Target, n probe.Network) probe.Observation {
	start := time.Now()
	broken := func(err error) probe.Observation {
		return probe.Observation{
			Target: t, Attempts: 1, Start: start, Duration: time.Since(start),
			Error: &probe.Error{Addr: t.Addr(), Code: probe.Panicked, Err: err},
		}
	}
	done := make(chan probe.Observation, 1)
	go func() {
		err := errExited
		var o probe.Observation
		defer func() {
			if v := recover(); v != nil {
				err = panics.New(v)
			}
			if err != nil {
				o = broken(err)
			}
			done <- o
		}()
		o = e.prober(check, t, n)
		err = nil
	}()
	select {
	case o := <-done:
		o.Target = t
		return o
	case <-check.Done():
	}
	late := time.NewTimer(overtime)
	defer late.Stop()
	select {
	case o := <-done:
		o.Target = t
		return o
	case <-late.C:
		return broken(errOvertime)
	case <-run.Done():
	}
	late.Reset(e.left())
	select {
	case o := <-done:
		o.Target = t
		return o
	case <-late.C:
		return broken(errOvertime)
	}
}

func (e *execution) prober(ctx context.Context, t probe.Target, n probe.Network) probe.Observation {
	t.AllAddresses = t.AllAddresses || e.runner.AllAddresses
	if own := e.runner.Probers[t.Protocol]; own != nil {
		return own(ctx, n, t)
	}
	return n.Probe(ctx, t)
}

// left returns how much of its farewell an ended run still has.
func (e *execution) left() time.Duration {
	e.ended.Do(func() { e.last = time.Now().Add(farewell) })
	return max(0, time.Until(e.last))
}

// observe passes a finished check to the hook. A panic there becomes the
// check's error, unless the check already has one. A hook that has not returned
// when the run ends is abandoned and not called again.
func (e *execution) observe(run context.Context, i int) {
	if e.runner.OnResult == nil {
		return
	}
	select {
	case e.turn <- struct{}{}:
	case <-e.hung:
		return
	}
	check, o := e.plan.Checks[i], e.cleaned(i)
	done := make(chan error, 1)
	go func() {
		err := errExited
		defer func() {
			if v := recover(); v != nil {
				err = panics.New(v)
			}
			done <- err
		}()
		e.runner.OnResult(check, o)
		err = nil
	}()
	returned, err := e.await(run, done)
	if !returned {
		close(e.hung) // the turn is never given back
		return
	}
	<-e.turn
	if err != nil {
		failed := &probe.Error{Op: OpHook, Code: probe.Panicked, Err: err}
		e.obs[i].Steps = append(e.obs[i].Steps[:len(o.Steps):len(o.Steps)], probe.Step{Op: OpHook, Start: time.Now(), Error: failed})
		if e.obs[i].Error == nil {
			e.obs[i].Error = failed
		}
	}
}

// await waits for the hook to return, but only shortly past the run's end.
func (e *execution) await(run context.Context, done <-chan error) (returned bool, err error) {
	select {
	case err = <-done:
		return true, err
	case <-run.Done():
	}
	timer := time.NewTimer(max(e.left(), glance))
	defer timer.Stop()
	select {
	case err = <-done:
		return true, err
	case <-timer.C:
		return false, nil
	}
}
