package probe

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// shared is what the probes of one run share. The zero value is ready to use
// and safe for concurrent use.
type shared struct {
	documents   documents
	connections connections
	authorities authorities
	gate        gate
	datagrams   sync.Pool // of *[datagramSize]byte

	resolversOnce sync.Once
	resolvers     []netip.AddrPort
	resolversErr  error

	hostsFileOnce sync.Once
	hostsFile     map[string][]netip.Addr

	settingsOnce sync.Once
	settings     map[string]string

	ipv4Lost atomic.Bool // a host was last reached over IPv6 after IPv4 failed

	mu     sync.Mutex
	names  map[string]*flight
	begun  []remembered            // the lookups in names, the oldest first; some may be gone
	silent map[netip.AddrPort]bool // resolvers that did not answer when last asked
	apart  map[netip.AddrPort]bool // resolvers that left one of two questions on a socket unanswered
	lines  map[netip.AddrPort]*line
}

// A flight is one lookup, in progress or done, for all its callers.
type flight struct {
	// These are guarded by shared.mu. cancel is nil once the lookup is done, so
	// that a result does not keep the contexts of its first caller.
	waiting int
	cancel  context.CancelFunc

	done chan struct{}

	// The fields below are written before done is closed, and never after.
	facts *DNSFacts
	err   *Error
	keep  bool // more time would not have changed the result
}

// mostNames is how many lookups are remembered. Checks of one host are mostly near
// each other in a plan, and others look it up again.
const mostNames = 2048

// shortest is the least time left with which it is worth repeating a lookup
// that another caller had too little time for.
const shortest = time.Second

// lookup returns the result of the first lookup of a name, and waits for it if
// necessary. Only the end of the caller's own context ends the wait. A lookup
// without callers is ended.
func (s *shared) lookup(ctx context.Context, n Network, host string) (*DNSFacts, *Error) {
	key := hostKey(host)
	for {
		f, mine := s.join(ctx, n, key)
		select {
		case <-f.done:
		case <-ctx.Done():
		}
		if !s.leave(key, f) {
			return &DNSFacts{Name: host}, newError(ctx, OpResolve, host, context.Cause(ctx))
		}
		deadline, bounded := ctx.Deadline()
		hasTime := ctx.Err() == nil && (!bounded || time.Until(deadline) >= shortest)
		if f.keep || mine || !hasTime {
			return f.result(ctx, host)
		}
	}
}

// join returns the flight of a name, and whether this caller started it.
func (s *shared) join(ctx context.Context, n Network, key string) (f *flight, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f = s.names[key]
	if f == nil {
		f, mine = s.start(ctx, n, key), true
		s.add(key, f)
	}
	f.waiting++
	return f, mine
}

// start begins a lookup that outlives its first caller's context if others wait
// for it too. It gets slightly less time than that caller, so that the caller
// can still take what it learned.
func (s *shared) start(ctx context.Context, n Network, key string) *flight {
	f := &flight{done: make(chan struct{})}
	own := context.WithoutCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		own, f.cancel = context.WithDeadline(own, deadline.Add(-time.Until(deadline)/20))
	} else {
		own, f.cancel = context.WithCancel(own)
	}
	cancel := f.cancel
	go func() {
		defer close(f.done)
		f.facts, f.err = n.resolve(own, key)
		f.keep = f.err == nil || !ended(own)
		cancel()
		s.mu.Lock()
		f.cancel = nil
		s.mu.Unlock()
	}()
	return f
}

// remembered is a lookup in the order in which they began.
type remembered struct {
	key    string
	flight *flight
}

// add makes room for a lookup, if few are in progress, and adds it.
func (s *shared) add(key string, f *flight) {
	const tries = 8
	if s.names == nil {
		s.names = make(map[string]*flight)
	}
	for range tries {
		if len(s.names) < mostNames {
			break
		}
		oldest := s.begun[0]
		s.begun = s.begun[1:]
		switch current := s.names[oldest.key] == oldest.flight; {
		case current && (oldest.flight.waiting > 0 || !oldest.flight.isDone()):
			s.begun = append(s.begun, oldest)
		case current:
			delete(s.names, oldest.key)
		}
	}
	if len(s.begun) > 2*mostNames {
		s.begun = slices.DeleteFunc(s.begun, func(r remembered) bool { return s.names[r.key] != r.flight })
	}
	s.names[key] = f
	s.begun = append(s.begun, remembered{key, f})
}

