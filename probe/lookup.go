package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"
)

// resolverTimeout bounds the wait for one resolver. It is what the resolver
// libraries of Unix and Go wait.
const resolverTimeout = 5 * time.Second

// laggardTimeout bounds the wait for the other type of address once one has
// been answered: resolvers that never answer AAAA must not fail a look-up.
const laggardTimeout = time.Second

// lookup resolves a name as a stub resolver does: it asks for A and AAAA
// records together, and goes to the next resolver when one is silent, refuses,
// fails, or makes no sense. An IP address is its own answer.
//
// Each resolver is waited for at most 5 s, and no longer than the rest of the
// time divided by the resolvers left, so that a dead one leaves time for the
// others.
//
// The facts are never nil, and belong to the caller. The error is nil if they
// hold an address to go on with.
func (n Network) lookup(ctx context.Context, host string) (*DNSFacts, *Error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return &DNSFacts{Name: host, Addresses: []netip.Addr{addr.Unmap()}}, nil
	}
	if n.shared != nil {
		return n.shared.lookup(ctx, n, host)
	}
	return n.resolve(ctx, host)
}

// resolve is lookup without a cache.
func (n Network) resolve(ctx context.Context, host string) (*DNSFacts, *Error) {
	facts := &DNSFacts{Name: host}
	if _, ok := dns.IsDomainName(host); !ok || host == "" {
		return facts, &Error{Op: OpResolve, Addr: host, Code: NotTestable, Err: errors.New("not a domain name")}
	}
	resolvers, err := n.resolverList()
	if err != nil {
		return facts, &Error{Op: OpResolve, Addr: host, Code: DNSUnreachable, Err: err}
	}
	var worst *Error
	var fallback *answer // of a resolver that knew IPv6 addresses, but failed for IPv4
	for i, resolver := range resolvers {
		a := n.askBoth(ctx, resolver, host, len(resolvers)-i)
		facts.Queries = append(facts.Queries, a.v4.query, a.v6.query)
		if n.shared != nil && ctx.Err() == nil {
			n.shared.remember(resolver, a.silent())
		}
		if a.err == nil && a.final {
			a.describe(facts)
			return facts, nil
		}
		if a.err == nil && fallback == nil {
			fallback = &a
		}
		if moreTelling(a.err, worst) {
			worst = a.err
			facts.CNAMEs = a.cnames()
		}
		if a.final || ctx.Err() != nil {
			break
		}
	}
	if fallback != nil {
		fallback.describe(facts)
		return facts, nil
	}
	return facts, &Error{Op: OpResolve, Addr: host, Code: worst.Code, Err: fmt.Errorf("resolver %s: %w", worst.Addr, worst.Err)}
}

// An answer is what one resolver said of both types of address.
type answer struct {
	v4, v6    reply
	addresses []netip.Addr // those that can be used, IPv4 first
	err       *Error       // nil if there is an address
	final     bool         // no other resolver need be asked
}

// askBoth asks one resolver for both types of address at once. The time that
// ctx has left is shared among the resolvers that are left.
func (n Network) askBoth(ctx context.Context, resolver netip.AddrPort, host string, left int) answer {
	window := resolverTimeout
	if deadline, ok := ctx.Deadline(); ok {
		window = min(window, time.Until(deadline)/time.Duration(left))
	}
	ctx, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	ctx, hurry := context.WithCancelCause(ctx)
	defer hurry(nil)

	v4, v6 := make(chan reply, 1), make(chan reply, 1)
	go func() { v4 <- n.ask(ctx, resolver, host, dns.TypeA) }()
	go func() { v6 <- n.ask(ctx, resolver, host, dns.TypeAAAA) }()

	var a answer
	select {
	case a.v4 = <-v4:
		a.v6 = wait(v6, a.v4, hurry)
	case a.v6 = <-v6:
		a.v4 = wait(v4, a.v6, hurry)
	}
	allowLoopback := n.Resolvers != nil && resolver.Addr().Unmap().IsLoopback()
	a.addresses = append(usable(a.v4.query.Addresses, allowLoopback), usable(a.v6.query.Addresses, allowLoopback)...)
	a.judge()
	return a
}

// wait returns the reply of the other type. It has until its context ends, or,
// if the first type has an address already, a second.
func wait(other <-chan reply, first reply, hurry context.CancelCauseFunc) reply {
	if first.err != nil {
		return <-other
	}
	timer := time.NewTimer(laggardTimeout)
	defer timer.Stop()
	select {
	case r := <-other:
		return r
	case <-timer.C:
		hurry(errLaggard)
		r := <-other
		if r.err != nil && errors.Is(r.err.Err, errLaggard) {
			r.err.Code, r.query.Code = DNSTimeout, DNSTimeout
		}
		return r
	}
}

var errLaggard = errors.New("no answer, long after that for the other type of address")

// judge sets the error, and whether it is the last word. No record of one type
// says nothing if there is trouble with the other.
func (a *answer) judge() {
	if len(a.addresses) > 0 {
		a.final = a.v4.err == nil || final(a.v4)
		return
	}
	switch {
	case a.v4.query.Code == DNSNoData:
		a.err = a.v6.err
		a.final = final(a.v6)
	case a.v6.query.Code == DNSNoData, !moreTelling(a.v6.err, a.v4.err):
		a.err = a.v4.err
		a.final = final(a.v4)
	default:
		a.err = a.v6.err
		a.final = final(a.v6)
	}
}

// final reports whether a stub resolver takes a reply for the answer, and does
// not ask the next resolver.
func final(r reply) bool {
	switch r.query.Code {
	case DNSNXDomain, DNSNoData, DNSSinkhole:
		return true
	case DNSBlocked:
		// Only the response code counts for those that do not know extended errors.
		return r.query.RCode == "NOERROR" || r.query.RCode == "NXDOMAIN"
	default:
		return false
	}
}

// silent reports whether the resolver answered nothing at all.
func (a *answer) silent() bool {
	return a.v4.query.RCode == "" && a.v6.query.RCode == "" &&
		slices.Contains([]Code{DNSTimeout, DNSUnreachable}, a.v4.query.Code) &&
		slices.Contains([]Code{DNSTimeout, DNSUnreachable}, a.v6.query.Code)
}

func (a *answer) cnames() []string {
	if len(a.v4.query.CNAMEs) > 0 {
		return slices.Clone(a.v4.query.CNAMEs)
	}
	return slices.Clone(a.v6.query.CNAMEs)
}

func (a *answer) describe(facts *DNSFacts) {
	facts.Addresses = a.addresses
	facts.CNAMEs = a.cnames()
}

// moreTelling reports whether the failure a says more of what is wrong than b.
// What a resolver decided says more than that it could not decide, and that
// more than silence.
func moreTelling(a, b *Error) bool {
	if a == nil || b == nil {
		return a != nil
	}
	order := []Code{
		Canceled, NotTestable, DNSBlocked, DNSSinkhole, DNSNXDomain, DNSNoData, DNSRefused, DNSServFail, DNSMalformed,
		LocalResource, LocalDenied, DNSUnreachable, DNSTimeout,
	}
	rank := func(c Code) int {
		if i := slices.Index(order, c); i >= 0 {
			return i
		}
		return len(order)
	}
	return rank(a.Code) < rank(b.Code)
}
