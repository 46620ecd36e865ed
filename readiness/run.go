package readiness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/netready/netready/probe"
)

// The defaults of a [Runner].
const (
	DefaultConcurrency = 128
	DefaultTimeout     = 10 * time.Second
	DefaultDeadline    = 2 * time.Minute
)

// A Runner executes plans. Its zero value measures the host's own network with
// the defaults. A Runner may be used by several goroutines at once, as long as
// its fields are not written.
type Runner struct {
	// Network is what the probes measure through.
	Network probe.Network

	// Probers replace the built-in prober of a protocol.
	Probers map[probe.Protocol]probe.Prober

	// Concurrency is how many checks are under way at once at the most. Zero
	// means DefaultConcurrency. Many more falsify each other's latency.
	Concurrency int

	// Timeout bounds each check; zero means DefaultTimeout.
	Timeout time.Duration

	// Deadline bounds the whole run; zero means DefaultDeadline. Checks that it
	// cuts off, or that it leaves no time for, count as not run.
	Deadline time.Duration

	// AllAddresses has every address of a host tried, not only as many as it
	// takes to reach it.
	AllAddresses bool

	// Observe is called after each check, one call at a time, from a goroutine
	// of the run. It must not block for long. Nil means that nobody listens.
	Observe func(Check, probe.Observation)
}

// Run measures every check of a plan and returns one observation for each, in
// the plan's order. What cannot be reached is part of the observations; the
// error only says that the plan cannot be run at all, and comes before anything
// is contacted.
//
// Run waits for everything it started. When ctx ends, it returns within 100 ms
// with what it has. If no resolver works, the checks that need one are not
// made: their observations carry [probe.Skipped].
func (r Runner) Run(ctx context.Context, p *Plan) ([]probe.Observation, error) {
	probers, err := r.probers(p)
	if err != nil {
		return nil, err
	}
	deadline := r.Deadline
	if deadline == 0 {
		deadline = DefaultDeadline
	}
	ctx, cancel := context.WithTimeoutCause(ctx, deadline, errDeadline)
	defer cancel()

	e := &execution{runner: r, plan: p, probers: probers, obs: make([]probe.Observation, len(p.Checks)), turn: make(chan struct{}, 1)}
	first := 0
	for first < len(p.Checks) && stage(p.Checks[first].Target) == 0 {
		first++
	}
	e.run(ctx, 0, first)
	if cause := resolverCause(p, e.obs); cause != "" {
		e.skip(first, cause)
	}
	e.run(ctx, first, len(p.Checks))
	return e.obs, nil
}

var errDeadline = errors.New("the deadline of the run ended")

// probers returns the prober for each protocol of a plan.
func (r Runner) probers(p *Plan) (map[probe.Protocol]probe.Prober, error) {
	if p == nil {
		return nil, errors.New("readiness: nil plan")
	}
	n := r.Network.Shared()
	all := map[probe.Protocol]probe.Prober{
		probe.ProtocolDNS:      probe.DNS{Network: n},
		probe.ProtocolNXDomain: probe.NXDomain{Network: n},
		probe.ProtocolTCP:      probe.TCP{Network: n, AllAddresses: r.AllAddresses},
		probe.ProtocolHTTP:     probe.HTTP{Network: n, AllAddresses: r.AllAddresses},
		probe.ProtocolHTTPS:    probe.HTTPS{Network: n, AllAddresses: r.AllAddresses, Revocation: true},
		probe.ProtocolNTP:      probe.NTP{Network: n, MaxOffset: MaxPhaseCorrection},
		probe.ProtocolNCSI:     probe.NCSI{Network: n},
		probe.ProtocolWPAD:     probe.WPAD{Network: n},
		probe.ProtocolSRV:      probe.SRV{Network: n, AllServers: r.AllAddresses},
		probe.ProtocolCNAME:    probe.CNAME{Network: n},
	}
	maps.Copy(all, r.Probers)
	for _, c := range p.Checks {
		if all[c.Target.Protocol] == nil {
			return nil, fmt.Errorf("readiness: check %q: no prober for protocol %q", c.ID(), c.Target.Protocol)
		}
	}
	return all, nil
}

