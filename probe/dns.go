package probe

import (
	"context"
	"net/netip"
	"slices"
)

// measureDNS is the prober of [DNS]. Other probes of the run use its result,
// unless the resolver that they would have asked says that there is no address.
func measureDNS(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	if err := checkName(t.Host); err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
	}
	o.DNS = &DNSFacts{Name: t.Host, HostsFile: n.overridden(t.Host)}
	resolvers, err := n.resolverList()
	if err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: DNSUnreachable, Err: err}
	}
	answers := n.askAll(ctx, resolvers, t.Host)
	failed := o.compare(answers)
	if n.shared != nil && resolves(answers) {
		n.shared.store(t.Host, o.DNS)
	}
	return failed
}

// resolves reports whether a stub resolver would have found an address: the
// first resolver that answers at all decides, whatever the others say.
func resolves(answers []answer) bool {
	i := slices.IndexFunc(answers, func(a answer) bool { return a.final })
	return i >= 0 && answers[i].err == nil
}

// askAll asks all resolvers at once. The answers are in the order of the
// resolvers.
func (n Network) askAll(ctx context.Context, resolvers []netip.AddrPort, host string) []answer {
	answers := make([]answer, len(resolvers))
	atOnce(len(resolvers), func(i int) { answers[i] = n.askBoth(ctx, resolvers[i], host, 1) })
	return answers
}

// compare takes the addresses from the first answer that has any, or else the
// most informative error.
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

// keep records the questions to one resolver, and a step for it.
func (o *Observation) keep(a *answer) {
	o.DNS.Queries = append(o.DNS.Queries, a.v4.query, a.v6.query)
	o.Steps = append(o.Steps, Step{Op: OpResolve, Addr: a.resolver.String(), Start: a.start, Duration: a.duration, Error: a.err})
}
