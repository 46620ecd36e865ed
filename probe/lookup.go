package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// lookup resolves a name as a stub resolver does: it asks for A and AAAA
// records together, and goes to the next resolver when one is silent, refuses,
// fails, or makes no sense. An IP address is its own answer.
//
// Each resolver is waited for at most 5 seconds, and no longer than the rest of
// the time divided by the resolvers left, so that a dead one leaves time for
// the others. In a run, those that answered nothing are asked last, and those
// that answered before are asked even if another has answered, to compare.
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
	if err := checkName(host); err != nil {
		return facts, &Error{Op: OpResolve, Addr: host, Code: NotTestable, Err: err}
	}
	facts.HostsFile = n.overridden(host)
	resolvers, err := n.resolverList()
	if err != nil {
		return facts, &Error{Op: OpResolve, Addr: host, Code: DNSUnreachable, Err: err}
	}
	var best *answer
	for i, resolver := range resolvers {
		a := n.askBoth(ctx, resolver, host, len(resolvers)-i)
		facts.Queries = append(facts.Queries, a.v4.query, a.v6.query)
		if a.betterThan(best) {
			best = &a
		}
		if ended(ctx) {
			break
		}
		if a.final {
			facts.Queries = append(facts.Queries, n.otherwise(ctx, resolvers[i+1:], host)...)
			break
		}
	}
	best.describe(facts)
	return facts, best.failure(host)
}

// otherwise asks the resolvers that a stub resolver does not ask, once another
// has answered: what they say changes nothing, but may differ. Only those of a
// run are asked that are known to answer, and they are not waited for long.
func (n Network) otherwise(ctx context.Context, resolvers []netip.AddrPort, host string) []DNSQuery {
	if n.shared == nil {
		return nil
	}
	if resolvers = n.shared.answering(resolvers); len(resolvers) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, comparisonTimeout)
	defer cancel()
	var queries []DNSQuery
	for _, a := range n.askAll(ctx, resolvers, host) {
		queries = append(queries, a.v4.query, a.v6.query)
	}
	return queries
}

// comparisonTimeout is how long resolvers are waited for whose answers are only
// compared. It is time for a lost datagram to be sent again.
const comparisonTimeout = 3 * time.Second

// checkName returns an error unless host is a name that can be asked for.
func checkName(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return errors.New("an IP address is not a domain name")
	}
	if err := checkHost(host); err != nil {
		return err
	}
	if _, err := new(dns.Msg).SetQuestion(dns.Fqdn(host), dns.TypeA).Pack(); err != nil {
		return fmt.Errorf("%q is not a domain name: %w", host, err)
	}
	return nil
}