// ended reports whether ctx has ended or should have: its timer may fire a
// moment after another for the same time.
func ended(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

// leave ends a caller's wait, and reports whether the flight is done. The last
// caller to leave ends the flight.
func (s *shared) leave(key string, f *flight) bool {
	s.mu.Lock()
	f.waiting--
	last := f.waiting == 0
	done, cancel := f.isDone(), f.cancel
	if s.names[key] == f && (done && !f.keep || !done && last) {
		delete(s.names, key)
	}
	s.mu.Unlock()
	if last && !done {
		if cancel != nil {
			cancel()
		}
		<-f.done
		return true
	}
	return done
}

// store keeps a result from elsewhere, unless the name was already looked up.
func (s *shared) store(host string, facts *DNSFacts) {
	f := &flight{done: make(chan struct{}), facts: facts.clone(), keep: true}
	close(f.done)
	key := hostKey(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names[key] == nil {
		s.add(key, f)
	}
}

func (f *flight) isDone() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// result returns a copy of the flight's result for one caller.
func (f *flight) result(ctx context.Context, host string) (*DNSFacts, *Error) {
	facts := f.facts.clone()
	facts.Name = host
	if f.err == nil {
		return facts, nil
	}
	err := *f.err
	err.Addr = host
	if err.Code == Canceled && ctx.Err() != nil {
		return facts, newError(ctx, OpResolve, host, context.Cause(ctx))
	}
	return facts, &err
}

func (f *DNSFacts) clone() *DNSFacts {
	c := *f
	c.Addresses = slices.Clone(f.Addresses)
	c.CNAMEs = slices.Clone(f.CNAMEs)
	c.HostsFile = slices.Clone(f.HostsFile)
	c.Queries = slices.Clone(f.Queries)
	for i := range c.Queries {
		q := &c.Queries[i]
		q.Addresses = slices.Clone(q.Addresses)
		q.CNAMEs = slices.Clone(q.CNAMEs)
		q.Extended = slices.Clone(q.Extended)
		if q.SOA != nil {
			q.SOA = new(*q.SOA)
		}
	}
	return &c
}

// learn records whether IPv4 works.
func (s *shared) learn(f *TCPFacts) {
	first := f.Dials[0]
	switch {
	case f.Remote.Addr().Is4():
		s.ipv4Lost.Store(false)
	case first.Addr.Addr().Is4() && first.Code != "":
		s.ipv4Lost.Store(true)
	}
}

// remember records whether a resolver answered.
func (s *shared) remember(resolver netip.AddrPort, silent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent == nil {
		s.silent = make(map[netip.AddrPort]bool)
	}
	s.silent[resolver] = silent
}

// asksApart reports whether each question to a resolver needs a socket of its own.
func (n Network) asksApart(resolver netip.AddrPort) bool {
	if n.shared == nil {
		return false
	}
	n.shared.mu.Lock()
	defer n.shared.mu.Unlock()
	return n.shared.apart[resolver]
}

// askApart records that it does.
func (n Network) askApart(resolver netip.AddrPort) {
	if n.shared == nil {
		return
	}
	n.shared.mu.Lock()
	defer n.shared.mu.Unlock()
	if n.shared.apart == nil {
		n.shared.apart = make(map[netip.AddrPort]bool)
	}
	n.shared.apart[resolver] = true
}

// answering returns the resolvers that answered when last asked.
func (s *shared) answering(resolvers []netip.AddrPort) []netip.AddrPort {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(resolvers), func(r netip.AddrPort) bool {
		silent, asked := s.silent[r]
		return !asked || silent
	})
}

// order returns the resolvers in order of preference, with those that did not
// answer when last asked at the end.
func (s *shared) order(resolvers []netip.AddrPort) []netip.AddrPort {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(resolvers, func(r netip.AddrPort) bool { return s.silent[r] }) {
		return resolvers
	}
	var first, last []netip.AddrPort
	for _, r := range resolvers {
		if s.silent[r] {
			last = append(last, r)
		} else {
			first = append(first, r)
		}
	}
	return append(first, last...)
}

// resolverList returns the resolvers to ask, at least one, in order.
func (n Network) resolverList() ([]netip.AddrPort, error) {
	list, err := n.Resolvers, error(nil)
	switch {
	case list != nil:
	case n.shared != nil:
		n.shared.resolversOnce.Do(func() {
			n.shared.resolvers, n.shared.resolversErr = systemResolvers()
		})
		list, err = n.shared.resolvers, n.shared.resolversErr
	default:
		list, err = systemResolvers()
	}
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("no DNS server is configured")
	}
	if n.shared != nil {
		return n.shared.order(list), nil
	}
	return list, nil
}
