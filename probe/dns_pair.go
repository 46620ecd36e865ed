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

const (
	// resolverTimeout limits the wait for one resolver, as in the resolver
	// libraries of Unix and Go.
	resolverTimeout = 5 * time.Second

	// laggardTimeout limits the wait for IPv6 addresses after a sufficient
	// answer for IPv4, once they were asked for over a socket of their own: some
	// resolvers never answer AAAA questions.
	laggardTimeout = time.Second
)

// errLaggard is the error when laggardTimeout has passed.
var errLaggard = errors.New("no answer, long after the one for A")

// askBoth asks one resolver for both types of address at once. The given number of
// resolvers share the time left.
func (n Network) askBoth(ctx context.Context, resolver netip.AddrPort, host string, shares int) answer {
	var a answer
	n.inTurn(ctx, resolver, func() (refused bool) {
		earlier := a
		a = n.askPair(ctx, resolver, host, shares)
		a.v4, a.v6 = earlier.v4.orLater(a.v4), earlier.v6.orLater(a.v6)
		return a.v4.refused() || a.v6.refused()
	})
	a.judge(n.allowsLoopback(resolver))
	if n.shared != nil && !ended(ctx) {
		n.shared.remember(resolver, a.silent())
	}
	return a
}

// askPair puts both questions over one socket unless that has lost an answer before.
func (n Network) askPair(ctx context.Context, resolver netip.AddrPort, host string, shares int) answer {
	a := answer{resolver: resolver, start: time.Now()}
	window := resolverTimeout
	if deadline, ok := ctx.Deadline(); ok {
		window = min(window, time.Until(deadline)/time.Duration(shares))
	}
	bounded, cancel := context.WithDeadline(ctx, a.start.Add(window))
	defer cancel()
	v4, v6 := n.exchange(resolver, host, dns.TypeA), n.exchange(resolver, host, dns.TypeAAAA)
	if !n.asksApart(resolver) {
		n.askTogether(bounded, v4, v6)
	}
	if v4.whole() && v6.whole() {
		a.v4, a.v6 = v4.finish(bounded), v6.finish(bounded)
	} else {
		a.v4, a.v6 = finishBoth(bounded, v4, v6)
	}
	a.duration = time.Since(a.start)
	return a
}

// askTogether asks over one socket. What is left unanswered while there is time
// stays open: hardware may have lost it, or a gateway may have rejected the other
// question, which the system tells about the socket and not about a question.
func (n Network) askTogether(ctx context.Context, v4, v6 *exchange) {
	err := overUDP(ctx, v4, v6)
	if err == nil {
		return
	}
	deadline, _ := ctx.Deadline()
	timeout := kindOf(err) == kindTimeout
	if v4.sent > 0 && ctx.Err() == nil && time.Now().Before(deadline) && (!timeout || v4.open() != v6.open()) {
		if timeout {
			n.askApart(v4.resolver)
		}
		v4.sent, v6.sent = 0, 0
		return
	}
	for _, x := range []*exchange{v4, v6} {
		if x.open() {
			x.end(nil, x.explain(err))
		}
	}
}

// finishBoth asks what is not answered, each question over a socket of its own.
func finishBoth(ctx context.Context, v4, v6 *exchange) (reply, reply) {
	hurried, hurry := context.WithCancelCause(ctx)
	defer hurry(nil)
	late := make(chan reply, 1)
	go func() { late <- v6.finish(hurried) }()
	first := v4.finish(ctx)
	return first, laggard(late, first, hurry)
}

// laggard waits for the AAAA reply after the A reply, but only briefly if the A
// reply suffices.
func laggard(v6 <-chan reply, v4 reply, hurry context.CancelCauseFunc) reply {
	if v4.err != nil && v4.err.Code != DNSNXDomain {
		return <-v6
	}
	timer := time.NewTimer(laggardTimeout)
	defer timer.Stop()
	select {
	case r := <-v6:
		return r
	case <-timer.C:
		hurry(errLaggard)
	}
	r := <-v6
	if r.err != nil && errors.Is(r.err.Err, errLaggard) {
		r.err.Code, r.query.Code = DNSTimeout, DNSTimeout
	}
	return r
}

