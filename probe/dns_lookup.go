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
// records together, and asks the next resolver if one is silent, refuses, fails
// or sends nonsense. An IP address is its own answer.
//
// Each resolver gets at most 5 seconds, and at most its share of the time left,
// so that a dead one leaves time for the others. In a run, resolvers that
// answered nothing are asked last. Those that have answered before are also
// asked for comparison, even after another has answered.
//
// The facts are never nil, and belong to the caller. The error is nil if they
// have a usable address.
func (n Network) lookup(ctx context.Context, host string) (*DNSFacts, *Error) {
	if addr, ok := parseAddr(host); ok {
		return &DNSFacts{Name: host, Addresses: []netip.Addr{addr.Unmap()}}, nil
	}
	if n.shared != nil {
		return n.shared.lookup(ctx, n, host)
	}
	return n.resolve(ctx, host)
}

// resolve is lookup without the run's shared results.
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

// otherwise asks, for comparison, the resolvers that a stub resolver does not
// ask after another has answered. Their answers change nothing, but may differ.
// It asks only resolvers known to answer in this run, and does not wait long.
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

// comparisonTimeout is how long to wait for answers that are only compared. It
// leaves time to resend a lost datagram.
const comparisonTimeout = 3 * time.Second

// checkName returns an error unless host can be looked up.
func checkName(host string) error {
	if _, ok := parseAddr(host); ok {
		return errors.New("an IP address is not a domain name")
	}
	if err := checkHost(host); err != nil {
		return err
	}
	if _, ok := dns.IsDomainName(host); !ok {
		return fmt.Errorf("%q is not a domain name", host)
	}
	return nil
}
