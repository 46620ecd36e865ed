package readiness

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netready/netready/probe"
)

const (
	// quiet is how long the run starts nothing before it tries again, so that
	// gateways and servers forget the burst of the first attempts.
	quiet = 750 * time.Millisecond

	// slowly is the interval at which checks are tried again. It is shorter if
	// there are so many that this would take more than a quarter of the timeout,
	// unless so many succeed that the network must limit new connections.
	slowly = 50 * time.Millisecond

	// few is the number of chains without a revocation check up to which these
	// checks are repeated too. If more lack it, the way to the sources is closed.
	few = 10

	// manyAlerts limits how many checks are tried again because of alerts.
	manyAlerts = 20

	// maxRounds limits how often a check is tried again on such a network, and
	// idleRounds how often in a row without success: many may depend on one
	// connection, such as that to a CRL.
	maxRounds  = 6
	idleRounds = 2
)

// errSettled ends an attempt that another made needless.
var errSettled = errors.New("another attempt succeeded")

// again repeats the attempts that left a doubt or that have not ended, and
// settles all checks. A single attempt may have failed because a packet was
// lost or because too many connections began at once.
func (e *execution) again(ctx context.Context, looks []*look) {
	d := e.doubts(looks)
	if len(d.failed)+len(d.addresses) > 0 && sleep(ctx, quiet) {
		var wg sync.WaitGroup
		for _, l := range d.addresses {
			wg.Go(func() { e.redial(ctx, l) })
		}
		open, idle := d.failed, 0
		for round := range maxRounds {
			left, recovered := e.repeat(ctx, open, round)
			if limits(recovered, len(open)) {
				e.limited.Store(true)
			}
			if open = left; round == 0 {
				wg.Wait()
				open = append(open, d.unchecked...)
			}
			if idle++; recovered > 0 {
				idle = 0
			}
			if !e.limited.Load() {
				if open = e.alerted(open); round > 0 {
					break
				}
			}
			if len(open) == 0 || idle >= idleRounds || !sleep(ctx, quiet) {
				break
			}
		}
		wg.Wait()
	}
	e.conclude(ctx, looks)
}

// alerted returns the looks whose handshakes ended with an alert, as content
// networks do while they limit handshakes, unless there are too many for a server
// to be the reason.
func (e *execution) alerted(looks []*look) []*look {
	out := slices.DeleteFunc(slices.Clone(looks), func(l *look) bool { return e.obs[l.check].Code() != probe.TLSAlert })
	if len(out) > manyAlerts {
		return nil
	}
	return out
}

// conclude waits for looks to end, and settles those that are not settled. If
// the run ends while it slows down for a network that limits new connections,
// the failures that are left prove nothing.
func (e *execution) conclude(ctx context.Context, looks []*look) {
	for _, l := range looks {
		<-l.done
		switch o := e.obs[l.check]; {
		case l.settled:
		case over(ctx) && e.limited.Load() && (lossy(o.Code()) || unsure(o)):
			e.settle(ctx, l, interrupted(ctx, o))
		default:
			e.settle(ctx, l, o)
		}
	}
}

// doubts are looks that need another.
type doubts struct {
	failed    []*look // or not ended, or reached without an answer for a byte range
	addresses []*look // reached, but not at every address that should work
	unchecked []*look // reached, but the chain was not checked for revocation
}

func (e *execution) doubts(looks []*look) doubts {
	var d doubts
	var ended []probe.Observation
	for _, l := range looks {
		if !l.ended() {
			if e.builtIn(l.check) {
				d.failed = append(d.failed, l)
			}
			continue
		}
		ended = append(ended, e.obs[l.check])
		switch {
		case l.settled:
		case !l.o.OK(), rangeLost(*l.o):
			d.failed = append(d.failed, l)
		case unverified(*l.o):
			d.unchecked = append(d.unchecked, l)
		default:
			d.addresses = append(d.addresses, l)
		}
	}
	if len(d.unchecked) <= few {
		d.failed = append(d.failed, d.unchecked...)
		d.unchecked = nil
	}
	var s signs
	s.ipv4, s.ipv6 = portsOf(ended)
	d.addresses = slices.DeleteFunc(append(d.addresses, d.unchecked...), func(l *look) bool {
		return l.o.TCP == nil || l.o.Proxy != nil || len(deadAddresses(l.o.TCP, s)) == 0
	})
	d.failed = spread(d.failed)
	return d
}

