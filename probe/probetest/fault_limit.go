package probetest

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A Limit limits new connections, as gateways do to protect their tables, and
// servers to protect themselves. It applies to streams. Limits that are equal
// share their count.
type Limit struct {
	// Rate is how many new connections are allowed each second.
	Rate float64

	// Burst is how many are allowed at once after a quiet time, at least 1.
	Burst int

	// Fault is what happens to connections beyond. Nil means that their first
	// packet is dropped. As kernels do, the client sends it again after 1, 3
	// and 7 seconds.
	Fault Fault
}

func (l Limit) in(f flow) Fault {
	beyond, decided := f.beyond[l.key()]
	switch {
	case f.network != "tcp", decided && !beyond:
		return nil
	case !decided, l.Fault == nil:
		return l
	}
	return l.Fault.in(f)
}

func (l Limit) key() string { return fmt.Sprintf("%+v", l) }

// A bucket holds the connections that a limit allows now.
type bucket struct {
	tokens float64
	at     time.Time
}

// take reports whether another connection is allowed.
func (b *bucket) take(l Limit, now time.Time) bool {
	most := float64(max(l.Burst, 1))
	if b.at.IsZero() {
		b.tokens = most
	} else {
		b.tokens = min(most, b.tokens+l.Rate*now.Sub(b.at).Seconds())
	}
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// buckets holds the state of limits.
type buckets struct {
	mu    sync.Mutex
	byKey map[string]*bucket
}

func (b *buckets) take(l Limit, key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byKey == nil {
		b.byKey = make(map[string]*bucket)
	}
	if b.byKey[key] == nil {
		b.byKey[key] = new(bucket)
	}
	return b.byKey[key].take(l, time.Now())
}

// limit decides which limits a connection exceeds. It waits while its first
// packet is dropped.
func (i *Internet) limit(ctx context.Context, f *flow) error {
	for l := range faults[Limit](i, *f) {
		key := l.key()
		if _, decided := f.beyond[key]; decided {
			continue
		}
		beyond := !i.limits.take(l, key)
		for wait := time.Second; beyond && l.Fault == nil; wait *= 2 {
			if err := pause(ctx, wait); err != nil {
				return err
			}
			beyond = !i.limits.take(l, key)
		}
		if f.beyond == nil {
			f.beyond = make(map[string]bool)
		}
		f.beyond[key] = beyond
	}
	return nil
}
