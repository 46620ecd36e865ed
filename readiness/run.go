package readiness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// The defaults of a [Runner].
const (
	DefaultConcurrency = 512
	DefaultTimeout     = 10 * time.Second
	DefaultDeadline    = 2 * time.Minute
)

// MinTimeout is the shortest timeout of a check. An HTTPS check takes five
// round trips, each about 20 ms to nearby hosts. With less time, healthy hosts
// would look unreachable.
const MinTimeout = 100 * time.Millisecond

// A Runner makes and executes plans. The zero Runner measures this machine's
// own network with the defaults. Several goroutines may use a Runner at once,
// as long as none changes its fields.
type Runner struct {
	// Network is what the probes measure through. It alone determines whether
	// there is a proxy and in which domains devices look for one.
	Network probe.Network

	// Catalog is what [Runner.Plan] chooses from. Nil means the built-in one.
	Catalog *endpoints.Catalog

	// Policy says what failures mean. The zero Policy is [DocumentedPolicy].
	Policy Policy

	// Probers add protocols or replace built-in probers. The protocol of an
	// endpoint's port selects the prober: Probers["smtp"] measures "tcp/25
	// smtp". Each prober is given Network and must measure through it alone. To
	// wrap a built-in prober, call [probe.Network.Probe].
	Probers map[probe.Protocol]probe.Prober

	// Device compares what is known about the devices with the requirements of
	// a scope, as Facts.Check of package device does. Nil means that nothing is
	// known.
	Device func(endpoints.Scope) ([]Prerequisite, error)

	// Concurrency is the maximum number of checks that are being answered at
	// once. Zero means DefaultConcurrency. Waiting is free: a check of a
	// built-in prober that gets no answer soon gives up its place. So 4,000
	// checks begin in a second at first, and 667 in a second once 512 have
	// begun, or Concurrency if that is more: gateways see no flood, and 2,000
	// begin within 2.5 seconds, even if none is ever answered. They begin later
	// if this machine is busy with the answers of others, or if 4,096 attempts
	// are in progress. A prober from Probers keeps its place until it returns.
	Concurrency int

	// Timeout bounds each check. Zero means DefaultTimeout, and less than
	// MinTimeout is an error. The time that the run has left does not shorten
	// it.
	Timeout time.Duration

	// Deadline bounds the whole run. Zero means DefaultDeadline, in which about
	// 80,000 checks can begin; see Concurrency. A negative value is an error. A
	// check that was not completed by then, or before the caller's context
	// ended, counts as not run.
	Deadline time.Duration

	// AllAddresses makes checks try every address of a host, even after one
	// works.
	AllAddresses bool

	// OnResult, if not nil, is called once for each check, after its last
	// attempt, one call at a time, from a goroutine of the run. It must not
	// block for longer than a millisecond on average, or change what the check
	// or the observation refers to. If it panics, the check gets an error with
	// the code [probe.Panicked]. If a call does not return, the run abandons it
	// when the run ends and does not call OnResult again.
	OnResult func(Check, probe.Observation)

	// Forget makes a run keep little of each check that succeeded, once OnResult
	// has seen it, so that large plans need little memory. The verdict, the
	// causes with their evidence, and the findings are the same as without it.
	// What is gone decides nothing: of HTTPS, HTTP and TCP checks of built-in
	// probers that succeeded at once, most steps and the details of DNS answers,
	// and over HTTPS also certificates, headers, pages and revocation statements.
	// Such observations are marked as [probe.Observation].Forgotten and may share
	// what they refer to. A note of the report counts them. A policy's rules see
	// what is left.
	Forget bool
}

// check returns an error if r cannot run or judge a plan.
func (r Runner) check(p *Plan) error {
	if p == nil {
		return errors.New("readiness: nil plan")
	}
	if !connected(p) {
		return errNotConnected
	}
	if err := r.Policy.baseline.check(); err != nil {
		return err
	}
	return r.Policy.known(p.Catalog)
}