// unsure reports whether a lost packet or a limit on connections would explain a
// part of what an attempt saw.
func unsure(o probe.Observation) bool { return rangeLost(o) || unverified(o) }

// rangeLost reports whether only the request for a byte range had no answer.
func rangeLost(o probe.Observation) bool {
	return o.HTTP != nil && o.HTTP.Range != nil && lossy(o.HTTP.Range.Code)
}

// unverified reports whether a chain could not be verified or checked for
// revocation, as a lost packet or a limit on connections would explain.
func unverified(o probe.Observation) bool {
	switch r := o.Revocation; {
	case !o.OK():
		return o.TLS != nil && slices.ContainsFunc(o.TLS.IssuerFailures, func(d probe.Document) bool { return lossy(d.Code) })
	case r == nil || r.Code == "" || r.Code == probe.TLSRevoked:
		return false
	}
	missed := func(c probe.Code) bool { return c == probe.RevocationUnreachable || lossy(c) }
	return missed(o.Revocation.Code) || slices.ContainsFunc(o.Revocation.Sources, func(d probe.Document) bool { return missed(d.Code) })
}

func (l *look) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// spread reorders looks so that the first ones are from all parts of a plan.
func spread(looks []*look) []*look {
	const parts = 10
	step := max(1, len(looks)/parts)
	out := make([]*look, 0, len(looks))
	for first := range step {
		for k := first; k < len(looks); k += step {
			out = append(out, looks[k])
		}
	}
	return out
}

// limits reports whether so many attempts recovered that the network must limit
// new connections. At a limit that drops, connection requests that are repeated
// leave little room for others, so a smaller share of many is enough.
func limits(recovered, of int) bool {
	return recovered >= 4 && 4*recovered >= of || recovered >= 16 && 12*recovered >= of
}

// repeat makes another attempt for each look, the slower the more rounds there
// were. It returns those that failed again, and how many went better.
func (e *execution) repeat(ctx context.Context, looks []*look, round int) (left []*look, recovered int) {
	var wg sync.WaitGroup
	var good atomic.Int32
	failed := make([]bool, len(looks))
	n := e.runner.Network.Shared() // takes nothing from earlier attempts, which may have failed for the same reason
	for k, l := range looks {
		if limits(int(good.Load()), k) {
			e.limited.Store(true)
		}
		interval := slowly << round
		if !e.limited.Load() && !limits(int(good.Load()), k) {
			interval = min(interval, e.runner.Timeout/4/time.Duration(len(looks)))
		}
		if !sleep(ctx, interval) {
			break
		}
		wg.Go(func() {
			settled, better := e.second(ctx, l, n)
			if failed[k] = !settled; better {
				good.Add(1)
			}
		})
	}
	wg.Wait()
	for k, l := range looks {
		if failed[k] {
			left = append(left, l)
		}
	}
	return left, int(good.Load())
}

// second makes another attempt at a check of which the first failed or still
// waits. Each has the full timeout, because a host that is slow is not down. It
// reports whether the check is settled, and whether it went better: it may have
// reached the host and still leave a doubt.
func (e *execution) second(ctx context.Context, first *look, n probe.Network) (settled, better bool) {
	second := e.look(ctx, first.check, n, func(*look) {})
	select {
	case <-first.done:
		if first.settled {
			second.cut(errSettled)
		}
	case <-second.done:
		if second.o.OK() {
			first.cut(errSettled)
		}
	}
	<-second.done
	<-first.done
	if first.settled {
		return true, true
	}
	was := e.obs[first.check]
	o := merged(was, *second.o)
	if e.obs[first.check] = o; !lossy(o.Code()) && !unsure(o) {
		e.settle(ctx, first, o)
	}
	return first.settled, first.settled || o.OK() && !was.OK()
}

