package probe

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	// fewLookups is how many lookups a resolver that refuses some gets at a time.
	// Each is two questions, of which dnsmasq forwards 150 (dns-forward-max); and
	// this machine is not its only client.
	fewLookups = 64

	// longLookup is how long a lookup counts. Names whose servers are silent take
	// longer, and must not keep others waiting.
	longLookup = time.Second
)

// A line is the lookups of a run at one resolver. None waits for another until the
// resolver refuses one of many; from then on, few are in progress at a time.
type line struct {
	mu         sync.Mutex
	refuses    bool
	inProgress int
	waiting    []turn
}

// inTurn asks a resolver, and once more if it may have refused only because it had
// too many questions of the run to answer.
func (n Network) inTurn(ctx context.Context, resolver netip.AddrPort, ask func() (refused bool)) {
	if n.shared == nil {
		ask()
		return
	}
	l := n.shared.line(resolver)
	leave, many := l.enter(ctx)
	refused := ask()
	leave()
	if !refused || !l.refused(many) || ended(ctx) {
		return
	}
	leave, _ = l.enter(ctx)
	ask()
	leave()
}

// line returns the line at a resolver.
func (s *shared) line(resolver netip.AddrPort) *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lines == nil {
		s.lines = make(map[netip.AddrPort]*line)
	}
	if s.lines[resolver] == nil {
		s.lines[resolver] = new(line)
	}
	return s.lines[resolver]
}

// refused reports whether the resolver refuses what is too much, now that it refused
// a lookup that was, or was not, one of many.
func (l *line) refused(many bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuses = l.refuses || many
	return l.refuses
}

// enter begins a lookup, and reports whether it is one of many in progress. At a
// resolver that refuses lookups it waits until few are, but leaves most of the time
// until ctx ends for the answer.
func (l *line) enter(ctx context.Context) (leave func(), many bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuses && l.inProgress >= fewLookups {
		l.wait(ctx)
	} else {
		l.inProgress++
	}
	once := sync.OnceFunc(l.leave)
	timer := time.AfterFunc(longLookup, once)
	leave = func() {
		timer.Stop()
		once()
	}
	return leave, l.inProgress > fewLookups
}

// wait waits for a turn, with l unlocked, and takes one in any case.
func (l *line) wait(ctx context.Context) {
	t := make(turn, 1)
	l.waiting = append(l.waiting, t)
	l.mu.Unlock()
	deadline, _ := ctx.Deadline()
	timer := time.NewTimer(time.Until(deadline) / 4)
	defer timer.Stop()
	select {
	case <-t:
	case <-timer.C:
	case <-ctx.Done():
	}
	l.mu.Lock()
	if i := slices.Index(l.waiting, t); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		l.inProgress++
	}
}

// leave ends a lookup, and lets those that wait begin.
func (l *line) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inProgress--
	for l.inProgress < fewLookups && len(l.waiting) > 0 {
		l.waiting[0] <- struct{}{}
		l.waiting = l.waiting[1:]
		l.inProgress++
	}
}

// refused reports whether the resolver refused to answer, and named no policy.
func (r reply) refused() bool { return r.query.Code == DNSRefused }

// orLater returns r, which may be missing, or the later reply to the same question if
// r was refused.
func (r reply) orLater(later reply) reply {
	attempts := r.query.Attempts + later.query.Attempts
	if r.query.Type == "" || r.refused() {
		r = later
	}
	r.query.Attempts = attempts
	return r
}
