package probe

import (
	"context"
	"net/netip"
	"slices"
	"sync"
)

// DNS asks every resolver of the network for the addresses of the target's
// host, all at once, and keeps each question and its answer. The target's port
// does not matter.
//
// The observation fails only if no resolver gives an address that can be used.
// Its code is then the one that says most: what a resolver decided before what
// it could not do, and that before silence. The addresses are those of the
// first resolver, in order of preference, that gave any.
//
// There is one resolve step for each resolver, with the resolver's address. A
// question that is not answered over UDP is sent once more, and over TCP if the
// answer did not fit. A resolver is waited for up to 5 seconds. What other
// probes of a run learned is not used: DNS always asks. What it learns is used
// by the others, unless the resolver that they would have taken the answer from
// says that there is none.
type DNS struct {
	Network Network
}

// Probe asks for the addresses of t.Host. An IP address needs no resolver, so
// its code is [NotTestable].
func (p DNS) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		if err := checkName(t.Host); err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
		}
		o.DNS = &DNSFacts{Name: t.Host, HostsFile: p.Network.overridden(t.Host)}
		resolvers, err := p.Network.resolverList()
		if err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: DNSUnreachable, Err: err}
		}
		answers := p.Network.askAll(ctx, resolvers, t.Host)
		failed := o.compare(answers)
		if p.Network.shared != nil && resolves(answers) {
			p.Network.shared.store(t.Host, o.DNS)
		}
		return failed
	})
}

// resolves reports whether a stub resolver would have come to an address: the
// first resolver that answers at all decides, whatever others would have said.
func resolves(answers []answer) bool {
	i := slices.IndexFunc(answers, func(a answer) bool { return a.final })
	return i >= 0 && answers[i].err == nil
}

// askAll asks all resolvers at once. The answers are in the order of resolvers.
func (n Network) askAll(ctx context.Context, resolvers []netip.AddrPort, host string) []answer {
	answers := make([]answer, len(resolvers))
	var wg sync.WaitGroup
	for i, resolver := range resolvers {
		wg.Go(func() { answers[i] = n.askBoth(ctx, resolver, host, 1) })
	}
	wg.Wait()
	return answers
}

// compare takes the addresses from the first answer that has any, and else the
// error from the one that says most.
func (o *Observation) compare(answers []answer) *Error {
	var best *answer
	for i := range answers {
		a := &answers[i]
		o.keep(a)
		if a.betterThan(best) {
			best = a
		}
	}
	best.describe(o.DNS)
	return best.failure(o.Target.Host)
}

// keep adds the questions to one resolver, and a step for it.
func (o *Observation) keep(a *answer) {
	o.DNS.Queries = append(o.DNS.Queries, a.v4.query, a.v6.query)
	o.Steps = append(o.Steps, Step{Op: OpResolve, Addr: a.resolver.String(), Start: a.start, Duration: a.duration, Error: a.err})
}