// merged returns what two attempts at a check saw. The one that a lost packet
// does not explain counts, or else the one that came further.
func merged(first, second probe.Observation) probe.Observation {
	best, other := first, second
	switch {
	case second.Code() == probe.Canceled && first.Code() != probe.Canceled:
		return first
	case first.OK() && (!unsure(first) || lossy(second.Code())):
	case second.OK(), first.Code() == probe.Canceled, !lossy(second.Code()), stepOf(second) > stepOf(first):
		best, other = second, first
	}
	if best.OK() && other.OK() { // each may have what the other lacks
		if rangeLost(best) && !rangeLost(other) {
			best.HTTP = other.HTTP
		}
		if unverified(best) && !unverified(other) {
			best.Revocation = other.Revocation
		}
	}
	end := second.Start.Add(second.Duration)
	best.Attempts = first.Attempts + second.Attempts
	best.Start, best.Duration = first.Start, end.Sub(first.Start)
	best.Steps = slices.Concat(first.Steps, second.Steps)
	slices.SortStableFunc(best.Steps, func(a, b probe.Step) int { return a.Start.Compare(b.Start) })
	if best.TCP != nil && other.TCP != nil && (best.Proxy == nil) == (other.Proxy == nil) {
		facts := *best.TCP
		facts.Dials = slices.Concat(first.TCP.Dials, second.TCP.Dials)
		best.TCP = &facts
	}
	if best.DNS != nil && other.DNS != nil && (best.Proxy == nil) == (other.Proxy == nil) {
		facts := *best.DNS
		facts.Queries = slices.Concat(facts.Queries, missingFrom(facts.Queries, other.DNS.Queries))
		best.DNS = &facts
	}
	return best
}

// missingFrom returns those of other questions that none of queries put to the
// same resolver. Only a run's first attempts compare resolvers.
func missingFrom(queries, other []probe.DNSQuery) []probe.DNSQuery {
	return slices.DeleteFunc(slices.Clone(other), func(o probe.DNSQuery) bool {
		return slices.ContainsFunc(queries, func(q probe.DNSQuery) bool { return q.Resolver == o.Resolver && q.Type == o.Type })
	})
}

// stepOf returns how far a failed check came.
func stepOf(o probe.Observation) int {
	if o.Error == nil {
		return -1
	}
	return slices.Index([]string{probe.OpResolve, probe.OpConnect, probe.OpProxy, probe.OpHandshake, probe.OpRequest, probe.OpBody}, o.Error.Op)
}

// doubtful reports whether one attempt is too few for what it saw.
func doubtful(o probe.Observation) bool {
	if unsure(o) {
		return true
	}
	if o.OK() {
		if o.TCP == nil || o.Proxy != nil {
			return false
		}
		open := make(map[uint16]bool)
		for _, d := range o.TCP.Dials {
			open[d.Addr.Port()] = true
		}
		return len(deadAddresses(o.TCP, signs{ipv4: open, ipv6: open})) > 0
	}
	return lossy(o.Code()) || o.Code() == probe.Canceled
}

// lossy reports whether a lost packet, a limit on connections or a shortage on
// this machine may explain a failure.
func lossy(c probe.Code) bool {
	switch c {
	case probe.Timeout, probe.LocalResource,
		probe.DNSTimeout, probe.DNSServFail, probe.DNSRefused, probe.DNSUnreachable, probe.DNSNotListening,
		probe.TCPTimeout, probe.TCPRefused, probe.TCPReset, probe.TCPUnreachable,
		probe.ProxyUnreachable, probe.ProxyTargetUnreachable, probe.ProxyBadResponse,
		probe.TLSTimeout, probe.TLSReset, probe.TLSClosed, probe.TLSAlert,
		probe.HTTPTimeout, probe.HTTPReset, probe.HTTPTruncated,
		probe.NTPTimeout, probe.NTPUnreachable:
		return true
	}
	return false
}

// redial tries again the addresses at which a host was not reached although it
// was at another. It waits two seconds, or as long as the first attempt did.
func (e *execution) redial(ctx context.Context, l *look) {
	o := *l.o
	facts := *o.TCP
	facts.Dials = slices.Clone(facts.Dials)
	o.TCP, o.Steps = &facts, slices.Clone(o.Steps)
	var wg sync.WaitGroup
	tried := make([]probe.Observation, len(facts.Dials))
	for k, d := range o.TCP.Dials {
		if d.Code == "" || d.Code == probe.Canceled {
			continue
		}
		wg.Go(func() {
			bounded, cancel := context.WithTimeout(ctx, min(max(d.Duration, 2*time.Second), e.runner.Timeout))
			defer cancel()
			tried[k] = e.network.Probe(bounded, probe.Target{Protocol: probe.TCP, Host: d.Addr.Addr().String(), Port: d.Addr.Port()})
		})
	}
	wg.Wait()
	for _, t := range tried {
		if t.TCP != nil {
			facts.Dials = append(facts.Dials, t.TCP.Dials...)
			o.Steps = append(o.Steps, t.Steps...)
		}
	}
	if e.obs[l.check] = o; !unsure(o) {
		e.settle(ctx, l, o)
	}
}
