package probe

import (
	"context"
	"sync"
)

const (
	// small is the size of the largest document of which a run may hold several
	// at once while it reads them.
	small = 1 << 20

	// maxSmall limits what the small ones take together. One large document may
	// be in memory besides them: 64 MiB for all documents of a run.
	maxSmall = 48 << 20
)

// A memory hands out room for documents, in the order of the requests. The zero
// value is ready to use.
type memory struct {
	mu      sync.Mutex
	used    int
	waiting []*claim
}

// A claim is a request that waits for room.
type claim struct {
	size    int
	granted chan struct{}
}

// take waits for room. It gives none back if ctx ends first.
func (m *memory) take(ctx context.Context, size int) error {
	m.mu.Lock()
	if len(m.waiting) == 0 && m.used+size <= maxSmall {
		m.used += size
		m.mu.Unlock()
		return nil
	}
	c := &claim{size, make(chan struct{})}
	m.waiting = append(m.waiting, c)
	m.mu.Unlock()
	select {
	case <-c.granted:
		return nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-c.granted:
		m.used -= size
	default:
		for i, other := range m.waiting {
			if other == c {
				m.waiting = append(m.waiting[:i], m.waiting[i+1:]...)
				break
			}
		}
	}
	m.grant() // others may fit now
	return ctx.Err()
}

// give returns room.
func (m *memory) give(size int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used -= size
	m.grant()
}

// grant serves those who wait first.
func (m *memory) grant() {
	for len(m.waiting) > 0 && m.used+m.waiting[0].size <= maxSmall {
		m.used += m.waiting[0].size
		close(m.waiting[0].granted)
		m.waiting = m.waiting[1:]
	}
}