// allowsLoopback reports whether loopback addresses are ordinary answers: the
// caller named a resolver on this machine, which may answer for servers on this
// machine.
func (n Network) allowsLoopback(resolver netip.AddrPort) bool {
	return n.Resolvers != nil && resolver.Addr().Unmap().IsLoopback()
}

// An answer is what one resolver said about both types of address.
type answer struct {
	resolver  netip.AddrPort
	start     time.Time
	duration  time.Duration
	v4, v6    reply
	addresses []netip.Addr // the usable ones, IPv4 first
	err       *Error       // nil if there is an address

	// final says that a stub resolver would not ask another resolver.
	final bool
}

func (a *answer) judge(allowLoopback bool) {
	for _, r := range []reply{a.v4, a.v6} {
		if r.err == nil {
			a.addresses = append(a.addresses, usable(r.query.Addresses, allowLoopback)...)
		}
	}
	if len(a.addresses) > 0 {
		// IPv4 is what every network has. If only the question for it went
		// wrong, another resolver may know better.
		a.final = a.v4.err == nil || a.v4.final()
		return
	}
	r := a.v4
	switch {
	case a.v4.query.Code == DNSNoData && a.v6.query.Code == DNSNoData:
		a.err = a.v4.err
		a.err.Err = errors.New("neither A nor AAAA records")
		a.final = true
		return
	case a.v6.query.Code == DNSNoData, !a.v4.final():
		// A stub resolver asks the next one for IPv4 addresses, whatever this one
		// says about IPv6.
	case a.v4.query.Code == DNSNoData, moreTelling(a.v6.err, a.v4.err):
		r = a.v6
	}
	a.err, a.final = r.err, r.final()
}

// final reports whether a stub resolver accepts a reply and does not ask the
// next resolver.
func (r reply) final() bool {
	switch r.query.Code {
	case DNSNXDomain, DNSNoData, DNSSinkhole:
		return true
	case DNSBlocked: // without support for extended errors, the response code counts
		return r.query.RCode == "NOERROR" || r.query.RCode == "NXDOMAIN"
	default:
		return false
	}
}

// silent reports whether the resolver answered nothing at all.
func (a *answer) silent() bool {
	silent := func(q DNSQuery) bool {
		return q.RCode == "" && (q.Code == DNSTimeout || q.Code == DNSNoRoute || q.Code == DNSUnreachable || q.Code == DNSNotListening)
	}
	return silent(a.v4.query) && silent(a.v6.query)
}

// betterThan reports whether a says more than b, which may be nil.
func (a *answer) betterThan(b *answer) bool {
	switch {
	case b == nil:
		return true
	case a.err == nil:
		return b.err != nil || a.final && !b.final
	default:
		return b.err != nil && moreTelling(a.err, b.err)
	}
}

// describe records the answer in facts.
func (a *answer) describe(facts *DNSFacts) {
	facts.Addresses = a.addresses
	chain := a.v4.query.CNAMEs
	if len(chain) == 0 {
		chain = a.v6.query.CNAMEs
	}
	facts.CNAMEs = slices.Clone(chain)
	if a.err == nil {
		facts.IPv4Code, facts.IPv6Code = a.v4.fault(), a.v6.fault()
	}
}

// fault returns how a question failed. A missing record is not a failure.
func (r reply) fault() Code {
	if r.query.Code == DNSNoData {
		return ""
	}
	return r.query.Code
}

// failure returns the error of a lookup that ended with a, or nil.
func (a *answer) failure(host string) *Error {
	if a.err == nil {
		return nil
	}
	return &Error{Op: OpResolve, Addr: host, Code: a.err.Code, Err: fmt.Errorf("resolver %s: %w", a.resolver, a.err.Err)}
}

// moreTelling reports whether a is more informative than b. A resolver's
// decision says more than a failure, and a failure more than silence.
func moreTelling(a, b *Error) bool {
	order := []Code{
		Canceled, Panicked, DNSRewritten, DNSBlocked, DNSSinkhole, DNSNXDomain, DNSNoData, DNSRefused, DNSServFail, DNSMalformed,
		LocalResource, LocalDenied, LocalSocket, DNSNoRoute, DNSUnreachable, DNSNotListening, DNSTimeout,
	}
	rank := func(e *Error) int {
		if i := slices.Index(order, e.Code); i >= 0 {
			return i
		}
		return len(order)
	}
	return rank(a) < rank(b)
}
