package probe

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
)

// NXDomain asks every resolver of the network for a random name directly below
// the target's host, all at once. Nobody has such a name, so the answer should
// be that it does not exist, RFC 2308 section 2.1, or that it has no addresses,
// which is how some zones say the same, RFC 9824. A resolver that answers with an
// address makes names up: filters and captive portals do so, and providers that
// turn mistyped names into visits.
//
// The target's host is a suffix, such as "com", "org" or "microsoft.com". It may
// belong to somebody who has an address for every name below it, so more than one
// suffix, of different owners, convicts a resolver. The target's port does not
// matter.
//
// The observation fails if any resolver does. The code is [DNSRewritten] if one
// gave an address, whichever it is, and else that of the failure that says most.
// There is one resolve step for each resolver, with the resolver's address. The
// facts have the name that was asked for, and the addresses that the first such
// resolver, in order of preference, made up. [DNSRewritten] is also the code of
// the queries that were so answered; [DNSNXDomain] is that of the good ones.
//
// Questions are repeated and waited for as by [DNS]. The name is a new one each
// time, which nobody has the answer for in store.
type NXDomain struct {
	Network Network
}

// Probe asks for a name below t.Host. Its codes are those of the resolve step.
// There are no names below an IP address, so its code is [NotTestable].
func (p NXDomain) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		name := randomLabel() + "." + t.Host
		err := checkName(t.Host)
		if err == nil {
			err = checkName(name)
		}
		if err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
		}
		o.DNS = &DNSFacts{Name: name}
		resolvers, err := p.Network.resolverList()
		if err != nil {
			return &Error{Op: OpResolve, Addr: name, Code: DNSUnreachable, Err: err}
		}
		var worst *answer
		for _, a := range p.Network.askAll(ctx, resolvers, name) {
			a.judgeAbsent()
			o.keep(&a)
			if a.err != nil && (worst == nil || moreTelling(a.err, worst.err)) {
				worst = &a
			}
		}
		if worst == nil {
			return nil
		}
		worst.describe(o.DNS)
		return worst.failure(name)
	})
}

// randomLabel returns one of 26^20 labels.
func randomLabel() string {
	label := make([]byte, 20)
	_, _ = rand.Read(label) // it never fails
	for i, b := range label {
		label[i] = 'a' + b%26
	}
	return string(label)
}

// judgeAbsent judges an answer for a name that does not exist. It is right if it
// holds no address. That there is no such name counts for both types.
func (a *answer) judgeAbsent() {
	var madeUp []netip.Addr
	absent := 0
	for _, q := range []*DNSQuery{&a.v4.query, &a.v6.query} {
		switch {
		case q.RCode == "NXDOMAIN":
			absent += 2
		case q.RCode == "NOERROR" && len(q.Addresses) > 0:
			q.Code = DNSRewritten
			madeUp = append(madeUp, q.Addresses...)
		case q.Code == DNSNoData:
			absent++
		}
	}
	a.addresses = madeUp
	switch {
	case len(madeUp) > 0:
		err := fmt.Errorf("%v for a name that does not exist", madeUp)
		a.err = &Error{Op: OpResolve, Addr: a.resolver.String(), Code: DNSRewritten, Err: err}
	case absent >= 2:
		a.err = nil
	}
}