// Run measures every check of a plan and returns one observation for each, in
// the plan's order. Unreachable hosts are part of the observations. An error
// only means that the plan cannot be run, or not within r's limits; Run then
// contacts nothing.
//
// Run waits for everything that it started, except custom probers, dialers and
// hooks that never return. If a prober panics or does not return in time, its
// check has the code [probe.Panicked]; the other checks continue.
//
// Failures that a lost packet or a limit on connections explains are measured
// again, with little other traffic; Attempts and Steps of the observation count
// both. So a run takes up to twice r.Timeout and 2 seconds, or longer on a
// network that limits new connections, or if its checks take more than a quarter
// of r.Timeout to begin. A prober from r.Probers is called once for each check.
//
// When ctx ends, Run returns within 100 ms with what it has. Checks that were
// not completed by then have the code [probe.Canceled] and the facts that they
// had gathered. If no resolver works, checks that need one are not made; their
// observations have the code [probe.Skipped].
func (r Runner) Run(ctx context.Context, p *Plan) ([]probe.Observation, error) {
	if err := r.check(p); err != nil {
		return nil, err
	}
	if err := r.measures(p); err != nil {
		return nil, err
	}
	if proxied := r.Network.Proxy != nil; proxied != p.Proxied {
		return nil, fmt.Errorf("readiness: the plan is for a network with a proxy: %t, and the network has one: %t", p.Proxied, proxied)
	}
	r.Timeout = cmp.Or(r.Timeout, DefaultTimeout)
	r.Deadline = cmp.Or(r.Deadline, DefaultDeadline)
	switch {
	case r.Timeout < MinTimeout:
		return nil, fmt.Errorf("readiness: a timeout of %v is too short to reach anything: want at least %v", r.Timeout, MinTimeout)
	case r.Deadline < 0:
		return nil, fmt.Errorf("readiness: a deadline of %v is over before the run begins", r.Deadline)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.Deadline, errDeadline)
	defer cancel()

	e := &execution{
		runner: r, plan: p, network: r.Network.Shared(), obs: make([]probe.Observation, len(p.Checks)),
		inFlight: make(chan struct{}, maxInFlight), turn: make(chan struct{}, 1), hung: make(chan struct{}),
	}
	first := 0
	for first < len(p.Checks) && stage(p.Checks[first].Target) == 0 {
		first++
	}
	var lookups sync.WaitGroup // the second attempts of the first stage
	looks := e.begin(ctx, 0, first)
	awaitAll(looks, r.Deadline+overtime) // all of them: each ends with the run
	if cause := resolversOf(p, e.obs); cause != "" {
		e.conclude(ctx, looks)
		e.skip(first, cause)
	} else {
		lookups.Go(func() { e.again(ctx, looks) })
	}
	rest := e.begin(ctx, first, len(p.Checks))
	awaitAll(rest, r.Timeout/2)
	e.again(ctx, rest)
	lookups.Wait()
	e.clean()
	return e.obs, nil
}

// clean cleans all observations.
func (e *execution) clean() {
	for i := range e.obs {
		e.obs[i] = e.cleaned(i)
	}
}

// cleaned returns an observation after cleaning the texts that package probe did
// not: those of custom probers, and those that were added to errors, of panics and
// of the caller's context.
func (e *execution) cleaned(i int) probe.Observation {
	if o := e.obs[i]; o.OK() && e.builtIn(i) {
		return o
	}
	return plain.Value(e.obs[i], plain.NoLimit)
}

var errDeadline = errors.New("the deadline of the run ended")

func (r Runner) measures(p *Plan) error {
	used := make(map[probe.Protocol]bool)
	for _, c := range p.Checks {
		t := c.Target.Protocol
		used[t] = true
		if r.Probers[t] == nil && !t.BuiltIn() {
			return fmt.Errorf("readiness: check %q: no prober for protocol %q", c.ID(), t)
		}
	}
	for _, t := range slices.Sorted(maps.Keys(r.Probers)) {
		if !used[t] && !t.BuiltIn() {
			return fmt.Errorf("readiness: no check of the plan uses the prober for %q: [Runner.Plan] makes plans that do, for endpoints with such a port", t)
		}
	}
	return nil
}

// An execution is one run of one plan.
type execution struct {
	runner   Runner
	plan     *Plan
	network  probe.Network       // shared by the first attempts
	obs      []probe.Observation // each check writes its own slot
	skipped  []bool              // nil until a check is skipped
	inFlight chan struct{}       // holds a value for each attempt in progress
	limited  atomic.Bool         // so many attempts recovered that the network must limit new connections
	turn     chan struct{}       // holds a value while OnResult runs; a mutex would stop the clock of a synctest bubble
	hung     chan struct{}       // closed once OnResult is abandoned
	keeper   keeper              // for Runner.Forget

	ended sync.Once // sets last
	last  time.Time // when waiting ends, after the end of the run
}

// over reports whether a run has ended. It also checks the clock, because other
// timers for the same moment may fire before that of ctx.
func over(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

// interrupted returns o marked as cut off by the end of the run.
func interrupted(ctx context.Context, o probe.Observation) probe.Observation {
	err := &probe.Error{Code: probe.Canceled, Err: cmp.Or(context.Cause(ctx), errDeadline)}
	if o.Error != nil {
		err.Op, err.Addr = o.Error.Op, o.Error.Addr
	}
	o.Error = err
	return o
}

// skip marks the checks that need a resolver as skipped.
func (e *execution) skip(from int, cause CauseCode) {
	e.skipped = make([]bool, len(e.plan.Checks))
	for i := from; i < len(e.plan.Checks); i++ {
		t := e.plan.Checks[i].Target
		if !e.network.Resolves(t) {
			continue
		}
		e.skipped[i] = true
		e.obs[i] = probe.Observation{
			Target: t,
			Error:  &probe.Error{Code: probe.Skipped, Addr: t.Host, Err: errors.New(string(cause))},
		}
	}
}
