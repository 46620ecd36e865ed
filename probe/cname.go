package probe

import (
	"context"
	"errors"
)

// CNAME asks every resolver of the network, all at once, whether the target's
// host is an alias of another name, RFC 1034 section 3.6.2. The target's port
// does not matter.
//
// The observation is OK if a resolver says so, whether or not the other name has
// an address: the facts have the chain of names, as the first such resolver in
// order of preference gives it. A name that has addresses of its own fails with
// [DNSNoData]. Its addresses may be those of an alias all the same: some servers
// answer with the addresses in place of the alias.
//
// Questions are repeated and waited for as by [DNS].
type CNAME struct {
	Network Network
}

// Probe asks for the alias that t.Host is. Its codes are those of the resolve
// step. An IP address is no alias, so its code is [NotTestable].
func (p CNAME) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		if err := checkName(t.Host); err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
		}
		o.DNS = &DNSFacts{Name: t.Host}
		resolvers, err := p.Network.resolverList()
		if err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: DNSUnreachable, Err: err}
		}
		answers := p.Network.askAll(ctx, resolvers, t.Host)
		failed := o.compare(answers)
		for i := range answers {
			if a := &answers[i]; len(a.v4.query.CNAMEs)+len(a.v6.query.CNAMEs) > 0 {
				a.describe(o.DNS)
				return nil
			}
		}
		if failed == nil {
			failed = &Error{Op: OpResolve, Addr: t.Host, Code: DNSNoData, Err: errors.New("addresses, and no CNAME record")}
		}
		return failed
	})
}