// An execution is one run of one plan.
type execution struct {
	runner  Runner
	plan    *Plan
	probers map[probe.Protocol]probe.Prober
	obs     []probe.Observation // each check writes its own slot
	skipped []bool              // nil until something is
	turn    chan struct{}       // holds a value while Observe runs; a mutex would stop the clock of a test bubble
}

// run measures the checks from one index up to another.
func (e *execution) run(ctx context.Context, from, to int) {
	limit := e.runner.Concurrency
	if limit <= 0 {
		limit = DefaultConcurrency
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, limit)
	for i := from; i < to; i++ {
		if e.skipped != nil && e.skipped[i] {
			e.observe(i)
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			e.obs[i] = interrupted(ctx, probe.Observation{Target: e.plan.Checks[i].Target})
			e.observe(i)
			continue
		}
		wg.Go(func() {
			defer func() { <-slots }()
			c := e.plan.Checks[i]
			e.obs[i] = e.probe(ctx, c.Target, c.Target.Direct && len(c.Endpoints) == 0)
			e.observe(i)
		})
	}
	wg.Wait()
}

// probe measures one target within the time-out of a check. One that is only
// made to compare gets less.
func (e *execution) probe(ctx context.Context, t probe.Target, compared bool) probe.Observation {
	timeout := e.runner.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	if compared {
		timeout = min(timeout, directTimeout)
	}
	child, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	o := e.probers[t.Protocol].Probe(child, t)
	if over(ctx) && !o.OK() && silent(o.Code()) {
		return interrupted(ctx, o)
	}
	return o
}

// over reports whether a run has ended. A connection with the run's deadline can
// time out a moment before ctx notices.
func over(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

// directTimeout bounds the checks that are made without a proxy for comparison:
// where the proxy is needed, all of them wait in vain.
const directTimeout = 3 * time.Second

// silent reports whether a code only says that no answer came in time. When
// the run itself was cut off, that is no fact about the network.
func silent(c probe.Code) bool {
	switch c {
	case "", probe.Timeout, probe.Canceled, probe.DNSTimeout, probe.TCPTimeout,
		probe.TLSTimeout, probe.HTTPTimeout, probe.NTPTimeout:
		return true
	}
	return false
}

// interrupted marks an observation as cut off by the end of the run.
func interrupted(ctx context.Context, o probe.Observation) probe.Observation {
	err := &probe.Error{Code: probe.Canceled, Err: cmp.Or(context.Cause(ctx), errDeadline)}
	if o.Error != nil {
		err.Op, err.Addr = o.Error.Op, o.Error.Addr
	}
	o.Error = err
	return o
}

// skip marks the checks that need a resolver as pointless.
func (e *execution) skip(from int, cause CauseCode) {
	e.skipped = make([]bool, len(e.plan.Checks))
	for i := from; i < len(e.plan.Checks); i++ {
		t := e.plan.Checks[i].Target
		if !e.needsResolver(t) {
			continue
		}
		e.skipped[i] = true
		e.obs[i] = probe.Observation{
			Target: t,
			Error:  &probe.Error{Code: probe.Skipped, Addr: t.Host, Err: errors.New(string(cause))},
		}
	}
}

// needsResolver reports whether a target's name has to be resolved here. A
// name that goes to a proxy is not.
func (e *execution) needsResolver(t probe.Target) bool {
	if isIP(t.Host) {
		return false
	}
	switch t.Protocol {
	case probe.ProtocolHTTP, probe.ProtocolHTTPS:
		if t.Direct {
			return true
		}
	case probe.ProtocolNCSI:
		if t.Port == dnsPort {
			return true
		}
	case probe.ProtocolDNS, probe.ProtocolNXDomain, probe.ProtocolTCP, probe.ProtocolNTP, probe.ProtocolWPAD, probe.ProtocolSRV, probe.ProtocolCNAME:
		return true
	default: // an embedder's own prober may do without
		return false
	}
	if e.runner.Network.Proxy == nil {
		return true
	}
	u, err := e.runner.Network.Proxy(t)
	return err == nil && u == nil
}

// observe hands a finished check to the hook.
func (e *execution) observe(i int) {
	if e.runner.Observe == nil {
		return
	}
	e.turn <- struct{}{}
	defer func() { <-e.turn }()
	e.runner.Observe(e.plan.Checks[i], e.obs[i])
}
